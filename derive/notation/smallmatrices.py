"""Determinants and inverses of square matrices of a few rows, by their entries."""

from __future__ import annotations

from itertools import permutations

from sympy import Add, Expr, Integer, KroneckerDelta, Mul
from sympy.combinatorics.permutations import Permutation

from .arrays import Array, ShapeError, Value

LARGEST = 4


def _square(value: Value) -> tuple[Array, int, int] | None:
    """A square matrix of at most four rows with its first and last index; None for any other value."""
    if not isinstance(value, Array) or value.rank != 2 or value.slots[0].range != value.slots[1].range:
        return None
    low, high = value.slots[0].range
    if not (low.is_Integer and high.is_Integer) or not 0 <= int(high) - int(low) < LARGEST:
        return None
    return value, int(low), int(high)


def is_small(value: Value) -> bool:
    """Whether it is a square matrix of at most four rows."""
    return _square(value) is not None


def determinant(value: Value) -> Expr:
    """det A = Σ_π sgn(π) Π_i A_{i,π(i)} of a matrix of up to four rows.

    Raises: ShapeError: of anything else.
    """
    found = _square(value)
    if found is None:
        raise ShapeError("a determinant is read within a logarithm only, but of a square matrix of few rows")
    matrix, low, high = found
    return _minor(matrix, list(range(low, high + 1)), list(range(low, high + 1)))


def _minor(matrix: Array, rows: list[int], columns: list[int]) -> Expr:
    terms = []
    for order in permutations(range(len(columns))):
        entries = [matrix.at(Integer(i), Integer(columns[k])) for i, k in zip(rows, order, strict=True)]
        terms.append(Mul(Permutation(list(order)).signature(), *entries))
    total: Expr = Add(*terms)
    return total


def small_inverse(value: Value) -> Array | None:
    """A^{-1}, the transposed cofactors over the determinant, of a matrix of up to four rows; None of any other."""
    found = _square(value)
    if found is None:
        return None
    matrix, low, high = found
    every = range(low, high + 1)
    i, j = (s.index for s in matrix.slots)
    terms = []
    for r in every:
        for c in every:
            rest = _minor(matrix, [k for k in every if k != c], [k for k in every if k != r])
            terms.append(Mul((-1) ** (r + c), rest, KroneckerDelta(i, r), KroneckerDelta(j, c)))
    return matrix.map(lambda _: Add(*terms) / determinant(matrix))
