"""Array programs: named tensors, and operations whose meaning is an index expression.

An operation computes one tensor from earlier ones. `meaning` writes it in index notation, so a whole program can
be read back and proved equal to what it should compute; nothing about an operation is known to the prover otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Basic, Expr, Idx, Mul, Product, Sum

from derive.calculus.indices import substitute, transform
from derive.vocabulary import is_name, name_of, names_in, scalar, tensor

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
    """out[A] = Σ_K expr or Π_K expr, with `expr` elementwise over A and K."""

    out: Tensor
    expr: Expr
    over: tuple[Idx, ...]
    kind: type[Sum] | type[Product] = Sum

    @property
    def meaning(self) -> Expr:
        """The reduction as a sum or product."""
        return _bound(self.kind, self.expr, self.over)


Operation = Contraction | Elementwise | Reduction


def _bound(kind: type[Sum] | type[Product], body: Expr, over: Iterable[Idx]) -> Expr:
    limits = [(i, i.lower, i.upper) for i in over]
    return kind(body, *limits) if limits else body


@dataclass(frozen=True, kw_only=True)
class Program:
    """Operations in order of execution.

    Attributes:
        given: the tensors that are passed in; they are never written to.
        operations: each reads given tensors and earlier results.
        outputs: the names of the results; their buffers outlive the program.
        reference: a given tensor whose number type the results have.
    """

    given: tuple[Tensor, ...]
    operations: tuple[Operation, ...]
    outputs: tuple[str, ...]
    reference: str

    @cached_property
    def by_name(self) -> Mapping[str, Operation]:
        """The operation that computes each name."""
        return {operation.out.name: operation for operation in self.operations}

    @cached_property
    def tensors(self) -> Mapping[str, Tensor]:
        """All tensors by name."""
        return {t.name: t for t in (*self.given, *(o.out for o in self.operations))}

    @cached_property
    def last_use(self) -> Mapping[str, int]:
        """The position of the last operation that reads each name; outputs are read at the very end."""
        found = {name: k for k, o in enumerate(self.operations) for name in reads(o)}
        return {**found, **dict.fromkeys(self.outputs, len(self.operations))}

    def dead_after(self, position: int) -> frozenset[str]:
        """The names whose buffers may be overwritten by the operation at this position: results read there last."""
        return frozenset(
            name
            for name in reads(self.operations[position])
            if name in self.by_name and self.last_use[name] == position
        )

    def pruned(self, outputs: tuple[str, ...]) -> Program:
        """The operations that the outputs need, each as late as its first reader allows."""
        ordered: dict[str, Operation] = {}

        def visit(name: str) -> None:
            if name in self.by_name and name not in ordered:
                for read in reads(self.by_name[name]):
                    visit(read)
                ordered[name] = self.by_name[name]

        for name in outputs:
            visit(name)
        used = {name for o in ordered.values() for name in reads(o)}
        given = tuple(t for t in self.given if t.name in used)
        return Program(given=given, operations=tuple(ordered.values()), outputs=outputs, reference=self.reference)

    def read_back(self, name: str, opaque: Iterable[str]) -> Expr:
        """What the program computes under a name, as an index expression in the opaque names."""
        kept = set(opaque) - {name}

        def meaning(atom: Expr) -> Expr | None:
            if not is_name(atom) or name_of(atom) in kept or name_of(atom) not in self.by_name:
                return None
            operation = self.by_name[name_of(atom)]
            own: dict[Basic, Basic] = dict(zip(operation.out.axes, places(atom), strict=True))
            return transform(substitute(operation.meaning, own), meaning)

        return transform(self.tensors[name].entry, meaning)


def reads(operation: Operation) -> tuple[str, ...]:
    """The names that an operation reads, in order of appearance."""
    parts = (operation.left, operation.right) if isinstance(operation, Contraction) else (operation.expr,)
    return tuple(dict.fromkeys(name_of(a) for part in parts for a in names_in(part)))
