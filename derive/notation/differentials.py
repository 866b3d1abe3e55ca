"""The signs of differentiation in a formula: ∂ and d, and the operators made of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from .names_in_notes import is_transpose
from .runs import rebuild, walk
from .syntax import Big, Bin, Fraction, Group, Juxt, Neg, Node, Num, Sym
from .unreadable import Unreadable

SIGNS = ("partial", "d")


def _first(node: Node) -> Node:
    return node.items[0] if isinstance(node, Juxt) else node


def first_base(node: Node) -> str:
    """The letter that an expression begins with, or nothing."""
    first = _first(node)
    return first.base if isinstance(first, Sym) else ""


def order_above(node: Node) -> tuple[int, tuple[Node, ...]] | None:
    """The order of ∂f or ∂²f, and what follows the sign; None if it does not begin with one."""
    first = _first(node)
    if not isinstance(first, Sym) or first.base not in SIGNS or first.sub is not None:
        return None
    order = _order(first.sup)
    if order is None:
        raise Unreadable("a derivative of this order is not read here", node.span)
    return order, (node.items if isinstance(node, Juxt) else (node,))[1:]


def differentials(node: Node, order: int) -> tuple[Node, ...] | None:
    """The quantities of ∂w, ∂x ∂y or ∂x², one for each order; None if it does not begin with a sign.

    Raises: Unreadable: for several quantities behind one sign.
    """
    items = node.items if isinstance(node, Juxt) else (node,)
    if not _is_sign(items[0]) or len(items) < 2:
        return None
    found: list[Node] = []
    for sign, by in zip(items[::2], items[1::2], strict=False):
        if not _is_sign(sign) or len(items) % 2:
            raise Unreadable("a derivative by several quantities is not read here", node.span)
        times = _order(by.sup) if order > 1 and isinstance(by, Sym) and by.sup is not None else 1
        plain = dataclasses.replace(by, sup=None) if times not in (None, 1) and isinstance(by, Sym) else by
        found += [plain] * (times or 1)
    return tuple(found)


def _is_sign(node: Node) -> bool:
    return isinstance(node, Sym) and node.base in SIGNS and node.sub is None and node.sup is None


def _order(sup: Node | None) -> int | None:
    """The number of times that is raised above; None for what is no small number."""
    inner = sup.body if isinstance(sup, Group) else sup
    if inner is None:
        return 1
    return int(inner.text) if isinstance(inner, Num) and inner.text in ("1", "2", "3") else None


def ends_in_operator(node: Node) -> bool:
    """Whether an expression ends in ∂/∂w before something without brackets, so that a + behind it may belong to it."""
    if isinstance(node, Bin):
        return node.op in "+-" and ends_in_operator(node.right)
    if isinstance(node, Neg):
        return ends_in_operator(node.body)
    operators = [k for k, i in enumerate(node.items) if _is_operator(i)] if isinstance(node, Juxt) else []
    return bool(operators) and isinstance(node, Juxt) and not isinstance(node.items[-1], Group)


def with_reach(node: Node) -> Node:
    r"""The statement with `\nabla -f` read as the derivative of −f: nothing is taken from a bare ∇."""

    def changed(part: Node) -> Node:
        bare = isinstance(part, Bin) and part.op == "-" and isinstance(part.left, Sym) and part.left.base == "nabla"
        if not bare or not isinstance(part, Bin):
            return part
        span = (part.left.span[1], part.right.span[1])
        minus = Group(opening="(", body=Neg(body=part.right, span=span), closing=")", span=span)
        return Juxt(items=(part.left, minus), span=part.span)

    return rebuild(node, changed)


def _is_operator(node: Node) -> bool:
    """Whether a fraction is ∂/∂w, with nothing above to differentiate."""
    if not isinstance(node, Fraction) or not isinstance(node.above, Sym):
        return False
    return node.above.base in ("partial", "d") and first_base(node.below) in ("partial", "d")


def differentiated_functions(nodes: Iterable[Node]) -> Iterator[tuple[Sym, Group]]:
    r"""The L and the (w) of every \nabla L(w), ∂L(w)/∂w and ∂/∂w L(w)."""
    for node in (n for top in nodes for n in walk(top) if isinstance(n, Juxt)):
        for sign, head, group in zip(node.items, node.items[1:], node.items[2:], strict=False):
            operator = sign.below if isinstance(sign, Fraction) else sign
            if first_base(operator) not in (*SIGNS, "nabla") or not isinstance(head, Sym):
                continue
            if is_bracket(group) and not (head.primes or head.sup or head.base in SIGNS):
                assert isinstance(group, Group)
                yield head, group


def opens(node: Node) -> bool:
    """Whether a node is a bracket, with or without scripts."""
    return isinstance(node, Group) and node.opening in ("(", "[")


def is_bracket(node: Node) -> bool:
    """Whether a node is what stands behind a function, also with the transpose of the whole: ∇f(x)^T."""
    return opens(node) and isinstance(node, Group) and (node.sup is None or is_transpose(node.sup))


def is_by_what_is_bound(node: Node) -> bool:
    """Whether a gradient is by what an integral or a mean within it runs over, ∇_θ ∫_θ F(θ): by another letter then."""
    match node:
        case Juxt(items=(*_, Sym(base="nabla", sub=Sym() as by), rest)):
            bound = [n for n in walk(rest) if isinstance(n, Big) and n.op == "int"]
            return any(isinstance(n.below, Sym) and n.below.base == by.base for n in bound)
    return False
