"""From indices to matrices: each term as a contraction graph over elementwise factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import (
    Add,
    Basic,
    Expr,
    Function,
    HadamardPower,
    Identity,
    Idx,
    Indexed,
    Integer,
    Inverse,
    KroneckerDelta,
    MatMul,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Pow,
    Product,
    Sum,
    Transpose,
    ZeroMatrix,
    exp,
    expand_mul,
    log,
)
from sympy.matrices.exceptions import ShapeError
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.determinant import Determinant
from sympy.matrices.expressions.diagonal import DiagonalOf

from ..calculus.indices import bound_in, free_indices, rename_bound
from ..calculus.trees import args_of
from ..quantities import Quantity
from ..vocabulary import InverseEntry, LogDet, Partial, indices_of, is_name, length, name_of
from .entries import NoMatrixForm
from .graph import Graph, Indices, matadd, matmul, scaled
from .partials import PartialMatrix

if TYPE_CHECKING:
    from ..model import Model


def symbol_of(quantity: Quantity) -> Expr:
    """The matrix symbol of a quantity with one or two axes; its rows and columns run over the axes.

    Raises: NoMatrixForm: if it has none or more.
    """
    if not 1 <= len(quantity.axes) <= 2:
        raise NoMatrixForm(f"{quantity.name} has {len(quantity.axes)} axes; a matrix has one or two")
    return MatrixSymbol(quantity.name, *_shape(quantity.axes))


def _shape(where: Indices) -> tuple[Expr, Expr]:
    return length(where[0]), length(where[1]) if len(where) > 1 else Integer(1)


@dataclass(frozen=True, kw_only=True)
class Raising:
    """Index expressions over the names of a model as matrix expressions."""

    model: Model

    def expression(self, expr: Expr, out: Indices) -> Expr:
        """A matrix expression whose entry at `out` is `expr`; a column for one index, a scalar for none.

        Raises: NoMatrixForm: if there is none.
        """
        if not out:
            return self._number(expr)
        if expr == 0:
            return ZeroMatrix(*_shape(out))
        return matadd(*(self._spread(t, out) for t in Add.make_args(expr)))

    def _spread(self, term: Expr, out: Indices) -> Expr:
        """A term that may lack some of the indices, spread over them with ones."""
        own = tuple(i for i in out if i in free_indices(term))
        if own == out:
            return self._term_or_expanded(term, out)
        ones = [OneMatrix(length(i), 1) for i in out]
        if not own:
            return scaled(self._number(term), OneMatrix(*_shape(out)))
        column = self.expression(term, own)
        return matmul(column, Transpose(ones[1])) if own[0] == out[0] else matmul(ones[0], Transpose(column))

    def _term_or_expanded(self, term: Expr, out: Indices) -> Expr:
        """A term as it stands, or multiplied out where that needs no vectors of ones: μᵀ A μ − νᵀ A ν."""
        try:
            found = self._term(term, out)
        except (NoMatrixForm, ShapeError):
            expanded = _multiplied_out(term)
            if expanded == term:
                raise
            return self.expression(expanded, out)
        if not _sums_by_ones(found) or (expanded := _multiplied_out(term)) == term:
            return found
        try:
            apart = self.expression(expanded, out)
        except (NoMatrixForm, ShapeError):
            return found
        return found if _sums_by_ones(apart) else apart

    def _term(self, term: Expr, out: Indices) -> Expr:
        factors, bound = _flattened(term, set(out))
        graph = Graph()
        for f in factors:
            where = _where(f, (*out, *bound))
            graph.add(where, self._elementwise(f, where) if where else self._number(f))
        graph.contract(bound, out)
        return graph.assembled(out)

    def _elementwise(self, expr: Expr, where: Indices) -> Expr:
        """An expression over one or two indices as elementwise operations on matrices of that shape."""
        if len(where) > 2:
            raise NoMatrixForm(f"{expr} has {len(where)} indices")
        for kind, rule in _RULES:
            if isinstance(expr, kind):
                raised: Expr = rule(self, expr, where)
                return raised
        raise NoMatrixForm(f"{type(expr).__name__} has no matrix form")

    # -- one rule a kind of factor ---------------------------------------------------------------------

    def _entry(self, expr: Any, where: Indices) -> Expr:
        return self._placed(symbol_of(self.model.quantities[name_of(expr)]), indices_of(expr), where)

    def _inverse(self, expr: Any, where: Indices) -> Expr:
        return self._placed(Inverse(symbol_of(self.model.quantities[str(expr.args[0])])), expr.place, where)

    def _partial(self, expr: Any, where: Indices) -> Expr:
        if free_indices(expr.of) or not is_name(expr.of):
            raise NoMatrixForm(f"{expr.of} has indices or no name")
        wrt = PartialMatrix(expr.of, symbol_of(self.model.quantities[name_of(expr.wrt)]))
        return self._placed(wrt, indices_of(expr.wrt), where)

    def _exponentials(self, expr: Any, where: Indices) -> Expr:
        """Π_k e^{f_k} = e^{Σ_k f_k}, which SymPy writes the other way round."""
        if not isinstance(expr.function, exp):
            raise NoMatrixForm("a product over an index has no matrix form")
        exponent = Sum(expr.function.args[0], *expr.limits)
        return ElementwiseApplyFunction(exp, self.expression(exponent, where))

    def _placed(self, matrix: Expr, places: tuple[Expr, ...], where: Indices) -> Expr:
        if places == where:
            return matrix
        if places == where[::-1]:
            return Transpose(matrix)
        if len(where) == 1 and places == (where[0], where[0]):
            return DiagonalOf(matrix)
        raise NoMatrixForm(f"{matrix} at {places}")

    def _delta(self, expr: Any, where: Indices) -> Expr:
        i, j = where if len(where) == 2 else (None, None)
        if i is None or j is None or set(expr.args[:2]) != {i, j} or (i.lower, i.upper) != (j.lower, j.upper):
            raise NoMatrixForm(f"{expr} is no identity matrix")
        return Identity(length(i))

    def _sum(self, expr: Any, where: Indices) -> Expr:
        return self.expression(expr, where)

    def _power(self, expr: Any, where: Indices) -> Expr:
        base, power = expr.args
        if free_indices(power) & set(where):
            raise NoMatrixForm(f"the exponent of {expr} has an index")
        return HadamardPower(self.expression(base, where), self._number(power))

    def _function(self, expr: Any, where: Indices) -> Expr:
        if len(expr.args) != 1:
            raise NoMatrixForm(f"{type(expr).__name__} has several arguments")
        return ElementwiseApplyFunction(expr.func, self.expression(expr.args[0], where))

    # -- numbers -----------------------------------------------------------------------------------------

    def _number(self, expr: Any) -> Expr:
        """A number in matrix notation."""
        if not expr.has(Indexed, Sum, Product, InverseEntry, LogDet):
            return expr
        if isinstance(expr, Sum):
            return self._term_or_expanded(expr, ())
        if isinstance(expr, LogDet):
            return log(self._determinant(expr))
        if isinstance(expr, exp):
            return Mul(*(self._exponential(a) for a in Add.make_args(expr.args[0])))
        if isinstance(expr, Add | Mul | Pow | Function) and not isinstance(expr, Partial):
            return expr.func(*(self._number(a) for a in args_of(expr)))
        raise NoMatrixForm(f"{type(expr).__name__} has no matrix form")

    def _exponential(self, exponent: Expr) -> Expr:
        """exp(k log det A) = (det A)^k."""
        number, rest = exponent.as_coeff_Mul()
        if isinstance(rest, LogDet) and number.is_Integer:
            return self._determinant(rest) ** number
        return exp(self._number(exponent))

    def _determinant(self, expr: LogDet) -> Expr:
        return Determinant(symbol_of(self.model.quantities[str(expr.args[0])]))


def _sums_by_ones(expr: Expr) -> bool:
    """Whether an index is summed away by a product with a vector of ones."""
    return any(isinstance(f, OneMatrix) for p in expr.atoms(MatMul) for a in p.args for f in (a, *a.args[:1]))


def _where(factor: Expr, indices: Indices) -> Indices:
    """The indices of a factor: as it stores them if it is an entry of a matrix, else in the given order."""
    free = free_indices(factor) & set(indices)
    stored = [indices_of(a) for a in sorted(factor.atoms(Indexed), key=str)]
    stored = [factor.place] if isinstance(factor, InverseEntry) else stored
    natural = next((n for n in stored if len(n) > 1 and set(n) == free and len(n) == len(free)), None)
    return tuple(i for i in (natural or indices) if isinstance(i, Idx) and i in free)


def _flattened(term: Expr, avoid: set[Idx]) -> tuple[list[Expr], Indices]:
    """The factors of nested sums of products, and the indices summed over."""
    factors: list[Expr] = []
    bound: list[Idx] = []
    queue = list(Mul.make_args(term))
    while queue:
        f = queue.pop(0)
        if isinstance(f, Sum):
            apart = rename_bound(f, {*avoid, *bound})
            bound += [i for i, _, _ in bound_in(apart)]
            queue = [*Mul.make_args(args_of(apart)[0]), *queue]
        else:
            factors.append(f)
    return sorted(factors, key=lambda f: isinstance(f, Add)), tuple(bound)


def _multiplied_out(term: Expr) -> Expr:
    """Products of sums multiplied out, also under Σ, and Σ drawn into each term."""
    if isinstance(term, Sum):
        inner = _multiplied_out(args_of(term)[0])
        return Add(*(Sum(t, *term.limits) for t in Add.make_args(inner)))
    if isinstance(term, Mul):
        term = Mul(*(_multiplied_out(f) if isinstance(f, Sum) else f for f in args_of(term)))
    return expand_mul(term, deep=False)


_RULES: tuple[tuple[type[Basic] | tuple[type[Basic], ...], Any], ...] = (
    (Indexed, Raising._entry),
    (InverseEntry, Raising._inverse),
    (KroneckerDelta, Raising._delta),
    (Partial, Raising._partial),
    (Product, Raising._exponentials),
    (Add, Raising._sum),
    ((Mul, Sum), Raising._term_or_expanded),
    (Pow, Raising._power),
    (Function, Raising._function),
)
