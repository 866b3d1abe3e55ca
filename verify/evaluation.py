"""Both sides of an equation as numbers, with the definitions evaluated forwards from what is given."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from sympy import Expr, Idx, Symbol

from derive.calculus.indices import free_indices
from derive.model import Model
from derive.quantities import Quantity
from derive.vocabulary import name_of, names_in
from lowering.numeric.arithmetic import FLOAT64, Arithmetic
from lowering.numeric.environment import Environment, environment, extended
from lowering.numeric.errors import EvaluationError
from lowering.numeric.evaluate import evaluate

from .carry_out import evaluable
from .points import FEWER_TERMS, INFINITE, Sizes, Values

CONVERGED = 1e-12


@dataclass(frozen=True, kw_only=True)
class Place:
    """One point, and one value of each free index.

    Attributes:
        sizes: name to number.
        given: name to an array of shape (1, *axes).
        indices: the free indices and their values.
        position: those values counted from the lower ends, in order of the names of the indices.
    """

    sizes: Sizes
    given: Values
    indices: Mapping[Idx, int]
    position: tuple[int, ...]


def free_in(left: Expr, right: Expr) -> tuple[Idx, ...]:
    """The free indices of an equation, in order of their names: the axes of its values behind the points."""
    return tuple(sorted(free_indices(left) | free_indices(right), key=str))


def needed(left: Expr, right: Expr, model: Model) -> set[str]:
    """The names that the sides use, and those that these are computed from."""
    direct = {name_of(a) for side in (left, right) for a in names_in(side)}
    return direct.union(*(model.ancestors.get(n, frozenset()) for n in direct))


def forward(
    model: Model, sizes: Sizes, given: Values, wanted: set[str], arithmetic: Arithmetic, shift: Values | None = None
) -> Environment:
    """Values of the given quantities and of those definitions that are wanted.

    Args:
        model: its definitions, in order.
        sizes: at which to evaluate.
        given: values of what is not defined.
        wanted: names of the definitions to evaluate.
        arithmetic: of the numbers.
        shift: what is added to a quantity, given or defined, before anything is computed from it.
    """
    shift = shift or {}
    values = {name: value + shift.get(name, 0) for name, value in given.items()}
    env = environment(model.quantities.values(), sizes=sizes, values=values)
    for d in evaluable(model).definitions:
        if d.name in wanted:
            env = extended(env, d.quantity, evaluate(d.expr, env, d.quantity.axes, arithmetic) + shift.get(d.name, 0))
    return env


def sides(
    left: Expr, right: Expr, model: Model, sizes: Sizes, given: Values, arithmetic: Arithmetic = FLOAT64
) -> tuple[Any, Any]:
    """Both sides as arrays of one shape: (points, *lengths of the free indices); no numbers where a series diverges.

    Raises: EvaluationError: if a side cannot be evaluated.
    """
    found = _sides(left, right, model, sizes, given, arithmetic)
    if INFINITE not in sizes:
        return found
    if any(s.name == INFINITE for q in model.quantities.values() for i in q.axes for s in i.upper.atoms(Symbol)):
        raise EvaluationError("a series of terms that no formula gives has no value")
    shorter = _sides(left, right, model, {**sizes, INFINITE: FEWER_TERMS}, given, arithmetic)
    a, b = (_settled(*both) for both in zip(found, shorter, strict=True))
    return a, b


def _settled(longer: Any, shorter: Any) -> Any:
    """The values, but none where more terms of a series change them."""
    with np.errstate(all="ignore"):
        same = np.abs(longer - shorter) <= CONVERGED * np.maximum(np.abs(longer), CONVERGED)
        return np.where(same.astype(bool), longer, np.nan)


def _sides(
    left: Expr, right: Expr, model: Model, sizes: Sizes, given: Values, arithmetic: Arithmetic
) -> tuple[Any, Any]:
    env = forward(model, sizes, given, needed(left, right, model), arithmetic)
    free = free_in(left, right)
    with np.errstate(all="ignore"):
        a, b = evaluate(left, env, free, arithmetic), evaluate(right, env, free, arithmetic)
    both = np.broadcast_arrays(a, b)
    return both[0], both[1]


def with_values(quantities: tuple[Quantity, ...], env: Environment, extra: Mapping[Quantity, Any]) -> Environment:
    """The environment with more quantities in it."""
    values = {**env.values, **{q.name: v for q, v in extra.items()}}
    return environment((*quantities, *extra), sizes=env.sizes, values=values)


def distinct(left: Expr, right: Expr, shape: tuple[int, ...], entries: Collection[Idx] = ()) -> Any:
    """Where no two free indices with the same range have the same value, but for those of a matrix as a whole."""
    free = free_in(left, right)
    grid = np.indices(shape)
    apart = np.ones(shape, dtype=bool)
    for (k, i), (m, j) in combinations(enumerate(free, start=1), 2):
        if (i.lower, i.upper) == (j.lower, j.upper) and not (i in entries and j in entries):
            apart &= grid[k] != grid[m]
    return apart
