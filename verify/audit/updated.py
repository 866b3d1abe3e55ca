"""Whether numbers are those of code that reads a parameter after its update, at a rate that the numbers tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derive.mistakes.table import label
from derive.mistakes.updated import Updated, updates
from lowering.numeric.errors import EvaluationError
from lowering.trialpoints import Arrays

from .numbers import Derived
from .seen import Seen, same

LEAST = 1e-9  # the rate of an update; below, nothing would be seen of it


def after_an_update(
    derived: Derived, seen: Sequence[Seen], left: Sequence[str]
) -> tuple[Updated, tuple[str, ...], str] | None:
    """The step, the parameters whose gradients it explains at all points, and the sentence; None if there is none.

    Args:
        derived: the derivation.
        seen: the numbers.
        left: parameters whose gradients nothing else explains.
    """
    for updated in updates(derived.model):
        names = tuple(n for n in derived.affected(updated.slip) if n in left)
        if not names or updated.parameter.name in derived.affected(updated.slip):
            continue
        try:
            found = [derived.gradient(derived.at(s.point), updated.slip) for s in seen]
        except EvaluationError:
            continue
        rate = _rate(seen, found, names)
        if rate is not None and abs(rate) > LEAST:
            q, objective = updated.parameter.name, derived.model.objective
            how = f"{q} {'+' if rate > 0 else '-'} {abs(rate):.6g} ∂{objective}/∂{q}"
            return updated, names, f"in {label(updated.slip.step)}, {q} is read after its update, {how}"
    return None


def _rate(seen: Sequence[Seen], found: Sequence[Arrays], names: Sequence[str]) -> float | None:
    """The η with which truth + η (found − truth) is what was seen, in every component at every point."""
    pairs = [(s.got[n], s.truth[n], f[n]) for s, f in zip(seen, found, strict=True) for n in names if n in s.got]
    if any(got.shape != truth.shape for got, truth, _ in pairs):
        return None
    got, truth, other = (np.concatenate([np.ravel(p[k]) for p in pairs]).astype(float) for k in range(3))
    along = other - truth
    rate = float(along @ (got - truth) / np.vdot(along, along)) if along.any() else 0.0
    right = all(same(got, truth + rate * (other - truth)) for got, truth, other in pairs)
    return rate if right else None
