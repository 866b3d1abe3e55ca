"""Usual formulas of a family that begins at 1, in a text whose mass begins at 0: both are usual, not together."""

from __future__ import annotations

from collections.abc import Callable

from derive.notation.definitions import DEFINING
from derive.notation.dictionary import Unreadable
from derive.standards.beginnings import FIRST
from derive.standards.standard import Standard
from derive.standards.table import STANDARDS

from ..context import Context
from ..lines import Line
from .matching import Match

FAMILIES = tuple(sorted({family for family, _ in FIRST}))


Matching = Callable[[Line, Standard], Match | None]


def begins_otherwise(matches: list[Match], line: Line, context: Context, matching: Matching) -> bool:
    """Whether the section gives the mass of the other kind before a line, for one of its usual formulas."""
    return any(_begins_otherwise(match, line, context, matching) for match in matches)


def _begins_otherwise(match: Match, line: Line, context: Context, matching: Matching) -> bool:
    family = next((f for f in FAMILIES if match.standard.name.endswith(f" of the {f} distribution")), None)
    first = None if family is None else FIRST.get((family, match.latex))
    if family is None or first is None:
        return False
    masses = [row for row in STANDARDS if row.name == f"mass of the {family} distribution"]
    before = (n for n in context.lines.lines if n.number < line.number and n.formula.headings == line.formula.headings)
    for other in (n for n in before if n.right is not None and n.operator in DEFINING):
        for row in masses:
            try:
                found = matching(other, row)
            except (Unreadable, ValueError):
                continue
            if found is not None and FIRST.get((family, found.latex), first) != first:
                return True
    return False
