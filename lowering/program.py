"""Array programs: named tensors, and operations whose meaning is an index expression.

An operation computes one tensor from earlier ones. `meaning` writes it in index notation, so a whole program can
be read back and proved equal to what it should compute; nothing about an operation is known to the prover otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Basic, Expr, Idx, KroneckerDelta, Mul, Product, Sum, exp, log

from derive.calculus.indices import free_indices, fresh_axes, substitute, transform
from derive.vocabulary import Maximum, is_name, name_of, names_in, scalar, tensor

from .entries import places


class LoweringError(ValueError):
    """A model that cannot be lowered: the message names the formula and what it would need."""


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
Computed = Elementwise | Reduction | LogSumExp | Residual  # of an expression, one entry after the other
Operation = Computed | Contraction | Read | Numbers | Scatter | Cholesky | Solved | LogDeterminant


def _bound(kind: Binder, body: Expr, over: Iterable[Idx]) -> Expr:
    limits = [(i, i.lower, i.upper) for i in over]
    return kind(body, *limits) if limits else body


@dataclass(frozen=True, kw_only=True)
class Loop:
    """Operations that are carried out for one value of an index after the other, each over its other axes.

    Attributes:
        over: the index, an axis of every tensor that is computed here.
        backwards: whether it runs from its last value to its first.
        body: in order; an entry one step before (or, backwards, after) is a `Read`.
        bases: name to its value just before the range; others are zero there.
    """

    over: Idx
    backwards: bool
    body: tuple[Operation, ...]
    bases: tuple[tuple[str, Expr], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What is computed, in order."""
        return tuple(o.out.name for o in self.body)


Step = Operation | Loop


@dataclass(frozen=True, kw_only=True)
class Program:
    """Operations in order of execution.

    Attributes:
        given: the tensors that are passed in; they are never written to.
        operations: each reads given tensors and earlier results; in a loop also results of earlier steps.
        outputs: the names of the results; their buffers outlive the program.
        reference: a given tensor whose number type the results have.
    """

    given: tuple[Tensor, ...]
    operations: tuple[Step, ...]
    outputs: tuple[str, ...]
    reference: str

    @cached_property
    def every(self) -> tuple[Operation, ...]:
        """All operations, those of loops included."""
        return tuple(o for step in self.operations for o in (step.body if isinstance(step, Loop) else (step,)))

    @cached_property
    def by_name(self) -> Mapping[str, Operation]:
        """The operation that computes each name."""
        return {operation.out.name: operation for operation in self.every}

    @cached_property
    def tensors(self) -> Mapping[str, Tensor]:
        """All tensors by name."""
        return {t.name: t for t in (*self.given, *(o.out for o in self.every))}

    @cached_property
    def last_use(self) -> Mapping[str, int]:
        """The position of the last step that reads each name; outputs are read at the very end."""
        found = {name: k for k, step in enumerate(self.operations) for name in step_reads(step)}
        return {**found, **dict.fromkeys(self.outputs, len(self.operations))}

    @cached_property
    def viewed(self) -> frozenset[str]:
        """The names whose buffers other names look into, and these others."""
        views = [o for o in self.every if isinstance(o, Read) and not o.brackets]
        return frozenset(name for o in views for name in (o.out.name, name_of(o.entry)))

    @cached_property
    def in_loops(self) -> Mapping[str, Loop]:
        """The loop that computes each name that is computed in one."""
        return {name: step for step in self.operations if isinstance(step, Loop) for name in step.names}

    @cached_property
    def kept(self) -> frozenset[str]:
        """The names computed in loops whose values are kept for all steps: they are read elsewhere, or at others."""
        read = set(self.outputs)
        for step in self.operations:
            if isinstance(step, Loop):
                read |= {name_of(o.entry) for o in step.body if isinstance(o, Read)} | set(step_reads(step))
            else:
                read |= set(reads(step))
        return frozenset(read & set(self.in_loops))

    def dead_after(self, position: int) -> frozenset[str]:
        """The names whose buffers may be overwritten by the operation at this position: results read there last."""
        return frozenset(
            name
            for name in step_reads(self.operations[position])
            if name in self.by_name
            and name not in self.viewed
            and name not in self.in_loops
            and self.last_use[name] == position
        )

    def dead_in(self, loop: Loop, position: int) -> frozenset[str]:
        """The same within the body of a loop, where only what it computes anew at each step may be overwritten."""
        later = {name for o in loop.body[position + 1 :] for name in reads(o)}
        own = set(loop.names) - self.kept - self.viewed - later
        return frozenset(own & set(reads(loop.body[position])))

    def pruned(self, outputs: tuple[str, ...]) -> Program:
        """The steps that the outputs need, each as late as its first reader allows."""
        ordered: dict[str, Step] = {}
        steps: dict[str, Step] = {o.out.name: o for o in self.operations if not isinstance(o, Loop)}
        steps.update(self.in_loops)

        def visit(name: str) -> None:
            if name in steps and name not in ordered:
                step = steps[name]
                for read in step_reads(step):
                    visit(read)
                ordered.update(dict.fromkeys(step.names if isinstance(step, Loop) else (name,), step))

        for name in outputs:
            visit(name)
        kept = tuple({id(step): step for step in ordered.values()}.values())
        used = {name for step in kept for name in step_reads(step)}
        given = tuple(t for t in self.given if t.name in used)
        return Program(given=given, operations=kept, outputs=outputs, reference=self.reference)

    def read_back(self, name: str, opaque: Iterable[str]) -> Expr:
        """What the program computes under a name, as an index expression in the opaque names."""
        kept = set(opaque)

        def meaning(atom: Expr) -> Expr | None:
            if not is_name(atom) or name_of(atom) in kept or name_of(atom) not in self.by_name:
                return None
            operation = self.by_name[name_of(atom)]
            own: dict[Basic, Basic] = dict(zip(operation.out.axes, places(atom), strict=True))
            return transform(substitute(operation.meaning, own), meaning)

        return transform(self.by_name[name].meaning, meaning)


def step_reads(step: Step) -> tuple[str, ...]:
    """The names that a step reads, for a loop those from outside and those in its bases."""
    if not isinstance(step, Loop):
        return reads(step)
    inside = [name for o in step.body for name in reads(o) if name not in step.names]
    bases = [name_of(a) for _, base in step.bases for a in names_in(base)]
    return tuple(dict.fromkeys((*inside, *bases)))


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
    shares = (operation.shares,) if isinstance(operation, Residual) else ()
    return (*names_in(operation.expr), *shares)


def reads(operation: Operation) -> tuple[str, ...]:
    """The names that an operation reads, in order of appearance."""
    return tuple(dict.fromkeys(name_of(a) for a in entries(operation)))
