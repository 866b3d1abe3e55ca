"""Usual formulas of a data matrix with a column for each point, in a text whose matrix has a row for each.

Where a text writes X^⊤ X or y = X w, its X has rows for the points: σ² (X X^⊤)^{-1} is no covariance there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Chain, Group, Juxt, Node, Sym
from derive.standards.standard import Domain

from ..context import Context
from ..lines import Line
from .matching import Match

TARGETS = frozenset("yt")
OTHERWISE = re.compile(
    r"\bcolumns?\b(?! rank)|\binstead\b|\bconvention|\btranspos|\bdual\b|\bwide\b|\bfat\b", re.IGNORECASE
)
NEAR = 600


def takes_rows_for_columns(match: Match, line: Line, context: Context) -> bool:
    """Whether a formula is a usual one only with a column for each point, and the text has a row for each."""
    domains = {part.domain for part in match.standard.parts}
    letters = {a.core for a, part in match.assignment.items() if part.domain is Domain.WIDE}
    if not letters or Domain.TALL not in domains or OTHERWISE.search(line.formula.before[-NEAR:]):
        return False
    own = line.formula.headings
    nodes = [n for n, f in context.lines.nodes if f is not line.formula and f.headings == own]
    marks = {mark for node in nodes for mark in _marks(node)}
    return all((letter, True) in marks and (letter, False) not in marks for letter in letters)


def _marks(root: Node) -> Iterator[tuple[str, bool]]:
    """The letters that stand as X^⊤ X or in y = X w, which has rows for the points, and as X X^⊤, with False."""
    for node in walk(root):
        for one, other in pairwise(node.items) if isinstance(node, Juxt) else ():
            match one, other:
                case Sym(base=x, sup=sup), Sym(base=y, sup=power) if x == y and is_transpose(sup) != is_transpose(
                    power
                ):
                    yield x, is_transpose(sup)
        if isinstance(node, Chain) and _is_target(node.operands[0]):
            yield from ((x, True) for x in _multiplying(node.operands[1]))


def _is_target(node: Node) -> bool:
    return isinstance(node, Sym) and node.base in TARGETS and node.sub is None


def _multiplying(node: Node) -> Iterator[str]:
    """The X of X w + ε."""
    while isinstance(node, Bin) and node.op in "+-":
        node = node.left
    match node.body if isinstance(node, Group) else node:
        case Juxt(items=(Sym(base=matrix, sup=None, sub=None), Sym(base=weights, sub=None))):
            if matrix[:1].isupper() and weights[:1].islower():
                yield matrix
