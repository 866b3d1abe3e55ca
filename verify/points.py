"""Sizes and values at which an equation is tried: small, plain numbers first, so that people can check by hand."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from itertools import permutations
from math import prod
from typing import Any

import numpy as np
from sympy import Expr, Symbol

from derive.calculus.indices import free_indices
from derive.calculus.trees import parts
from derive.model import Model
from derive.notation.labels import is_one_hot
from derive.quantities import Domain, Quantity
from lowering.numeric.environment import whole
from lowering.numeric.errors import EvaluationError

Values = Mapping[str, Any]
Sizes = Mapping[str, int]
Allowed = Callable[[Sizes, Values], Any]  # which of the points a text means

POINTS = 16
SHARES = 4  # of them
LENGTHS = (1, 2, 3, 4)
MOST_TRIALS = 8
MOST_DECIMALS = 4
MOST_ENTRIES = 100_000
INFINITE = "infty"  # the upper limit of a series, which is tried as far as it takes to converge
TERMS, FEWER_TERMS = 120, 83
ZEROS = 0.35  # the share of plain numbers that are zero


def sizes_to_try(left: Expr, right: Expr, model: Model) -> Iterator[dict[str, int]]:
    """Small sizes first, then sizes that differ pairwise, so that transposes cannot hide."""
    symbols = set(parts(left, Symbol) | parts(right, Symbol))
    for i in free_indices(left) | free_indices(right):
        symbols |= parts(i.lower, Symbol) | parts(i.upper, Symbol)
    for q in model.quantities.values():
        for i in q.axes:
            symbols |= parts(i.lower, Symbol) | parts(i.upper, Symbol)
    for d in model.definitions:
        symbols |= parts(d.expr, Symbol)
    names = sorted(s.name for s in symbols if s.is_integer and s.is_positive)
    series = {n: TERMS for n in names if n == INFINITE}
    names = [n for n in names if n != INFINITE]
    yield dict.fromkeys(names, 1) | series
    if not names:
        yield from (series,) * 3  # other numbers
        return
    yield dict.fromkeys(names, 2) | series
    for k, order in enumerate(permutations(LENGTHS)):
        if k * 3 % 24 < MOST_TRIALS:
            yield {n: order[j % len(order)] for j, n in enumerate(names)} | series


def values_at(
    model: Model, sizes: Sizes, generator: np.random.Generator, *, plain: bool, names: Container[str] | None = None
) -> dict[str, Any]:
    """Random values of what is given, in its domain, at `POINTS` points; plain ones are halves, many of them zero.

    Args:
        model: whose given quantities are drawn.
        sizes: of their axes.
        generator: of the numbers.
        plain: whether they should be easy to compute with; where there is a series all lie within (−1, 1).
        names: of the quantities that are needed; all if None.
    Raises: EvaluationError: if a range is empty beyond zero length, or too long.
    """
    drawn = {q.name: _draw(q, sizes, generator, plain) for q in model.given if names is None or q.name in names}
    return {n: _small(v) for n, v in drawn.items()} if INFINITE in sizes else drawn


def _small(values: Any) -> Any:
    """Values at which most series converge soon: between −0.9 and 0.9, at half of the points from 0.3 on."""
    small = np.clip(values / 4, -0.9, 0.9)
    small[::2] = 0.3 + 0.6 * np.abs(small[::2])
    return np.round(small, MOST_DECIMALS)


def _draw(q: Quantity, sizes: Sizes, generator: np.random.Generator, plain: bool) -> Any:
    shape = (POINTS, *(whole(i.upper - i.lower + 1, sizes) for i in q.axes))
    if any(n < 0 for n in shape):
        raise EvaluationError(f"{q.name} has no entries at {dict(sizes)}")
    if prod(shape) > MOST_ENTRIES:
        raise EvaluationError(f"{q.name} has too many entries to be tried")
    if q.domain is Domain.UNIT:
        return generator.integers(1, 10, shape) / 10
    if q.domain is Domain.SIGN:
        return 2.0 * generator.integers(0, 2, shape) - 1
    if q.domain in (Domain.BINARY, Domain.NATURAL):
        return generator.integers(0, 2, shape).astype(float)
    if q.domain is Domain.POSITIVE_DEFINITE:
        return _positive_definite(shape, generator)
    if q.domain is Domain.SIMPLEX:
        return _shares(shape, generator, plain or is_one_hot(q.name))
    positive = q.domain in (Domain.POSITIVE, Domain.NONNEGATIVE)
    if plain:
        steps = generator.integers(1, 7, shape) / 2 if positive else generator.integers(-4, 5, shape) / 2
        return steps if positive else np.where(generator.random(shape) < ZEROS, 0.0, steps)
    normal = generator.normal(size=shape)
    if not positive:  # at some points all lie between 0 and 1, where log u and log(1 − u) are real
        normal[-SHARES:] = 1 / (1 + np.exp(-normal[-SHARES:]))
    return np.round(np.exp(normal) if positive else normal, MOST_DECIMALS)


def _shares(shape: tuple[int, ...], generator: np.random.Generator, plain: bool) -> Any:
    """One entry along the last axis is one, or so many 64ths each as sum to it exactly."""
    if not shape[-1]:
        return np.zeros(shape)
    parts = 1 if plain else 64
    return generator.multinomial(parts, np.full(shape[-1], 1 / shape[-1]), size=shape[:-1]) / parts


def _positive_definite(shape: tuple[int, ...], generator: np.random.Generator) -> Any:
    """B Bᵀ + 1 for random B of halves, at each point and at each index before the last two."""
    b = generator.integers(-2, 3, shape) / 2
    product = b @ np.swapaxes(b, -1, -2)
    return product + np.eye(shape[-1])


def plainer(q: Quantity, value: float) -> Iterator[float]:
    """Simpler values than this one, the simplest first, within the domain of the quantity."""
    if q.domain in (Domain.POSITIVE_DEFINITE, Domain.SIMPLEX):  # one entry changed would leave the domain
        return
    tried = {Domain.UNIT: (0.5,), Domain.POSITIVE: (1.0, 2.0), Domain.NONNEGATIVE: (0.0, 1.0, 2.0)}
    for simple in tried.get(q.domain, (0.0, 1.0, 2.0, -1.0)):
        if simple == value:
            return
        yield simple
