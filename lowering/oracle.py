"""The oracle of a lowered module: the textbook form of its model, in complex numbers and with as many digits as needed.

It shares no code with the module, whose source it never sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from sympy import Abs, Expr, Heaviside, Max, Min, Piecewise, Rational, sign

from derive.backprop import working
from derive.model import Model
from derive.quantities import Definition
from derive.rows.functions import RowFunction
from derive.vocabulary import Maximum, Positive

from .adjoint import adjoint_name, adjoints
from .gradcheck import STEP
from .numeric.arithmetic import COMPLEX128, FLOAT64, Arithmetic, Array, mpmath_arithmetic
from .numeric.backward import backward
from .numeric.environment import Environment, whole
from .numeric.forward import forward
from .trialpoints import Arrays, Point, direct_parameters, preactivations, random_point, trial_sizes

VALUE = "the value"  # beside the names of parameters, which have no spaces
_BENDING = (Abs, Max, Min, Maximum, Piecewise, sign, Heaviside, Positive)


class Oracle:
    """The model's objective and quantities in data and parameters alone."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.textbook = working(model)
        self.needed = [n for n in model.defined if self.textbook.depends(model.objective, n)]
        self.adjoints = adjoints(self.textbook)
        self.bends = bends(model)

    def forward(
        self, point: Point, arithmetic: Arithmetic = FLOAT64, moved: Mapping[str, Array] | None = None
    ) -> Environment:
        """The values of the textbook form at a point, in float64 numbers taken exactly.

        Args:
            point: sizes, data and parameters.
            arithmetic: of the computation.
            moved: parameters in the place of the point's, of shape (points, *axes), in the arithmetic.
        """
        given = {k: np.asarray(v, np.float64)[None] for k, v in (*point.params.items(), *point.data.items())}
        return forward(self.textbook, point.sizes, {**given, **(moved or {})}, arithmetic, needed=self.needed)

    def value(self, point: Point, arithmetic: Arithmetic, moved: Mapping[str, Array] | None = None) -> Array:
        """The objective, one number for each of the moved points."""
        return self.forward(point, arithmetic, moved).values[self.model.objective]

    def named(self, point: Point) -> Arrays:
        """All quantities of the model in float64, over their own axes."""
        given = {k: np.asarray(v, np.float64)[None] for k, v in (*point.params.items(), *point.data.items())}
        found = forward(self.model, point.sizes, given)
        return {d.name: found.values[d.name][0][_own(found, d, point.sizes)] for d in self.model.definitions}

    def complex_step(self, point: Point) -> Arrays:
        """∂value/∂θ_k = Im value(θ + ih e_k) / h for every component, off the kinks."""
        counts = {name: array.size for name, array in point.params.items()}
        moved = {
            k: np.repeat(np.asarray(v, np.complex128)[None], sum(counts.values()), 0) for k, v in point.params.items()
        }
        first = 0
        for name, array in point.params.items():
            steps = np.eye(array.size).reshape(array.size, *array.shape)
            moved[name][first : first + array.size] += 1j * STEP * steps
            first += array.size
        values = np.imag(self.value(point, COMPLEX128, moved)) / STEP
        parts = np.split(np.broadcast_to(values, first), np.cumsum(list(counts.values()))[:-1])
        return {k: part.reshape(v.shape) for part, (k, v) in zip(parts, point.params.items(), strict=True)}

    def digits(self, point: Point) -> int:
        """As many as the textbook form needs at a point: 1 − σ(z) is about 10^(−0.4343 z)."""
        found = self.forward(point, mpmath_arithmetic(30)).values
        values = [found[n].astype(np.float64) for n in preactivations(self.model) if n in found]
        return 60 + int(0.44 * max((float(np.abs(v).max()) for v in values), default=0.0))

    def exactly(self, point: Point, digits: int) -> Arrays:
        """Value and gradient with this many digits, rounded to float64."""
        arithmetic = mpmath_arithmetic(digits)
        found = backward(self.adjoints, self.forward(point, arithmetic), arithmetic).values
        gradient = {q.name: found[adjoint_name(self.model, q.name)] for q in self.model.parameters}
        exact = {VALUE: found[self.model.objective], **gradient}
        return {name: np.asarray(array[0]).astype(np.float64) for name, array in exact.items()}

    def slope(self, point: Point, direction: Arrays) -> float:
        """The derivative along a direction by Richardson's differences at 60 digits."""
        arithmetic = mpmath_arithmetic(60)
        h = arithmetic.constant(Rational(1, 10**12))
        steps = arithmetic.convert(np.array([-2, -1, 1, 2])) * h / 2
        moved = {
            k: arithmetic.convert(v)[None] + steps.reshape(4, *(1,) * v.ndim) * arithmetic.convert(direction[k])[None]
            for k, v in point.params.items()
        }
        far_below, below, above, far_above = self.value(point, arithmetic, moved)
        return float((4 * (above - below) / h - (far_above - far_below) / (2 * h)) / 3)


def bends(model: Model) -> bool:
    """Whether a definition has kinks or jumps, such as |θ| or a ReLU."""
    return any(d.expr.has(*_BENDING) or _row_bends(d.expr) for d in working(model).definitions)


def _own(found: Environment, d: Definition, sizes: Mapping[str, int]) -> tuple[slice, ...]:
    """The part of an array that belongs to the quantity's axes: of a recursion, all but its base."""
    lowers = found.lowers[d.name]
    return tuple(slice(whole(i.lower, sizes) - at, None) for i, at in zip(d.quantity.axes, lowers, strict=True))


def _row_bends(expr: Expr) -> bool:
    return any(f.textbook.has(*_BENDING) for f in expr.atoms(RowFunction))


def extreme_point(oracle: Oracle, name: str, largest: float) -> Point:
    """An ordinary point with the parameters of one pre-activation scaled until its largest value is `largest`."""
    model = oracle.model
    point = random_point(model, next(trial_sizes(model)), seed=7)
    reached = np.abs(oracle.named(point)[name]).max()
    scaled = {k: point.params[k] * (largest / reached) for k in direct_parameters(model, name)}
    return replace(point, params={**point.params, **scaled})
