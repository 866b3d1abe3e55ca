"""Whether numbers are those of a recursion that is truncated in all its quantities at once, c and h of an LSTM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from derive.mistakes.step import Slip
from derive.mistakes.table import label
from lowering.numeric.errors import EvaluationError

from .numbers import Derived
from .seen import Seen, same

MISTAKE = "truncated"


def truncated_at_once(
    derived: Derived, seen: Sequence[Seen], slips: Sequence[Slip], left: Sequence[str]
) -> tuple[tuple[str, ...], str] | None:
    """The parameters whose gradients it explains at all points, and the sentence; None if it explains none.

    Args:
        derived: the derivation.
        seen: the numbers.
        slips: all mistakes; of them those that cut one quantity off are made together.
        left: parameters whose gradients nothing else explains.
    """
    for where, together in _alike(slips):
        mistaken = derived.with_slips(together)
        try:
            found = [mistaken.gradient(mistaken.at(s.point)) for s in seen]
        except EvaluationError:
            continue
        pairs = [(s, numbers) for s, numbers in zip(seen, found, strict=True)]
        names = tuple(n for n in left if all(same(s.got[n], numbers[n]) for s, numbers in pairs if n in s.got))
        if names:
            return names, f"{' and '.join(label(slip.step) for slip in together)} are not carried back {where}"
    return None


def _alike(slips: Sequence[Slip]) -> Iterator[tuple[str, tuple[Slip, ...]]]:
    """What cuts several quantities off at the same places, and the words for these."""
    cuts = sorted((_where(slip), k) for k, slip in enumerate(slips) if slip.mistake == MISTAKE)
    for where, group in groupby(cuts, key=lambda cut: cut[0]):
        together = tuple(slips[k] for _, k in group)
        if len({slip.step.quantity.name for slip in together}) == len(together) > 1:
            yield where, together


def _where(slip: Slip) -> str:
    """At the borders between chunks of 2 steps, say, in the words of the mistake."""
    return slip.says.rpartition("carried back ")[2]
