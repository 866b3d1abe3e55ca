"""A finite probability space: outcomes with their weights, and events, sets and variables that are drawn when met.

All variables have values on one grid. Where a claim speaks of densities a value stands for a cell around it: a density
is mass by width, an integral the sum over the cells times their width, and the letters of a claim lie beside the grid.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Event = NDArray[np.bool_]

OUTCOMES = 12
CELLS = 6
BESIDE = 0.3  # of a cell, the place of a letter within it
START = 50.0  # how far from zero a convex function of unknown sign may begin


class NoReading(ValueError):
    """An expression has parts that are not read here."""


@dataclass
class Space:
    """Outcomes, and what is drawn of the letters of a claim.

    Attributes:
        rng: what is drawn by.
        continuous: whether variables have densities.
        bend: 1 where unknown functions are convex, −1 where they are concave, 0 where nothing is said.
        numerals: the numbers with which a claim compares variables; they are values of these.
        scale: how large other values are: what holds of whole numbers, or of large ones, need not hold of others.
        weights: the probabilities of the outcomes.
        grid: the values that variables have.
        width: of a cell of the grid.
    """

    rng: np.random.Generator
    continuous: bool
    bend: int = 0
    numerals: tuple[float, ...] = ()
    scale: float = 1.0
    weights: Values = field(init=False)
    grid: Values = field(init=False)
    width: float = field(init=False)
    _events: dict[Hashable, Event] = field(default_factory=dict)
    _variables: dict[Hashable, NDArray[np.int_]] = field(default_factory=dict)
    _sets: dict[Hashable, Event] = field(default_factory=dict)
    _letters: dict[Hashable, float] = field(default_factory=dict)
    _functions: dict[Hashable, tuple[float, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.weights = self.drawn_weights()
        self.width = float(self.rng.uniform(0.3, 2.2)) * self.scale if self.continuous else 1.0
        if self.continuous:
            self.grid = float(self.rng.uniform(-2, 0)) * self.scale + self.width * np.arange(CELLS, dtype=np.float64)
        else:
            others = self.rng.uniform(-2, 3, size=CELLS - len(self.numerals)) * self.scale
            self.grid = np.sort(np.concatenate([np.asarray(self.numerals, dtype=np.float64), others]))

    def drawn_weights(self) -> Values:
        """Other probabilities of the same outcomes."""
        drawn = np.zeros(OUTCOMES)
        drawn[:] = self.rng.dirichlet(np.full(OUTCOMES, 0.8))
        return drawn

    def event(self, key: Hashable) -> Event:
        """The outcomes of an event of which nothing is known."""
        return self._events.setdefault(key, self.rng.random(OUTCOMES) < self.rng.uniform(0.3, 0.7))

    def variable(self, key: Hashable) -> Values:
        """The values of a random variable at the outcomes."""
        cells = self._variables.setdefault(key, self.rng.integers(CELLS, size=OUTCOMES))
        return np.asarray(self.grid[cells])

    def subset(self, key: Hashable) -> Event:
        """Which values of the grid lie in a set of numbers."""
        return self._sets.setdefault(key, self.rng.random(CELLS) < 0.5)

    def letter(self, key: Hashable) -> float:
        """A number for a letter: one of the grid, or beside it."""
        beside = BESIDE * self.width if self.continuous else 0.0
        return self._letters.setdefault(key, float(self.rng.choice(self.grid)) + beside)

    def function(self, key: Hashable, at: Values) -> Values:
        """The values of a function of which nothing is known."""
        a, b, c = self._functions.setdefault(key, tuple(self.rng.uniform(0.5, 1.5, size=3).tolist()))
        if self.bend:
            start = START * (a - 1) * self.scale  # of either sign at zero, of which a convex function says nothing
            return np.asarray(self.bend * (a * np.exp(b * at / 4) + (c - 1) * at + a * np.abs(at - b)) + start)
        return np.asarray(a * np.sin(b * at + c) + c * at**2)

    def within(self, values: Values, key: Hashable) -> Event:
        """Where values lie in a set of numbers."""
        return np.asarray(self.subset(key)[self.cell(values)])

    def cell(self, values: Values) -> NDArray[np.int_]:
        """The number of the cell that each value lies in. Raises: NoReading: outside of the grid."""
        away = np.abs(np.asarray(values)[..., None] - self.grid)
        if np.any(away.min(axis=-1) > self.width / 2):
            raise NoReading("a value outside of the grid")
        return np.asarray(away.argmin(axis=-1))

    def chance(self, event: Event, given: Event | None = None) -> float:
        """P(A), or P(A | B). Raises: ZeroDivisionError: if B has no weight."""
        if given is None:
            return float(self.weights[event].sum())
        below = float(self.weights[given].sum())
        if below == 0:
            raise ZeroDivisionError("a condition that is never met")
        return float(self.weights[event & given].sum()) / below

    def mean(self, values: Values) -> float:
        """E[…]."""
        return float(np.dot(self.weights, np.broadcast_to(values, self.weights.shape)))
