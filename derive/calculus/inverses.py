"""A matrix times its inverse, under a sum over a whole axis: Σ_j (A^{-1})_ij A_jk = Σ_j A_ij (A^{-1})_jk = δ_ik."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Idx, Indexed, KroneckerDelta

from ..vocabulary import InverseEntry
from .indices import free_indices, within

Factors = tuple[Expr, ...]
Bound = tuple[Idx, ...]


def identity_matrix(factors: Factors, bound: Bound) -> tuple[Factors, Bound] | None:
    """The product with one matrix times its inverse replaced by δ, or None where there is none.

    The index between the two must stand in them alone and run over all of the matrix, and the outer row and column
    must certainly lie inside it.

    Args:
        factors: the factors of the product under the sum, each to the power it has.
        bound: the indices summed over.
    """
    inverses = [f for f in factors if isinstance(f, InverseEntry)]
    for i in bound if inverses else ():
        pair = [f for f in factors if i in free_indices(f)]
        ranges = any(i in free_indices(b) for j in bound for b in (j.lower, j.upper))
        if ranges or len(pair) != 2:
            continue
        for first, second in (pair, pair[::-1]):
            if isinstance(first, InverseEntry) and (delta := _delta(first, second, i)) is not None:
                rest = tuple(f for f in factors if f not in pair)
                return (*rest, delta), tuple(j for j in bound if j != i)
    return None


def _delta(inverse: Any, entry: Expr, i: Idx) -> Expr | None:
    """The entry of the unit matrix that Σ_i of an entry of the inverse times one of the matrix is."""
    if not isinstance(entry, Indexed) or entry.base != inverse.args[0] or len(entry.indices) != 2:
        return None
    for between, outer in ((1, 0), (0, 1)):  # (A^{-1})_{outer,i} A_{i,·} and A_{·,i} (A^{-1})_{i,outer}
        place, left = inverse.place[between], inverse.place[outer]
        met, right = entry.indices[outer], entry.indices[between]
        if place != met or i in free_indices(left) | free_indices(right) or not _whole(place, i, inverse.span):
            continue
        if within(left, *inverse.span) and within(right, *inverse.span):
            return KroneckerDelta(left, right)
    return None


def _whole(place: Expr, i: Idx, span: tuple[Expr, Expr]) -> bool:
    """Whether i + c runs over the span as i runs over its range."""
    shift = (place - i).expand()
    ends = ((i.lower + shift - span[0]).expand(), (i.upper + shift - span[1]).expand())
    return not free_indices(shift) and ends == (0, 0)
