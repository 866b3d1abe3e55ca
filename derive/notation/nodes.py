"""Small constructions on syntax nodes: scripts, accents, widened spans, the height of a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .brackets import hull
from .syntax import (
    Array,
    Bin,
    Chain,
    Dots,
    Empty,
    Entries,
    Fn,
    Fraction,
    Group,
    Juxt,
    Listing,
    Neg,
    Node,
    Num,
    Prose,
    Span,
    Sqrt,
    Sym,
    altered,
)


class Scripts(NamedTuple):
    """The scripts that follow a base, and the span up to their end (None if there are none)."""

    sub: Node | None
    sup: Node | None
    primes: int
    span: Span | None


LABELS = ("(", "[")
NO_SCRIPTS = Scripts(None, None, 0, None)


def attach(node: Node, scripts: Scripts, span: Span) -> Node:
    """The node with scripts; what cannot carry them, or has them already, goes into an invisible group.

    So `2^n` is a `Group("{", 2, "}", sup=n)`, and `{x_i}^2` the symbol `x_i^2`.
    """
    if scripts.span is None:
        return node
    sub, sup, primes, _ = scripts
    span = hull(span, scripts.span)
    label, turned, marks = _apart(sup)
    if label is not None and isinstance(node, Sym) and node.sup is None:
        labelled = altered(node, sub=sub or node.sub, sup=label, primes=primes + marks + node.primes, span=span)
        return Group(opening="{", body=labelled, closing="}", sup=turned, span=span) if turned else labelled
    if isinstance(node, Sym | Group) and not (sub and node.sub) and not (sup and node.sup):
        sub, sup, primes = sub or node.sub, sup or node.sup, primes + node.primes
        return altered(node, sub=sub, sup=sup, primes=primes, span=span)
    return Group(opening="{", body=node, closing="}", sub=sub, sup=sup, primes=primes, span=span)


def _apart(sup: Node | None) -> tuple[Node | None, Node | None, int]:
    r"""Label, transpose and primes of a superscript that holds more than a label: W^{[l]T}, g^{(l)\prime}."""
    if isinstance(sup, Group) and sup.opening in LABELS and (sup.primes or _transposes(sup.sup)):
        return altered(sup, sup=None, primes=0), sup.sup, sup.primes
    if not isinstance(sup, Juxt) or len(sup.items) != 2:
        return None, None, 0
    first, second = sup.items
    label, turned = (second, first) if _transposes(first) else (first, second)
    bracketed = isinstance(label, Group) and label.opening in LABELS
    bare = isinstance(label, Sym | Num) and isinstance(turned, Sym) and turned.base != "T"
    return (label, turned, 0) if _transposes(turned) and (bracketed or bare) else (None, None, 0)


def _transposes(sup: Node | None) -> bool:
    return isinstance(sup, Sym) and sup.base in ("T", "top", "intercal") and sup.sub is None and sup.sup is None


def grouped(node: Node, span: Span) -> Node:
    """The content of an invisible group: one factor stands for itself, anything longer stays a group."""
    if isinstance(node, Fraction | Sqrt):
        return widened(node, span)
    if isinstance(node, Sym | Num | Group | Array | Dots | Prose):
        return node
    return Group(opening="{", body=node, closing="}", span=span)


def marked(node: Node, accent: str, span: Span) -> Node:
    r"""The node under an accent.

    The accent goes to a symbol, or to a word of plain letters (`\hat{LL}` is one symbol); over anything else
    it becomes a group whose brackets are the accent's name.
    """
    if isinstance(node, Sym) and not node.primes:
        return altered(node, accents=(*node.accents, accent), span=span)
    word = _word(node)
    if word is not None:
        return Sym(base=word, accents=(accent,), span=span)
    return Group(opening=accent, body=node, closing=accent, span=span)


def widened(node: Node, span: Span) -> Node:
    """The same node with a larger span."""
    return altered(node, span=hull(node.span, span))


def juxtaposed(factors: Sequence[Node]) -> Node:
    """One factor, or several side by side; nested sequences are flattened."""
    if len(factors) == 1:
        return factors[0]
    items: list[Node] = []
    for factor in factors:
        items.extend(factor.items if isinstance(factor, Juxt) else (factor,))
    return Juxt(items=tuple(items), span=hull(*(item.span for item in items)))


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node, scripts included, in source order of the fields."""
    match node:
        case Sym():
            parts: tuple[Node | None, ...] = (node.sub, node.sup)
        case Group():
            parts = (node.body, node.sub, node.sup)
        case Fn():
            parts = (node.sub, node.sup, node.argument)
        case Bin():
            parts = (node.left, node.right)
        case Fraction():
            parts = (node.above, node.below)
        case Juxt() | Listing():
            parts = node.items
        case Chain():
            parts = node.operands
        case Neg():
            parts = (node.body,)
        case Sqrt():
            parts = (node.degree, node.body)
        case Array():
            parts = tuple(cell for row in node.rows for cell in row)
        case Entries():
            parts = (node.body, *(end for _, *ends in node.running for end in ends))
        case Num() | Dots() | Empty() | Prose():
            parts = ()
        case _:
            parts = (node.below, node.above, node.body)
    return (part for part in parts if part is not None)


def height(root: Node) -> int:
    """The length of the longest path from the root to a leaf; does not recurse."""
    level: list[Node] = [root]
    count = 0
    while level:
        count += 1
        level = [child for node in level for child in children(node)]
    return count


def _word(node: Node) -> str | None:
    if not isinstance(node, Juxt):
        return None
    letters = [item.base for item in node.items if isinstance(item, Sym) and _plain(item)]
    return "".join(letters) if len(letters) == len(node.items) else None


def _plain(item: Sym) -> bool:
    return len(item.base) == 1 and not (item.accents or item.fonts or item.sub or item.sup or item.primes)
