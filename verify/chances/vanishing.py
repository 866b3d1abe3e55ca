"""Equations that hold only where terms of them vanish, as where variables are independent: a wrong sign or factor."""

from __future__ import annotations

from derive.chances.laws import UNNAMED

from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..results import Counterexample, Verdict
from .knowledge import Knowledge
from .sides import differ, readings_of
from .worlds import NoWorld


def judge_vanishing(line: Line, knowledge: Knowledge) -> Judgement | None:
    """Numbers against an equation that holds only where terms of it vanish, since variables are independent.

    It is wrong only if it holds in general with another sign or factor: then it says that a term of its own is zero;
    or, of probabilities alone, with a fraction turned, which where variables are independent is 1.
    """
    shown: Counterexample | None = None
    for sides in readings_of(line, knowledge):
        doubts = [d for d in sides.reading.doubts if knowledge.several or d != UNNAMED]
        if doubts:
            return None
        try:
            shown = differ(line, sides, "any", knowledge)
        except (NoWorld, ArithmeticError, ValueError):
            return None
        if shown is None:
            return None
    because = "the two sides differ for these probabilities, and after one edit they agree for all"
    doubted = shown is None or any(of_words(line))
    return None if doubted else Judgement(verdict=Verdict.REFUTED, because=because, counterexample=shown)
