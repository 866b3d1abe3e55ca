"""How far a sum reaches: over the + and − behind it for as long as its index is used there."""

from __future__ import annotations

import dataclasses

from .runs import children, rebuild
from .syntax import Big, Bin, Chain, Empty, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym, altered

Binder = tuple[str, Node | None]


def binder(below: Node | None) -> Binder | None:
    """The letter that a big operator binds and its lower limit, from `i=0` or `i`."""
    if isinstance(below, Chain) and below.operators == ("=",) and isinstance(below.operands[0], Sym):
        return below.operands[0].base, below.operands[1]
    if isinstance(below, Sym) and not below.sub and not below.accents:
        return below.base, None
    return None


def present(node: Node | None) -> Node | None:
    """A limit, or None where nothing is written."""
    return None if isinstance(node, Empty) else node


def uses_freely(node: Node, letter: str) -> bool:
    """Whether a letter occurs in a node outside the sums that bind it anew."""
    if isinstance(node, Big):
        bound = binder(node.below)
        limits = [n for n in (bound[1] if bound else node.below, node.above) if n is not None]
        inside = bound is not None and bound[0] == letter
        return any(uses_freely(n, letter) for n in (limits if inside else [*limits, node.body]))
    if isinstance(node, Sym) and node.base == letter:
        return True
    return any(uses_freely(child, letter) for child in children(node))


def reach(node: Node) -> Node:
    """The tree with every sum reaching over the + and − behind it for as long as its index is used there.

    Σ_i a_i + b_i is Σ_i (a_i + b_i), as b_i has no meaning outside; Σ_i a_i + c stays what it is.
    """
    if isinstance(node, Bin) and node.op in "+-":
        left, right = reach(node.left), reach(node.right)
        tail = _tail(left, right)
        if tail is None:
            return altered(node, left=left, right=right)
        inner = Bin(op=node.op, left=tail.body, right=right, span=(tail.body.span[0], right.span[1]))
        return _replaced(left, tail, altered(tail, body=inner, span=(tail.span[0], right.span[1])))
    if isinstance(node, Big) and isinstance(node.below, Listing) and node.op in ("sum", "prod"):
        return reach(_nested(node, node.below.items))
    if isinstance(node, Big) and isinstance(node.below, Chain) and node.below.operators == (">=",) and not node.above:
        endless = Sym(base="infty", span=node.below.span)  # Σ_{k≥1} is Σ_{k=1}^∞
        below = altered(node.below, operators=("=",))
        return reach(altered(node, below=below, above=endless))
    if isinstance(node, Bin):
        return altered(node, left=reach(node.left), right=reach(node.right))
    if isinstance(node, Chain):
        return altered(node, operands=tuple(reach(o) for o in node.operands))
    if isinstance(node, Group | Big | Neg):
        return altered(node, body=reach(node.body))
    if isinstance(node, Juxt):
        return altered(node, items=tuple(reach(i) for i in node.items))
    if isinstance(node, Fraction):
        return altered(node, above=reach(node.above), below=reach(node.below))
    return node


def _nested(node: Big, below: tuple[Node, ...]) -> Node:
    """Σ_{i,j} as Σ_i Σ_j; limits above go with the last letter."""
    if len(below) == 1:
        return dataclasses.replace(node, below=below[0])
    inner = _nested(node, below[1:])
    return dataclasses.replace(node, below=below[0], above=None, body=inner)


def _tail(node: Node, right: Node) -> Big | None:
    """The innermost sum at the right end of an expression whose index is used in what follows."""
    if isinstance(node, Big):
        inner = _tail(node.body, right)
        bound = binder(node.below)
        return inner or (node if bound is not None and _goes_on(node, right, bound[0]) else None)
    if isinstance(node, Neg):
        return _tail(node.body, right)
    if isinstance(node, Juxt):
        return _tail(node.items[-1], right)
    return _tail(node.right, right) if isinstance(node, Bin) else None


def _goes_on(node: Big, right: Node, letter: str) -> bool:
    """Whether what follows uses the index of a sum; the a_t behind max_a Q(s′, a) is an action of its own."""
    if node.op not in ("max", "min"):
        return uses_freely(right, letter)
    return uses_freely(rebuild(right, lambda n: Num(text="0", span=n.span) if _is_numbered(n, letter) else n), letter)


def _is_numbered(node: Node, letter: str) -> bool:
    return isinstance(node, Sym) and node.base == letter and node.sub is not None


def _replaced(node: Node, old: Node, new: Node) -> Node:
    """The expression with the sum at its right end replaced."""
    if node is old:
        return new
    if isinstance(node, Neg | Big):
        return dataclasses.replace(node, body=_replaced(node.body, old, new))
    if isinstance(node, Juxt):
        return dataclasses.replace(node, items=(*node.items[:-1], _replaced(node.items[-1], old, new)))
    assert isinstance(node, Bin)
    return dataclasses.replace(node, right=_replaced(node.right, old, new))
