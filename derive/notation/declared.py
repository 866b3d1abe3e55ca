r"""Shapes that a text states: `W \in \mathbb{R}^{m \times n}`, and in words, "the weight matrix W", "a vector x"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from .axes import Limits, bare
from .names_in_notes import is_letter, take_apart
from .parser import parse
from .runs import children, walk
from .sentences import matches
from .shape import ONE, Use
from .syntax import Big, Bin, Chain, Dots, Group, Juxt, Listing, Node, Num, Span, Sym
from .tokens import ReadError

REALS = frozenset({"R"})
EQUALS = frozenset({"=", ":=", "=:", "equiv"})
MATH = r"\$(?P<{}>[^$\n]{{1,40}})\$"
MORE = r"(?P<more>(?:(?:,\s*\$[^$\n]{1,40}\$)*,?\s+and\s+\$[^$\n]{1,40}\$)?)"  # "matrices $A$, $B$ and $C$"
BEFORE = re.compile(
    r"\b(?P<kind>matri(?:x|ces)|vectors?)\b,?\s+"
    + MATH.format("name")
    + MORE
    + r"(?:\s+of\s+(?:size|shape|dimension)\s+"
    + MATH.format("size")
    + ")?"
)
BEHIND = re.compile(  # "$A$ is a matrix", "… and $x$ a vector"
    MATH.format("name")
    + r"(?:,?\s+(?:is|be|are|denotes?)\s+(?:an?|the|our)|\s+an?)\s+(?:[\w-]+\s+){0,3}?(?P<kind>matrix|vector)\b"
    + r"(?:\s+(?:of|with)\s+(?:size|shape|dimensions?)\s+"
    + MATH.format("size")
    + ")?"
)
SIZED = re.compile(  # "an $m \times n$ matrix $A$", "a $d$-dimensional vector $x$"
    MATH.format("size")
    + r"(?P<counted>-dimensional)?\s+(?:[\w-]+\s+){0,3}?(?P<kind>matri(?:x|ces)|vectors?)\s+"
    + MATH.format("name")
    + MORE
)
SIZED_BEHIND = re.compile(  # "$A$ is an $m \\times n$ matrix", "… and $A$ an $m \\times n$ matrix"
    MATH.format("name")
    + r"(?:,?\s+(?:is|be|are|denotes?)\s+(?:an?|the|our)|\s+an?)\s+(?:[\w-]+\s+){0,2}?"
    + MATH.format("size")
    + r"(?P<counted>-dimensional)?\s+(?:[\w-]+\s+){0,3}?(?P<kind>matri(?:x|ces)|vectors?)\b"
)
SIZED_DISPLAY = re.compile(  # "the $m \\times m$ covariance matrix of the variables is $$ C ="
    r"\b[Tt]he\s+"
    + MATH.format("size")
    + r"\s+(?:\(?[\w-]+\)?\s+){0,4}?(?P<kind>matrix)\b[^.$]{0,60}?\b(?:is|reads|by|as|equals)(?:\s+then)?\s*:?\s*"
    + r"(?:\$\$|\\\[|\\begin\{(?:equation|align)\*?\})\s*(?P<name>\\?\w+(?:\{\w\})?(?:_\w)?)\s*&?\s*="
)
OF_ENTRIES = re.compile(  # "$y$ is the column vector of the $m$ labels"
    MATH.format("name")
    + r"(?:,?\s+(?:is|be|are|denotes?)\s+(?:an?|the|our)|\s+the)\s+(?:[\w-]+\s+){0,2}?(?P<kind>vector)\s+of\s+"
    + r"(?:the|all|its|our|size|dimension)\s+\$(?P<size>[A-Za-z](?:\s*[+-]\s*\d)?)\$(?P<counted>)"
)
ADJECTIVES = r"(?:(?!(?:of|the|in|for|to|by|with|on|from|than|over|between|entries|rows|columns)\b)[\w-]+\s+){0,3}?"
PLURAL_BEHIND = re.compile(  # "$A$ and $B$ are invertible $n \\times n$ matrices"
    MATH.format("name")
    + MORE.replace("?)", ")")  # at least two
    + r"\s+(?:are|be|denote)\s+"
    + ADJECTIVES
    + rf"(?:{MATH.format('size')}(?P<counted>-dimensional)?\s+)?"
    + ADJECTIVES
    + r"(?P<kind>matrices|vectors)\b"
)
SENTENCES = (SIZED, SIZED_BEHIND, SIZED_DISPLAY, OF_ENTRIES, PLURAL_BEHIND, BEFORE, BEHIND)
MORE_NAMES = re.compile(r"\$([^$\n]+)\$")
PLURALS = ("matrices", "vectors")
RANKS = {"matrix": 2, "matrices": 2, "vector": 1, "vectors": 1}


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What a text says of the shapes of its letters.

    Attributes:
        sizes: for each use of a letter the limits of its axes.
        words: for each use of a letter the number of its axes, where no sizes are given.
        rows: the plain names of those that are rows, of ℝ^{1×n}; what is of ℝ^{n×1} is a vector as any other.
        twice: the plain names to which the text gives different sizes in different places.
        places: where the sizes of a letter, by its plain name, are given: the statement and the span.
    """

    sizes: Mapping[Use, tuple[Limits, ...]] = field(default_factory=dict)
    words: Mapping[Use, int] = field(default_factory=dict)
    rows: frozenset[str] = frozenset()
    twice: frozenset[str] = frozenset()
    places: Mapping[str, tuple[int, Span]] = field(default_factory=dict)


def declared_in(nodes: Iterable[Node], prose: str, letters: frozenset[str]) -> Declared:
    """Look through the relations ∈ of a text and its sentences; the first that is said of a letter counts."""
    told, nodes = _Told(), tuple(nodes)
    for number, node in enumerate(nodes):
        for sym, limits in members(node):
            use = _use(sym, letters)
            if use is not None:
                told.add(use, limits, (number, node.span))
    for sym, limits in _arguments(nodes):
        use = _use(sym, letters)
        if use is not None and use not in told.sizes and use[0] not in told.twice:
            told.add(use, limits, None)
    words: dict[Use, int] = {}
    for said in said_in(prose):
        use = _use(said.sym, letters)
        if use is None:
            continue
        if len(said.limits) == said.rank and (said.rank > 1 or said.counted):
            told.add(use, said.limits, None)
        elif use not in told.sizes:
            words.setdefault(use, said.rank)
    return Declared(
        sizes=told.sizes,
        words={use: rank for use, rank in words.items() if use not in told.sizes},
        rows=frozenset(told.rows),
        twice=frozenset(told.twice),
        places=told.places,
    )


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a sentence says of a letter: a matrix or a vector, of these limits if it tells any."""

    sym: Sym
    rank: int
    limits: tuple[Limits, ...] = ()
    counted: bool = False


def said_in(prose: str) -> Iterator[Said]:
    """The letters that sentences call matrices or vectors."""
    for found in matches(SENTENCES, prose):
        said = found.groupdict()
        limits = tuple(axes_of(_parsed(said["size"]))) if said.get("size") else ()
        several = said["kind"] in PLURALS and any(True for _ in _symbols(said["name"]))
        more = MORE_NAMES.findall(said.get("more") or "") if several else []
        counted = said.get("counted", "") is not None
        for sym in (s for latex in (said["name"], *more) for s in _symbols(latex)):
            yield Said(sym=sym, rank=RANKS[said["kind"]], limits=limits, counted=counted)


@dataclass
class _Told:
    """The sizes found so far; the first that are given for a letter count."""

    sizes: dict[Use, tuple[Limits, ...]] = field(default_factory=dict)
    places: dict[str, tuple[int, Span]] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)

    def add(self, use: Use, limits: tuple[Limits, ...], place: tuple[int, Span] | None) -> None:
        row = len(limits) == 2 and _is_one(limits[0])
        if row or (len(limits) == 2 and _is_one(limits[1])):
            limits = limits[1:] if row else limits[:1]
        if use in self.sizes:
            if [bare(one) for one in limits] != [bare(one) for one in self.sizes[use]] or row != (use[0] in self.rows):
                self.twice.add(use[0])
            return
        self.sizes[use] = limits
        if row:
            self.rows.add(use[0])
        if place is not None:
            self.places[use[0]] = place


def _is_one(limits: Limits) -> bool:
    return isinstance(limits[1], Num) and limits[1].text == "1"


def sizes_in(nodes: Iterable[Node], declared: Declared, letters: frozenset[str]) -> frozenset[str]:
    """The plain names that limit sums or axes."""
    limits = [n.above for top in nodes for n in walk(top) if isinstance(n, Big) and n.above is not None]
    limits += [limit for axes in declared.sizes.values() for _, limit in axes if limit is not None]
    return frozenset(take_apart(sym, letters).plain for limit in limits for sym in outer_letters(limit))


def outer_letters(node: Node) -> Iterator[Sym]:
    """The letters of an expression, without those in their scripts."""
    if isinstance(node, Sym):
        yield node
        return
    for child in children(node):
        yield from outer_letters(child)


def _use(sym: Sym, letters: frozenset[str]) -> Use | None:
    if is_letter(sym, letters):
        return None
    named = take_apart(sym, letters)
    return None if named.power is not None else (named.plain, len(named.indices))


def members(node: Node) -> Iterator[tuple[Sym, tuple[Limits, ...]]]:
    r"""The letters that a relation ∈ speaks of, with the limits of their axes: none for numbers."""
    if not isinstance(node, Chain) or node.operators[-1] != "in" or not set(node.operators[:-1]) <= EQUALS:
        return
    limits = space_of(node.operands[-1])
    if limits is None:
        return
    for left in node.operands[:-1]:  # also the Y of Y = X W ∈ ℝ^{n×k}
        for item in left.items if isinstance(left, Listing) else (left,):
            if isinstance(item, Sym):
                yield item, limits


def _arguments(nodes: tuple[Node, ...]) -> Iterator[tuple[Sym, tuple[Limits, ...]]]:
    r"""The x of f(x) where the text says f: \\mathbb{R}^n \\to \\mathbb{R}, with the limits of its axes."""
    spaces: dict[str, tuple[Limits, ...]] = {}
    for node in nodes:
        if isinstance(node, Chain) and node.operators == (":", "to") and isinstance(node.operands[0], Sym):
            limits = space_of(node.operands[1])
            if limits:
                spaces.setdefault(node.operands[0].base, limits)
    for part in (n for node in nodes for n in walk(node) if spaces and isinstance(n, Juxt)):
        for head, group in pairwise(part.items):
            named = isinstance(head, Sym) and head.base in spaces and isinstance(group, Group)
            if named and isinstance(group, Group) and isinstance(group.body, Sym) and isinstance(head, Sym):
                yield group.body, spaces[head.base]


def space_of(node: Node) -> tuple[Limits, ...] | None:
    r"""The limits of the axes of what lies in ℝ^{m×n}, {0, 1}^K, (0, ∞); None for what is no such set."""
    if isinstance(node, Juxt) and isinstance(node.items[0], Group):
        return None
    if isinstance(node, Sym) and node.base in REALS and "bb" in node.fonts:
        return tuple(axes_of(node.sup)) if node.sup is not None and not _is_sign(node.sup) else ()
    if isinstance(node, Group) and node.opening in (r"\{", "(", "[") and isinstance(node.body, Listing):
        if any(isinstance(i, Sym) and i.base not in ("infty",) for i in node.body.items if not isinstance(i, Dots)):
            return None
        return tuple(axes_of(node.sup)) if node.sup is not None and not _is_sign(node.sup) else ()
    return None


def _is_sign(node: Node) -> bool:
    return isinstance(node, Sym) and node.base in ("+", "-", "*", "ast")


def axes_of(node: Node | None) -> Iterator[Limits]:
    """The sizes of m × n as limits 1..m and 1..n."""
    if isinstance(node, Group) and node.opening == "{":
        yield from axes_of(node.body)
    elif isinstance(node, Group) and isinstance(node.body, Bin) and node.body.op == "times":
        yield from axes_of(node.body)  # ℝ^{(m×n)×k}
    elif isinstance(node, Bin) and node.op == "times":
        yield from axes_of(node.left)
        yield from axes_of(node.right)
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
