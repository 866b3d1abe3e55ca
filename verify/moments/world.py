"""A world of finitely many outcomes, in which random variables and constants get values when they are met."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Kind = Literal["any", "independent", "alike", "same"]  # alike: those of one name; same: all of them

OUTCOMES = 3  # of one variable where all are independent
SLOTS = 6  # how many independent variables there may be
TOGETHER = 11  # outcomes where nothing is independent


class NoWorld(ValueError):
    """A text has more random variables than a world has room for."""


@dataclass(frozen=True)
class Variable:
    """A random variable: the letter, and its index where it has one."""

    name: Hashable
    index: tuple[int, ...] = ()


@dataclass
class World:
    """Outcomes with their probabilities, and the values of letters that have been met.

    Attributes:
        kind: whether variables may depend on each other, are independent, or independent and all distributed alike.
        centred: the names of variables with mean 0.
        units: the names of those that have variance 1, too.
        bits: the names of variables that are 0 or 1.
        shared: names and what all their variables have in common: their "mean", or their "deviation".
        rng: what values are drawn by.
    """

    kind: Kind
    rng: np.random.Generator
    centred: frozenset[Hashable] = frozenset()
    units: frozenset[Hashable] = frozenset()
    bits: frozenset[Hashable] = frozenset()
    shared: frozenset[tuple[Hashable, str]] = frozenset()
    probabilities: Values = field(init=False)
    variables: dict[Variable, Values] = field(default_factory=dict)
    constants: dict[Hashable, float] = field(default_factory=dict)
    functions: dict[Hashable, tuple[float, ...]] = field(default_factory=dict)
    _alike: dict[Hashable, Values] = field(default_factory=dict)
    _commons: dict[tuple[Hashable, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        one = self.rng.dirichlet(np.full(OUTCOMES if self.kind != "any" else TOGETHER, 2.0))
        self.probabilities = one
        if self.kind != "any":
            for _ in range(SLOTS - 1):
                self.probabilities = np.multiply.outer(self.probabilities, one).ravel()
        self._one = one

    def variable(self, variable: Variable) -> Values:
        """The values of a random variable at the outcomes."""
        if variable not in self.variables:
            self.variables[variable] = self._drawn(variable)
        return self.variables[variable]

    def constant(self, name: Hashable) -> float:
        """The value of a letter that is not random."""
        return self.constants.setdefault(name, float(self.rng.uniform(0.4, 2.3)) * float(self.rng.choice((-1, 1))))

    def function(self, name: Hashable, values: Values) -> Values:
        """The values of a function of which nothing is known: a sin(b v + c) + d v²."""
        a, b, c, d = self.functions.setdefault(name, tuple(self.rng.uniform(0.5, 1.5, size=4).tolist()))
        return np.asarray(a * np.sin(b * values + c) + d * values**2)

    def mean(self, values: Values) -> float:
        """E[…]: the sum over the outcomes of probability times value."""
        return float(np.dot(self.probabilities, np.broadcast_to(values, self.probabilities.shape)))

    def covariance(self, one: Values, other: Values) -> float:
        """E[(X − E X)(Y − E Y)]."""
        return self.mean((one - self.mean(one)) * (other - self.mean(other)))

    def _drawn(self, variable: Variable) -> Values:
        values = self.rng.normal(size=self._one.size) * 1.5 + 0.7
        if self.kind == "alike":
            values = self._alike.setdefault(variable.name, values)
        if self.kind == "same":
            values = self._alike.setdefault("", values)
        values = self._as_told(variable.name, values)
        if variable.name in self.bits:
            values = (np.arange(values.size) < values.size // 2).astype(float)
        if self.kind == "any":
            return values
        slot = len(self.variables)
        if slot >= SLOTS:
            raise NoWorld("too many random variables")
        digit = np.arange(OUTCOMES**SLOTS) // OUTCOMES**slot % OUTCOMES
        spread: Values = values[digit]
        return spread

    def _common(self, name: Hashable, what: str) -> float:
        """The mean or the deviation that all variables of a name have."""
        return self._commons.setdefault((name, what), float(self.rng.uniform(0.5, 1.9)))

    def _as_told(self, name: Hashable, values: Values) -> Values:
        """The values moved and scaled to the mean and the deviation that the text gives variables of a name."""
        mean = float(np.dot(self._one, values))
        if (name, "deviation") in self.shared:
            deviation = float(np.sqrt(np.dot(self._one, (values - mean) ** 2)))
            values = mean + (values - mean) * self._common(name, "deviation") / deviation
        if name in self.units:
            return (values - mean) / float(np.sqrt(np.dot(self._one, (values - mean) ** 2)))
        if name in self.centred:
            return values - mean
        return values - mean + self._common(name, "mean") if (name, "mean") in self.shared else values
