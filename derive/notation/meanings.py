"""How a stretch of text uses its letters, and where two stretches cannot mean the same by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from .conventions import NO_QUANTITIES, PROBABILITY_LETTERS
from .names_in_notes import is_letter, take_apart
from .pointfree import KNOWN_FUNCTIONS
from .runs import children
from .syntax import Group, Juxt, Node, Sym

Key = str  # the plain name of a letter, with its accents and labels
NO_LETTERS = NO_QUANTITIES | PROBABILITY_LETTERS | {"d", "e", "pi", "E", "mathbb"}


@dataclass(frozen=True, kw_only=True)
class Uses:
    """How a letter is used.

    Attributes:
        index: whether it stands as an index.
        ranks: the numbers of indices that it carries where it is a quantity.
        applied, alone: whether it stands before a bracket, and otherwise.
        sign: one of its uses with indices, if it has any.
    """

    index: bool = False
    ranks: frozenset[int] = frozenset()
    applied: bool = False
    alone: bool = False
    sign: Sym | None = None

    def joined(self, other: Uses) -> Uses:
        return Uses(
            index=self.index or other.index,
            ranks=self.ranks | other.ranks,
            applied=self.applied or other.applied,
            alone=self.alone or other.alone,
            sign=self.sign or other.sign,
        )


def key_of(sym: Sym, letters: frozenset[str]) -> Key:
    """The plain name of a letter."""
    return take_apart(sym, letters).plain


def uses_in(nodes: Iterable[Node], letters: frozenset[str]) -> dict[Key, Uses]:
    """How formulas use their letters, given those that are indices throughout the stretch in which they stand."""
    return united(found for node in nodes for found in _uses(node, letters, applied=False))


def united(found: Iterable[tuple[Key, Uses]]) -> dict[Key, Uses]:
    """All uses of each letter together."""
    whole: dict[Key, Uses] = {}
    for key, uses in found:
        whole[key] = whole[key].joined(uses) if key in whole else uses
    return whole


def _uses(node: Node, letters: frozenset[str], *, applied: bool) -> Iterator[tuple[Key, Uses]]:
    if isinstance(node, Sym):
        named = take_apart(node, letters)
        if is_letter(node, letters):
            yield named.plain, Uses(index=True)
        elif node.base not in NO_LETTERS:
            rank = len(named.indices)
            sign = replace(node, sup=None) if rank else None
            yield named.plain, Uses(ranks=frozenset({rank}), applied=applied, alone=not applied, sign=sign)
        for script in (*named.indices, node.sup):
            yield from _uses(script, letters, applied=False) if script is not None else ()
        return
    pairs = pairwise(node.items) if isinstance(node, Juxt) else ()
    heads = {id(a) for a, b in pairs if isinstance(b, Group) and b.opening in ("(", "[")}
    for child in children(node):
        yield from _uses(child, letters, applied=id(child) in heads)


def clash(one: Mapping[Key, Uses], other: Mapping[Key, Uses]) -> Key | None:
    """A letter that two stretches of text use in ways that do not go together; None if there is none."""
    return next((key for key in one if key in other and _differ(key, one[key], other[key])), None)


def _differ(key: Key, one: Uses, other: Uses) -> bool:
    if any(a.index and not a.ranks and not b.index for a, b in ((one, other), (other, one))):
        return True
    some, others = one.ranks - {0}, other.ranks - {0}
    if some and others and not some & others:
        return True
    function = any(a.applied and not a.alone and not b.applied for a, b in ((one, other), (other, one)))
    return key in KNOWN_FUNCTIONS and function
