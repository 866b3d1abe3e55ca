"""Inverses and log-determinants by the Cholesky factor: Σ_j (A^{-1})_{i,j} b_j solves A x = b."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sympy import Expr, Idx, Mul

from derive.calculus.indices import free_indices
from derive.quantities import Domain
from derive.vocabulary import InverseEntry, scalar

from .entries import places
from .operations import Cholesky, LogDeterminant, Solved, Tensor
from .program import LoweringError
from .sums import canonical

if TYPE_CHECKING:
    from .contract import Builder

Solvable = tuple[InverseEntry, Idx, Idx, Expr, tuple[Expr, ...]]


def with_solutions(builder: Builder, body: Expr, over: tuple[Idx, ...]) -> tuple[Expr, tuple[Idx, ...]]:
    """A product under a sum with every Σ_j (A^{-1})_{i,j} b[j] in it solved for; the indices that are left."""
    while (found := _solvable(body, over)) is not None:
        inverse, i, j, right, rest = found
        entry = builder.entry(builder.flat(right))
        axes = (*(k for k in places(entry) if k != j), i)
        key = canonical((inverse, entry), (*axes, j))
        if key not in builder.known:
            out, factor = Tensor(name=builder.fresh_name(), axes=axes), _factor(builder, inverse)
            solved = Solved(out=out, factor=factor, inverse=inverse, right=entry, over=j)
            builder.known[key] = builder.emit(solved).name
        body = Mul(Tensor(name=builder.known[key], axes=axes).entry, *rest)
        over = tuple(k for k in over if k != j)
    return body, over


def _solvable(body: Expr, over: tuple[Idx, ...]) -> Solvable | None:
    """An inverse in a product that is summed with a right-hand side: (A^{-1})_{i,j}, i, j, b[j], other factors."""
    factors = Mul.make_args(body)
    for inverse in (f for f in factors if isinstance(f, InverseEntry)):
        first, second = inverse.place
        others = [f for f in factors if f is not inverse]
        for i, j in ((first, second), (second, first)):
            right = [f for f in others if j in free_indices(f)]
            plain = isinstance(i, Idx) and j in over and i != j and bool(right)
            if plain and not any(f.has(InverseEntry) or i in free_indices(f) for f in right):
                return inverse, i, j, Mul(*right), tuple(f for f in others if f not in right)
    return None


def of_a_matrix(builder: Builder, expr: Expr) -> Expr:
    """An entry of an inverse, or a log-determinant, as an entry of a tensor that holds it."""
    axes = cast("tuple[Idx, ...]", expr.place) if isinstance(expr, InverseEntry) else ()
    key = canonical((expr,), axes)
    if key not in builder.known:
        factor = _factor(builder, expr)
        suffix = "inverse" if axes else "logdet"
        out = Tensor(name=builder.fresh_name(f"{expr.args[0]}_{suffix}"), axes=axes)
        whole = LogDeterminant(out=out, factor=factor, determinant=expr)
        builder.known[key] = builder.emit(Solved(out=out, factor=factor, inverse=expr) if axes else whole).name
    return Tensor(name=builder.known[key], axes=axes).entry


def _factor(builder: Builder, expr: Expr) -> Expr:
    """An entry of the Cholesky factor of the matrix of an inverse or a log-determinant."""
    name = str(expr.args[0])
    if name not in builder.definite:
        raise LoweringError(
            f"the inverse or the determinant of {name} is lowered by its Cholesky factor; give {name} the domain "
            f"{Domain.POSITIVE_DEFINITE.value!r}"
        )
    axes, key = builder.shapes[name], (scalar(f"Cholesky factor of {name}"),)
    if key not in builder.known:
        out = Tensor(name=builder.fresh_name(f"{name}_cholesky"), axes=axes)
        matrix = Tensor(name=name, axes=axes).entry
        builder.known[key] = builder.emit(Cholesky(out=out, matrix=matrix)).name
    return Tensor(name=builder.known[key], axes=axes).entry
