"""The numbers an expression is evaluated at."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from math import prod

import numpy as np
from sympy import Add, Expr, Idx, Integer, Mul, Pow, Rational, Symbol, floor

from derive.calculus.trees import args_of
from derive.quantities import Quantity
from derive.vocabulary import SizeAt

from .arithmetic import Array
from .errors import EvaluationError


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Sizes, and the values of the quantities at one or many points.

    Attributes:
        sizes: name to number, `{"m_x": 3}`.
        values: name to an array of shape (points, *axes); one point serves for all where another has many.
        lowers: name to the first index of each axis; axis i of range lower..upper is stored at 0..upper-lower.
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, Array] = field(default_factory=dict)
    lowers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @cached_property
    def points(self) -> int:
        """The number of points.

        Raises:
            EvaluationError: if the quantities disagree.
        """
        if len(alike := {np.shape(array)[:1] for array in self.values.values()}) == 1 and () not in alike:
            return int(alike.pop()[0])
        counts = {name: _points(name, array) for name, array in self.values.items()}
        many = sorted(set(counts.values()) - {1})
        if len(many) > 1:
            raise EvaluationError(f"the values have different numbers of points: {counts}")
        return many[0] if many else 1


def environment(
    quantities: Iterable[Quantity], *, sizes: Mapping[str, int], values: Mapping[str, Array]
) -> Environment:
    """The environment of quantities whose axes say where each index begins.

    Args:
        quantities: at least those that `values` names.
        sizes: name to number.
        values: name to an array of shape (points, *axes).

    Raises:
        EvaluationError: if an array does not have the axes of its quantity.
    """
    by_name = {quantity.name: quantity for quantity in quantities}
    lowers = {n: _lowers(by_name[n], array, sizes) for n, array in values.items() if n in by_name}
    return Environment(sizes=sizes, values=values, lowers=lowers)


def extended(known: Environment, quantity: Quantity, array: Array) -> Environment:
    """The environment with the values of one more quantity.

    Raises:
        EvaluationError: if the array does not have the axes of its quantity.
    """
    lowers = {**known.lowers, quantity.name: _lowers(quantity, array, known.sizes)}
    return Environment(sizes=known.sizes, values={**known.values, quantity.name: array}, lowers=lowers)


def _lowers(quantity: Quantity, array: Array, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The first index of each axis of a quantity whose values have the right shape."""
    ranges = [(whole(i.lower, sizes), whole(i.upper, sizes)) for i in quantity.axes]
    expected = tuple(upper - lower + 1 for lower, upper in ranges)
    if np.shape(array)[1:] != expected:
        raise EvaluationError(f"{quantity.name} has shape {np.shape(array)}, expected (points, *{expected})")
    return tuple(lower for lower, _ in ranges)


def whole(expr: Expr, sizes: Mapping[str, int]) -> int:
    """The whole number that an expression in sizes comes to.

    A size n_l comes to the largest that it is for any l: an axis is stored as long as it is anywhere.

    Raises:
        EvaluationError: if a size is missing or the result is no whole number.
    """
    return int(expr) if isinstance(expr, Integer) else _whole(expr, tuple(sizes.items()))


@lru_cache(maxsize=4096)
def _whole(expr: Expr, named: tuple[tuple[str, int], ...]) -> int:
    sizes = dict(named)
    if ragged := expr.atoms(SizeAt):
        expr = expr.xreplace({e: Integer(_longest(e, sizes)) for e in ragged})
    try:
        result = _number(expr, sizes)
    except KeyError:
        result = None
    if result is None or result.denominator != 1:
        raise EvaluationError(f"{expr} is no whole number at the sizes {dict(sizes)}")
    return int(result)


def size_there(letter: str, place: int, sizes: Mapping[str, int]) -> int:
    """The size n_l at a number l, under the name "n_2"; or that under "n", if it is the same for all.

    Raises:
        EvaluationError: if there is neither.
    """
    found = sizes.get(f"{letter}_{place}", sizes.get(letter))
    if found is None:
        raise EvaluationError(f"the size {letter}_{place} has no value; there are values for {', '.join(sizes)}")
    return found


def _longest(expr: SizeAt, sizes: Mapping[str, int]) -> int:
    """The largest of the sizes n_l over the values of the index that l is made of."""
    letter, place = args_of(expr)
    over = sorted(place.atoms(Idx), key=str)
    if len(over) > 1:
        raise EvaluationError(f"{expr} depends on several indices, {', '.join(map(str, over))}; one is expected")
    values = [{i: Integer(k)} for i in over for k in range(whole(i.lower, sizes), whole(i.upper, sizes) + 1)] or [{}]
    return max(size_there(str(letter), whole(place.xreplace(known), sizes), sizes) for known in values)


def _number(expr: Expr, sizes: Mapping[str, int]) -> Fraction | None:
    """The value of an expression made of sizes; None if it is made of anything else."""
    if isinstance(expr, Rational):
        return Fraction(int(expr.p), int(expr.q))
    if isinstance(expr, Symbol):
        return Fraction(sizes[expr.name])
    parts = [_number(arg, sizes) for arg in expr.args if isinstance(arg, Expr)]
    known = [part for part in parts if part is not None]
    if len(known) < len(expr.args):
        return None
    if isinstance(expr, Add):
        return sum(known, Fraction(0))
    if isinstance(expr, Mul):
        return prod(known, start=Fraction(1))
    if isinstance(expr, floor):
        return Fraction(math.floor(known[0]))
    if isinstance(expr, Pow) and known[1].denominator == 1 and known[0]:
        return known[0] ** int(known[1])
    return None


def _points(name: str, array: Array) -> int:
    if not np.shape(array):
        raise EvaluationError(f"{name} has no leading axis of points; give an array of shape (points, *axes)")
    return int(np.shape(array)[0])
