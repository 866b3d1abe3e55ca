"""What an equation for a logarithm says of the thing itself: log L(θ) = f is read as L(θ) = exp f as well.

Texts give a log-likelihood without the likelihood and differentiate log L(θ) afterwards.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from derive.notation.definitions import DEFINING
from derive.notation.syntax import Chain, Fn, Group, Juxt, Neg, Node, Sym

from .documents.document import Formula

LOGARITHMS = frozenset({"log", "ln"})
LIKELIHOODS = frozenset({"L", "ell", "l", "p", "P"})


def argument_of_logarithm(left: Node) -> Node | None:
    """The L(θ) of log L(θ) and of −log L(θ); None for any other left side."""
    inner = left.body if isinstance(left, Neg) else left
    if not (isinstance(inner, Fn) and inner.name in LOGARITHMS and inner.sub is None and inner.sup is None):
        return None
    head = head_of(inner.argument)
    return inner.argument if head is not None and head.base in LIKELIHOODS and head.sup is None else None


def head_of(node: Node | None) -> Sym | None:
    """The letter of L and of L(θ)."""
    match node:
        case Sym():
            return node
        case Juxt(items=(Sym() as head, Group(opening="(" | "[", sup=None, sub=None))):
            return head
    return None


def exponentiated(left: Node, right: Node) -> tuple[Node, Node] | None:
    """The two sides of the equation for what stands under the logarithm on the left; None if there is none."""
    inner = argument_of_logarithm(left)
    if inner is None:
        return None
    body = Neg(body=_bracketed(right), span=right.span) if isinstance(left, Neg) else right
    return inner, Fn(name="exp", argument=_bracketed(body), span=right.span)


def _bracketed(node: Node) -> Group:
    return Group(opening="(", body=node, closing=")", span=node.span)


def implied_by_logarithms(statements: Iterable[tuple[Node, Formula]]) -> Iterator[tuple[Node, Formula]]:
    """The equations for what stands under logarithms, of letters for which the text has no equation itself.

    What the text says under other headings of such a letter is of another one.
    """
    statements = tuple(statements)
    known = {(head.base, f.headings) for n, f in statements if (head := head_of(_left(n))) is not None}
    for node, formula in statements:
        if isinstance(node, Chain) and node.operators[0] in DEFINING:
            sides = exponentiated(node.operands[0], node.operands[1])
            head = head_of(sides[0]) if sides is not None else None
            above = (formula.headings[:k] for k in range(len(formula.headings) + 1))
            if sides is not None and head is not None and not any((head.base, part) in known for part in above):
                yield dataclasses.replace(node, operands=sides, operators=node.operators[:1]), formula


def _left(node: Node) -> Node | None:
    return node.operands[0] if isinstance(node, Chain) else None
