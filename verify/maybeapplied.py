r"""Letters that stand before brackets only, on both sides, φ(2 E[X]) = 2 φ(E[X]): functions, perhaps, and no factors.

Read as a factor such a letter would prove of every function what is true of linear ones alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from derive.chances.reading import EXPECTATIONS, VARIANCES
from derive.notation.conventions import PROBABILITY_LETTERS
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Bin, Group, Juxt, Neg, Node, Sym

from .lines import Line

OPERATORS = EXPECTATIONS | VARIANCES | PROBABILITY_LETTERS | {"Cov", "cov", "H", "I", "D"}


def may_be_applied(line: Line, but: frozenset[str] = frozenset()) -> bool:
    """Whether a letter that could be a factor always stands before a round bracket that holds more than names.

    Args:
        line: the relation.
        but: letters that are functions wherever they stand before brackets.
    """
    if line.right is None:
        return False
    sides = [list(walk(side)) for side in (line.left, line.right)]
    before = {id(head): body for side in sides for head, body in _bracketed(side)}
    wide = {_bare(n) for side in sides for n in side if isinstance(n, Sym) and _is_wide(before.get(id(n)))}
    own = ([_uses(letter, side) for side in sides] for letter in wide if letter.base not in OPERATORS | but)
    return any(all(used and all(id(n) in before for n in used) for used in uses) for uses in own)


def _bracketed(side: list[Node]) -> Iterator[tuple[Sym, Node]]:
    """The letters without a power before round brackets, and what these hold."""
    for items in (n.items for n in side if isinstance(n, Juxt)):
        for head, group in pairwise(items):
            if isinstance(head, Sym) and head.sup is None and isinstance(group, Group) and group.opening == "(":
                yield head, group.body


def _uses(letter: Sym, side: list[Node]) -> list[Sym]:
    return [n for n in side if isinstance(n, Sym) and _bare(n) == letter]


def _bare(sym: Sym) -> Sym:
    found = unplaced(replace(sym, sup=None))
    assert isinstance(found, Sym)
    return found


def _is_wide(body: Node | None) -> bool:
    """Whether a bracket holds more than names: a sum, a product, a mean."""
    return isinstance(body, Bin | Neg | Juxt)
