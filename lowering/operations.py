"""Operations of array programs: named tensors, computed from earlier ones.

An operation has a `meaning`: what it computes in index notation, so that a whole program can be read back and proved
equal to what it should compute; nothing about an operation is known to the prover otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Basic, Expr, Idx, KroneckerDelta, Mul, Product, Sum, exp, log

from derive.calculus.indices import free_indices, fresh_axes, substitute
from derive.vocabulary import Maximum, name_of, names_in, scalar, tensor

from .entries import places


@dataclass(frozen=True, kw_only=True)
class Tensor:
    """A named array with one axis for each index; () for a scalar."""

    name: str
    axes: tuple[Idx, ...] = ()

    @property
    def entry(self) -> Expr:
        """The entry at the tensor's own axes."""
        return tensor(self.name)[self.axes] if self.axes else scalar(self.name)


@dataclass(frozen=True, kw_only=True)
class Contraction:
    """out[A, B] = Σ_K a[A, K] b[K, B], for two entries `left` and `right` of earlier tensors."""

    out: Tensor
    left: Expr
    right: Expr

    @property
    def over(self) -> tuple[Idx, ...]:
        """The indices that are summed over."""
        found = dict.fromkeys((*places(self.left), *places(self.right)))
        return tuple(i for i in found if i not in self.out.axes)

    @property
    def meaning(self) -> Expr:
        """The contraction as a sum."""
        return _bound(Sum, Mul(self.left, self.right), self.over)


@dataclass(frozen=True, kw_only=True)
class Elementwise:
    """out[A] = expr, an expression without sums over entries of earlier tensors."""

    out: Tensor
    expr: Expr

    @property
    def meaning(self) -> Expr:
        """The expression itself."""
        return self.expr


@dataclass(frozen=True, kw_only=True)
class Reduction:
    """out[A] = Σ_K expr, Π_K expr or max_K expr, with `expr` elementwise over A and K."""

    out: Tensor
    expr: Expr
    over: tuple[Idx, ...]
    kind: Binder = Sum

    @property
    def meaning(self) -> Expr:
        """The reduction as a sum, product or maximum."""
        return _bound(self.kind, self.expr, self.over)


@dataclass(frozen=True, kw_only=True)
class LogSumExp:
    """out[A] = log Σ_K e^expr, without overflow."""

    out: Tensor
    expr: Expr
    over: tuple[Idx, ...]

    @property
    def meaning(self) -> Expr:
        """The logarithm of the sum."""
        logarithm: Expr = log(_bound(Sum, exp(self.expr), self.over))
        return logarithm


@dataclass(frozen=True, kw_only=True)
class Residual:
    """out[A, K] = expr − p Σ_K expr for shares p[A, K] that add up to 1 over K, so that the results add up to 0."""

    out: Tensor
    expr: Expr
    shares: Expr
    over: tuple[Idx, ...]

    @property
    def meaning(self) -> Expr:
        """The difference, with the sum."""
        others = fresh_axes(self.over, free_indices(self.expr))
        own: dict[Basic, Basic] = dict(zip(self.over, others, strict=True))
        difference: Expr = self.expr - self.shares * _bound(Sum, substitute(self.expr, own), others)
        return difference


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """out[A] = expr + δ(t, place) seed[A]: at one step of a loop over t something is added, such as ∂L/∂h_T at T.

    Attributes:
        expr: elementwise.
        seed: an entry of an earlier tensor, without t.
        over: the index t of the loop.
        place: the step.
        brackets: the ranges within which the seed is, where those of the result differ from step to step.
    """

    out: Tensor
    expr: Expr
    seed: Expr
    over: Idx
    place: Expr
    brackets: tuple[Expr, ...] = ()

    @property
    def meaning(self) -> Expr:
        """The sum, with a delta."""
        whole: Expr = self.expr + Mul(KroneckerDelta(self.place, self.over), self.seed, *self.brackets)
        return whole


@dataclass(frozen=True, kw_only=True)
class Read:
    """out[A] = a[places of A], an entry at shifted, strided or fixed places; 0 where a bracket is.

    Attributes:
        entry: of an earlier tensor, `x[s, c, S*p + u]`.
        brackets: `Inside` of some of its places, each over the whole range of its axis.
    """

    out: Tensor
    entry: Expr
    brackets: tuple[Expr, ...] = ()

    @property
    def meaning(self) -> Expr:
        """The entry within its brackets."""
        return Mul(self.entry, *self.brackets)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """out[i] = i: an index as the numbers it runs over."""

    out: Tensor

    @property
    def meaning(self) -> Expr:
        """The index itself."""
        return self.out.axes[0]


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """out[A, q] = Σ_{p,u} a[A, p, u] δ(q, S p + u): each entry is added at its place.

    Attributes:
        entry: of an earlier tensor, at plain indices.
        targets: pairs of an axis q of the result and the place S p + u.
    """

    out: Tensor
    entry: Expr
    targets: tuple[tuple[Idx, Expr], ...]

    @property
    def over(self) -> tuple[Idx, ...]:
        """The indices of the places."""
        moving = sorted(set().union(*(free_indices(place) for _, place in self.targets)), key=str)
        return tuple(dict.fromkeys((*(i for i in places(self.entry) if i not in self.out.axes), *moving)))

    @property
    def meaning(self) -> Expr:
        """The sum over all places, with deltas."""
        return _bound(Sum, Mul(self.entry, *(KroneckerDelta(q, place) for q, place in self.targets)), self.over)


@dataclass(frozen=True, kw_only=True)
class Cholesky:
    """out = L with A = L L^T for a symmetric positive definite A; `Solved` and `LogDeterminant` say what it is for."""

    out: Tensor
    matrix: Expr

    @property
    def meaning(self) -> Expr:
        """An entry of L, which has no other form here."""
        return self.out.entry


@dataclass(frozen=True, kw_only=True)
class Solved:
    """out[K, i] = Σ_j (A^{-1})_{i,j} b[K, j], or with A^{-1} transposed, which is the same for a symmetric A.

    Attributes:
        factor: the Cholesky factor of A.
        inverse: (A^{-1})_{i,j}, or (A^{-1})_{j,i}.
        right: b, at plain indices; None for the inverse itself.
        over: the index j.
    """

    out: Tensor
    factor: Expr
    inverse: Expr
    right: Expr | None = None
    over: Idx | None = None

    @property
    def meaning(self) -> Expr:
        """The sum, or the entry of the inverse."""
        if self.right is None or self.over is None:
            return self.inverse
        return _bound(Sum, self.inverse * self.right, (self.over,))


@dataclass(frozen=True, kw_only=True)
class LogDeterminant:
    """out = log det A = 2 Σ_i log L_{i,i}."""

    out: Tensor
    factor: Expr
    determinant: Expr

    @property
    def meaning(self) -> Expr:
        """The log-determinant."""
        return self.determinant


Binder = type[Sum] | type[Product] | type[Maximum]
Computed = Elementwise | Reduction | LogSumExp | Residual | Seeded  # of an expression, one entry after the other
Operation = Computed | Contraction | Read | Numbers | Scatter | Cholesky | Solved | LogDeterminant


def _bound(kind: Binder, body: Expr, over: Iterable[Idx]) -> Expr:
    limits = [(i, i.lower, i.upper) for i in over]
    return kind(body, *limits) if limits else body


def entries(operation: Operation) -> tuple[Expr, ...]:
    """The entries that an operation reads, in order of appearance."""
    if isinstance(operation, Numbers):
        return ()
    if isinstance(operation, Contraction):
        return (operation.left, operation.right)
    if isinstance(operation, Read | Scatter):
        return (operation.entry,)
    if isinstance(operation, Cholesky):
        return (operation.matrix,)
    if isinstance(operation, Solved | LogDeterminant):
        right = operation.right if isinstance(operation, Solved) else None
        return (operation.factor,) if right is None else (operation.factor, right)
    more = (operation.shares,) if isinstance(operation, Residual) else ()
    more = (operation.seed,) if isinstance(operation, Seeded) else more
    return (*names_in(operation.expr), *more)


def reads(operation: Operation) -> tuple[str, ...]:
    """The names that an operation reads, in order of appearance."""
    return tuple(dict.fromkeys(name_of(a) for a in entries(operation)))
