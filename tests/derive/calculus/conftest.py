"""What the tests of the calculus share: single wrong edits, and the numbers that two expressions come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import numpy as np
import pytest
from sympy import Add, Basic, Expr, Idx, Indexed, Integer, Mul, Pow, Product, Rational, Sum

from derive.calculus.indices import bound_in, free_indices, substitute
from derive.calculus.positivity import Facts
from derive.quantities import Domain
from derive.vocabulary import name_of, names_in
from lowering.numeric.arithmetic import FLOAT64, Arithmetic, mpmath_arithmetic
from lowering.numeric.environment import Environment
from lowering.numeric.evaluate import evaluate

PADDING = 4  # entries are stored well outside the ranges, so that shifted indices can be read
POINTS = 5

Mutants = Callable[[Expr, tuple[Idx, ...]], Iterator[Expr]]
Disagreement = Callable[[Expr, Expr, Facts, Mapping[str, int]], float]


@pytest.fixture(scope="session")
def mutants() -> Mutants:
    """Every expression that differs from one by a single edit: sign, factor, exponent, index, bound, dropped term."""
    return _mutants


@pytest.fixture(scope="session")
def disagreement() -> Disagreement:
    """The largest relative difference where both sides are defined; NaN where no point is."""
    return _disagreement


def _disagreement(left: Expr, right: Expr, facts: Facts, sizes: Mapping[str, int]) -> float:
    free = tuple(sorted(free_indices(left) | free_indices(right), key=str))
    env = _environment((left, right), facts, sizes)
    difference = _difference(left, right, env, free, FLOAT64)
    # large terms may cancel in float64: what looks different is measured again
    return difference if not difference > 1e-9 else _difference(left, right, env, free, mpmath_arithmetic(50))


def _difference(left: Expr, right: Expr, env: Environment, free: tuple[Idx, ...], arithmetic: Arithmetic) -> float:
    a, b = (evaluate(e, env, free, arithmetic).astype(float) for e in (left, right))
    defined = np.isfinite(a) & np.isfinite(b) & (np.abs(a) < 1e12) & (np.abs(b) < 1e12)
    if not defined.any():
        return float("nan")
    a, b = a[defined], b[defined]
    return float(np.max(np.abs(a - b) / (1 + np.abs(a) + np.abs(b))))


def _environment(both: tuple[Expr, Expr], facts: Facts, sizes: Mapping[str, int]) -> Environment:
    random = np.random.default_rng(sum(sizes.values()))
    length = max(sizes.values()) + 2 * PADDING
    axes = {name_of(a): len(a.indices) if isinstance(a, Indexed) else 0 for e in both for a in names_in(e)}
    values = {
        name: _values(random, facts.get(name, Domain.REAL), (POINTS, *[length] * count))
        for name, count in sorted(axes.items())
        if name not in sizes
    }
    lowers = {name: (-PADDING,) * (array.ndim - 1) for name, array in values.items()}
    return Environment(sizes=sizes, values=values, lowers=lowers)


def _values(random: np.random.Generator, domain: Domain, shape: tuple[int, ...]) -> np.ndarray:
    if domain is Domain.BINARY:
        return random.integers(0, 2, shape).astype(float)
    if domain is Domain.UNIT:
        return random.uniform(0.1, 0.9, shape)
    if domain in (Domain.POSITIVE, Domain.NONNEGATIVE, Domain.NATURAL):
        return random.uniform(0.2, 2, shape)
    return np.where(random.uniform(size=shape) < 0.2, random.integers(-1, 2, shape), random.normal(size=shape))  # ties


def _mutants(expr: Expr, scope: tuple[Idx, ...] = ()) -> Iterator[Expr]:
    """Every expression that differs by one edit: sign, factor, exponent, index, bound, dropped term."""
    yield from _here(expr, scope)
    if isinstance(expr, Sum | Product):
        inner = (*scope, *(i for i, _, _ in bound_in(expr)))
        yield from (expr.func(new, *expr.limits) for new in _mutants(expr.function, inner))
        return
    for k, arg in enumerate(expr.args):
        if isinstance(arg, Expr) and not isinstance(expr, Idx):
            for new in _mutants(arg, scope):
                if isinstance(expr, Indexed) and not isinstance(new, Idx | Integer):
                    continue
                with suppress(ValueError):  # Max and Min take real arguments alone, which (−p² − 1)^(1/2) is not
                    yield expr.func(*expr.args[:k], new, *expr.args[k + 1 :])


def _here(expr: Basic, scope: tuple[Idx, ...]) -> Iterator[Expr]:
    if isinstance(expr, Indexed):
        for old in expr.indices:
            yield from (substitute(expr, {old: new}) for new in scope if new != old and isinstance(old, Idx))
    elif isinstance(expr, Sum | Product):
        i, lower, upper = expr.limits[0]
        yield expr.func(expr.function, (i, lower + 1, upper), *expr.limits[1:])
        yield expr.func(expr.function, (i, lower, upper - 1), *expr.limits[1:])
        yield expr.function
    elif isinstance(expr, Add):
        yield from (Add(*expr.args[:k], -a, *expr.args[k + 1 :]) for k, a in enumerate(expr.args))
        yield from (Add(*expr.args[:k], *expr.args[k + 1 :]) for k in range(len(expr.args)))
    elif isinstance(expr, Mul):
        yield from (Mul(*expr.args[:k], *expr.args[k + 1 :]) for k in range(len(expr.args)))
    elif isinstance(expr, Pow):
        yield expr.args[0] ** (expr.args[1] + 1)
        yield expr.args[0] ** (expr.args[1] / 2)
    elif isinstance(expr, Rational) and not expr.is_Integer:
        yield expr / 2
    if isinstance(expr, Expr) and not isinstance(expr, Idx):
        yield -expr
        yield 2 * expr
