"""From indices to matrices: a contraction graph factored into products, and back again for the proof.

A term Σ_s x_{s,i} v_s w_j H_{s,j} is a graph whose nodes are factors and whose edges are indices. Factors with the
same indices merge into an elementwise product; each bound index joins what is left of it to what is right of it
into a matrix product, here X^T ((v w^T) ⊙ H). A term whose graph is no chain has no matrix form.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from sympy import (
    Add,
    Expr,
    HadamardProduct,
    Idx,
    Indexed,
    Integer,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Pow,
    Sum,
    Transpose,
)
from sympy.matrices.expressions import HadamardPower

from ..quantities import Quantity
from ..vocabulary import Partial, indices_of, length, name_of
from .indices import bound_in, free_indices, fresh, rename_bound
from .trees import args_of

if TYPE_CHECKING:
    from ..model import Model
    from ..prove import Proof


class NoMatrixForm(Exception):
    """A term cannot be written with matrix products."""


@dataclass(frozen=True, kw_only=True)
class MatrixForm:
    """target = expr in matrix notation.

    Attributes:
        target: the derivative whose entries `expr` has, such as ∂LL/∂θ_{i,j}; its indices are rows and columns.
        expr: a SymPy matrix expression over `MatrixSymbol`s with the plain names of the model; a column for a
            vector, a scalar expression for a scalar.
        proof: of the equality of its entries with the index form.
    """

    target: Expr
    expr: Expr
    proof: Proof | None

    @property
    def verdict(self) -> str:
        """`proved` if the entries were proved equal to the index form."""
        return "proved" if self.proof else "undecided"


def matrix_form(result: Expr, target: Expr, model: Model) -> MatrixForm | None:
    """The matrix form of an index expression, or None if it has none.

    Args:
        result: what `target` equals.
        target: a `Partial` by an entry θ[i, j] or θ[i], or a name; its indices become rows and columns.
        model: gives the axes of the names.
    """
    from ..prove import prove

    entry = target.args[1] if isinstance(target, Partial) else target
    out = _axes(indices_of(entry))
    if len(out) > 2 or len(out) < len(indices_of(entry)) or free_indices(result) - set(out):
        return None
    try:
        expr = _Raise(model=model).expression(result, out)
        back = entries(expr, out, model)
    except NoMatrixForm:
        return None
    return MatrixForm(target=target, expr=expr, proof=prove(back, result, model))


# -- raising -----------------------------------------------------------------------------------


Indices = tuple[Idx, ...]
Factor = tuple[Indices, Expr]


@dataclass(frozen=True, kw_only=True)
class _Raise:
    """Index expressions of a model as matrix expressions."""

    model: Model

    def expression(self, expr: Expr, out: Indices) -> Expr:
        """A matrix expression whose entry at `out` is `expr`; a column for one index, a scalar for none."""
        terms = [self._term(t, out) for t in Add.make_args(expr)]
        return terms[0] if len(terms) == 1 else (MatAdd(*terms) if out else Add(*terms))

    def _term(self, term: Expr, out: Indices) -> Expr:
        factors, bound = _flattened(term, set(out))
        scalar = Mul(*(f for f in factors if not self._where(f, out, bound)))
        groups: list[Factor] = []
        for f in factors:
            where = self._where(f, out, bound)
            if where:
                _merge(groups, (where, self._elementwise(f, where)))
        for i in sorted(bound, key=lambda b: _spread(b, groups)):
            groups = _contracted(i, groups, out)
        return _scaled(scalar, _assembled(groups, out))

    def _where(self, factor: Expr, out: Indices, bound: Indices) -> Indices:
        free = free_indices(factor)
        natural = (indices_of(a) for a in sorted(factor.atoms(Indexed), key=str))
        as_stored = next((n for n in natural if len(n) > 1 and set(n) == free), ())
        return _axes(as_stored) or tuple(i for i in (*out, *bound) if i in free)

    def _elementwise(self, expr: Expr, where: Indices) -> Expr:
        """An expression over one index set as elementwise operations on matrices of that shape."""
        if len(where) > 2:
            raise NoMatrixForm
        if isinstance(expr, Indexed) and set(indices_of(expr)) == set(where):
            symbol = symbol_of(self.model.quantities[name_of(expr)])
            return symbol if indices_of(expr) == where else Transpose(symbol)
        if isinstance(expr, Add):
            return MatAdd(*(self._broadcast(a, where) for a in args_of(expr)))
        if isinstance(expr, Mul | Sum):
            return self._term(expr, where)
        if isinstance(expr, Pow):
            base, power = args_of(expr)
            if power.is_Integer and power > 0:
                return HadamardPower(self._elementwise(base, where), power)
        raise NoMatrixForm

    def _broadcast(self, term: Expr, where: Indices) -> Expr:
        """A term that may lack some of the indices, spread over them with ones."""
        own = tuple(i for i in where if i in free_indices(term))
        if own == where:
            return self.expression(term, where)
        if not own:
            return _scaled(term, OneMatrix(*_shape(where)))
        column = self.expression(term, own)
        rest = OneMatrix(length(next(i for i in where if i not in own)), 1)
        return MatMul(column, Transpose(rest)) if own[0] == where[0] else MatMul(rest, Transpose(column))


def symbol_of(quantity: Quantity) -> Expr:
    """The matrix symbol of a quantity with one or two axes; its rows and columns run over the axes."""
    if not 1 <= len(quantity.axes) <= 2:
        raise NoMatrixForm
    return MatrixSymbol(quantity.name, *_shape(quantity.axes))


def _axes(indices: tuple[Expr, ...]) -> Indices:
    return tuple(i for i in indices if isinstance(i, Idx))


def _shape(where: Indices) -> tuple[Expr, Expr]:
    sizes = [length(i) for i in where]
    return (sizes[0], sizes[1] if len(sizes) > 1 else Integer(1))


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
        elif isinstance(f, KroneckerDelta):
            raise NoMatrixForm
        else:
            factors.append(f)
    return sorted(factors, key=lambda f: isinstance(f, Add)), tuple(bound)


def _merge(groups: list[Factor], new: Factor) -> None:
    for k, (where, expr) in enumerate(groups):
        if set(where) == set(new[0]):
            groups[k] = (where, _hadamard(expr, new[1] if where == new[0] else _transposed(new[1])))
            return
    groups.append(new)


def _hadamard(*matrices: Expr) -> Expr:
    return HadamardProduct(*(a for m in matrices for a in (args_of(m) if isinstance(m, HadamardProduct) else (m,))))


def _spread(i: Idx, groups: list[Factor]) -> int:
    return len({j for where, _ in groups if i in where for j in where})


def _contracted(i: Idx, groups: list[Factor], out: Indices) -> list[Factor]:
    """Sum over one index: what is left of it times what is right of it."""
    touched = [g for g in groups if i in g[0]]
    rest = [g for g in groups if i not in g[0]]
    vector = next((e for where, e in touched if len(where) == 1), None)
    sides = [(next(j for j in where if j != i), _rows(e, where, i)) for where, e in touched if len(where) == 2]
    if len(sides) > 2 or not touched:
        raise NoMatrixForm
    sides.sort(key=lambda side: out.index(side[0]) if side[0] in out else len(out))
    if not sides:
        return [*rest, ((), _inner_product(vector))]
    if len(sides) == 1:
        j, matrix = sides[0]
        return _with_single_side(i, j, matrix, vector, rest)
    (p, left), (q, right) = sides
    if vector is not None:
        right, rest = _weighted(vector, q, right, rest)
    _merge(rest, ((p, q), MatMul(_transposed(left), right).doit(deep=False)))
    return rest


def _with_single_side(i: Idx, j: Idx, matrix: Expr, vector: Expr | None, rest: list[Factor]) -> list[Factor]:
    """Σ_i M_{i,j} v_i = M^T v, with v = 1 where there is no v."""
    ones = OneMatrix(length(i), 1)
    _merge(rest, ((j,), MatMul(_transposed(matrix), vector if vector is not None else ones)))
    return rest


def _weighted(vector: Expr, q: Idx, right: Expr, rest: list[Factor]) -> tuple[Expr, list[Factor]]:
    """(v w^T) ⊙ R for Σ v_s w_q R_{s,q}, with w = 1 where there is no w."""
    row = next((e for where, e in rest if where == (q,)), None)
    left = [g for g in rest if g[0] != (q,)]
    weight = MatMul(vector, Transpose(row if row is not None else OneMatrix(length(q), 1)))
    return _hadamard(weight, right), left


def _rows(expr: Expr, where: Indices, i: Idx) -> Expr:
    """The matrix with `i` along its rows."""
    return expr if where[0] == i else _transposed(expr)


def _transposed(expr: Expr) -> Expr:
    return args_of(expr)[0] if isinstance(expr, Transpose) else Transpose(expr)


def _inner_product(vector: Expr | None) -> Expr:
    if not isinstance(vector, MatrixExpr):
        raise NoMatrixForm
    if isinstance(vector, HadamardProduct) and len(vector.args) == 2:
        return MatMul(Transpose(vector.args[0]), vector.args[1])
    return MatMul(Transpose(OneMatrix(vector.shape[0], 1)), vector)


def _assembled(groups: list[Factor], out: Indices) -> Expr:
    """One matrix expression from the factors that are left over the output indices."""
    scalars = [e for where, e in groups if not where]
    full = [_rows(e, where, out[0]) for where, e in groups if len(where) == 2]
    vectors = {where[0]: e for where, e in groups if len(where) == 1}
    if len(out) < 2:
        parts = [*vectors.values()]
    elif vectors:
        column, row = (vectors.get(i, OneMatrix(length(i), 1)) for i in out)
        parts = [MatMul(column, Transpose(row)), *full]
    else:
        parts = full
    if out and not parts:
        parts = [OneMatrix(*_shape(out))]
    body = parts[0] if len(parts) == 1 else _hadamard(*parts) if parts else Integer(1)
    return _scaled(Mul(*scalars) if all(not isinstance(s, MatrixExpr) for s in scalars) else MatMul(*scalars), body)


def _scaled(scalar: Expr, matrix: Expr) -> Expr:
    if scalar == 1:
        return matrix
    return MatMul(scalar, matrix) if isinstance(matrix, MatrixExpr) else scalar * matrix


# -- lowering back to indices, for the proof -----------------------------------------------------


def entries(expr: Expr, out: Indices, model: Model) -> Expr:
    """The entry of a matrix expression at `out`, as an index expression: (A B)_{i,k} = Σ_j A_{i,j} B_{j,k}."""
    row = out[0] if out else Integer(0)
    column = out[1] if len(out) > 1 else Integer(0)
    return _entry(expr, row, column, model)


def _entry(expr: Expr, row: Expr, column: Expr, model: Model) -> Expr:
    if not isinstance(expr, MatrixExpr):
        return expr
    if isinstance(expr, MatrixSymbol):
        quantity = model.quantities[expr.name]
        return quantity.at(*(row, column)[: len(quantity.axes)])
    if isinstance(expr, Transpose):
        return _entry(args_of(expr)[0], column, row, model)
    if isinstance(expr, OneMatrix):
        return Integer(1)
    parts = args_of(expr)
    if isinstance(expr, HadamardPower):
        return _entry(parts[0], row, column, model) ** parts[1]
    if isinstance(expr, MatAdd):
        return Add(*(_entry(a, row, column, model) for a in parts))
    if isinstance(expr, HadamardProduct):
        return Mul(*(_entry(a, row, column, model) for a in parts))
    if isinstance(expr, MatMul):
        return _product_entry(parts, row, column, model)
    raise NoMatrixForm


def _product_entry(parts: tuple[Expr, ...], row: Expr, column: Expr, model: Model) -> Expr:
    scalars = [p for p in parts if not isinstance(p, MatrixExpr)]
    matrices = [p for p in parts if isinstance(p, MatrixExpr)]
    if len(matrices) > 1:  # u^T v is a number, wherever it stands
        numbers = [m for m in matrices if isinstance(m, MatMul) and m.shape == (1, 1)]
        scalars += [_entry(m, Integer(0), Integer(0), model) for m in numbers]
        matrices = [m for m in matrices if m not in numbers]
    inner: list[Idx] = []
    stops: list[Expr] = [row]
    for a, b in pairwise(matrices):
        axis = _axis(a, 1, model) or _axis(b, 0, model)
        if axis is not None:
            inner.append(fresh(axis, {*free_indices(row), *free_indices(column), *inner}))
        stops.append(Integer(0) if axis is None else inner[-1])
    stops.append(column)
    body = Mul(*scalars, *(_entry(m, stops[k], stops[k + 1], model) for k, m in enumerate(matrices)))
    return Sum(rename_bound(body, inner), *((i, i.lower, i.upper) for i in inner)) if inner else body


def _axis(expr: Expr, side: int, model: Model) -> Idx | None:
    if isinstance(expr, MatrixSymbol):
        axes = model.quantities[expr.name].axes
        return axes[side] if side < len(axes) else None
    if isinstance(expr, Transpose):
        return _axis(args_of(expr)[0], 1 - side, model)
    if isinstance(expr, MatMul):
        matrices = [a for a in expr.args if isinstance(a, MatrixExpr)]
        return _axis(matrices[-1 if side else 0], side, model)
    if isinstance(expr, MatAdd | HadamardProduct | HadamardPower):
        found = (_axis(a, side, model) for a in expr.args if isinstance(a, MatrixExpr))
        return next((i for i in found if i is not None), None)
    return None
