r"""∂J/∂β = 2 X^T (X β̂ − y) = 0: the derivative at the solution, which nothing before the right side names."""

from __future__ import annotations

import dataclasses

from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Chain, Fraction, Juxt, Node, Sym

from .context import Context
from .functions import key_of
from .lines import Line

DIFFERENTIALS = frozenset({"partial", "d"})
STARS = frozenset({"*", "ast", "star"})
HATS = frozenset({"hat", "widehat"})


def at_solution(line: Line, context: Context) -> Line:
    """The line with the letter itself for the mark of its solution, β for β̂; the same line where it may be another's.

    The right side has no β beside β̂, and no other formula before it has β̂, nor one that says what is differentiated:
    the ŷ of a loss is no y.
    """
    by = _differentiated_by(line.left)
    if by is None or line.right is None or line.link:
        return line
    letters = [n for n in walk(line.right) if isinstance(n, Sym)]
    marked = {key_of(n) for n in letters if _is_marked(n, by)}
    if len(marked) != 1 or any(_is_bare(n, by) for n in letters):
        return line
    of = {n.base for n in walk(line.left) if isinstance(n, Sym)} - DIFFERENTIALS - {by.base, "nabla"}
    before = True
    for node, formula in context.lines.nodes:
        before = before and formula is not line.formula
        has_it = any(_has_mark(n) and n.base == by.base for n in walk(node) if isinstance(n, Sym))
        if has_it and formula is not line.formula and (before or _head(node) in of):
            return line
    return dataclasses.replace(line, right=rebuild(line.right, lambda n: _unmarked(n, by)))


def _differentiated_by(left: Node) -> Sym | None:
    r"""The β of ∂J/∂β, of ∂/∂β J and of ∇_β J."""
    first = left.items[0] if isinstance(left, Juxt) else left
    if isinstance(first, Sym) and first.base == "nabla":
        return first.sub if isinstance(first.sub, Sym) and not first.sub.accents else None
    below = first.below if isinstance(first, Fraction) else None
    if not isinstance(below, Juxt) or len(below.items) != 2:
        return None
    sign, by = below.items
    named = isinstance(sign, Sym) and sign.base in DIFFERENTIALS and isinstance(by, Sym)
    return by if named and isinstance(by, Sym) and by.sup is None and not by.accents else None


def _head(node: Node) -> str | None:
    """The letter that a definition begins with."""
    first = node.operands[0] if isinstance(node, Chain) else node
    first = first.items[0] if isinstance(first, Juxt) else first
    return first.base if isinstance(first, Sym) else None


def _is_marked(node: Sym, by: Sym) -> bool:
    return _has_mark(node) and node.base == by.base and _same_place(node, by)


def _has_mark(node: Sym) -> bool:
    """Whether a letter has a star, or a hat, and nothing else."""
    hatted = len(node.accents) == 1 and node.accents[0] in HATS
    return hatted != _is_starred(node) and (hatted or not node.accents)


def _is_starred(node: Sym) -> bool:
    return isinstance(node.sup, Sym) and node.sup.base in STARS


def _is_bare(node: Sym, by: Sym) -> bool:
    return node.base == by.base and not node.accents and not _is_starred(node) and _same_place(node, by)


def _same_place(node: Sym, by: Sym) -> bool:
    here, there = (None if n.sub is None else key_of(dataclasses.replace(n, sup=None, accents=())) for n in (node, by))
    return here == there


def _unmarked(node: Node, by: Sym) -> Node:
    if not isinstance(node, Sym) or not _is_marked(node, by):
        return node
    return dataclasses.replace(node, accents=(), sup=None if _is_starred(node) else node.sup)
