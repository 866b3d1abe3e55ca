"""The signs of differentiation in a formula: ∂ and d, and the operators made of them."""

from __future__ import annotations

from .syntax import Bin, Fraction, Group, Juxt, Neg, Node, Sym
from .unreadable import Unreadable


def _first(node: Node) -> Node:
    return node.items[0] if isinstance(node, Juxt) else node


def first_base(node: Node) -> str:
    """The letter that an expression begins with, or nothing."""
    first = _first(node)
    return first.base if isinstance(first, Sym) else ""


def after_d(node: Node) -> tuple[Node, ...] | None:
    """What follows ∂ or d; None if there is none.

    Raises: Unreadable: for ∂², which asks for a second derivative.
    """
    first = _first(node)
    if not isinstance(first, Sym) or first.base not in ("partial", "d"):
        return None
    if first.sup is not None:
        raise Unreadable("a derivative of higher order is not read here", node.span)
    return None if first.sub is not None else (node.items if isinstance(node, Juxt) else (node,))[1:]


def ends_in_operator(node: Node) -> bool:
    """Whether an expression ends in ∂/∂w before something without brackets, so that a + behind it may belong to it."""
    if isinstance(node, Bin):
        return node.op in "+-" and ends_in_operator(node.right)
    if isinstance(node, Neg):
        return ends_in_operator(node.body)
    operators = [k for k, i in enumerate(node.items) if _is_operator(i)] if isinstance(node, Juxt) else []
    return bool(operators) and isinstance(node, Juxt) and not isinstance(node.items[-1], Group)


def _is_operator(node: Node) -> bool:
    """Whether a fraction is ∂/∂w, with nothing above to differentiate."""
    if not isinstance(node, Fraction) or not isinstance(node.above, Sym):
        return False
    return node.above.base in ("partial", "d") and first_base(node.below) in ("partial", "d")
