"""Sizes as a text writes them, compared at the index that is meant: the n_{l-1} of layer l + 1 is n_l."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from derive.notation.declared import outer_letters
from derive.notation.names_in_notes import latex_of
from derive.notation.runs import children
from derive.notation.syntax import Bin, Chain, Group, Node, Num, Sym

from .context import Context

Place = tuple[str, int]  # an index: its letter, and the number that is added to it
Moved = Mapping[str, Place]


def are_equated(sizes: tuple[Node, Node], context: Context) -> bool:
    """Whether the text has an equation with one of two sizes on one side and letters of the other one on another."""
    keys = [written(s, {}) for s in sizes]
    letters = [{s.base for s in outer_letters(n)} for n in sizes]
    for chain in (n for node, _ in context.lines.nodes for n in (node,) if isinstance(n, Chain) and "=" in n.operators):
        for k, operand in enumerate(chain.operands):
            others = (s.base for j, o in enumerate(chain.operands) if j != k for s in outer_letters(o))
            for own, other in ((0, 1), (1, 0)):
                if written(operand, {}) == keys[own] and letters[other] & set(others):
                    return True
    return False


def shown(node: Node) -> str:
    """A size for a message: n_{l-1}, k+1."""
    if isinstance(node, Sym):
        scripts = "".join(f"{mark}{{{shown(s)}}}" for mark, s in (("_", node.sub), ("^", node.sup)) if s is not None)
        return latex_of(replace(node, sub=None, sup=None)) + scripts
    if isinstance(node, Group):
        return node.opening.strip("{") + shown(node.body) + node.closing.strip("}")
    return shown(node.left) + node.op + shown(node.right) if isinstance(node, Bin) else latex_of(node)


def is_one(node: Node | None) -> bool:
    """Whether a size is the number 1."""
    return isinstance(node, Num) and node.text == "1"


def written(node: Node | None, moved: Moved) -> Hashable:
    """A size as it is written, with its indices where they stand: n_{l-1} at l + 1 is n_{(l, 0)}."""
    if isinstance(node, Sym):
        return (node.base, node.accents, node.primes, _script(node.sub, moved), _script(node.sup, moved))
    if isinstance(node, Num):
        return node.text
    if isinstance(node, Group):
        return written(node.body, moved)
    return None if node is None else (getattr(node, "op", ""), *(written(c, moved) for c in children(node)))


def _script(node: Node | None, moved: Moved) -> Hashable:
    place = place_of(node)
    if place is None:
        return written(node, moved)
    letter, number = moved.get(place[0], (place[0], 0))
    return (letter, number + place[1])


def place_of(node: Node | None) -> Place | None:
    """The l − 1 of n_{l-1} or W^{(l-1)}: an index letter with the number added to it."""
    if isinstance(node, Group):
        return place_of(node.body)
    if isinstance(node, Sym):
        plain = len(node.base) == 1 and not (node.sub or node.sup or node.accents or node.primes)
        return (node.base, 0) if plain else None
    if isinstance(node, Bin) and node.op in ("+", "-") and isinstance(node.right, Num) and node.right.text.isdigit():
        first, step = place_of(node.left), int(node.right.text)
        return None if first is None else (first[0], first[1] + (step if node.op == "+" else -step))
    return None
