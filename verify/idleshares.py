r"""Shares of a sum whose terms do not have its index: e^{z_i} / Σ_j e^{z_i}, which is one over the number of terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.runs import walk
from derive.notation.syntax import Big, Fraction, Group, Node, Span, Sym

from .indices.primedsums import bound_letter
from .writtensizes import written


@dataclass(frozen=True, kw_only=True)
class Idle:
    """A share that depends on nothing.

    Attributes:
        index: the letter that its sum runs over, where it stands.
        place: the one index that may have been meant to be that letter, if there is but one.
    """

    index: Sym
    place: Span | None


def idle_shares(node: Node) -> Iterator[Idle]:
    """The quotients of a term and the sum of that very term over an index that it does not have.

    Terms without any index or argument may depend on the index unsaid and are left out.
    """
    for quotient in (n for n in walk(node) if isinstance(n, Fraction)):
        big = _unwrapped(quotient.below)
        index = bound_letter(big) if isinstance(big, Big) and big.op == "sum" else None
        if index is None or not isinstance(big, Big) or written(quotient.above, {}) != written(big.body, {}):
            continue
        syms = [n for n in walk(big.body) if isinstance(n, Sym)]
        indices = [n.sub for n in syms if n.sub is not None]
        if indices and not any(n.base == index.base and n.accents == index.accents for n in syms):
            yield Idle(index=index, place=indices[0].span if len(indices) == 1 else None)


def _unwrapped(node: Node) -> Node:
    return _unwrapped(node.body) if isinstance(node, Group) and not (node.sub or node.sup) else node
