"""Entries of SymPy's matrix expressions as index expressions: (A B)_{i,k} = Σ_j A_{i,j} B_{j,k}.

An axis of length one has no index. The axis of a Kronecker product is counted by several indices, one a factor:
(A ⊗ B)_{(a,b),(c,d)} = A_{a,c} B_{b,d}; a matrix with a plain axis is read there at (a − 1)·rows(B) + b.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import sympy
from sympy import (
    Add,
    Basic,
    DiagMatrix,
    DiagonalMatrix,
    Expr,
    HadamardPower,
    HadamardProduct,
    Identity,
    Idx,
    Integer,
    Inverse,
    KroneckerDelta,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Sum,
    Trace,
    Transpose,
    ZeroMatrix,
    exp,
    log,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.determinant import Determinant
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement

from ..calculus.indices import free_indices, fresh, rename_bound
from ..calculus.trees import args_of
from ..quantities import Quantity
from ..rows.functions import tanh
from ..vocabulary import InverseEntry, LogDet, Partial, index, length, tensor, total
from .partials import PartialMatrix

Place = tuple[Expr, ...]  # where on an axis: no index if its length is one, several for a Kronecker product
Axis = tuple[Idx, ...]

OUR_FUNCTIONS: tuple[tuple[Any, Any], ...] = ((sympy.tanh, tanh),)  # SymPy's, and ours


class NoMatrixForm(ValueError):
    """An index expression has no matrix form, or a matrix expression no entries."""


@dataclass(frozen=True, kw_only=True)
class Entries:
    """Matrix expressions over quantities, as index expressions.

    Attributes:
        quantities: by the names of the `MatrixSymbol`s; their axes give the ranges of rows and columns.
    """

    quantities: Mapping[str, Quantity]

    def at(self, expr: Expr, row: Place, column: Place) -> Expr:
        """The entry of a matrix expression.

        Raises: NoMatrixForm: if there is no rule for a part of it.
        """
        for kind, rule in _MATRICES:
            if isinstance(expr, kind):
                return rule(self, expr, row, column)
        raise NoMatrixForm(f"{type(expr).__name__}: expected sums, products and the like of matrix symbols; {_HINT}")

    def number(self, expr: Expr) -> Expr:
        """A scalar expression with its traces, determinants and entries of matrices in indices.

        Raises: NoMatrixForm: if there is no rule for a part of it.
        """
        if isinstance(expr, MatrixExpr):
            return self.at(expr, (), ())
        if not expr.has(MatrixExpr, Trace, Determinant):
            return _ours(expr)
        if isinstance(expr, log) and isinstance(expr.args[0], Determinant):
            return self._log_determinant(expr.args[0])
        if isinstance(expr, Trace):
            return self._trace(args_of(expr)[0])
        if isinstance(expr, Determinant):
            return exp(self._log_determinant(expr))
        if isinstance(expr, Sum):
            return self._written_sum(expr)
        if isinstance(expr, MatrixElement):
            matrix, *places = args_of(expr)
            return self.at(matrix, *(self._stated(matrix, side, k) for side, k in enumerate(places)))
        return _ours(expr.func(*(self.number(a) for a in args_of(expr))))

    def axis(self, expr: Any, side: int) -> Axis:
        """The indices that count the rows (side 0) or the columns (side 1); none if there is only one."""
        named = self.named_axis(expr, side)
        return (index("i", 1, expr.shape[side]),) if named is None else named

    def named_axis(self, expr: Any, side: int) -> Axis | None:
        """The axis as the quantities give it; None for that of ones or of an identity, which could be any."""
        if expr.shape[side] == 1:
            return ()
        if isinstance(expr, MatrixSymbol):
            return (self.quantities[expr.name].axes[side if len(self.quantities[expr.name].axes) > 1 else 0],)
        if isinstance(expr, PartialMatrix):
            return self.named_axis(expr.wrt, side)
        if isinstance(expr, Transpose | Inverse):
            return self.named_axis(expr.args[0], 1 - side)
        if isinstance(expr, MatMul):
            return self.named_axis([a for a in expr.args if isinstance(a, MatrixExpr)][-1 if side else 0], side)
        if isinstance(expr, KroneckerProduct):
            return tuple(i for a in expr.args for i in self.axis(a, side))
        if isinstance(expr, DiagMatrix | DiagonalOf):
            return self.named_axis(expr.args[0], 0) or self.named_axis(expr.args[0], 1)
        alike = (a for a in expr.args if isinstance(a, MatrixExpr) and tuple(a.shape) == tuple(expr.shape))
        found = [axis for a in alike if (axis := self.named_axis(a, side)) is not None]
        return max(found, key=len, default=None)

    def slots(self, expr: Expr, side: int, avoid: set[Any]) -> Axis:
        """Fresh indices over an axis."""
        slots: list[Idx] = []
        for i in self.axis(expr, side):
            slots.append(fresh(i, {*avoid, *slots}))
        return tuple(slots)

    def _stated(self, matrix: Expr, side: int, place: Expr) -> Place:
        """A place that SymPy counts from 0."""
        axis = self.axis(matrix, side)
        lower = axis[0].lower if len(axis) == 1 else Integer(1)
        return (place + lower,) if axis else ()

    def _written_sum(self, expr: Any) -> Expr:
        """A sum over the places of a matrix, which SymPy counts from 0, with indices that count from 1."""
        body = expr.function
        bound: list[Idx] = []
        for i, lower, upper in expr.limits:
            bound.append(index(str(i).lstrip("_"), 1, (upper - lower + 1).expand()))
            body = body.xreplace({i: bound[-1] + lower - 1})
        return total(self.number(body), *bound)

    def _trace(self, matrix: Expr) -> Expr:
        slots = self.slots(matrix, 0 if self.named_axis(matrix, 0) else 1, set())
        return total(rename_bound(self.at(matrix, slots, slots), slots), *slots) if slots else self.at(matrix, (), ())

    def _log_determinant(self, expr: Expr) -> Expr:
        matrix: Any = args_of(expr)[0]
        if matrix.shape[0] == 1:
            return log(self.at(matrix, (), ()))
        axis = self._square(matrix)
        return LogDet(tensor(matrix.name), axis.lower, axis.upper)

    def _square(self, matrix: Any) -> Idx:
        if not isinstance(matrix, MatrixSymbol):
            raise NoMatrixForm(f"the inverse or determinant of {matrix}: expected a name; give the matrix a name first")
        return self.axis(matrix, 0)[0]


_HINT = "write it with these"


def _ours(expr: Expr) -> Expr:
    """SymPy's functions as those of our rows."""
    ours: Any = expr
    for old, new in OUR_FUNCTIONS:
        ours = ours.replace(old, new)
    return cast(Expr, ours)


def _flat(place: Place, lower: Expr) -> Expr:
    """Several indices as one that counts from `lower`: ((a − a₀) n_b + b − b₀) + lower."""
    if len(place) == 1:
        return place[0]
    count: Expr = Integer(0)
    for i in place:
        assert isinstance(i, Idx)
        count = count * length(i) + i - i.lower
    return (count + lower).expand()


# -- one rule a kind of matrix -----------------------------------------------------------------------


def _symbol(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    quantity = entries.quantities[expr.name]
    places = [p for p in (row, column) if p]
    return quantity.at(*(_flat(p, i.lower) for p, i in zip(places, quantity.axes, strict=True)))


def _partial(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    return Partial(expr.of, entries.at(expr.wrt, row, column))


def _identity(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    return _same(row, column)


def _same(row: Place, column: Place) -> Expr:
    if len(row) == len(column):
        return Mul(*(KroneckerDelta(a, b) for a, b in zip(row, column, strict=True)))
    return KroneckerDelta(_flat(row, Integer(1)), _flat(column, Integer(1)))


def _transpose(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    return entries.at(expr.args[0], column, row)


def _inverse(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    matrix = expr.args[0]
    if matrix.shape[0] == 1:
        return 1 / entries.at(matrix, (), ())
    axis = entries._square(matrix)
    places = (_flat(p, axis.lower) for p in (row, column))
    return InverseEntry(tensor(matrix.name), *places, axis.lower, axis.upper)


def _sum(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    return Add(*(entries.at(a, row, column) for a in expr.args))


def _elementwise_product(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    return Mul(*(entries.at(a, row, column) for a in expr.args))


def _elementwise_power(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    base, power = (entries.at(a, row, column) if isinstance(a, MatrixExpr) else entries.number(a) for a in expr.args)
    return base**power


def _applied(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    return _ours(expr.function(entries.at(expr.expr, row, column)))


def _diagonal(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    vector = expr.args[0]
    entry = entries.at(vector, row, ()) if vector.shape[1] == 1 else entries.at(vector, (), row)
    return entry * _same(row, column)


def _diagonal_part(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    return entries.at(expr.args[0], row, column) * _same(row, column)


def _diagonal_of(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    return entries.at(expr.args[0], row, row)


def _power(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    base, power = expr.args
    if not power.is_Integer or power == 0:
        raise NoMatrixForm(f"{expr}: expected a whole power other than zero; write the product out")
    factor = base if power > 0 else Inverse(base)
    return entries.at(MatMul(*[factor] * abs(int(power))) if abs(power) > 1 else factor, row, column)


def _product(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    scalars = [entries.number(p) for p in expr.args if not isinstance(p, MatrixExpr)]
    matrices = [p for p in expr.args if isinstance(p, MatrixExpr)]
    inner: list[Idx] = []
    stops: list[Place] = [row]
    outer = {i for p in (*row, *column) for i in free_indices(p)}
    for a, b in pairwise(matrices):
        wider = max(((m, side) for m, side in ((a, 1), (b, 0))), key=lambda pair: _composed(entries, *pair))
        slots = entries.slots(*wider, {*outer, *inner})
        inner += slots
        stops.append(slots)
    stops.append(column)
    body = Mul(*scalars, *(entries.at(m, stops[k], stops[k + 1]) for k, m in enumerate(matrices)))
    return Sum(rename_bound(body, inner), *((i, i.lower, i.upper) for i in inner)) if inner else body


def _composed(entries: Entries, expr: Any, side: int) -> int:
    """How many indices of quantities count an axis."""
    return len(entries.named_axis(expr, side) or ())


def _kronecker(entries: Entries, expr: Any, row: Place, column: Place) -> Expr:
    bound: list[Idx] = []
    deltas: list[Expr] = []
    places: list[list[Place]] = []
    outer = {i for p in (*row, *column) for i in free_indices(p)}
    for side, place in enumerate((row, column)):
        axes = [entries.axis(a, side) for a in expr.args]
        flat = [i for axis in axes for i in axis]
        if not _counts(place, flat):
            slots: list[Idx] = []
            for i in flat:
                slots.append(fresh(i, {*outer, *bound, *slots}))
            deltas.append(KroneckerDelta(_flat(place, Integer(1)), _flat(tuple(slots), Integer(1))))
            bound, place = [*bound, *slots], tuple(slots)
        left = list(place)
        places.append([tuple(left.pop(0) for _ in axis) for axis in axes])
    body = Mul(*deltas, *(entries.at(a, r, c) for a, r, c in zip(expr.args, *places, strict=True)))
    return total(rename_bound(body, bound), *bound) if bound else body


def _counts(place: Place, axis: list[Idx]) -> bool:
    """Whether the indices of a place count this axis."""
    if len(place) != len(axis):
        return False
    return len(place) < 2 or all(
        isinstance(i, Idx) and length(i) == length(j) for i, j in zip(place, axis, strict=True)
    )


_Rule = Callable[[Entries, Any, Place, Place], Expr]

_MATRICES: tuple[tuple[type[Basic], _Rule], ...] = (
    (MatrixSymbol, _symbol),
    (PartialMatrix, _partial),
    (Identity, _identity),
    (OneMatrix, lambda entries, expr, row, column: Integer(1)),
    (ZeroMatrix, lambda entries, expr, row, column: Integer(0)),
    (Transpose, _transpose),
    (Inverse, _inverse),
    (MatPow, _power),
    (MatAdd, _sum),
    (MatMul, _product),
    (HadamardProduct, _elementwise_product),
    (HadamardPower, _elementwise_power),
    (ElementwiseApplyFunction, _applied),
    (KroneckerProduct, _kronecker),
    (DiagMatrix, _diagonal),
    (DiagonalMatrix, _diagonal_part),
    (DiagonalOf, _diagonal_of),
)
