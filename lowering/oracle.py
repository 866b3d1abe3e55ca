"""The oracle of a lowered module: the textbook form of its model, in complex numbers and with as many digits as needed.

It shares no code with the module, whose source it never sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from math import prod

import numpy as np
from sympy import Abs, Expr, Heaviside, Max, Min, Piecewise, Rational, sign

from derive.backprop import working
from derive.model import Model
from derive.quantities import Definition, Domain
from derive.rows.functions import RowFunction
from derive.vocabulary import Maximum, Positive

from .adjoint import adjoint_name, adjoints
from .gradcheck import STEP
from .numeric.arithmetic import COMPLEX128, FLOAT64, Arithmetic, Array, mpmath_arithmetic
from .numeric.backward import backward
from .numeric.environment import Environment, whole
from .numeric.forward import forward
from .trialpoints import Arrays, Point, direct_parameters, least_sizes, preactivations, random_point

VALUE = "the value"  # beside the names of parameters, which have no spaces
_BENDING = (Abs, Max, Min, Maximum, Piecewise, sign, Heaviside, Positive)


class Oracle:
    """The model's objective and quantities in data and parameters alone."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.textbook = working(model)
        self.needed = [n for n in model.defined if self.textbook.depends(model.objective, n)]
        self.bends = bends(model)

    @cached_property
    def adjoints(self) -> tuple[Definition, ...]:
        """Of the textbook form, which `exactly` alone needs."""
        return adjoints(self.textbook)

    def forward(
        self, points: Sequence[Point], arithmetic: Arithmetic = FLOAT64, moved: Mapping[str, Array] | None = None
    ) -> Environment:
        """The values of the textbook form at points of the same sizes, in float64 numbers taken exactly.

        Args:
            points: sizes, data and parameters.
            arithmetic: of the computation.
            moved: arrays in the place of the points', of shape (points, *axes), in the arithmetic.
        """
        given = {**_stacked(points), **(moved or {})}
        return forward(self.textbook, points[0].sizes, given, arithmetic, needed=self.needed)

    def value(self, points: Sequence[Point], arithmetic: Arithmetic, moved: Mapping[str, Array] | None = None) -> Array:
        """The objective, one number for each of the points, or of the moved ones."""
        return self.forward(points, arithmetic, moved).values[self.model.objective]

    def named(self, points: Sequence[Point]) -> list[Arrays]:
        """All quantities of the model in float64, over their own axes, at each point."""
        found = forward(self.model, points[0].sizes, _stacked(points))
        own = {d.name: found.values[d.name][(slice(None), *_own(found, d))] for d in self.model.definitions}
        return _each(own, len(points))

    def complex_step(self, points: Sequence[Point]) -> list[Arrays]:
        """∂value/∂θ_k = Im value(θ + ih e_k) / h for every component at each point, off the kinks."""
        shapes = {name: array.shape for name, array in points[0].params.items()}
        counts = [prod(shape) for shape in shapes.values()]
        together = {name: np.repeat(array, sum(counts), 0) for name, array in _stacked(points).items()}
        steps = np.split(np.tile(np.eye(sum(counts)), (len(points), 1)), np.cumsum(counts)[:-1], axis=1)
        for (name, shape), step in zip(shapes.items(), steps, strict=True):
            together[name] = together[name] + 1j * STEP * step.reshape(-1, *shape)
        slopes = np.imag(self.value(points, COMPLEX128, together)) / STEP
        every = np.broadcast_to(slopes, len(points) * sum(counts)).reshape(len(points), -1)
        parts = np.split(every, np.cumsum(counts)[:-1], axis=1)
        pairs = zip(parts, shapes.items(), strict=True)
        return _each({name: part.reshape(-1, *shape) for part, (name, shape) in pairs}, len(points))

    def digits(self, point: Point) -> int:
        """As many as the textbook form needs at a point: 1 − σ(z) is about 10^(−0.4343 z)."""
        found = self.forward([point], mpmath_arithmetic(30)).values
        values = [found[n].astype(np.float64) for n in preactivations(self.model) if n in found]
        return 60 + int(0.44 * max((float(np.abs(v).max()) for v in values), default=0.0))

    def exactly(self, points: Sequence[Point], digits: int) -> list[Arrays]:
        """Value and gradient at each point with this many digits, rounded to float64."""
        arithmetic = mpmath_arithmetic(digits)
        found = backward(self.adjoints, self.forward(points, arithmetic), arithmetic).values
        gradient = {q.name: found[adjoint_name(self.model, q.name)] for q in self.model.parameters}
        exact = {VALUE: found[self.model.objective], **gradient}
        return _each({name: array.astype(np.float64) for name, array in exact.items()}, len(points))

    def slope(self, point: Point, direction: Arrays) -> float:
        """The derivative along a direction by Richardson's differences at 60 digits."""
        arithmetic = mpmath_arithmetic(60)
        h = arithmetic.constant(Rational(1, 10**12))
        steps = arithmetic.convert(np.array([-2, -1, 1, 2])) * h / 2
        moved = {
            k: arithmetic.convert(v)[None] + steps.reshape(4, *(1,) * v.ndim) * arithmetic.convert(direction[k])[None]
            for k, v in point.params.items()
        }
        far_below, below, above, far_above = self.value([point], arithmetic, moved)
        return float((4 * (above - below) / h - (far_above - far_below) / (2 * h)) / 3)


def bends(model: Model) -> bool:
    """Whether a definition has kinks or jumps, such as |θ| or a ReLU."""
    return any(d.expr.has(*_BENDING) or _row_bends(d.expr) for d in working(model).definitions)


def _stacked(points: Sequence[Point]) -> dict[str, Array]:
    """The arrays of points of the same sizes in float64, with a first axis that counts the points."""
    arrays = [{**point.params, **point.data} for point in points]
    return {name: np.stack([np.asarray(a[name], np.float64) for a in arrays]) for name in arrays[0]}


def _each(arrays: Mapping[str, Array], points: int) -> list[Arrays]:
    """Arrays whose first axis counts the points, apart; one that is the same at all may have it but once."""
    full = {name: np.broadcast_to(array, (points, *array.shape[1:])) for name, array in arrays.items()}
    return [{name: np.asarray(array[k]) for name, array in full.items()} for k in range(points)]


def _own(found: Environment, d: Definition) -> tuple[slice, ...]:
    """The part of an array that belongs to the quantity's axes: of a recursion, all but its base."""
    lowers = found.lowers[d.name]
    pairs = zip(d.quantity.axes, lowers, strict=True)
    return tuple(slice(whole(i.lower, found.sizes) - at, None) for i, at in pairs)


def _row_bends(expr: Expr) -> bool:
    return any(f.textbook.has(*_BENDING) for f in expr.atoms(RowFunction))


def extreme_points(
    oracle: Oracle, levels: Iterable[float], sizes: Mapping[str, int] | None = None
) -> list[tuple[str, float, Point]]:
    """Each pre-activation, each level, and an ordinary point scaled to it.

    The parameters of the pre-activation are scaled until its largest value is at the level, then until it is at minus
    the level, where they may have any sign. The sizes are the least if none are given: what saturates or overflows does
    so entry by entry.
    """
    model = oracle.model
    names = preactivations(model)
    point = random_point(model, sizes or least_sizes(model), seed=7)
    reached = oracle.named([point])[0] if names else {}

    def scaled(name: str, largest: float) -> Point:
        furthest = reached[name].flat[np.abs(reached[name]).argmax()]
        factor = largest / (furthest if signed[name] else abs(furthest))
        return replace(point, params={**point.params, **{k: point.params[k] * factor for k in direct[name]}})

    direct = {name: direct_parameters(model, name) for name in names}
    signed = {n: all(model.quantities[k].domain is Domain.REAL for k in direct[n]) for n in names}
    pairs = [(n, sign * level) for n, level in product(names, levels) for sign in ((1, -1) if signed[n] else (1,))]
    return [(name, largest, scaled(name, largest)) for name, largest in pairs]
