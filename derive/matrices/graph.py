"""Contraction graphs: Σ over indices of vectors and matrices, as products of matrices.

Indices are the nodes, matrices the edges, vectors weigh the nodes. Matrices over the same two indices merge into an
elementwise product. A bound index is summed over where it has at most two neighbours:

    no edge     Σ_i u_i v_i = u^T v,
    one edge    Σ_i M_{j,i} v_i = (M v)_j,
    two edges   Σ_i L_{p,i} v_i R_{i,q} = (L diag(v) R)_{p,q},

and a cycle closes into a trace. What is left over the output indices is one matrix, vector or number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sympy import (
    Basic,
    DiagMatrix,
    Expr,
    HadamardPower,
    HadamardProduct,
    Identity,
    Idx,
    Integer,
    MatAdd,
    MatMul,
    MatrixExpr,
    Mul,
    OneMatrix,
    Trace,
    Transpose,
    ZeroMatrix,
    igcd,
    ilcm,
)
from sympy.matrices.expressions.diagonal import DiagonalOf

from ..calculus.trees import args_of
from ..vocabulary import length
from .entries import NoMatrixForm

Indices = tuple[Idx, ...]
Edge = tuple[Idx, Idx, Expr]  # rows, columns, matrix


@dataclass
class Graph:
    """The factors of one term that are not yet contracted."""

    scalars: list[Expr] = field(default_factory=list)
    vectors: dict[Idx, Expr] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    def add(self, where: Indices, expr: Expr) -> None:
        """One more factor over no, one or two indices."""
        if not where:
            self.scalars.append(expr)
        elif len(where) == 1:
            (i,) = where
            self.vectors[i] = hadamard(self.vectors[i], expr) if i in self.vectors else expr
        else:
            self._join((where[0], where[1], expr))

    def _join(self, new: Edge) -> None:
        p, q, matrix = new
        for k, (a, b, old) in enumerate(self.edges):
            if {a, b} == {p, q}:
                self.edges[k] = (a, b, hadamard(old, matrix if a == p else transposed(matrix)))
                return
        self.edges.append(new)

    def contract(self, bound: Indices, out: Indices) -> None:
        """Sum over all bound indices, those with few neighbours first.

        Raises: NoMatrixForm: if each of them that is left has three neighbours or more.
        """
        left = list(bound)
        while left:
            i = min(left, key=lambda b: len(self._at(b)))
            left.remove(i)
            self._sum_over(i, out)

    def _at(self, i: Idx) -> list[Edge]:
        return [e for e in self.edges if i in e[:2]]

    def _sum_over(self, i: Idx, out: Indices) -> None:
        touched = self._at(i)
        self.edges = [e for e in self.edges if e not in touched]
        weight = self.vectors.pop(i, None)
        sides = [(b if a == i else a, m if a == i else transposed(m)) for a, b, m in touched]  # i along the rows
        if not sides:
            self.scalars.append(length(i) if weight is None else inner_product(weight))
        elif len(sides) == 1:
            self._one_side(i, *sides[0], weight, out)
        elif len(sides) == 2:
            sides.sort(key=lambda side: out.index(side[0]) if side[0] in out else len(out))
            (p, left), (q, right) = sides
            self._join((p, q, matmul(transposed(left), self._weighted(weight, q, right))))
        else:
            raise NoMatrixForm(f"{len(sides)} matrices meet at {i}")

    def _one_side(self, i: Idx, j: Idx, matrix: Expr, weight: Expr | None, out: Indices) -> None:
        """Σ_i M_{i,j} v_i = M^T v, with v = 1 where there is no v; Σ_ij A_ij B_ij = tr(A^T B)."""
        alone = j not in out and j not in self.vectors and not self._at(j)
        if alone and weight is None and (parts := _two_factors(matrix)) is not None:
            self.vectors[j] = DiagonalOf(matmul(transposed(parts[0]), parts[1]))
            return
        self.add((j,), matmul(transposed(matrix), OneMatrix(length(i), 1) if weight is None else weight))

    def _weighted(self, weight: Expr | None, q: Idx, right: Expr) -> Expr:
        """v_s R_{s,q}, together with w_q where that weighs too: (v w^T) ⊙ R."""
        if weight is None:
            return right
        if q in self.vectors:
            return hadamard(matmul(weight, Transpose(self.vectors.pop(q))), right)
        return matmul(DiagMatrix(weight), right)

    def assembled(self, out: Indices) -> Expr:
        """One expression from what is left over the output indices."""
        return scaled(Mul(*self.scalars), self._body(out)) if out else Mul(*self.scalars)

    def _body(self, out: Indices) -> Expr:
        if len(out) == 1:
            return self.vectors.get(out[0], OneMatrix(length(out[0]), 1))
        row, column = (self.vectors.get(i) for i in out)
        matrix = next((m if a == out[0] else transposed(m) for a, _, m in self.edges), None)
        if matrix is None:
            ones = [OneMatrix(length(i), 1) for i in out]
            return outer(row if row is not None else ones[0], column if column is not None else ones[1])
        if row is None and column is None:
            return matrix
        if isinstance(matrix, Identity):
            return DiagMatrix(hadamard(*(v for v in (row, column) if v is not None)))
        if row is not None and column is not None:
            return hadamard(outer(row, column), matrix)
        return matmul(matrix, DiagMatrix(column)) if row is None else matmul(DiagMatrix(row), matrix)


# -- SymPy's matrices, without rewriting by SymPy -----------------------------------------------------


def hadamard(*matrices: Expr) -> Expr:
    """An elementwise product, nested ones dissolved."""
    flat = [a for m in matrices for a in (args_of(m) if isinstance(m, HadamardProduct) else (m,))]
    return flat[0] if len(flat) == 1 else HadamardProduct(*flat)


def matmul(*matrices: Expr) -> Expr:
    """A product, nested ones dissolved, numbers in front, without factors that are the identity."""
    flat = [b for m in matrices for a in (args_of(m) if isinstance(m, MatMul) else (m,)) for b in _content(a)]
    scalar = Mul(*(a for a in flat if not isinstance(a, MatrixExpr)))
    factors = [a for a in flat if isinstance(a, MatrixExpr)]
    kept = [a for a in factors if not isinstance(a, Identity)] or factors[:1]
    return scaled(scalar, kept[0] if len(kept) == 1 else MatMul(*kept))


def _content(factor: Expr) -> tuple[Expr, Expr]:
    """The number that all terms of a sum have, and the sum without it: 2 (A − B) for 2 A − 2 B."""
    if not isinstance(factor, MatAdd):
        return Integer(1), factor
    numbers: list[Any] = [_coefficient(t).as_coeff_Mul()[0] for t in args_of(factor)]
    content = igcd(*(abs(c.p) for c in numbers)) / Integer(ilcm(*(c.q for c in numbers)))
    return (content, matadd(*(scaled(1 / content, t) for t in args_of(factor)))) if content != 1 else (content, factor)


def _coefficient(term: Expr) -> Expr:
    return Mul(*(a for a in args_of(term) if not isinstance(a, MatrixExpr))) if isinstance(term, MatMul) else Integer(1)


def matadd(*terms: Expr) -> Expr:
    """A sum of matrices, the coefficients of the same matrix added."""
    found: dict[Expr, Expr] = {}
    for term in [t for sum_ in terms for t in (args_of(sum_) if isinstance(sum_, MatAdd) else (sum_,))]:
        parts = args_of(term) if isinstance(term, MatMul) else (term,)
        scalar = Mul(*(p for p in parts if not isinstance(p, MatrixExpr)))
        matrix = matmul(*(p for p in parts if isinstance(p, MatrixExpr)))
        found[matrix] = found.get(matrix, Integer(0)) + scalar
    kept = [scaled(c, m) for m, c in found.items() if c != 0]
    if not kept:
        return ZeroMatrix(*_shape(next(iter(found))))
    return kept[0] if len(kept) == 1 else MatAdd(*kept)


def _shape(matrix: Any) -> tuple[Expr, Expr]:
    """Rows and columns, of which the type of an expression says nothing."""
    rows, columns = matrix.shape
    return rows, columns


def outer(u: Expr, v: Expr) -> Expr:
    """u v^T; all ones where both are."""
    if isinstance(u, OneMatrix) and isinstance(v, OneMatrix):
        return OneMatrix(u.shape[0], v.shape[0])
    return matmul(u, transposed(v))


def transposed(expr: Expr) -> Expr:
    """The transpose, drawn into products, and into elementwise operations where that makes transposes fewer."""
    if isinstance(expr, Transpose):
        return args_of(expr)[0]
    if isinstance(expr, Identity | DiagMatrix):
        return expr
    if isinstance(expr, OneMatrix | ZeroMatrix):
        return type(expr)(*expr.shape[::-1])
    if isinstance(expr, MatMul):
        return matmul(*(transposed(a) if isinstance(a, MatrixExpr) else a for a in reversed(args_of(expr))))
    if isinstance(expr, HadamardProduct | MatAdd | HadamardPower):
        inside = expr.func(*(transposed(a) if isinstance(a, MatrixExpr) else a for a in args_of(expr)))
        return inside if _transposes(inside) <= _transposes(expr) else Transpose(expr)
    return Transpose(expr)


def _transposes(expr: Basic) -> int:
    return isinstance(expr, Transpose) + sum(map(_transposes, expr.args))


def scaled(scalar: Expr, matrix: Expr) -> Expr:
    """A number times a matrix or number."""
    if scalar == 1:
        return matrix
    parts = args_of(matrix) if isinstance(matrix, MatMul) else (matrix,)
    if not isinstance(matrix, MatrixExpr):
        return scalar * matrix
    number = Mul(scalar, *(p for p in parts if not isinstance(p, MatrixExpr)))
    factors = [p for p in parts if isinstance(p, MatrixExpr)]
    return factors[0] if number == 1 and len(factors) == 1 else MatMul(*([number] if number != 1 else []), *factors)


def inner_product(vector: Expr) -> Expr:
    """The sum of the entries of a column: u^T v for u ⊙ v, the trace for a diagonal, else 1^T u."""
    if isinstance(vector, DiagonalOf):
        return Trace(args_of(vector)[0])
    if isinstance(vector, MatMul) and not isinstance(vector.args[0], MatrixExpr):
        number, *rest = args_of(vector)
        return number * inner_product(matmul(*rest))
    parts = _two_factors(vector)
    left, right = parts if parts is not None else (OneMatrix(_shape(vector)[0], 1), vector)
    return Trace(matmul(transposed(left), right))


def _two_factors(expr: Expr) -> tuple[Expr, Expr] | None:
    """A ⊙ B as its shortest factor and the others."""
    parts = args_of(expr)
    if isinstance(expr, HadamardPower) and parts[1] == 2:
        return parts[0], parts[0]
    if not isinstance(expr, HadamardProduct):
        return None
    first = min(range(len(parts)), key=lambda k: parts[k].count_ops())
    return parts[first], hadamard(*parts[:first], *parts[first + 1 :])
