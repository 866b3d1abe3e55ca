"""At which step a letter stands: h_{t+1} one step later than h_t, P_{k|k−1} beside P_{k−1|k−1} another thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.runs import walk
from derive.notation.syntax import Bin, Group, Juxt, Listing, Node, Num, Sym

BRACKETS = frozenset({"(", "[", "<", r"\langle"})
Stem = tuple[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A letter at a step.

    Attributes:
        stem: the letter, with its indices counted from the first one.
        step: what is added to the first one.
    """

    stem: Stem
    step: int


def place_of(node: Node, letters: frozenset[str] | None = None) -> Place | None:
    """The letter and its step; None for what has no index, or none of these letters."""
    if not isinstance(node, Sym):
        return None
    found = [i for s in _scripts(node) for i in _counted(s) if letters is None or i[0] in letters]
    if not found:
        return None
    step = found[0][1]
    name = " ".join((*node.accents, *node.fonts, node.base + "'" * node.primes))
    return Place(stem=(name, tuple((letter, k - step) for letter, k in found)), step=step)


def places_in(node: Node, letters: frozenset[str] | None = None) -> list[Place]:
    """The letters of a side that stand at a step."""
    return [p for n in walk(node) if (p := place_of(n, letters)) is not None]


def indices_in(node: Node) -> Iterator[str]:
    """The letters of the indices in a side."""
    for sym in (n for n in walk(node) if isinstance(n, Sym)):
        yield from (letter for script in _scripts(sym) for letter, _ in _counted(script))


def _scripts(sym: Sym) -> tuple[Node, ...]:
    label = sym.sup if isinstance(sym.sup, Group) and sym.sup.opening in BRACKETS else None
    return tuple(s for s in (sym.sub, label) if s is not None)


def _counted(script: Node) -> Iterator[tuple[str, int]]:
    """The indices of a script with what is added to them."""
    inner = script.body if isinstance(script, Group) else script
    for item in inner.items if isinstance(inner, Listing | Juxt) else (inner,):
        if isinstance(item, Listing):
            yield from _counted(item)
        elif isinstance(item, Sym):
            yield item.base, 0
        elif isinstance(item, Bin) and isinstance(item.left, Sym) and isinstance(item.right, Num):
            yield item.left.base, int(item.right.text) * (1 if item.op == "+" else -1)
