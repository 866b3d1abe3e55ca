"""What a finding is: a usual mistake, recognised by the edit that undoes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.notation.syntax import Node


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One replacement in the author's source.

    Attributes:
        start, end: the characters replaced, in the formula's source.
        text: what replaces them.
        was, should_be: the part around the edit before and after, for the message: `x_j`, `x_i`.
    """

    start: int
    end: int
    text: str
    was: str
    should_be: str

    def applied(self, source: str) -> str:
        """The source with the edit made."""
        return source[: self.start] + self.text + source[self.end :]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a false equation, and what else the statement uses.

    Attributes:
        source: the formula's source.
        node: the side as parsed.
        other: the other side.
        letters: the index letters of the text.
    """

    source: str
    node: Node
    other: Node
    letters: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A kind of mistake.

    Attributes:
        code, name: `GP201`, `swapped-index`.
        edits: the edits that would undo such a mistake on one side, most usual first.
    """

    code: str
    name: str
    edits: Callable[[Side], Iterator[Edit]]
