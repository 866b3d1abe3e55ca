"""The value of a term in a world with few outcomes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from derive.chances.terms import (
    SLOPE,
    Applied,
    At,
    Event,
    Exp,
    Log,
    Mass,
    Name,
    Number,
    Outcome,
    Over,
    Plus,
    Power,
    Term,
    Times,
    Total,
    free_events,
)

from .worlds import POINTS, NoWorld, World


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """How numbers are computed with: floats, or mpmath at some precision."""

    of: Callable[[Fraction], Any]
    log: Callable[[Any], Any]
    exp: Callable[[Any], Any]
    sin: Callable[[Any], Any]
    dtype: Any


FLOATS = Numbers(of=float, log=np.log, exp=np.exp, sin=np.sin, dtype=float)
EXACT = Numbers(
    of=lambda f: mpmath.mpf(f.numerator) / f.denominator,
    log=np.frompyfunc(mpmath.log, 1, 1),
    exp=np.frompyfunc(mpmath.exp, 1, 1),
    sin=np.frompyfunc(mpmath.sin, 1, 1),
    dtype=object,
)


def free_letters(sides: Iterable[Term]) -> dict[str, str]:
    """The free letters of values, with a variable of each; two variables with one letter have the same outcomes."""
    found: dict[str, str] = {}
    for event in sorted((e for side in sides for e in free_events(side)), key=str):
        found.setdefault(str(event.value), event.variable)
    return found


class Evaluation:
    """Evaluates terms in a world: arrays with an axis for every free letter and every sum that is open."""

    def __init__(self, where: World, numbers: Numbers, letters: Mapping[str, str]) -> None:
        self.world, self.numbers, self.letters = where, numbers, letters
        self.margins: dict[Any, Any] = {}
        self.scope: dict[str, tuple[int, int]] = {}
        for letter, variable in letters.items():
            self.scope[letter] = (len(self.scope), len(where.outcomes[variable]))
        self.depth = len(self.scope)

    def value(self, term: Term) -> Any:
        """The term as an array over the axes of the scope, broadcast."""
        n = self.numbers
        match term:
            case Number(value=value):
                return n.of(value)
            case Name(text=text):
                return n.of(self.world.names[text])
            case Plus(terms=terms):
                return _fold(lambda a, b: a + b, map(self.value, terms), n.of(Fraction(0)))
            case Times(factors=factors):
                return _fold(lambda a, b: a * b, map(self.value, factors), n.of(Fraction(1)))
            case Power(base=base, exponent=exponent):
                return self._power(base, exponent)
            case Log(body=body):
                return n.log(self.value(body))
            case Exp(body=body):
                return n.exp(self.value(body))
            case Outcome(variable=variable, value=value):
                numbers = np.array([n.of(v) for v in self.world.outcomes[variable]], dtype=n.dtype)
                return numbers[self._places(variable, value)]
            case Applied(name=name, arguments=arguments):
                return self._wave(name, arguments)
            case Mass():
                return self._mass(term)
            case Total():
                return self._total(term)
            case Over():
                return self._over(term)

    def _power(self, base: Term, exponent: Term) -> Any:
        if isinstance(exponent, Number) and exponent.value.denominator == 1:
            return self.value(base) ** int(exponent.value)
        return self.numbers.exp(self.value(exponent) * self.numbers.log(self.value(base)))

    def _wave(self, name: str, arguments: tuple[Term, ...]) -> Any:
        waves = self.world.waves[name]
        inside = self.numbers.of(waves[0])
        for k, argument in enumerate(arguments):
            inside = inside + self.numbers.of(waves[1 + k % 5]) * self.value(argument)
        return 2 + self.numbers.sin(inside)

    def _places(self, variable: str, value: Any) -> Any:
        """The place of a value among the outcomes: a number, or an array along the axis of its letter."""
        if isinstance(value, Fraction):
            if value not in self.world.outcomes[variable]:
                raise NoWorld("a value that a variable does not take")
            return np.array(self.world.outcomes[variable].index(value))
        if isinstance(value, At):
            axis, size, first = self._index(value.index)
            places = np.array(self.world.data[variable, value.letter][first : first + size])
            return places.reshape((size,) + (1,) * axis)
        axis, size = self.scope[value]
        if size != len(self.world.outcomes[variable]):
            raise NoWorld("one letter is a value of two variables")
        return np.arange(size).reshape((size,) + (1,) * axis)

    def _index(self, index: str) -> tuple[int, int, int]:
        if index not in self.scope:
            raise NoWorld("an index without its sum")
        axis, packed = self.scope[index]
        return axis, packed % 1000, packed // 1000

    def _mass(self, mass: Mass) -> Any:
        given = mass.given | (self._rest(mass) if self.world.tied and mass.family != "p" else frozenset())
        above = self._joint(mass.family, mass.events | given)
        return above / self._joint(mass.family, given) if given else above

    def _rest(self, mass: Mass) -> frozenset[Event]:
        """All that is free, but for the variables of a mass itself."""
        own = {e.variable for e in mass.events | mass.given}
        known = self.world.axes[mass.family]
        return frozenset(
            Event(variable=v, value=letter) for letter, v in self.letters.items() if v not in own and v in known
        )

    def _joint(self, family: str, events: frozenset[Event]) -> Any:
        denied = next((e for e in sorted(events, key=str) if e.denied), None)
        if denied is not None:
            rest = events - {denied}
            positive = Event(variable=denied.variable, value=denied.value)
            return self._joint(family, rest) - self._joint(family, rest | {positive})
        if not events:
            return self.numbers.of(Fraction(0 if family.startswith(SLOPE) else 1))
        names = tuple(sorted(e.variable for e in events))
        table = self._margin(family, names)
        by_name = {e.variable: e.value for e in events}
        if table.ndim != len(names):
            raise ValueError(f"{family} is a distribution of other variables")
        return table[tuple(np.broadcast_arrays(*(self._places(v, by_name[v]) for v in names)))]

    def _margin(self, family: str, names: tuple[str, ...]) -> Any:
        if (family, names) not in self.margins:
            axes = self.world.axes[family]
            table = self.world.joint[family]
            summed = table.sum(axis=tuple(k for k, v in enumerate(axes) if v not in names))
            whole = Fraction(1) if family.startswith(SLOPE) else Fraction(int(table.sum()))
            convert = np.frompyfunc(lambda w: self.numbers.of(w / whole), 1, 1)
            self.margins[family, names] = np.asarray(convert(summed)).astype(self.numbers.dtype)
        return self.margins[family, names]

    def _total(self, term: Total) -> Any:
        before = dict(self.scope), self.depth
        sizes = []
        for variable, letter in term.bound:
            self.scope[letter] = (self.depth, len(self.world.outcomes[variable]))
            sizes.append((self.depth, len(self.world.outcomes[variable])))
            self.depth += 1
        inside = self.value(term.body)
        self.scope, self.depth = before
        return _summed(inside, sizes)

    def _over(self, term: Over) -> Any:
        first, last = (self._whole(bound) for bound in (term.lower, term.upper))
        if not 0 <= first <= last < POINTS:
            raise NoWorld("these bounds are not tried")
        before = dict(self.scope), self.depth
        axis, size = self.depth, last - first + 1
        self.scope[term.index] = (axis, first * 1000 + size)
        self.depth += 1
        inside = self.value(term.body)
        self.scope, self.depth = before
        return _summed(inside, [(axis, size)], np.multiply if term.product else np.add)

    def _whole(self, bound: Term) -> int:
        match bound:
            case Number(value=value) if value.denominator == 1:
                return int(value)
            case Name(text=text):
                return int(self.world.names[text])
            case Plus(terms=terms):
                return sum(self._whole(t) for t in terms)
            case Times(factors=factors):
                return math.prod(self._whole(t) for t in factors)
        raise NoWorld("these bounds are not tried")


def _summed(inside: Any, axes: Iterable[tuple[int, int]], operation: Any = np.add) -> Any:
    """An array summed over some of its axes, counted from the last one."""
    found = np.asarray(inside)
    for axis, size in axes:
        if found.ndim <= axis:
            found = found.reshape((1,) * (axis + 1 - found.ndim) + found.shape)
        place = found.ndim - 1 - axis
        if found.shape[place] == 1 and size > 1:
            found = np.repeat(found, size, axis=place)
        found = operation.reduce(found, axis=place, keepdims=True)
    return found


def _fold(operation: Callable[[Any, Any], Any], values: Iterable[Any], neutral: Any) -> Any:
    found = None
    for value in values:
        found = value if found is None else operation(found, value)
    return neutral if found is None else found
