"""p(θ | θ): a variable given itself, where another one makes the equation follow from the laws of probability."""

from __future__ import annotations

from collections.abc import Callable

from derive.chances.events import NotAProbability, brackets, conditioned, label
from derive.notation.syntax import Group

from ..context import Context
from ..judge import Judgement
from ..lines import Line
from ..repair import repair
from ..results import Suggestion, Verdict
from ..rules import swapped_index, wrong_quantity
from ..rules.edit import Rule

RULES = (wrong_quantity.RULE, swapped_index.RULE)


def judge_itself(
    line: Line, context: Context, lawful: Callable[[Line], Verdict]
) -> tuple[Judgement, tuple[Rule, Suggestion]] | None:
    """What is wrong of a probability of θ given θ; None unless one letter in its place makes the line provable."""
    if line.right is None or line.operator not in ("=", ":=", "propto"):
        return None
    twice = next((name for _, group in brackets((line.right,)) if (name := _twice(group)) is not None), None)
    if twice is None:
        return None
    mended = repair(line, context, lawful, rules=RULES)
    if mended is None or mended[1].verdict is not Verdict.PROVED:
        return None
    return Judgement(verdict=Verdict.REFUTED, because=f"{twice} stands before and behind the bar"), mended


def _twice(group: Group) -> str | None:
    """What stands before and behind a bar."""
    try:
        before, behind = ([label(n) for n in half] for half in conditioned(group.body))
    except NotAProbability:
        return None
    return next((name for name in before if name in behind), None)
