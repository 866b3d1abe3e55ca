r"""Sums over k', beside a k that is another index: the mark becomes part of the letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .runs import rebuild, walk
from .syntax import Big, Chain, Node, Sym

Marked = tuple[str, int]


def told_apart(node: Node) -> Node:
    """The tree in which an index with primes that a sum binds is a letter of its own wherever it stands."""
    marked = frozenset(_bound(node))
    return rebuild(node, lambda n: _renamed(n, marked)) if marked else node


def _bound(node: Node) -> Iterator[Marked]:
    """The indices with primes that sums and products bind: by a lower limit, or by use in a subscript."""
    for big in (n for n in walk(node) if isinstance(n, Big) and n.op in ("sum", "prod")):
        below = big.below
        limited = isinstance(below, Chain) and below.operators == ("=",)
        bound = below.operands[0] if isinstance(below, Chain) and limited else below
        if isinstance(bound, Sym) and bound.primes and not (bound.sub or bound.sup or bound.accents or bound.fonts):
            name = bound.base, bound.primes
            if limited or name in _in_subscripts(big.body):
                yield name


def _in_subscripts(node: Node) -> set[Marked]:
    subs = (n.sub for n in walk(node) if isinstance(n, Sym) and n.sub is not None)
    return {(s.base, s.primes) for sub in subs for s in walk(sub) if isinstance(s, Sym) and s.primes}


def _renamed(node: Node, marked: frozenset[Marked]) -> Node:
    if not isinstance(node, Sym) or (node.base, node.primes) not in marked or node.sub or node.sup or node.accents:
        return node
    return replace(node, base=node.base + "'" * node.primes, primes=0)
