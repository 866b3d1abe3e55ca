r"""Shares of which one half has lost its exponential: exp(u_t) / Σ_r u_r, which no softmax is and no sum makes one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.chances.events import unbraced
from derive.notation.runs import rebuild, unplaced, walk
from derive.notation.syntax import Big, Fn, Fraction, Group, Node, Span, Sym

from .indices.primedsums import bound_letter


@dataclass(frozen=True)
class Lost:
    """A share without one of its exponentials: where it belongs, and how many characters it is about."""

    message: str
    place: Span


def lost_exponentials(node: Node) -> Iterator[Lost]:
    """The quotients of exp of a term and a sum of that very term, at another index, or of the term and a sum of exp."""
    for quotient in (n for n in walk(node) if isinstance(n, Fraction)):
        big = _inner(quotient.below)
        index = bound_letter(big) if isinstance(big, Big) and big.op == "sum" else None
        if index is None or not isinstance(big, Big):
            continue
        above, below = _exponent(quotient.above), _exponent(big.body)
        if above is not None and below is None and _is_at(above, big.body, index):
            yield Lost("the numerator has an exponential that the terms of the sum below it lack", big.body.span)
        if below is not None and above is None and _is_at(quotient.above, below, index):
            yield Lost("the terms of the sum below have an exponential that the numerator lacks", quotient.above.span)


def _exponent(node: Node) -> Node | None:
    """The u of exp(u) and of e^u."""
    node = _inner(node)
    if isinstance(node, Fn) and node.name == "exp" and node.argument is not None and node.sup is None:
        return _inner(node.argument)
    if isinstance(node, Sym) and node.base == "e" and node.sup is not None and node.sub is None:
        return _inner(node.sup)
    return None


def _is_at(one: Node, summed: Node, index: Sym) -> bool:
    """Whether a term is that of a sum where another letter stands for its index; both have more than a number."""
    summed, one = _inner(summed), _inner(one)
    if not any(_is_letter(n, index) for n in walk(summed)):
        return False
    letters = {unplaced(n) for n in walk(one) if isinstance(n, Sym) and n.sub is None and n.sup is None}
    return any(unplaced(_at(letter, summed, index)) == unplaced(one) for letter in letters)


def _at(letter: Node, summed: Node, index: Sym) -> Node:
    return rebuild(summed, lambda node: letter if _is_letter(node, index) else node)


def _is_letter(node: Node, index: Sym) -> bool:
    return isinstance(node, Sym) and unplaced(node) == unplaced(index)


def _inner(node: Node) -> Node:
    node = unbraced(node)
    return _inner(node.body) if isinstance(node, Group) and not (node.sub or node.sup or node.primes) else node
