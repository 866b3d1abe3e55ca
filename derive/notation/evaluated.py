r"""∂L/∂w (w): a derivative at the arguments with which the text introduces L(w) is the derivative itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .brackets import hull
from .differentials import differentials, opens, order_above
from .names_in_notes import latex_of
from .runs import rebuild
from .syntax import Chain, Fraction, Group, Juxt, Listing, Node, Sym
from .unreadable import Unreadable

Introduced = Mapping[str, frozenset[str]]


def introduced_in(nodes: Iterable[Node]) -> Introduced:
    """For each function that a statement introduces as f(x, y) = …, the arguments with which it does."""
    found: dict[str, frozenset[str]] = {}
    for left in (n.operands[0] for n in nodes if isinstance(n, Chain)):
        items = left.items if isinstance(left, Juxt) else ()
        if len(items) == 2 and isinstance(items[0], Sym) and (names := _names(items[1])):
            found.setdefault(latex_of(items[0]), names)
    return found


def without_own_arguments(node: Node, introduced: Introduced) -> Node:
    """The statement without a bracket behind a derivative that holds what its function is introduced with."""
    return rebuild(node, lambda part: _shortened(part, introduced)) if introduced else node


def _shortened(part: Node, introduced: Introduced) -> Node:
    items = list(part.items) if isinstance(part, Juxt) else []
    for k in range(len(items) - 1, 0, -1):
        own = _function(items[k - 1])
        names = _names(items[k]) if own is not None else frozenset()
        if own is not None and names and names <= introduced.get(own, frozenset()):
            items[k - 1 : k + 1] = [replace(items[k - 1], span=hull(items[k - 1].span, items[k].span))]
    if not isinstance(part, Juxt) or len(items) == len(part.items):
        return part
    return items[0] if len(items) == 1 else replace(part, items=tuple(items))


def _function(node: Node) -> str | None:
    """The f of ∂f/∂x, where no argument stands behind it."""
    try:
        above = order_above(node.above) if isinstance(node, Fraction) else None
        below = None if above is None or not isinstance(node, Fraction) else differentials(node.below, above[0])
    except Unreadable:
        return None
    rest = above[1] if above is not None else ()
    return latex_of(rest[0]) if below and len(rest) == 1 and isinstance(rest[0], Sym) else None


def _names(group: Node) -> frozenset[str]:
    """The names in a bracket that holds nothing else."""
    if not opens(group) or not isinstance(group, Group) or group.sup is not None:
        return frozenset()
    parts = group.body.items if isinstance(group.body, Listing) else (group.body,)
    return frozenset(latex_of(p) for p in parts) if all(isinstance(p, Sym) for p in parts) else frozenset()
