"""Array programs: operations in order of execution, some of them in loops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sympy import Basic, Expr, Idx

from derive.calculus.indices import substitute, transform
from derive.vocabulary import is_name, name_of, names_in

from .entries import places
from .operations import Operation, Read, Tensor, reads


class LoweringError(ValueError):
    """A model that cannot be lowered: the message names the formula and what it would need."""


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
        labels: data that may be labels instead of one-hot rows, each with the given tensor and the axis they count.
    """

    given: tuple[Tensor, ...]
    operations: tuple[Step, ...]
    outputs: tuple[str, ...]
    reference: str
    labels: Mapping[str, tuple[str, int]] = field(default_factory=dict)

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
        given = tuple(t for t in self.given if t.name in used or t.name == self.reference)
        return replace(self, given=given, operations=kept, outputs=outputs)

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
