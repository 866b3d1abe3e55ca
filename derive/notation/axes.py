"""Which axes share a range: those at which one index stands, as in Σ_i x_i θ_{i,j}, throughout a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from .runs import children
from .syntax import Group, Node, Num, Sym

Limits = tuple[Node | None, Node | None]


@dataclass
class Axes:
    """Axes and index letters, joined wherever a letter stands at an axis, with the limits written for them.

    Two that have limits of their own which differ are not joined: in h_j x_j one of the letters may be wrong.

    Attributes:
        above: the other end of a join, towards the root of the class.
        written: the limits written for an axis or a letter itself, in the order of the text.
        joins: what is to be joined.
        ended: limits without a beginning, Σ_{k≠j}^n, which count where the text writes no others.
        unsure: axes without limits of their own that stand with others of different limits.
    """

    above: dict[Hashable, Hashable] = field(default_factory=dict)
    written: dict[Hashable, list[Limits]] = field(default_factory=dict)
    joins: list[tuple[Hashable, Hashable]] = field(default_factory=list)
    ended: list[tuple[Hashable, Limits]] = field(default_factory=list)
    unsure: set[Hashable] = field(default_factory=set)

    def stands_at(self, letter: Hashable, axis: Hashable) -> None:
        """An index stands at an axis: they have the same range."""
        self.joins.append((letter, axis))
        for limits in self.written.get(letter, ()):
            self.limit(axis, limits)

    def limit(self, item: Hashable, limits: Limits) -> None:
        """These limits are written for it."""
        if limits[0] is None:
            self.ended.append((item, limits))
        else:
            self.written.setdefault(item, []).append(limits)

    def root(self, item: Hashable) -> Hashable:
        """What stands for the class of an axis."""
        while item in self.above:
            item = self.above[item]
        return item

    def classes(self) -> dict[Hashable, list[Limits]]:
        """Join what belongs together; for each class, by its root, all limits written for it."""
        found = {item: list(limits) for item, limits in self.written.items()}
        for letter, axis in self.joins:
            a, b = self.root(letter), self.root(axis)
            if a == b:
                continue
            one, other = ({bare(limits) for limits in found.get(root, ())} for root in (a, b))
            if one and other and not one & other:
                self.unsure |= {axis} - self.written.keys()
                continue
            self.above[b] = a
            found[a] = found.get(a, []) + found.pop(b, [])
        for item, limits in self.ended:
            if not found.get(self.root(item)):
                found[self.root(item)] = [limits]
        return found

    def is_uneven(self, axis: Hashable) -> bool:
        """Whether the text gives an axis different limits in different places."""
        return axis in self.unsure or len({bare(limits) for limits in self.written.get(axis, ())}) > 1


def usual(limits: list[Limits]) -> Limits | None:
    """The limits written most often; None if there are none."""
    counts = Counter(bare(found) for found in limits)
    return next((found for found in limits if bare(found) == counts.most_common(1)[0][0]), None)


def bare(limits: Limits) -> tuple[object, ...]:
    """Limits without the places they come from, to compare them."""
    return tuple(_key(limit) for limit in limits)


def _key(node: Node | None) -> object:
    if isinstance(node, Sym):
        return (node.base, node.accents, _key(node.sub), _key(node.sup))
    if isinstance(node, Num):
        return node.text
    if isinstance(node, Group):
        return _key(node.body)
    return None if node is None else (*(_key(c) for c in children(node)), getattr(node, "op", ""))
