"""A first pass over all formulas of a text: which letters are indices, over which ranges, and what has how many.

Shapes are found by use: x_i under Σ_{i=0}^{m} gives x one axis from 0 to m wherever x appears.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .conventions import INDEX_LETTERS
from .names_in_notes import Named, is_letter, take_apart
from .runs import children, walk
from .syntax import Big, Chain, Empty, Fraction, Group, Juxt, Listing, Node, Num, Sym

Limits = tuple[Node | None, Node | None]


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What a text shows about its letters.

    Attributes:
        letters: the letters used as indices.
        ranges: for each quantity, by plain name, the limits seen at each of its axes (None where none was seen).
        axis_letters: for each quantity, the letter first seen at each of its axes ("" where only numbers were).
        letter_ranges: for each index letter, the limits it is usually summed over.
        sampled: the quantities that carry a data point's index, and that index's limits.
        sizes: the plain names that stand as limits of sums.
        differentiated: the quantities by which something is differentiated.
        named: for each plain name its letter taken apart, at its first use.
        with_arguments: the quantities that the text introduces as f(x), L(θ).
        defined: the quantities that stand alone to the left of a relation.
    """

    letters: frozenset[str]
    ranges: Mapping[str, tuple[Limits | None, ...]] = field(default_factory=dict)
    axis_letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    letter_ranges: Mapping[str, Limits] = field(default_factory=dict)
    sampled: Mapping[str, Limits | None] = field(default_factory=dict)
    sizes: frozenset[str] = frozenset()
    differentiated: frozenset[str] = frozenset()
    named: Mapping[str, Named] = field(default_factory=dict)
    with_arguments: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()


def survey(nodes: Iterable[Node]) -> Survey:
    """Look through formulas in the order of the text."""
    nodes = tuple(nodes)
    letters = _letters(nodes)
    found = _Found(letters)
    for node in nodes:
        found.visit(node, {})
    usual = {letter: counts.most_common(1)[0][0] for letter, counts in found.letter_ranges.items()}
    return Survey(
        letters=letters,
        ranges={name: tuple(axes) for name, axes in found.ranges.items()},
        axis_letters={name: tuple(letters) for name, letters in found.axis_letters.items()},
        letter_ranges={letter: found.limits[key] for letter, key in usual.items()},
        sampled=found.sampled,
        sizes=frozenset(found.sizes),
        differentiated=frozenset(found.differentiated),
        named=found.named,
        with_arguments=frozenset(n for node in nodes for n in _introduced(node, letters)),
        defined=frozenset(
            take_apart(node.operands[0], letters).plain
            for node in nodes
            if isinstance(node, Chain) and isinstance(node.operands[0], Sym)
        ),
    )


def binder(below: Node | None) -> tuple[str, Node | None] | None:
    """The letter that a big operator binds and its lower limit, from `i=0` or `i`."""
    if isinstance(below, Chain) and below.operators == ("=",) and isinstance(below.operands[0], Sym):
        return below.operands[0].base, below.operands[1]
    if isinstance(below, Sym) and not below.sub and not below.accents:
        return below.base, None
    return None


def present(node: Node | None) -> Node | None:
    """A limit, or None where nothing is written."""
    return None if isinstance(node, Empty) else node


def only_names(group: Node) -> bool:
    """Whether a bracket holds nothing but names, as the arguments in L(θ; x) do."""
    body = group.body if isinstance(group, Group) else group
    parts = body.items if isinstance(body, Listing | Juxt) else (body,)
    return all(isinstance(p, Sym) or (isinstance(p, Listing | Group) and only_names(p)) for p in parts)


def _introduced(node: Node, letters: frozenset[str]) -> Iterable[str]:
    for part in walk(node):
        first = part.operands[0] if isinstance(part, Chain) else None
        if isinstance(first, Juxt) and len(first.items) == 2 and isinstance(first.items[0], Sym):
            if isinstance(first.items[1], Group) and only_names(first.items[1]):
                yield take_apart(first.items[0], letters).plain


def _letters(nodes: Iterable[Node]) -> frozenset[str]:
    found = set(INDEX_LETTERS)
    for node in (n for top in nodes for n in walk(top)):
        if isinstance(node, Big) and (bound := binder(node.below)) is not None:
            found.add(bound[0])
        sub = getattr(node, "sub", None)
        if isinstance(sub, Listing) and sub.separator == ",":
            found |= {i.base for i in sub.items if isinstance(i, Sym) and len(i.base) == 1 and i.base.islower()}
    return frozenset(found)


class _Found:
    """What the survey has come across so far."""

    def __init__(self, letters: frozenset[str]) -> None:
        self.letters = letters
        self.ranges: dict[str, list[Limits | None]] = {}
        self.axis_letters: dict[str, list[str]] = {}
        self.letter_ranges: dict[str, Counter[str]] = {}
        self.limits: dict[str, Limits] = {}
        self.sampled: dict[str, Limits | None] = {}
        self.sizes: set[str] = set()
        self.differentiated: set[str] = set()
        self.named: dict[str, Named] = {}

    def visit(self, node: Node, bound: Mapping[str, Limits]) -> None:
        if isinstance(node, Big):
            self._big(node, bound)
            return
        if isinstance(node, Fraction):
            self._fraction(node)
        if isinstance(node, Juxt) and (extended := self._reaching(node)) is not None:
            bound = {**bound, **extended}
        if isinstance(node, Sym):
            self._sym(node, bound)
        for child in children(node):
            self.visit(child, self._with_siblings(node, bound))

    def _with_siblings(self, node: Node, bound: Mapping[str, Limits]) -> Mapping[str, Limits]:
        """A sum written before a plus may reach over what follows it."""
        left = getattr(node, "left", None)
        if isinstance(left, Big) and (b := binder(left.below)) is not None:
            return {**bound, b[0]: (b[1], present(left.above))}
        return bound

    def _reaching(self, node: Juxt) -> dict[str, Limits] | None:
        bigs = [i for i in node.items if isinstance(i, Big) and binder(i.below)]
        return {binder(b.below)[0]: (binder(b.below)[1], present(b.above)) for b in bigs} or None  # type: ignore[index]

    def _big(self, node: Big, bound: Mapping[str, Limits]) -> None:
        b = binder(node.below)
        inner = dict(bound)
        if b is not None:
            limits = (b[1], present(node.above))
            inner[b[0]] = limits
            if limits[1] is not None:
                self.limits[repr(_bare(limits))] = limits
                self.letter_ranges.setdefault(b[0], Counter())[repr(_bare(limits))] += 1
                for sym in walk(limits[1]):
                    if isinstance(sym, Sym) and sym is limits[1]:
                        self.sizes.add(take_apart(sym, self.letters).plain)
        self.visit(node.body, inner)

    def _fraction(self, node: Fraction) -> None:
        below = node.below
        if isinstance(below, Juxt) and isinstance(below.items[0], Sym) and below.items[0].base in ("partial", "d"):
            for item in below.items[1:]:
                if isinstance(item, Sym):
                    self.differentiated.add(take_apart(item, self.letters).plain)

    def _sym(self, sym: Sym, bound: Mapping[str, Limits]) -> None:
        if is_letter(sym, self.letters):
            return
        named = take_apart(sym, self.letters)
        self.named.setdefault(named.plain, named)
        if named.sample is not None:
            limits = bound.get(named.sample.base) if isinstance(named.sample, Sym) else None
            self.sampled[named.plain] = self.sampled.get(named.plain) or limits
        axes = self.ranges.setdefault(named.plain, [])
        seen = self.axis_letters.setdefault(named.plain, [])
        for k, index in enumerate(named.indices):
            if len(axes) <= k:
                axes.append(None)
                seen.append("")
            if not seen[k] and isinstance(index, Sym):
                seen[k] = index.base
            if axes[k] is None and isinstance(index, Sym) and index.base in bound and bound[index.base][1] is not None:
                axes[k] = bound[index.base]


def _bare(limits: Limits) -> tuple[object, ...]:
    """Limits without the places they come from, to compare them."""
    return tuple(_key(limit) for limit in limits)


def _key(node: Node | None) -> object:
    if isinstance(node, Sym):
        return (node.base, node.accents, _key(node.sub), _key(node.sup))
    if isinstance(node, Num):
        return node.text
    if isinstance(node, Group):
        return _key(node.body)
    return None if node is None else tuple(_key(c) for c in children(node)) + (getattr(node, "op", ""),)
