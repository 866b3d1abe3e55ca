"""The beta function of a text that calls its letter so: B(a, b) = Γ(a) Γ(b) / Γ(a + b)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .runs import walk
from .syntax import Bin, Chain, Fraction, Group, Juxt, Listing, Node, Sym

NAMED = re.compile(r"\bbeta function\b", re.IGNORECASE)
LETTERS = frozenset({"B", "Beta"})


def has_beta_function(nodes: Iterable[Node], prose: str) -> bool:
    """Whether a text speaks of the beta function, and gives its letter no formula of its own."""
    if NAMED.search(prose) is None:
        return False
    return not any(_says(*c.operands[:2]) for c in nodes if isinstance(c, Chain))


def _says(left: Node, right: Node) -> bool:
    """Whether an equation gives B of two letters a formula."""
    pair = _pair(*left.items) if isinstance(left, Juxt) and len(left.items) == 2 else None
    plain = pair is not None and all(isinstance(n, Sym) for n in pair)
    return plain and not any(isinstance(n, Sym) and n.base in LETTERS for n in walk(right))


def in_gammas(node: Juxt) -> Node:
    """A product with each B(a, b) written as Γ(a) Γ(b) / Γ(a + b)."""
    items: list[Node] = []
    for item in node.items:
        pair = _pair(items[-1], item) if items else None
        if pair is None:
            items.append(item)
            continue
        first, second = pair
        span = (items.pop().span[0], item.span[1])
        above = Juxt(items=(*_gamma(first), *_gamma(second)), span=span)
        total = Bin(op="+", left=first, right=second, span=(first.span[0], second.span[1]))
        items.append(Fraction(above=above, below=Juxt(items=_gamma(total), span=span), span=span))
    return items[0] if len(items) == 1 else Juxt(items=tuple(items), span=node.span)


def _pair(letter: Node, bracket: Node) -> tuple[Node, Node] | None:
    """The two arguments of B(a, b)."""
    plain = isinstance(letter, Sym) and letter.base in LETTERS and letter.sub is None and letter.sup is None
    if not plain or not isinstance(bracket, Group) or bracket.sup is not None:
        return None
    listed = bracket.body
    if not isinstance(listed, Listing) or listed.separator != "," or len(listed.items) != 2:
        return None
    return listed.items[0], listed.items[1]


def _gamma(argument: Node) -> tuple[Node, Node]:
    return Sym(base="Gamma", span=argument.span), Group(opening="(", body=argument, closing=")", span=argument.span)
