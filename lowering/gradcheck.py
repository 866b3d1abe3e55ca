"""Numerical derivatives as an independent witness against a gradient, every component of it.

Two methods, one row each in `METHODS`:

    complex-step    ∂f/∂θ_k = Im f(θ + ih e_k) / h,  h = 1e-30: no cancellation, so exact to rounding; needs f
                    analytic at θ (the complex arithmetic of `numeric` continues |z|, max and cases off their kinks)
    differences     Richardson's (4 D(h/2) - D(h)) / 3 of central differences D, in mpmath at rising numbers of
                    digits until two agree; for everything, and for logits where float64 overflows

Relative error of a component a against its reference b:

    |a - b| / max(|b|, scale),  scale = max(1e-3 max|b of its parameter|, 1e-6 max(1, |f|, max|b of all|))

so that a component that is tiny beside its neighbours is judged beside them (its rounding errors are theirs), and
a gradient that vanishes altogether is judged beside the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from sympy import Expr, Rational

from .numeric.arithmetic import COMPLEX128, Arithmetic, Array, mpmath_arithmetic
from .numeric.environment import Environment
from .numeric.evaluate import evaluate

Params = Mapping[str, Array]
Value = Callable[[Params, Arithmetic], Any]  # the objective, a scalar, in the given arithmetic

STEP = 1e-30
DIGITS = (50, 100, 200, 400, 800)  # 1 - σ(800) needs 348 of them
AGREEMENT = 1e-20  # relative, between two precisions
KINK = 1e-6  # relative, between the slopes to the left and to the right at a distance of 1e-10


class GradientError(ValueError):
    """A numerical derivative could not be formed; the message names the component."""


@dataclass(frozen=True, kw_only=True)
class GradientCheck:
    """What a numerical check of a gradient found.

    Attributes:
        method: a name in `METHODS`.
        sizes: the sizes it was done at.
        points: at how many points.
        worst_relative_error: over all components and points; inf for a missing or misshapen part or a NaN.
        tolerance: what it may be.
        passed: whether it is.
        worst_component: where the worst is, `theta_h[0, 2]`; empty when there is nothing to compare.
    """

    method: str
    sizes: Mapping[str, int] = field(default_factory=dict)
    points: int = 1
    worst_relative_error: float
    tolerance: float
    passed: bool
    worst_component: str


def check_gradient(
    value: Value,
    grads: Params,
    params: Params,
    *,
    method: str = "complex-step",
    tolerance: float | None = None,
    sizes: Mapping[str, int] | None = None,
) -> GradientCheck:
    """Compare a gradient with numerical derivatives of `value` at one point, in every component.

    Args:
        value: the objective as a function of the parameters in a given arithmetic; `objective` makes one of an
            expression. A plain function of complex arrays will do for the complex step.
        grads: the gradient that is judged, keyed and shaped like `params`.
        params: the point.
        method: `complex-step` or `differences`.
        tolerance: 1e-8 for float64 gradients, 1e-3 for float32 ones unless given.
        sizes: what to record.

    Raises:
        GradientError: if a numerical derivative does not settle.
    """
    reference, level = METHODS[method](value, params)
    worst, component = worst_error(grads, reference, level)
    limit = _tolerance(grads) if tolerance is None else tolerance
    return GradientCheck(
        method=method,
        sizes=dict(sizes or {}),
        worst_relative_error=worst,
        tolerance=limit,
        passed=worst <= limit,
        worst_component=component,
    )


def together(checks: Iterable[GradientCheck]) -> GradientCheck:
    """Checks of the same kind at several points as one: the worst of them, with their points added up."""
    every = tuple(checks)
    worst = max(every, key=lambda check: check.worst_relative_error)
    return replace(worst, points=sum(check.points for check in every), passed=all(check.passed for check in every))


def objective(expr: Expr, environment: Environment) -> Value:
    """The value of an expression as a function of the parameters; the rest is read from the environment.

    Args:
        expr: a scalar expression.
        environment: sizes, data (with one point) and where the axes of data and parameters begin.
    """

    def value(params: Params, arithmetic: Arithmetic) -> Any:
        values = {**environment.values, **{name: np.asarray(array)[None] for name, array in params.items()}}
        return evaluate(expr, replace(environment, values=values), (), arithmetic)[0]

    return value


def worst_error(grads: Params, reference: Params, level: float = 0.0) -> tuple[float, str]:
    """The worst relative error and the component that has it, by the convention at the top of this file.

    Args:
        grads: the gradient that is judged.
        reference: what it should be.
        level: the value of the objective.

    Returns: inf and what is the matter where a part is missing, has another shape or is not finite.
    """
    for name in sorted(set(grads) ^ set(reference)):
        return np.inf, f"{name}: {'missing' if name in reference else 'unexpected'}"
    for name, expected in reference.items():
        if np.shape(grads[name]) != np.shape(expected):
            return np.inf, f"{name}: shape {np.shape(grads[name])}, expected {np.shape(expected)}"
    overall = max((_largest(expected) for expected in reference.values()), default=0.0)
    floor = 1e-6 * max(1.0, overall, abs(level))
    worst, component = 0.0, ""
    for name, expected in reference.items():
        errors = _relative_errors(np.asarray(grads[name], dtype=np.float64), expected, floor)
        if errors.size and (errors.max() > worst or not component):
            place = np.unravel_index(int(errors.argmax()), errors.shape)
            worst, component = float(errors[place]), component_name(name, tuple(int(p) for p in place))
    return worst, component


def component_name(name: str, place: tuple[int, ...]) -> str:
    """`theta_h[0, 2]`, counted from zero as arrays are; the bare name of a scalar."""
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def complex_step(value: Value, params: Params) -> tuple[dict[str, Array], float]:
    """∂value/∂params by complex steps, and the value."""
    point = {name: np.asarray(array, dtype=np.complex128) for name, array in params.items()}
    slopes = {name: _per_component(array, partial(_step, value, point, name)) for name, array in point.items()}
    return slopes, float(np.real(value(point, COMPLEX128)))


def differences(value: Value, params: Params) -> tuple[dict[str, Array], float]:
    """∂value/∂params by differences in mpmath, rounded to float64 once two precisions agree to twenty digits.

    Raises:
        GradientError: if they never agree, or the slopes on both sides differ, as at a kink or a jump.
    """
    slopes = {name: _per_component(array, partial(_settled, value, params, name)) for name, array in params.items()}
    return slopes, _first_finite(value, params)


METHODS: Mapping[str, Callable[[Value, Params], tuple[dict[str, Array], float]]] = {
    "complex-step": complex_step,
    "differences": differences,
}


def _first_finite(value: Value, params: Params) -> float:
    """The value at the fewest digits at which it is a number."""
    for digits in DIGITS:
        arithmetic = mpmath_arithmetic(digits)
        result = value({name: arithmetic.convert(array) for name, array in params.items()}, arithmetic)
        if np.isfinite(float(result)):
            return float(result)
    raise GradientError(f"the value is not finite at {DIGITS[-1]} digits")


def _step(value: Value, point: Params, name: str, place: tuple[int, ...]) -> float:
    return float(np.imag(value(_moved(point, name, place, 1j * STEP), COMPLEX128))) / STEP


def _settled(value: Value, params: Params, name: str, place: tuple[int, ...]) -> float:
    """The difference quotient at the first number of digits at which it agrees with the one before."""
    before = np.nan  # as a value that overflows at too few digits: it agrees with nothing
    for digits in DIGITS:
        slope, bend, scale = _quotients(value, params, name, place, digits)
        if abs(slope - before) <= AGREEMENT * max(abs(slope), scale):
            if bend > KINK * max(abs(slope), scale):
                break
            return float(slope)
        before = slope
    raise GradientError(f"the value is not smooth or not finite around {component_name(name, place)}; move the point")


def _quotients(value: Value, params: Params, name: str, place: tuple[int, ...], digits: int) -> tuple[Any, Any, Any]:
    """(4 D(h/2) - D(h)) / 3, the difference of the slopes on both sides, and what both are small against.

    The step h = 10^-(10 + digits/50) is small enough for the truncation h⁴ and large enough to spare digits where
    the value has lost many; it differs from one precision to the next, so that a jump never settles.
    """
    arithmetic = mpmath_arithmetic(digits)
    point = {key: arithmetic.convert(array) for key, array in params.items()}
    h = arithmetic.constant(Rational(1, 10 ** (10 + digits // 50)))
    at = {t: value(_moved(point, name, place, t * h / 2), arithmetic) for t in (-2, -1, 0, 1, 2)}
    wide, narrow = (at[2] - at[-2]) / (2 * h), (at[1] - at[-1]) / h
    return (4 * narrow - wide) / 3, 2 * abs(at[1] - 2 * at[0] + at[-1]) / h, 1e-6 * max(abs(at[0]), 1)


def _moved(point: Params, name: str, place: tuple[int, ...], step: Any) -> dict[str, Array]:
    moved = np.array(point[name], copy=True)
    moved[place] = moved[place] + step
    return {**point, name: moved}


def _per_component(array: Array, slope: Callable[[tuple[int, ...]], float]) -> Array:
    return np.array([slope(place) for place in np.ndindex(np.shape(array))], dtype=np.float64).reshape(np.shape(array))


def _relative_errors(actual: Array, expected: Array, floor: float) -> Array:
    scale = np.maximum(np.abs(expected), max(1e-3 * _largest(expected), floor))
    errors = np.abs(actual - expected) / scale
    return np.where(np.isfinite(errors), errors, np.inf)


def _largest(array: Array) -> float:
    return float(np.max(np.abs(array), initial=0.0))


def _tolerance(grads: Params) -> float:
    narrow = any(np.asarray(array).dtype.itemsize < 8 for array in grads.values())
    return 1e-3 if narrow else 1e-8
