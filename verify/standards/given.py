"""What the lines of a text say that letters are, and formulas with that written out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from derive.notation.definitions import DEFINING
from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Group, Node, Num, Sym

from ..context import Context
from ..functions import Key, key_of
from ..lines import Line
from .matching import Match, strange
from .terms import atoms_of

AGAINST = "numbers speak against it"
ANEW = "is given another meaning here than before"  # why a second definition stays open


def definitions_before(line: Line, context: Context) -> dict[Key, Group]:
    """What the text says that letters are, before a line: s = log σ²."""
    return definitions(line, context, until=line.number)


def definitions(line: Line, context: Context, until: int | None = None) -> dict[Key, Group]:
    """What the other lines say that letters are, those before one number or all."""
    found: dict[Key, Group] = {}
    for n in context.lines.lines:
        defines = n.link == 0 and n.operator in DEFINING and isinstance(n.left, Sym)
        defines = defines and n.number != line.number and (until is None or n.number < until)
        if defines and isinstance(n.left, Sym) and n.right is not None and not isinstance(n.right, Num):  # no y = 1
            found[key_of(n.left)] = Group(opening="(", body=n.right, closing=")", span=n.right.span)
    return found


def written(node: Node, given: Mapping[Key, Group]) -> Node:
    """An expression with the letters written out that the text defines."""

    def put(part: Node) -> Node:
        body = given.get(key_of(dataclasses.replace(part, sup=None))) if isinstance(part, Sym) else None
        return part if body is None else dataclasses.replace(body, sup=getattr(part, "sup", None), span=part.span)

    return rebuild(node, put) if given else node


def steps_anew(line: Line, context: Context, because: str | None) -> bool:
    """Whether a step, l_t from l_{t−1}, is another one than its section gave before: none outweighs it."""
    left, why = line.left, because or ""
    if not isinstance(left, Sym) or line.right is None or not (ANEW in why or why.startswith(AGAINST)):
        return False
    if not any(isinstance(n, Sym) and (n.base, n.accents) == (left.base, left.accents) for n in walk(line.right)):
        return False
    before = (n for n in context.lines.lines if n.number < line.number and n.formula.headings == line.formula.headings)
    return any(n.operator in DEFINING and not n.link and key_of(n.left) == key_of(left) for n in before)


def says_otherwise(node: Node, match: Match, defined: Mapping[Key, Group]) -> bool:
    """Whether the text defines a letter by which none writes its part: S_B = d d^T, in the place of W in W^{-1} d."""
    plain = (dataclasses.replace(n, sup=None) for n in walk(node) if isinstance(n, Sym)) if defined else ()
    names = {a.name for n in plain if key_of(n) in defined for a in atoms_of(n)}
    return any(a.name in names for a in strange(match.assignment, match.standard))
