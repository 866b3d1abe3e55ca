"""What parts of formulas were read as before: many edits of one formula have most of their parts in common.

What a part stands for depends on its letters, on the indices around it and on the text. Where all of these are the same
it stands for the same, wherever in the source it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sympy import Expr, Idx

from .arrays import Value, opened
from .syntax import Node, Span, fields_of

if TYPE_CHECKING:
    from .dictionary import Dictionary
    from .elaborate import Reader
    from .lookup import Bound

LISTED = ("atoms", "turned", "doubts", "demands")
MARKS = ("arrays", "gradients", "laid_out")


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """What a part was read as, and what its reader noted beside it.

    Attributes:
        start: where it began.
        value: what it stands for.
        slots: the numbers of the open indices in it; in one statement they stand at one place only.
        free: the indices that are bound by no sum, behind it.
        samples, atoms, turned, doubts, demands: what was noted of it (`Lookup`).
        marks: what was noted of the statement: `MARKS`.
    """

    start: int
    value: Value
    slots: frozenset[int]
    free: dict[str, Idx]
    samples: frozenset[Idx]
    atoms: tuple[tuple[Span, Expr], ...]
    turned: tuple[Span, ...]
    doubts: tuple[str, ...]
    demands: tuple[Expr, ...]
    marks: tuple[bool, ...]


@dataclass(kw_only=True)
class Memory:
    """The parts that were read with one dictionary.

    Attributes:
        numbers: a number for each form of a part, whatever its place.
        known: what was found for a form between the same indices; one for each time that it stands in a statement.
    """

    numbers: dict[Hashable, int] = field(default_factory=dict)
    known: dict[Hashable, list[Remembered]] = field(default_factory=dict)

    def value(self, reader: Reader, node: Node, bound: Bound, read: Callable[[Node, Bound], Value]) -> Value:
        """What a part stands for, read if it is new."""
        around = (frozenset(bound.items()), frozenset(reader.free.items()), reader.entrywise, reader.layout)
        known = self.known.setdefault((self.number(node), around), [])
        found = next((k for k in known if not k.slots & reader.slots), None)
        if found is None:
            found = _read(reader, node, lambda: read(node, bound))
            known.append(found)
        else:
            _note(reader, found, node.span[0] - found.start)
        reader.slots |= found.slots
        return found.value

    def number(self, node: Node) -> int:
        """The number of the form of a part: what is written, and where within the part."""
        start, end = node.span
        form = (type(node), end - start, *(self._form(v, start) for _, v in fields_of(node)))
        return self.numbers.setdefault(form, len(self.numbers))

    def _form(self, value: Any, start: int) -> Hashable:
        if type(value) is tuple:
            return () if value and type(value[0]) is int else tuple(self._form(v, start) for v in value)
        return (self.number(value), value.span[0] - start) if hasattr(value, "span") else value


@contextmanager
def remembering(dictionary: Dictionary) -> Iterator[None]:
    """Read each part of the formulas that follow once, while nothing is learnt of their letters."""
    before, dictionary.memory = dictionary.memory, dictionary.memory or Memory()
    try:
        yield
    finally:
        dictionary.memory = before


def _read(reader: Reader, node: Node, read: Callable[[], Value]) -> Remembered:
    """What a part is read as, with what is noted of it alone."""
    noted = {name: getattr(reader, name) for name in (*LISTED, *MARKS)}
    samples, slots, first = reader.samples, frozenset(reader.slots), opened()
    for name, before in noted.items():
        setattr(reader, name, type(before)())
    reader.samples = set()
    try:
        return Remembered(
            value=read(),
            start=node.span[0],
            slots=frozenset(reader.slots - slots).union(range(first, opened())),
            free=dict(reader.free),
            samples=frozenset(reader.samples),
            marks=tuple(getattr(reader, name) for name in MARKS),
            **{name: tuple(getattr(reader, name)) for name in LISTED},
        )
    finally:
        for name, before in noted.items():
            now = getattr(reader, name)
            setattr(reader, name, before or now if name in MARKS else before + now)
        reader.samples |= samples


def _note(reader: Reader, found: Remembered, shift: int) -> None:
    """Note what was noted when a part was read, at the place where it stands now."""
    reader.atoms += [((a + shift, b + shift), value) for (a, b), value in found.atoms]
    reader.turned += [(a + shift, b + shift) for a, b in found.turned]
    reader.doubts += found.doubts
    reader.demands += found.demands
    reader.samples |= found.samples
    reader.free.update(found.free)
    for name, mark in zip(MARKS, found.marks, strict=True):
        setattr(reader, name, mark or getattr(reader, name))
