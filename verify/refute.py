"""Numbers that show an equation to be false, found in float64 and confirmed by mpmath at two precisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from sympy import Expr, Idx, Symbol

from derive.calculus.indices import free_indices
from derive.model import Model
from derive.quantities import Domain, Quantity
from derive.vocabulary import name_of, names_in
from lowering.numeric.arithmetic import FLOAT64, Arithmetic, mpmath_arithmetic
from lowering.numeric.environment import Environment, environment, whole
from lowering.numeric.errors import EvaluationError
from lowering.numeric.evaluate import evaluate

from .carry_out import carried_out
from .results import Counterexample

CANDIDATE = 1e-6
CONFIRMED = 1e-9
POINTS = 16
PRECISIONS = (30, 60)
LENGTHS = (1, 2, 3, 4)
MOST_TRIALS = 8
MOST_DECIMALS = 4


@dataclass(frozen=True, kw_only=True)
class Trials:
    """What came of evaluating both sides.

    Attributes:
        counterexample: confirmed numbers, or None.
        agreed: the number of trials, each of many points, in which the sides agreed everywhere.
        reason: why they could not be evaluated, if no trial could.
    """

    counterexample: Counterexample | None = None
    agreed: int = 0
    reason: str | None = None


def refute(left: Expr, right: Expr, model: Model, seed: int = 0) -> Trials:
    """Look for numbers at which left and right differ.

    Args:
        left, right: expressions in the names of the model; derivatives are carried out exactly.
        model: its definitions are evaluated forwards, from random values of what is given.
    Returns: a counterexample confirmed by mpmath at 30 and 60 digits, or how many trials agreed.
    """
    left, right = carried_out(left, model), carried_out(right, model)
    reason: str | None = None
    agreed = 0
    for trial, sizes in enumerate(_sizes(left, right, model)):
        generator = np.random.default_rng((seed, trial))
        for nice in (True, False):
            try:
                given = _values(model, sizes, generator, nice)
                found = _differ(left, right, model, sizes, given)
            except EvaluationError as error:
                reason = str(error)
                continue
            if found is None:
                agreed += 1
                continue
            confirmed = _confirm(left, right, model, sizes, found)
            if confirmed is not None:
                return Trials(counterexample=confirmed)
    return Trials(agreed=agreed, reason=None if agreed else reason or "no numbers in the domains could be tried")


# -- sizes and values ---------------------------------------------------------------------------------


def _sizes(left: Expr, right: Expr, model: Model) -> Iterator[dict[str, int]]:
    """Small sizes first, then sizes that differ pairwise, so that transposes cannot hide."""
    symbols = set(left.atoms(Symbol)) | set(right.atoms(Symbol))
    for i in free_indices(left) | free_indices(right):
        symbols |= i.lower.atoms(Symbol) | i.upper.atoms(Symbol)
    for q in model.quantities.values():
        for i in q.axes:
            symbols |= i.lower.atoms(Symbol) | i.upper.atoms(Symbol)
    for d in model.definitions:
        symbols |= d.expr.atoms(Symbol)
    names = sorted(s.name for s in symbols if s.is_integer and s.is_positive)
    yield dict.fromkeys(names, 1)
    yield dict.fromkeys(names, 2)
    for k, order in enumerate(permutations(LENGTHS)):
        if k * 3 % 24 < MOST_TRIALS:
            yield {n: order[j % len(order)] for j, n in enumerate(names)}


def _values(
    model: Model, sizes: Mapping[str, int], generator: np.random.Generator, nice: bool
) -> dict[str, np.ndarray[Any, Any]]:
    """Random values of what is given, in its domain; few decimals, so that people can check by hand."""
    return {q.name: _draw(q, sizes, generator, nice) for q in model.given}


def _draw(q: Quantity, sizes: Mapping[str, int], generator: np.random.Generator, nice: bool) -> np.ndarray[Any, Any]:
    shape = (POINTS, *(whole(i.upper - i.lower + 1, sizes) for i in q.axes))
    if any(n < 0 for n in shape):
        raise EvaluationError(f"{q.name} has no entries at {dict(sizes)}")
    steps = generator.integers(-4, 5, shape) / 2 if nice else generator.normal(size=shape)
    positive = generator.integers(1, 7, shape) / 2 if nice else np.exp(generator.normal(size=shape))
    if q.domain is Domain.UNIT:
        return generator.integers(1, 10, shape) / 10
    if q.domain in (Domain.BINARY, Domain.NATURAL):
        return generator.integers(0, 2, shape).astype(float)
    return np.round(positive if q.domain in (Domain.POSITIVE, Domain.NONNEGATIVE) else steps, MOST_DECIMALS)


def _forward(
    model: Model, sizes: Mapping[str, int], given: Mapping[str, Any], needed: set[str], arithmetic: Arithmetic
) -> Environment:
    """Values of the given quantities and of those definitions that are needed."""
    values = dict(given)
    for d in model.definitions:
        if d.name in needed:
            env = environment(model.quantities.values(), sizes=sizes, values=values)
            values[d.name] = evaluate(d.expr, env, d.quantity.axes, arithmetic)
    return environment(model.quantities.values(), sizes=sizes, values=values)


# -- comparing ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Place:
    """One point, and one value of each free index, at which the sides differ."""

    given: Mapping[str, Any]
    indices: Mapping[Idx, int]
    position: tuple[int, ...]


def _needed(left: Expr, right: Expr, model: Model) -> set[str]:
    direct = {name_of(a) for side in (left, right) for a in names_in(side)}
    return direct.union(*(model.ancestors.get(n, frozenset()) for n in direct))


def _sides(
    left: Expr, right: Expr, model: Model, sizes: Mapping[str, int], given: Mapping[str, Any], arithmetic: Arithmetic
) -> tuple[Any, Any, tuple[Idx, ...]]:
    free = tuple(sorted(free_indices(left) | free_indices(right), key=str))
    env = _forward(model, sizes, given, _needed(left, right, model), arithmetic)
    with np.errstate(all="ignore"):
        return evaluate(left, env, free, arithmetic), evaluate(right, env, free, arithmetic), free


def _differ(left: Expr, right: Expr, model: Model, sizes: Mapping[str, int], given: Mapping[str, Any]) -> _Place | None:
    a, b, free = _sides(left, right, model, sizes, given, FLOAT64)
    a, b = np.broadcast_arrays(a, b)
    usable = np.isfinite(a) & np.isfinite(b)
    if not usable.any():
        raise EvaluationError("neither side has a finite value at the points tried")
    scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-3)
    with np.errstate(all="ignore"):
        apart = np.where(usable, np.abs(a - b) / scale, 0.0)
    if apart.max(initial=0.0) < CANDIDATE:
        return None
    # the plainest numbers: the most zeros among the points that differ
    order = sorted(np.argwhere(apart > CANDIDATE).tolist(), key=lambda w: _plainness(given, w[0]))
    where = tuple(order[0])
    point = where[0]
    single = {n: v[point : point + 1] for n, v in given.items()}
    indices = {i: whole(i.lower, sizes) + k for i, k in zip(free, where[1:], strict=True)}
    return _Place(given=single, indices=indices, position=where[1:])


def _plainness(given: Mapping[str, Any], point: int) -> tuple[int, float]:
    values = np.concatenate([np.ravel(v[point]) for v in given.values()]) if given else np.zeros(1)
    return -int((values == np.round(values)).sum()), float(np.abs(values).sum())


def _confirm(left: Expr, right: Expr, model: Model, sizes: Mapping[str, int], place: _Place) -> Counterexample | None:
    """The counterexample, if mpmath finds the sides apart at both precisions and the precisions agree."""
    seen: list[tuple[Any, Any]] = []
    for digits in PRECISIONS:
        arithmetic = mpmath_arithmetic(digits)
        exact = {n: arithmetic.convert(v) for n, v in place.given.items()}
        try:
            a, b, _ = _sides(left, right, model, sizes, exact, arithmetic)
        except EvaluationError:
            return None
        a, b = (np.broadcast_to(s, np.broadcast_shapes(np.shape(a), np.shape(b)))[(0, *place.position)] for s in (a, b))
        if not abs(a - b) > CONFIRMED * max(abs(a), abs(b), 1e-3):
            return None
        seen.append((a, b))
    if any(abs(x - y) > CONFIRMED * max(abs(x), 1e-3) for x, y in zip(*seen, strict=True)):
        return None
    values = {str(i.label): str(k) for i, k in place.indices.items()} | _shown(left, right, model, sizes, place)
    used = {s.name for e in (left, right, *(d.expr for d in model.definitions)) for s in e.atoms(Symbol)}
    return Counterexample(
        sizes={n: k for n, k in sizes.items() if n in used},
        values=values,
        left=_decimal(seen[0][0]),
        right=_decimal(seen[0][1]),
    )


def _shown(left: Expr, right: Expr, model: Model, sizes: Mapping[str, int], place: _Place) -> dict[str, str]:
    """The entries of the given quantities that matter, as text: `x[0]` -> `0.5`."""
    needed = _needed(left, right, model)
    shown: dict[str, str] = {}
    for q in model.given:
        if q.name not in needed:
            continue
        lowers = [whole(i.lower, sizes) for i in q.axes]
        for where in np.ndindex(*np.shape(place.given[q.name])[1:]):
            entry = ",".join(str(k + low) for k, low in zip(where, lowers, strict=True))
            shown[f"{q.name}[{entry}]" if entry else q.name] = _decimal(place.given[q.name][(0, *where)])
    return shown


def _decimal(value: Any) -> str:
    return f"{float(value):.6g}"
