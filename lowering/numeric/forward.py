"""The values of a model: every definition evaluated in order, recursions step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from sympy import Expr, Idx, Integer

from derive.calculus.indices import placed, substitute
from derive.model import Model
from derive.quantities import Definition
from derive.vocabulary import length

from .arithmetic import FLOAT64, Arithmetic, Array
from .environment import Environment, whole
from .evaluate import evaluate

Values = Mapping[str, Array]


def forward(
    model: Model,
    sizes: Mapping[str, int],
    given: Values,
    arithmetic: Arithmetic = FLOAT64,
    *,
    needed: Iterable[str] | None = None,
    nudges: Values | None = None,
) -> Environment:
    """The environment of all quantities of a model at the given values.

    Args:
        model: its definitions, recursions included.
        sizes: name to number.
        given: the given quantities, arrays of shape (points, *axes).
        arithmetic: of the computation.
        needed: the definitions to evaluate, by name; all if None.
        nudges: what to add to a quantity where it is computed, which is how ∂E/∂h is measured.
    Returns: values of all these quantities; a recursion has one more entry, its base, before its range.
    """
    run = _Run(model=model, sizes=sizes, arithmetic=arithmetic, nudges=nudges or {})
    for q in model.given:
        if q.name in given:
            array = arithmetic.convert(given[q.name])
            run.store(q.name, run.nudged(q.name, array), tuple(whole(i.lower, sizes) for i in q.axes))
    wanted = set(model.defined) if needed is None else set(needed)
    definitions = [d for d in model.definitions if d.name in wanted]
    cycle = [d for d in definitions if d.recursive or d.name in model.ancestors[d.name]]
    for d in definitions:
        if d.name in run.values:
            continue
        if d in cycle:
            run.recursion(cycle)
        else:
            run.whole(d)
    return run.environment


@dataclass
class _Run:
    """One evaluation: the values so far, and where each axis begins."""

    model: Model
    sizes: Mapping[str, int]
    arithmetic: Arithmetic
    nudges: Values
    values: dict[str, Array] = field(default_factory=dict)
    lowers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    beside: dict[str, list[int]] = field(default_factory=dict)

    @property
    def environment(self) -> Environment:
        return Environment(sizes=self.sizes, values=self.values, lowers=self.lowers)

    def store(self, name: str, array: Array, lowers: tuple[int, ...]) -> None:
        self.values[name], self.lowers[name] = array, lowers

    def nudged(self, name: str, array: Array) -> Array:
        return array + self.nudges[name] if name in self.nudges else array

    def whole(self, d: Definition) -> None:
        """A definition without recursion, at all its indices at once."""
        axes = d.quantity.axes
        array = evaluate(d.expr, self.environment, axes, self.arithmetic)
        self.store(d.name, self.nudged(d.name, array), tuple(whole(i.lower, self.sizes) for i in axes))

    def recursion(self, cycle: list[Definition]) -> None:
        """Definitions that use each other's earlier values, one step of the common index after the other."""
        over = next(d.over for d in cycle if d.over is not None)
        first, last = whole(over.lower, self.sizes), whole(over.upper, self.sizes)
        for d in cycle:
            self._open(d, over, last - first + 1)
        for step in range(first, last + 1):
            for d in cycle:
                self._step(d, over, step, first)

    def _open(self, d: Definition, over: Idx, steps: int) -> None:
        """An empty array with one more entry along the index, which the base fills."""
        place = d.quantity.axes.index(over)
        lengths = self._lengths(d, over)
        points = max((a.shape[0] for a in self.values.values()), default=1)
        zeros = self.arithmetic.zeros((points, *lengths))
        base = zeros if d.base is None else self._along(d, d.base, over, over.lower - 1) + zeros
        array = np.stack([base] + [zeros] * steps, axis=place + 1)
        lowers = [whole(i.lower, self.sizes) - (i == over) for i in d.quantity.axes]
        self.store(d.name, array, tuple(lowers))

    def _step(self, d: Definition, over: Idx, step: int, first: int) -> None:
        now = self._along(d, d.expr, over, Integer(step))
        before = (slice(None),) * (d.quantity.axes.index(over) + 1)
        if d.name in self.nudges:
            nudge: tuple[slice | int, ...] = (*before, step - first)
            moved = self.nudges[d.name][nudge]
            inside = (slice(None), *map(slice, moved.shape[1:]))  # the base may be longer than the rest
            now = np.broadcast_to(now, (len(moved), *now.shape[1:])).copy()
            now[inside] += moved
        entry: tuple[slice | int, ...] = (*before, step - first + 1)
        array = self.values[d.name].copy()
        array[entry] = now
        self.values[d.name] = array

    def _lengths(self, d: Definition, over: Idx) -> list[int]:
        """How long the axes beside that of a recursion are anywhere along it, its base included."""
        if d.name not in self.beside:
            axes = d.quantity.axes
            pairs = zip(axes, placed(axes, {over: over.lower - 1}), strict=True)
            lengths = [max(whole(length(j), self.sizes) for j in (i, b)) for i, b in pairs if isinstance(b, Idx)]
            self.beside[d.name] = lengths
        return self.beside[d.name]

    def _along(self, d: Definition, expr: Expr, over: Idx, place: Expr) -> Array:
        """An expression over the axes of a quantity at one value of an index; zero beyond a size n_l there."""
        axes = d.quantity.axes
        where = placed(axes, {over: place})
        left = tuple(i for i in where if isinstance(i, Idx))
        there = substitute(expr, dict(zip(axes, where, strict=True)))
        values = evaluate(there, self.environment, left, self.arithmetic)
        full = self.arithmetic.zeros((len(values), *self._lengths(d, over)))
        full[tuple(map(slice, values.shape))] = values
        return full
