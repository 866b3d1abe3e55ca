r"""Derivatives written with a stroke, `\partial L/\partial z`, or as `\partial_z L`, as the fractions that they are."""

from __future__ import annotations

from dataclasses import replace

from .runs import rebuild, walk
from .syntax import Bin, Fraction, Group, Juxt, Node, Num, Sym

SIGN = "partial"
COORDINATES = frozenset("ijklmnpqrs")  # ∂_i is the derivative by the i-th coordinate, whatever that is called


def upright(node: Node) -> Node:
    """The statement with a fraction for each ∂f/∂z in one line: only the letter behind the second ∂ belongs to it.

    And with ∂/∂z for ∂_z.
    """
    return rebuild(node, _changed) if any(_is_stroke(n) or _is_operator(n) for n in walk(node)) else node


def _changed(node: Node) -> Node:
    if _is_operator(node):
        return _operator(node)
    if not isinstance(node, Juxt):
        return node
    items = list(node.items)
    for k, item in enumerate(items[:-1]):
        by, behind = items[k + 1], items[k + 2] if k + 2 < len(items) else None
        if isinstance(item, Bin) and _is_stroke(item) and isinstance(by, Sym) and not isinstance(behind, Group):
            factors = _fraction(item, by)
            whole = (*items[:k], *factors, *items[k + 2 :])
            return whole[0] if len(whole) == 1 else _changed(Juxt(items=whole, span=node.span))
    return node


def _is_stroke(node: Node) -> bool:
    """Whether a node is … ∂ f / ∂, before what it is differentiated by."""
    if not isinstance(node, Bin) or node.op != "/" or not _is_sign(node.right):
        return False
    above = node.left.items if isinstance(node.left, Juxt) else ()
    return any(_is_sign(n) for n in above[:-1])


def _is_operator(node: Node) -> bool:
    """Whether a node is a ∂ with the one letter below it by which it differentiates: ∂_z or ∂_z^2."""
    if not isinstance(node, Sym) or node.base != SIGN or node.accents or node.primes:
        return False
    by, order = node.sub, node.sup
    known = isinstance(by, Sym) and (by.base not in COORDINATES or by.sub is not None)
    return known and (order is None or (isinstance(order, Num) and isinstance(by, Sym) and by.sup is None))


def _operator(sign: Node) -> Node:
    by = sign.sub if isinstance(sign, Sym) else None
    assert isinstance(by, Sym)
    assert isinstance(sign, Sym)
    above = replace(sign, sub=None)
    counted = by if sign.sup is None else replace(by, sup=sign.sup)
    below = Juxt(items=(replace(above, sup=None), counted), span=sign.span)
    return Fraction(above=above, below=below, span=sign.span)


def _is_sign(node: Node) -> bool:
    return isinstance(node, Sym) and node.base == SIGN and node.sub is None


def _fraction(stroke: Bin, by: Sym) -> tuple[Node, ...]:
    """The factors before the last ∂ above the stroke, and the fraction that begins there."""
    above = stroke.left.items if isinstance(stroke.left, Juxt) else ()
    start = max(k for k, n in enumerate(above) if _is_sign(n))
    of = Juxt(items=above[start:], span=(above[start].span[0], above[-1].span[1]))
    below = Juxt(items=(stroke.right, by), span=(stroke.right.span[0], by.span[1]))
    return (*above[:start], Fraction(above=of, below=below, span=(of.span[0], by.span[1])))
