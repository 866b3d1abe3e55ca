"""A formula that just misses a standard one: what is wrong of it, and the replacements that make it standard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.notation.runs import walk
from derive.notation.syntax import Node

from ...context import Context
from ...judge import Judgement
from ...lines import Line
from ...results import Suggestion, Verdict
from ...rules.edit import Rule

Replacement = tuple[int, int, str]  # the first character replaced, the one behind the last, and what takes their place


@dataclass(frozen=True, kw_only=True)
class Miss:
    """What a formula misses.

    Attributes:
        rule: the kind of mistake.
        because: what is wrong, in words.
        changes: the replacements in the formula's source that put it right, from left to right.
        shown: what the message shows of the first of them, before and after.
    """

    rule: Rule
    because: str
    changes: tuple[Replacement, ...]
    shown: tuple[str, str]


Search = Callable[[Line, Context], Miss | None]


def found_as(miss: Miss, line: Line) -> tuple[Judgement, tuple[Rule, Suggestion]]:
    """What is reported of a miss."""
    node = line.right or line.left
    source, (start, end) = line.formula.latex, node.span
    text, done = "", start
    for low, high, new in miss.changes:
        text += source[done:low] + new
        done = high
    text += source[done:end]
    low, high = miss.changes[0][0], miss.changes[-1][1]
    span = None if line.formula.origins else (line.formula.offset + low, line.formula.offset + high)
    inside = Suggestion(
        latex=text,
        edit=f"{miss.shown[0]} → {miss.shown[1]}",
        verdict=Verdict.UNDECIDED,
        span=span,
        text=_between(source, miss.changes),
    )
    return Judgement(verdict=Verdict.REFUTED, because=miss.because), (miss.rule, inside)


def _between(source: str, changes: tuple[Replacement, ...]) -> str:
    text, done = "", changes[0][0]
    for low, high, new in changes:
        text += source[done:low] + new
        done = high
    return text


def sides_of(line: Line) -> tuple[Node, ...]:
    """The sides of a relation that stand in its own formula."""
    both = (line.left, line.right) if line.carried is None else (line.right,)
    return tuple(side for side in both if side is not None)


def nodes_of(line: Line) -> Iterator[Node]:
    """Every part of a relation."""
    for side in sides_of(line):
        yield from walk(side)
