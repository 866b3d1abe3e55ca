"""Claims of probabilities tried with numbers: refuted only if every reading of one fails, and none is in doubt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..results import Counterexample, Verdict
from .worlds import NoWorld

if TYPE_CHECKING:
    from .sides import Sides


def in_every_reading(
    line: Line,
    readings: Sequence[Sides],
    *,
    reason: Callable[[Sides], str | None],
    broken: Callable[[Sides], Counterexample | None],
    otherwise: str,
    because: str,
    known: str = "",
) -> Judgement:
    """Refuted if numbers speak against a claim in each of its readings; else undecided.

    Args:
        line: the claim.
        readings: at least one.
        reason: why a reading may be meant otherwise; None if it cannot.
        broken: numbers that speak against a reading; None if none were found.
        otherwise: why it is undecided where none were found.
        because: what the numbers show.
        known: words of doubts that do not count.
    """
    shown: Counterexample | None = None
    for sides in readings:
        why = reason(sides)
        try:
            found = None if why else broken(sides)
        except (NoWorld, ArithmeticError, ValueError) as error:
            found, why = None, f"it could not be tried: {error}"
        if found is None:
            return Judgement(verdict=Verdict.UNDECIDED, because=why or otherwise)
        shown = shown or found
    return unless_in_doubt(line, readings, because, shown, known)


def unless_in_doubt(
    line: Line, readings: Sequence[Sides], because: str, shown: Counterexample | None, known: str = ""
) -> Judgement:
    """Refuted by the numbers shown, unless the words, or how one of the readings came about, leave a doubt."""
    read = (d for sides in readings for d in sides.reading.doubts if not known or known not in d)
    doubts = [*read, *of_words(line)]
    if doubts:
        return Judgement(verdict=Verdict.UNDECIDED, because=f"numbers speak against it, but {doubts[0]}")
    return Judgement(verdict=Verdict.REFUTED, because=because, counterexample=shown)
