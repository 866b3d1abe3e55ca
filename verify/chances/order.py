"""The verdict on an inequality between terms about probabilities."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from derive.chances.forms import form_of
from derive.chances.jensen import not_less
from derive.chances.terms import Mass, Name, Outcome, Term, within
from derive.notation.syntax import Num

from ..judge import Judgement
from ..lines import Line
from ..results import Counterexample, Verdict
from .evaluation import free_letters
from .judging import may_be_meant
from .knowledge import Knowledge
from .sides import PRECISIONS, SEEDS, Sides, readings_of, values
from .trials import in_every_reading
from .worlds import NoWorld, World, world, world_shown

NOT_MORE = frozenset({"<=", "<"})
NOT_LESS = frozenset({">=", ">"})
STRICT = frozenset({"<", ">"})
MARGIN = 1e-6
SCALES = (Fraction(1), Fraction(1, 30))


def judge_order(line: Line, knowledge: Knowledge) -> Judgement | None:
    """The verdict on a ≤ b between terms about probabilities; None if it is none, or cannot be read as one."""
    if not knowledge.speaks or line.right is None or line.operator not in NOT_MORE | NOT_LESS:
        return None
    readings = [s for s in readings_of(line, knowledge) if knowledge.disjoint or not s.reading.disjoint]
    if not readings:
        return None
    if line.operator not in STRICT and any(not_less(*_upper_first(line, s)) for s in readings):
        return Judgement(verdict=Verdict.PROVED, because="by the laws of probability and Jensen's inequality")
    is_number = isinstance(line.right, Num)
    return in_every_reading(
        line,
        readings,
        reason=lambda s: _of_number(line, s) if is_number else may_be_meant(line, s, named=False),
        broken=lambda s: None if knowledge.assumed.moments or knowledge.chained else _broken(line, s, knowledge),
        otherwise="no proof was found; trials with random probabilities do not speak against it",
        because="the inequality is broken by these probabilities",
    )


def _of_number(line: Line, sides: Sides) -> str | None:
    """Why a bound that is a number is not judged; None if it is zero, and of masses only."""
    valued = any(isinstance(t, Outcome | Name) for t in within(sides.left))
    return "a number as a bound is not judged" if valued or form_of(sides.right) else None


def _upper_first(line: Line, sides: Sides) -> tuple[Term, Term]:
    return sides.both[::-1] if line.operator in NOT_MORE else sides.both


def _broken(line: Line, sides: Sides, knowledge: Knowledge) -> Counterexample | None:
    """Probabilities for which the inequality fails; None if none were found, or if independence makes it strict."""
    if not any(isinstance(t, Mass) for side in sides.both for t in within(side)):  # of values, not of their chances
        return None
    letters = free_letters(sides.both)
    worlds = [world(sides.both, "independent", knowledge.assumed, seed) for seed in range(SEEDS)]
    if all(_gap(line, sides, where, letters)[0] > MARGIN for where in worlds):
        return None
    found: Counterexample | None = None
    for scale in SCALES if any(isinstance(t, Outcome) for side in sides.both for t in within(side)) else SCALES[:1]:
        found = None
        for seed in range(SEEDS):
            where = _scaled(world(sides.both, "any", knowledge.assumed, seed), scale)
            gap, place = _gap(line, sides, where, letters)
            if gap < -MARGIN and (numbers := _confirmed(line, sides, where, letters, place)) is not None:
                found = found or world_shown(where, letters, place, numbers)
        if found is None:
            return None
    return None if _are_strangers(sides) else found


def _are_strangers(sides: Sides) -> bool:
    """Whether the sides have no distribution in common: H(g) ≥ H(f) says something of g and f, and is no wrong law."""
    left, right = ({t.family for t in within(side) if isinstance(t, Mass)} for side in sides.both)
    return bool(left and right and not left & right)


def _scaled(where: World, scale: Fraction) -> World:
    """The world in which every outcome is so much larger: a text may speak of numbers between 0 and 1."""
    outcomes = {v: tuple(scale * number for number in numbers) for v, numbers in where.outcomes.items()}
    return dataclasses.replace(where, outcomes=outcomes)


def _confirmed(
    line: Line, sides: Sides, where: World, letters: dict[str, str], place: tuple[int, ...]
) -> tuple[Any, Any] | None:
    """Both sides at a place, if they break the inequality at both precisions."""
    numbers: list[tuple[Any, Any]] = []
    for digits in PRECISIONS:
        with mpmath.workdps(digits):
            a, b = values(line, sides, where, letters, exact=True)
            numbers.append((a[place], b[place]))
    broken = all((b - a if line.operator in NOT_MORE else a - b) < -MARGIN for a, b in numbers)
    return numbers[-1] if broken else None


def _gap(line: Line, sides: Sides, where: World, letters: dict[str, str]) -> tuple[float, tuple[int, ...]]:
    """The least of what the larger side has more than the smaller one, and where."""
    with np.errstate(all="ignore"):
        a, b = values(line, sides, where, letters)
        gap = b - a if line.operator in NOT_MORE else a - b
    if not np.all(np.isfinite(gap)):
        raise NoWorld("a side has no finite value")
    place = tuple(int(k) for k in np.unravel_index(np.argmin(gap), gap.shape))
    return float(gap[place]), place
