"""Numerical checks of a lowered module against the model's own definitions, evaluated by the oracle.

The module's code is not used by the oracle and the oracle's not by the module. Every component is compared; errors
are relative by the convention of `gradcheck`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from types import ModuleType
from typing import Any

import numpy as np

from derive.model import Model

from .gradcheck import component_name, worst_error
from .labels import agreement
from .numeric.arithmetic import Array, mpmath_arithmetic
from .oracle import VALUE, Oracle, extreme_points
from .padded import on_padded
from .standins import StandIns, with_stand_ins
from .trialpoints import Arrays, Point, least_sizes, random_point, trial_sizes

TOLERANCES = {"float64": 1e-9, "float32": 1e-5}
LOGITS = (30.0, 745.0, 800.0, 1e4)
POINTS = 2
FEW_DIGITS = 60


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
        functions: the stand-ins for functions without a formula; empty if there are none.
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
    functions: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return self.worst_relative_error <= self.tolerance

    def as_data(self) -> dict[str, Any]:
        """For JSON; an infinite error is written as a string."""
        data = {**asdict(self), "sizes": dict(self.sizes), "passed": self.passed}
        if not self.functions:  # all have formulas
            del data["functions"]
        if self.logits is not None:
            data["logits"] = {"name": self.logits[0], "largest": self.logits[1]}
        if not np.isfinite(self.worst_relative_error):  # JSON has no infinity
            data["worst_relative_error"] = "inf"
        return data


@dataclass(frozen=True, kw_only=True)
class Truth:
    """What the oracle says of a point: the value, the gradient by complex steps, all quantities in float64.

    The value is that at 50 digits, but for arrays in float32: there it is that in float64, which has digits enough.
    """

    point: Point
    value: float
    gradient: Arrays
    named: Arrays


def checks(module: ModuleType, model: Model) -> tuple[Check, ...]:
    """All checks of a module against a model over its data with named pre-activations.

    Where functions have no formula they are made with several stand-ins, and at ordinary points alone: what becomes of
    huge numbers is up to the functions that are passed in.
    """
    return tuple(check for which in with_stand_ins(module, model) for check in _with(which))


def _with(which: StandIns) -> Iterator[Check]:
    module, oracle = which.module, Oracle(which.model)
    labels = getattr(module, "LABELS", None)
    for sizes in trial_sizes(oracle.model):
        points = [random_point(oracle.model, sizes, seed) for seed in range(POINTS)]
        padded = on_padded(module, oracle.model, sizes)
        for check in ordinary(padded, oracle, points, *TOLERANCES):
            yield replace(check, functions=which.formulas)
        if labels:
            yield _of_labels(padded, labels, points)
    if not which.formulas:
        moved = extreme_points(oracle, LOGITS)
        padded = on_padded(module, oracle.model, least_sizes(oracle.model))
        yield from _at_extremes(padded, oracle, moved)
        if labels:
            yield from (_of_labels(padded, labels, [point], (name, most)) for name, most, point in moved)


def _of_labels(
    module: ModuleType,
    labels: Mapping[str, tuple[str, int]],
    points: Sequence[Point],
    logits: tuple[str, float] | None = None,
) -> Check:
    """Value and gradient for labels, against those for the one-hot rows that they stand for."""
    return _worst(
        "gradient",
        "one-hot rows in the place of labels",
        [agreement(module, labels, point) for point in points],
        {
            "dtype": "float64",
            "sizes": points[0].sizes,
            "points": len(points),
            "tolerance": TOLERANCES["float64"],
            "logits": logits,
        },
    )


def ordinary(module: ModuleType, oracle: Oracle, points: Sequence[Point], *dtypes: str) -> list[Check]:
    """The checks at ordinary points, all of the same sizes, in each of the dtypes."""
    known = truths(oracle, [point.cast(dtype) for dtype in dtypes for point in points])
    apart = (known[k : k + len(points)] for k in range(0, len(known), len(points)))
    return [check for dtype, own in zip(dtypes, apart, strict=True) for check in _in(dtype, module, oracle, own)]


def truths(oracle: Oracle, points: Sequence[Point]) -> list[Truth]:
    """What the oracle says of points of the same sizes."""
    every = oracle.named(points)
    values = [float(named[oracle.model.objective]) for named in every]
    wide = [k for k, point in enumerate(points) if _dtype(point) != np.float32]
    exact = oracle.value([points[k] for k in wide], mpmath_arithmetic(50)) if wide else ()
    for k, value in zip(wide, np.broadcast_to(exact, len(wide)), strict=True):
        values[k] = float(value)
    found = zip(points, values, oracle.complex_step(points), every, strict=True)
    return [Truth(point=p, value=value, gradient=g, named=named) for p, value, g, named in found]


def _dtype(point: Point) -> np.dtype[Any]:
    return next(iter(point.params.values())).dtype


def _in(dtype: str, module: ModuleType, oracle: Oracle, known: Sequence[Truth]) -> list[Check]:
    """The checks at ordinary points in one dtype."""
    found: dict[tuple[str, str], list[tuple[float, str]]] = {}
    relative = "" if dtype == "float64" else ", relative to the largest component"
    by = "definitions at 50 digits" if dtype == "float64" else "definitions in float64"
    for truth in known:
        value, grads, trouble = called(module, truth.point)
        exact, reference = truth.value, truth.gradient
        largest = max(1e-3, *(float(np.abs(v).max(initial=0.0)) for v in reference.values()))
        errors = {
            ("gradient", f"complex-step{relative}"): _compared(grads, reference, trouble, exact, largest),
            ("value", by): _compared({"value": value}, {"value": np.asarray(exact)}, trouble, least=1.0),
            ("forward", "definitions in float64"): _forward(module, oracle, truth),
        }
        if oracle.bends:
            errors["gradient", f"differences along a direction{relative}"] = _along(oracle, truth.point, grads, trouble)
        for key, error in errors.items():
            found.setdefault(key, []).append(error)
    shared: dict[str, Any] = {
        "dtype": dtype,
        "sizes": known[0].point.sizes,
        "points": len(known),
        "tolerance": TOLERANCES[dtype],
    }
    return [_worst(what, method, errors, shared) for (what, method), errors in found.items()]


def _along(oracle: Oracle, point: Point, grads: Arrays, trouble: str) -> tuple[float, str]:
    """The derivative along a random direction, which needs no complex numbers and so no analytic function."""
    rng = np.random.default_rng(5)
    direction = {k: rng.standard_normal(v.shape) for k, v in point.params.items()}
    wanted = oracle.slope(point, direction)
    if trouble or set(grads) != set(direction):
        return np.inf, trouble or "a part of the gradient is missing"
    terms = [float(np.sum(np.asarray(grads[k], np.float64) * v)) for k, v in direction.items()]
    size = max(abs(wanted), *(float(np.abs(np.asarray(grads[k]) * v).max(initial=0.0)) for k, v in direction.items()))
    return abs(sum(terms) - wanted) / max(size, 1e-6), "along a direction"


def _at_extremes(module: ModuleType, oracle: Oracle, moved: Sequence[tuple[str, float, Point]]) -> Iterator[Check]:
    """Value and gradient where a pre-activation saturates, against the derivative of the textbook form."""
    exactly = settled(oracle, [point for *_, point in moved])
    for (name, largest, point), (digits, level, gradient) in zip(moved, exactly, strict=True):
        value, grads, trouble = called(module, point)
        exact = {"value": np.asarray(level)}
        found = (("value", {"value": value}, exact, 0.0), ("gradient", grads, gradient, level))
        for what, got, wanted, at in found:
            error, component = _compared(got, wanted, trouble, at)
            yield Check(
                what=what,
                method=f"definitions at {digits} digits",
                dtype="float64",
                sizes=point.sizes,
                points=1,
                worst_relative_error=error,
                tolerance=TOLERANCES["float64"],
                worst_component=component,
                logits=(name, largest),
            )


def settled(oracle: Oracle, points: Sequence[Point]) -> list[tuple[int, float, Arrays]]:
    """Digits, value and gradient of the textbook form at each point, with digits enough for them not to change."""
    return [
        (digits, float(found[VALUE]), {name: array for name, array in found.items() if name != VALUE})
        for digits, found in _settled(oracle, points)
    ]


def _settled(oracle: Oracle, points: Sequence[Point]) -> Iterator[tuple[int, Arrays]]:
    if not points:
        return
    few, more = (oracle.exactly(points, digits) for digits in (FEW_DIGITS, 2 * FEW_DIGITS))
    for point, before, after in zip(points, few, more, strict=True):
        if _compared(after, before, "")[0] < 1e-12:  # what is not finite is infinitely wrong
            yield 2 * FEW_DIGITS, after
        else:
            yield (digits := oracle.digits(point)), oracle.exactly([point], digits)[0]


def called(module: ModuleType, point: Point) -> tuple[Any, Arrays, str]:
    """Value and gradient of the module, and what was wrong with the way it answered: empty if nothing was."""
    try:
        value, grads = _strictly(module, "value_and_grad", point)
        alone = _strictly(module, "value", point)
    except Exception as error:
        return np.nan, {}, f"{type(error).__name__}: {error}"
    dtype = _dtype(point)
    wrong = [name for name, array in grads.items() if np.asarray(array).dtype != dtype]
    if wrong or np.asarray(value).dtype != dtype:
        return value, grads, f"{', '.join(wrong) or 'the value'} is not {dtype}"
    if not np.isclose(alone, value, rtol=TOLERANCES[dtype.name], atol=0.0, equal_nan=True):
        return value, grads, "value and value_and_grad differ"
    return value, grads, ""


def _strictly(module: ModuleType, function: str, point: Point) -> Any:
    """The result on arrays that cannot be written to, with warnings as errors; underflow to zero is none.

    Sizes that no array has are part of the data.
    """
    sizes = {name: number for name, number in point.sizes.items() if name in module.DATA and name not in point.data}
    for array in (*point.params.values(), *point.data.values()):
        array.setflags(write=False)
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        return getattr(module, function)(point.params, {**point.data, **sizes})


def _largest_error(grads: Arrays, reference: Mapping[str, Array], least: float) -> tuple[float, str]:
    """The worst error relative to the largest component of its parameter; what cannot be compared is inf."""
    scales = {k: max(float(np.abs(v).max(initial=0.0)), least) for k, v in reference.items()}
    if set(grads) != set(reference) or any(np.shape(grads[k]) != np.shape(v) for k, v in reference.items()):
        return worst_error(grads, reference)
    errors = {k: np.abs(np.asarray(grads[k], np.float64) - v) / scales[k] for k, v in reference.items()}
    name = max(errors, key=lambda k: float(np.nan_to_num(errors[k], nan=np.inf).max(initial=0.0)))
    worst = np.nan_to_num(errors[name], nan=np.inf)
    if not worst.size:
        return 0.0, ""
    place = np.unravel_index(int(worst.argmax()), worst.shape)
    return float(worst[place]), component_name(name, tuple(int(p) for p in place))


def _forward(module: ModuleType, oracle: Oracle, truth: Truth) -> tuple[float, str]:
    try:
        got = _strictly(module, "forward", truth.point)
    except Exception as error:
        return np.inf, f"{type(error).__name__}: {error}"
    wanted, whole = truth.named, oracle.model.objective
    parts = [{whole}, set(wanted) - {whole}]
    if set(got) != set(wanted):
        return _compared(got, wanted, "")
    found = [
        _compared({k: got[k] for k in names}, {k: wanted[k] for k in names}, "", least=1.0 if whole in names else 1e-3)
        for names in parts
        if names
    ]
    return max(found, key=lambda pair: pair[0])


def _compared(got: Arrays, wanted: Arrays, trouble: str, level: float = 0.0, least: float = 1e-3) -> tuple[float, str]:
    """The worst relative error; in float32 relative to the largest component, and that to be `least` at least."""
    if trouble:
        return np.inf, trouble
    narrow = any(np.asarray(array).dtype == np.float32 for array in got.values())
    with np.errstate(all="ignore"):
        return _largest_error(got, wanted, least) if narrow else worst_error(got, wanted, level)


def _worst(what: str, method: str, found: list[tuple[float, str]], shared: Mapping[str, Any]) -> Check:
    error, component = max(found, key=lambda pair: pair[0])
    return Check(what=what, method=method, worst_relative_error=error, worst_component=component, **shared)
