"""Numerical checks of a lowered module against the model's own definitions, evaluated by the oracle.

The module's code is not used by the oracle and the oracle's not by the module. Every component is compared; errors
are relative by the convention of `gradcheck`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import count
from types import ModuleType
from typing import Any

import numpy as np
from sympy import Abs, Expr, Heaviside, Idx, Max, Min, Piecewise, Symbol, floor, sign

from derive.backprop import working
from derive.calculus.differentiate import differentiate
from derive.model import Model
from derive.quantities import Domain, Kind, Quantity
from derive.rows.functions import RowFunction
from derive.vocabulary import Positive, length, name_of, names_in

from .gradcheck import (
    METHODS,
    GradientCheck,
    Value,
    check_gradient,
    component_name,
    objective,
    together,
    worst_error,
)
from .numeric.arithmetic import FLOAT64, Array, mpmath_arithmetic
from .numeric.environment import Environment, environment, whole
from .numeric.evaluate import evaluate

Arrays = dict[str, Array]

TOLERANCES = {"float64": 1e-9, "float32": 1e-5}
LOGITS = (30.0, 745.0, 800.0, 1e4)
POINTS = 2
FEW_DIGITS = 60
VALUE = "the value"  # beside the names of parameters, which have no spaces
_NOT_HOLOMORPHIC = (Abs, Max, Min, Piecewise, sign, Heaviside, floor, Positive)


@dataclass(frozen=True, kw_only=True)
class Check:
    """What one numerical check found.

    Attributes:
        what: the result of the module that was checked: `gradient`, `value`, `forward`.
        method: what it was held against.
        dtype: of the arrays.
        sizes: the sizes it was done at.
        logits: how far the pre-activation was pushed, with its name; None for ordinary points.
        points: at how many points.
        worst_relative_error, tolerance: over all components; the first may be at most the second.
        worst_component: where it is, or what went wrong.
    """

    what: str
    method: str
    dtype: str
    sizes: Mapping[str, int]
    points: int
    worst_relative_error: float
    tolerance: float
    worst_component: str
    logits: tuple[str, float] | None = None

    @property
    def passed(self) -> bool:
        return self.worst_relative_error <= self.tolerance

    def as_data(self) -> dict[str, Any]:
        """For JSON; an infinite error is written as a string."""
        data = {**asdict(self), "sizes": dict(self.sizes), "passed": self.passed}
        if self.logits is not None:
            data["logits"] = {"name": self.logits[0], "largest": self.logits[1]}
        if not np.isfinite(self.worst_relative_error):  # JSON has no infinity
            data["worst_relative_error"] = "inf"
        return data


@dataclass(frozen=True, kw_only=True)
class Point:
    """Sizes with data and parameters."""

    sizes: Mapping[str, int]
    params: Arrays
    data: Arrays

    def cast(self, dtype: str) -> Point:
        """The same point in arrays of this dtype."""
        return replace(
            self,
            params={k: v.astype(dtype) for k, v in self.params.items()},
            data={k: v.astype(dtype) for k, v in self.data.items()},
        )


def checks(module: ModuleType, model: Model) -> tuple[Check, ...]:
    """All checks of a module against a model over its data with named pre-activations."""
    oracle = Oracle(model)
    found: list[Check] = []
    for sizes in trial_sizes(model):
        points = [random_point(model, sizes, seed) for seed in range(POINTS)]
        for dtype in TOLERANCES:
            found += _ordinary(module, oracle, [p.cast(dtype) for p in points], dtype)
    for name in preactivations(model):
        for largest in LOGITS:
            found += _extreme(module, oracle, name, largest)
    return tuple(found)


class Oracle:
    """The model's objective and quantities in data and parameters alone."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.given = {q.name: q for q in model.given}
        self.whole = _unfolded(working(model), model.objective)
        self.named = {d.name: _unfolded(model, d.name) for d in model.definitions}
        self.gradient = {q.name: differentiate(self.whole, q.at()) for q in model.parameters}
        self.method = "differences" if self.whole.has(*_NOT_HOLOMORPHIC) else "complex-step"

    def environment(self, point: Point) -> Environment:
        """The numbers of a point, in float64."""
        values = {k: np.asarray(v, np.float64)[None] for k, v in (*point.params.items(), *point.data.items())}
        return environment(self.model.given, sizes=point.sizes, values=values)

    def value(self, point: Point) -> Value:
        """The objective as a function of the parameters."""
        return objective(self.whole, self.environment(point))

    def digits(self, point: Point) -> int:
        """As many as the textbook form needs at a point: 1 − σ(z) is about 10^(−0.4343 z)."""
        names = preactivations(self.model)
        values = [self.exactly(self.named[n], self.model.quantities[n].axes, point, 30) for n in names]
        return 60 + int(0.44 * max((float(np.abs(v).max()) for v in values), default=0.0))

    def exactly(self, expr: Expr, axes: tuple[Idx, ...], point: Point, digits: int) -> Array:
        """An expression evaluated with this many digits and rounded to float64."""
        result = evaluate(expr, self.environment(point), axes, mpmath_arithmetic(digits))[0]
        return np.asarray(result).astype(np.float64)


# -- points ----------------------------------------------------------------------------------------


def trial_sizes(model: Model) -> Iterator[dict[str, int]]:
    """Three choices of sizes at which no two different lengths of axes agree."""
    lengths = dict.fromkeys(length(i) for q in model.given for i in q.axes)
    names = sorted({s.name for e in lengths for s in e.atoms(Symbol)})
    for shift in range(3):
        order = names[shift % len(names) :] + names[: shift % len(names)] if names else []
        yield _distinct(lengths, order, start=2 + shift)


def _distinct(lengths: Mapping[Expr, None], order: list[str], start: int) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for name in order:
        for number in count(start):
            tried = {**sizes, name: number}
            known = [whole(e, tried) for e in lengths if {s.name for s in e.atoms(Symbol)} <= set(tried)]
            if len(set(known)) == len(known) and number not in sizes.values():
                sizes = tried
                break
    return sizes


def random_point(model: Model, sizes: Mapping[str, int], seed: int) -> Point:
    """Data and parameters drawn from their domains."""
    rng = np.random.default_rng(seed)
    drawn = {q.name: _drawn(rng, q, sizes) for q in model.given}
    parameters = {q.name for q in model.given if q.kind is Kind.PARAMETER}
    return Point(
        sizes=sizes,
        params={k: v for k, v in drawn.items() if k in parameters},
        data={k: v for k, v in drawn.items() if k not in parameters},
    )


def _drawn(rng: np.random.Generator, quantity: Quantity, sizes: Mapping[str, int]) -> Array:
    size = tuple(whole(length(i), sizes) for i in quantity.axes)
    normal = rng.standard_normal(size)
    if quantity.domain is Domain.BINARY:
        return np.asarray((normal > 0).astype(np.float64))
    if quantity.domain is Domain.SIGN:
        return np.asarray(np.where(normal > 0, 1.0, -1.0))
    if quantity.domain is Domain.UNIT:
        return np.asarray(rng.uniform(0.05, 0.95, size))
    if quantity.domain is Domain.NATURAL:
        return np.asarray(rng.poisson(2.0, size).astype(np.float64))
    return np.asarray(np.abs(normal) + 0.1 if quantity.domain is not Domain.REAL else normal)


def preactivations(model: Model) -> list[str]:
    """The names that a function of the model is applied to."""
    found = [name_of(d.expr.args[0]) for d in model.definitions if isinstance(d.expr, RowFunction)]
    return [name for name in dict.fromkeys(found) if name in model.defined and _directly(model, name)]


def _directly(model: Model, name: str) -> list[str]:
    """The parameters that the definition of a name uses."""
    parameters = {q.name for q in model.parameters}
    return sorted({name_of(a) for a in names_in(model.defined[name].expr)} & parameters)


def extreme_point(oracle: Oracle, name: str, largest: float) -> Point:
    """An ordinary point with the parameters of one pre-activation scaled until its largest value is `largest`."""
    model = oracle.model
    point = random_point(model, next(trial_sizes(model)), seed=7)
    reached = np.abs(evaluate(oracle.named[name], oracle.environment(point), model.quantities[name].axes)).max()
    scaled = {k: point.params[k] * (largest / reached) for k in _directly(model, name)}
    return replace(point, params={**point.params, **scaled})


# -- the checks ------------------------------------------------------------------------------------


def _ordinary(module: ModuleType, oracle: Oracle, points: list[Point], dtype: str) -> list[Check]:
    sizes, tolerance = points[0].sizes, TOLERANCES[dtype]
    values, gradients, forwards = [], [], []
    for point in points:
        value, grads, trouble = called(module, point)
        gradients.append(_gradient(oracle, point, grads, trouble, tolerance))
        values.append(_compared({"value": value}, _exact_value(oracle, point, 50), trouble))
        forwards.append(_forward(module, oracle, point))
    whole_gradient = together(gradients)
    shared: dict[str, Any] = {"dtype": dtype, "sizes": sizes, "points": len(points), "tolerance": tolerance}
    return [
        Check(
            what="gradient",
            method=oracle.method + ("" if dtype == "float64" else ", relative to the largest component"),
            worst_relative_error=whole_gradient.worst_relative_error,
            worst_component=whole_gradient.worst_component,
            **shared,
        ),
        _worst("value", "definitions at 50 digits", values, shared),
        _worst("forward", "definitions in float64", forwards, shared),
    ]


def _extreme(module: ModuleType, oracle: Oracle, name: str, largest: float) -> list[Check]:
    """Value and gradient where a pre-activation saturates, against the derivative of the textbook form."""
    point = extreme_point(oracle, name, largest)
    value, grads, trouble = called(module, point)
    digits, level, gradient = _settled(oracle, point)
    exact = {"value": np.asarray(level)}
    shared: dict[str, Any] = {"dtype": "float64", "sizes": point.sizes, "points": 1, "tolerance": TOLERANCES["float64"]}
    found = (("value", {"value": value}, exact, 0.0), ("gradient", grads, gradient, level))
    return [
        replace(
            _worst(what, f"definitions at {digits} digits", [_compared(got, wanted, trouble, at)], shared),
            logits=(name, largest),
        )
        for what, got, wanted, at in found
    ]


def _settled(oracle: Oracle, point: Point) -> tuple[int, float, Arrays]:
    """Value and gradient of the textbook form, with the fewest digits at which they no longer change."""
    before = _textbook(oracle, point, FEW_DIGITS)
    after = _textbook(oracle, point, 2 * FEW_DIGITS)
    agree = _compared(after, before, "")[0] < 1e-12  # what is not finite is infinitely wrong
    digits = 2 * FEW_DIGITS if agree else oracle.digits(point)
    found = dict(after if agree else _textbook(oracle, point, digits))
    return digits, float(found.pop(VALUE)), found


def _textbook(oracle: Oracle, point: Point, digits: int) -> Arrays:
    """The gradient by parameter, and the value."""
    gradient = {q.name: oracle.exactly(oracle.gradient[q.name], q.axes, point, digits) for q in oracle.model.parameters}
    return {VALUE: oracle.exactly(oracle.whole, (), point, digits), **gradient}


def called(module: ModuleType, point: Point) -> tuple[Any, Arrays, str]:
    """Value and gradient of the module, and what was wrong with the way it answered: empty if nothing was."""
    try:
        value, grads = _strictly(module.value_and_grad, point)
        alone = _strictly(module.value, point)
    except Exception as error:
        return np.nan, {}, f"{type(error).__name__}: {error}"
    dtype = next(iter(point.params.values())).dtype
    wrong = [name for name, array in grads.items() if np.asarray(array).dtype != dtype]
    if wrong or np.asarray(value).dtype != dtype:
        return value, grads, f"{', '.join(wrong) or 'the value'} is not {dtype}"
    if not np.isclose(alone, value, rtol=TOLERANCES[dtype.name], atol=0.0, equal_nan=True):
        return value, grads, "value and value_and_grad differ"
    return value, grads, ""


def _strictly(function: Any, point: Point) -> Any:
    """The result on arrays that cannot be written to, with warnings as errors; underflow to zero is none."""
    for array in (*point.params.values(), *point.data.values()):
        array.setflags(write=False)
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        return function(point.params, point.data)


def _gradient(oracle: Oracle, point: Point, grads: Arrays, trouble: str, tolerance: float) -> GradientCheck:
    params = {k: np.asarray(v, np.float64) for k, v in point.params.items()}
    if next(iter(point.params.values())).dtype == np.float32:
        reference, _ = METHODS[oracle.method](oracle.value(point), params)
        error, component = _compared(grads, reference, "")
        return _judged(oracle.method, error, component, trouble, tolerance)
    with np.errstate(all="ignore"):
        check = check_gradient(oracle.value(point), grads, params, method=oracle.method, tolerance=tolerance)
    return _judged(check.method, check.worst_relative_error, check.worst_component, trouble, tolerance)


def _judged(method: str, error: float, component: str, trouble: str, tolerance: float) -> GradientCheck:
    error, component = (np.inf, trouble) if trouble else (error, component)
    return GradientCheck(
        method=method,
        worst_relative_error=error,
        tolerance=tolerance,
        passed=error <= tolerance,
        worst_component=component,
    )


def _largest_error(grads: Arrays, reference: Mapping[str, Array]) -> tuple[float, str]:
    """The worst error relative to the largest component of its parameter; what cannot be compared is inf."""
    scales = {k: max(float(np.abs(v).max(initial=0.0)), 1e-3) for k, v in reference.items()}
    if set(grads) != set(reference) or any(np.shape(grads[k]) != np.shape(v) for k, v in reference.items()):
        return worst_error(grads, reference)
    errors = {k: np.abs(np.asarray(grads[k], np.float64) - v) / scales[k] for k, v in reference.items()}
    name = max(errors, key=lambda k: float(np.nan_to_num(errors[k], nan=np.inf).max(initial=0.0)))
    worst = np.nan_to_num(errors[name], nan=np.inf)
    if not worst.size:
        return 0.0, ""
    place = np.unravel_index(int(worst.argmax()), worst.shape)
    return float(worst[place]), component_name(name, tuple(int(p) for p in place))


def _forward(module: ModuleType, oracle: Oracle, point: Point) -> tuple[float, str]:
    try:
        got = _strictly(module.forward, point)
    except Exception as error:
        return np.inf, f"{type(error).__name__}: {error}"
    wanted = {
        d.name: evaluate(oracle.named[d.name], oracle.environment(point), d.quantity.axes, FLOAT64)[0]
        for d in oracle.model.definitions
    }
    return _compared(got, wanted, "")


def _exact_value(oracle: Oracle, point: Point, digits: int) -> Arrays:
    return {"value": oracle.exactly(oracle.whole, (), point, digits)}


def _compared(got: Arrays, wanted: Arrays, trouble: str, level: float = 0.0) -> tuple[float, str]:
    if trouble:
        return np.inf, trouble
    narrow = any(np.asarray(array).dtype == np.float32 for array in got.values())
    with np.errstate(all="ignore"):
        return _largest_error(got, wanted) if narrow else worst_error(got, wanted, level)


def _worst(what: str, method: str, found: list[tuple[float, str]], shared: Mapping[str, Any]) -> Check:
    error, component = max(found, key=lambda pair: pair[0])
    return Check(what=what, method=method, worst_relative_error=error, worst_component=component, **shared)


def _unfolded(model: Model, name: str) -> Expr:
    """A quantity in data and parameters alone."""
    expr = model.defined[name].expr
    for defined in reversed(model.definitions):
        expr = model.unfold(expr, defined.name)
    return expr
