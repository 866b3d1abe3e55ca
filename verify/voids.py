r"""Formulas that are void: (x_{ij} − x_{ij})², −2A^T + 2A^T, and f(x | w) p(w) dw without its integral."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Big, Bin, Chain, Fraction, Group, Juxt, Listing, Neg, Node, Num, Span, Sym

from .context import Context
from .lines import Line

NOTHING = re.compile(
    r"\b(?:zero\w*|diagonal\w*|vanish\w*|cancel\w*|itself|themselves|trivial\w*|disappear\w*)\b|\$0\$", re.IGNORECASE
)
ZERO = re.compile(  # = 0, = \mathbf{0}
    r"=(?:[\s&~]|\\[,;: !]|\\q?quad)*(?:\\(?:math|bold|bm|vec|text)\w*\s*\{?\s*)*0(?!\.?\d)"
)
LENGTHS = frozenset({r"\|", "||", "|"})
REACH = 200  # characters around a formula


@dataclass(frozen=True, kw_only=True)
class Void:
    """What is void.

    Attributes:
        message: what is wrong, in one line.
        place: where something is missing, if that is what is wrong.
        text: what is missing there.
    """

    message: str
    place: Span | None = None
    text: str = ""


def voids(line: Line, context: Context) -> Iterator[Void]:
    """The differences of a thing and itself, and the integrals without a sign, of a formula or relation."""
    sides = [n for n in (line.left, line.right) if n is not None]
    if not _is_of_nothing(line):
        for group in (n for side in sides for n in walk(side) if isinstance(n, Group)):
            if (group.sup is not None or group.opening in LENGTHS) and _has_index(group.body) and _cancels(group.body):
                yield Void(message="it is the difference of a thing and itself, which is zero")
        if line.right is not None and _cancels(line.right):
            yield Void(message="the terms of a side are the same with opposite signs, so that nothing is left of it")
    yield from _without_sign(line, context)


def _is_of_nothing(line: Line) -> bool:
    """Whether zero is what a formula or the words around it speak of, or a thing and itself: d(x, x)."""
    zero = any(
        isinstance(n, Chain) and any(isinstance(o, Num) and o.text == "0" for o in n.operands)
        for node in (line.left, line.right)
        if node is not None
        for n in walk(node)
    ) or any(isinstance(n, Num) and n.text == "0" for n in (line.left, line.right))
    said = f"{line.formula.before[-REACH:]} {line.formula.after[:REACH]}"
    twice = any(_repeats(n) for n in walk(line.left) if isinstance(n, Listing))
    return zero or twice or NOTHING.search(said) is not None or ZERO.search(line.formula.latex) is not None


def _repeats(listing: Listing) -> bool:
    items = [unplaced(i) for i in listing.items]
    return any(a in items[:k] for k, a in enumerate(items))


def _has_index(node: Node) -> bool:
    return any(isinstance(n, Sym) and n.sub is not None for n in walk(node))


def _cancels(node: Node) -> bool:
    """Whether a sum has two terms, the same with opposite signs."""
    if not isinstance(node, Bin) or node.op not in ("+", "-"):
        return False
    left, negated = (node.left.body, True) if isinstance(node.left, Neg) else (node.left, False)
    opposite = negated == (node.op == "+")
    return opposite and not isinstance(left, Num) and unplaced(left) == unplaced(node.right)


def _without_sign(line: Line, context: Context) -> Iterator[Void]:
    """p(y | x) = f(y | w) p(w) dw: of a letter that only an integral can bind, at the end of a product."""
    right = line.right
    if not isinstance(right, Juxt) or len(right.items) < 4 or not _is_applied(line.left):
        return
    *factors, sign, by = right.items
    differential = isinstance(sign, Sym) and sign.base == "d" and not (sign.sub or sign.sup or sign.accents)
    if not differential or not isinstance(by, Sym) or any(isinstance(n, Big | Fraction) for n in walk(right)):
        return
    within = [a for a in _arguments(factors) if any(_same(n, by) for n in walk(a))]
    here = (node for node, f in context.lines.nodes if f.headings == line.formula.headings)
    others = [n for node in here for n in walk(node) if isinstance(n, Sym) and n.base == "d"]
    outside = any(isinstance(n, Sym) and (n.base == "d" or _same(n, by)) for n in walk(line.left))
    if len(within) > 1 and not outside and len(others) == 1:
        message = f"{by.base} is integrated out, and the sign of the integral is missing"
        yield Void(message=message, place=(right.span[0], right.span[0]), text=r"\int ")


def _is_applied(node: Node) -> bool:
    return isinstance(node, Juxt) and any(isinstance(n, Group) and n.opening == "(" for n in node.items)


def _arguments(items: list[Node]) -> Iterator[Group]:
    for head, group in pairwise(items):
        if isinstance(head, Sym) and isinstance(group, Group) and group.opening == "(":
            yield group


def _same(node: Node, by: Sym) -> bool:
    return isinstance(node, Sym) and (node.base, node.accents, node.fonts) == (by.base, by.accents, by.fonts)
