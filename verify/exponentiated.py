"""What an equation for a logarithm says of the thing itself: log L(θ) = f is read as L(θ) = exp f as well.

Texts give a log-likelihood without the likelihood and differentiate log L(θ) afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.notation.conventions import PROBABILITY_LETTERS
from derive.notation.definitions import DEFINING
from derive.notation.names_in_notes import text_of
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
    known = {(_named(left), f.headings) for n, f in statements if head_of(left := _left(n)) is not None}
    for node, formula in statements:
        for left, operator, right in _links(node):
            sides = exponentiated(left, right) if operator in DEFINING else None
            above = (formula.headings[:k] for k in range(len(formula.headings) + 1))
            if sides is not None and not any((_named(sides[0]), part) in known for part in above):
                yield Chain(operands=sides, operators=(operator,), span=node.span), formula


def _links(node: Node) -> Iterator[tuple[Node, str, Node]]:
    """The relations of a chain: also E(w) = −log p(t | w) = f says what p(t | w) is."""
    if isinstance(node, Chain):
        yield from zip(node.operands, node.operators, node.operands[1:], strict=False)


def _named(node: Node | None) -> str:
    """What tells a quantity apart: its letter, and of a probability also of what it is one."""
    head = head_of(node)
    assert head is not None
    group = node.items[1] if isinstance(node, Juxt) else None
    return f"{head.base}({text_of(group)})" if group is not None and head.base in PROBABILITY_LETTERS else head.base


def _left(node: Node) -> Node | None:
    return node.operands[0] if isinstance(node, Chain) else None
