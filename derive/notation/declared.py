r"""Shapes that a text states: `W \in \mathbb{R}^{m \times n}`, and in words, "the weight matrix W", "a vector x"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from .axes import Limits
from .names_in_notes import is_letter, take_apart
from .parser import parse
from .runs import children, walk
from .shapes import Use
from .syntax import Big, Bin, Chain, Dots, Group, Juxt, Listing, Node, Num, Span, Sym
from .tokens import ReadError

REALS = frozenset({"R"})
ONE = Num(text="1", span=(0, 0))
MATH = r"\$(?P<{}>[^$\n]{{1,40}})\$"
BEFORE = re.compile(
    r"\b(?P<kind>matri(?:x|ces)|vectors?)\b,?\s+"
    + MATH.format("name")
    + r"(?:\s+of\s+(?:size|shape)\s+"
    + MATH.format("size")
    + ")?"
)
BEHIND = re.compile(
    MATH.format("name")
    + r",?\s+(?:is|be|are|denotes?)\s+(?:an?|the|our)\s+(?:[\w-]+\s+){0,3}?(?P<kind>matrix|vector)\b"
    + r"(?:\s+(?:of|with)\s+(?:size|shape|dimensions?)\s+"
    + MATH.format("size")
    + ")?"
)
RANKS = {"matrix": 2, "matrices": 2, "vector": 1, "vectors": 1}


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What a text says of the shapes of its letters.

    Attributes:
        sizes: for each use of a letter the limits of its axes.
        words: for each use of a letter the number of its axes, where no sizes are given.
        places: where the sizes of a letter, by its plain name, are given: the statement and the span.
    """

    sizes: Mapping[Use, tuple[Limits, ...]] = field(default_factory=dict)
    words: Mapping[Use, int] = field(default_factory=dict)
    places: Mapping[str, tuple[int, Span]] = field(default_factory=dict)


def declared_in(nodes: Iterable[Node], prose: str, letters: frozenset[str]) -> Declared:
    """Look through the relations ∈ of a text and its sentences; the first that is said of a letter counts."""
    sizes: dict[Use, tuple[Limits, ...]] = {}
    places: dict[str, tuple[int, Span]] = {}
    for number, node in enumerate(nodes):
        for sym, limits in _members(node):
            use = _use(sym, letters)
            if use is not None and use not in sizes:
                sizes[use] = limits
                places[use[0]] = (number, node.span)
    words: dict[Use, int] = {}
    for found in (*BEFORE.finditer(prose), *BEHIND.finditer(prose)):
        for sym in _symbols(found["name"]):
            use = _use(sym, letters)
            if use is None or use in sizes:
                continue
            rank = RANKS[found["kind"]]
            limits = tuple(_axes(_parsed(found["size"]))) if found["size"] else ()
            if len(limits) == rank:
                sizes[use] = limits
            words.setdefault(use, rank)
    return Declared(sizes=sizes, words=words, places=places)


def sizes_in(nodes: Iterable[Node], declared: Declared, letters: frozenset[str]) -> frozenset[str]:
    """The plain names that limit sums or axes."""
    limits = [n.above for top in nodes for n in walk(top) if isinstance(n, Big) and n.above is not None]
    limits += [limit for axes in declared.sizes.values() for _, limit in axes if limit is not None]
    return frozenset(take_apart(sym, letters).plain for limit in limits for sym in _outer(limit))


def _outer(node: Node) -> Iterator[Sym]:
    """The letters of an expression, without those in their scripts."""
    if isinstance(node, Sym):
        yield node
        return
    for child in children(node):
        yield from _outer(child)


def _use(sym: Sym, letters: frozenset[str]) -> Use | None:
    if is_letter(sym, letters):
        return None
    named = take_apart(sym, letters)
    return None if named.power is not None else (named.plain, len(named.indices))


def _members(node: Node) -> Iterator[tuple[Sym, tuple[Limits, ...]]]:
    r"""The letters that a relation ∈ speaks of, with the limits of their axes: none for numbers."""
    if not isinstance(node, Chain) or node.operators != ("in",):
        return
    left, right = node.operands
    limits = _space(right)
    if limits is None:
        return
    for item in left.items if isinstance(left, Listing) else (left,):
        if isinstance(item, Sym):
            yield item, limits


def _space(node: Node) -> tuple[Limits, ...] | None:
    r"""The limits of the axes of what lies in ℝ^{m×n}, {0, 1}^K, (0, ∞); None for what is no such set."""
    if isinstance(node, Juxt) and isinstance(node.items[0], Group):
        return None
    if isinstance(node, Sym) and node.base in REALS and "bb" in node.fonts:
        return tuple(_axes(node.sup)) if node.sup is not None and not _is_sign(node.sup) else ()
    if isinstance(node, Group) and node.opening in (r"\{", "(", "[") and isinstance(node.body, Listing):
        if any(isinstance(i, Sym) and i.base not in ("infty",) for i in node.body.items if not isinstance(i, Dots)):
            return None
        return tuple(_axes(node.sup)) if node.sup is not None and not _is_sign(node.sup) else ()
    return None


def _is_sign(node: Node) -> bool:
    return isinstance(node, Sym) and node.base in ("+", "-", "*", "ast")


def _axes(node: Node | None) -> Iterator[Limits]:
    """The sizes of m × n as limits 1..m and 1..n."""
    if isinstance(node, Group) and node.opening == "{":
        yield from _axes(node.body)
    elif isinstance(node, Bin) and node.op == "times":
        yield from _axes(node.left)
        yield from _axes(node.right)
    elif isinstance(node, Group):
        yield (ONE, node.body)
    elif node is not None:
        yield (ONE, node)


def _symbols(latex: str) -> Iterator[Sym]:
    node = _parsed(latex)
    for item in node.items if isinstance(node, Listing) else (node,):
        if isinstance(item, Sym):
            yield item


def _parsed(latex: str) -> Node | None:
    try:
        nodes = parse(latex)
    except ReadError:
        return None
    return nodes[0] if len(nodes) == 1 else None
