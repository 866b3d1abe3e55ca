r"""Quantities that a text names by their squares: the σ of `\sigma^2 = …` and the R of `R^2 = …`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .names_in_notes import is_letter, take_apart
from .runs import walk
from .syntax import Chain, Group, Listing, Node, Num, Sym

SIGNS = ("=", ":=", "triangleq", "equiv")


def is_square(power: Node | None) -> bool:
    """Whether an exponent is two."""
    inner = power.body if isinstance(power, Group) and power.opening == "{" else power
    return isinstance(inner, Num) and inner.text == "2"


def squares_in(nodes: Sequence[Node], letters: frozenset[str]) -> Mapping[str, bool]:
    """The plain names that stand as a square to the left of an equation, and whether that is their first use.

    A name that stands alone on the left is defined there, and one that stands in a list of arguments, the σ of
    N(μ, σ²), is a parameter: what is said of the square of either is a claim, or an equation to solve.
    """
    used: set[str] = set()
    found: dict[str, bool] = {}
    others: set[str] = set()
    for node in nodes:
        left = node.operands[0] if isinstance(node, Chain) and node.operators[0] in SIGNS else None
        if isinstance(left, Sym) and isinstance(node, Chain) and not is_letter(left, letters):
            named = take_apart(left, letters)
            rest = {name for side in node.operands[1:] for name in _names(side, letters)}
            if named.power is None:
                others.add(named.plain)
            elif is_square(named.power) and named.plain not in rest:
                found.setdefault(named.plain, named.plain not in used)
        used |= set(_names(node, letters))
        lists = (n.body for n in walk(node) if isinstance(n, Group) and isinstance(n.body, Listing))
        others |= {name for body in lists for name in _names(body, letters)}
    return {name: first for name, first in found.items() if name not in others}


def _names(node: Node, letters: frozenset[str]) -> Iterator[str]:
    return (take_apart(n, letters).plain for n in walk(node) if isinstance(n, Sym) and not is_letter(n, letters))
