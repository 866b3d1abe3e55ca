"""Both sides of a relation between probabilities, as they may be read, and the numbers at which they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

from derive.chances.events import NotAProbability
from derive.chances.reading import Reading
from derive.chances.terms import Mass, Term
from derive.notation.differentials import is_by_what_is_bound
from derive.notation.runs import walk

from ..lines import Line
from ..maybeapplied import may_be_applied
from ..results import Counterexample
from .evaluation import EXACT, FLOATS, Evaluation, free_letters
from .knowledge import Knowledge
from .worlds import NoWorld, World, world, world_shown

APART = 1e-6
SEEDS = 2
PRECISIONS = (30, 60)


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Both sides of a relation in one reading."""

    left: Term
    right: Term
    reading: Reading

    @property
    def both(self) -> tuple[Term, Term]:
        return self.left, self.right


def readings_of(line: Line, knowledge: Knowledge) -> Iterator[Sides]:
    """The plausible readings: with parameters as conditions, and without those that only mark a distribution."""
    assert line.right is not None
    if any(is_by_what_is_bound(n) for side in (line.left, line.right) for n in walk(side)) or may_be_applied(line):
        return
    for plain, disjoint in ((False, False), (True, False), (False, True)):
        if plain and not knowledge.merged:
            continue
        reading = knowledge.reading(line, plain=plain, disjoint=disjoint)
        try:
            sides = Sides(left=reading.term(line.left), right=reading.term(line.right), reading=reading)
        except (NotAProbability, RecursionError):
            continue
        if reading.found and (reading.unions or not disjoint):
            yield sides


def about(left: Term) -> frozenset[str]:
    """The letters before the bar of a probability, of which a proportionality speaks."""
    if isinstance(left, Mass):
        return frozenset(e.value for e in left.events if isinstance(e.value, str))
    return frozenset()


# -- numbers ------------------------------------------------------------------------------------------


def differ(line: Line, sides: Sides, kind: str, knowledge: Knowledge) -> Counterexample | None:
    """Numbers at which the sides differ in a world of this kind, confirmed at two precisions; None if they agree."""
    for seed in range(SEEDS):
        where = world(sides.both, kind, knowledge.assumed, seed)
        letters = free_letters(sides.both)
        place = place_apart(line, sides, where, letters, APART, 1e-9)
        if place is None:
            continue
        numbers = []
        for digits in PRECISIONS:
            with mpmath.workdps(digits):
                a, b = values(line, sides, where, letters, exact=True)
                numbers.append((a[place], b[place]))
        if all(abs(a - b) > APART * max(abs(a), abs(b)) for a, b in numbers):
            return world_shown(where, letters, place, numbers[-1])
    return None


def place_apart(
    line: Line, sides: Sides, where: World, letters: dict[str, str], beyond: float, floor: float
) -> tuple[int, ...] | None:
    """The place at which the sides differ most, |a − b| / (|a| + |b| + floor); None if nowhere beyond a bound.

    Raises: NoWorld: where a side is not finite.
    """
    with np.errstate(all="ignore"):
        a, b = values(line, sides, where, letters)
        apart = np.abs(a - b) / (np.abs(a) + np.abs(b) + floor)
    if not np.all(np.isfinite(apart)):
        raise NoWorld("a side has no finite value")
    if apart.max(initial=0.0) < beyond:
        return None
    return tuple(int(k) for k in np.unravel_index(np.argmax(apart), apart.shape))


def values(line: Line, sides: Sides, where: World, letters: dict[str, str], *, exact: bool = False) -> tuple[Any, ...]:
    """Both sides in a world, at all values of the free letters."""
    evaluation = Evaluation(where, EXACT if exact else FLOATS, letters)
    a, b = np.broadcast_arrays(*(np.asarray(evaluation.value(side)) for side in sides.both))
    if line.operator == "propto":
        at_first = tuple(
            slice(0, 1) if letter in about(sides.left) else slice(None) for letter in reversed(list(letters))
        )[-a.ndim :]
        first = (..., *at_first)  # what only a sum binds has an axis before those of the free letters
        return a * b[first], b * a[first]
    return a, b
