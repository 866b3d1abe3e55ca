r"""Sums over k' or \tilde{k}, beside a k that is another index: the mark becomes part of the letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .runs import rebuild, walk
from .syntax import Big, Chain, Node, Sym

Marked = tuple[str, tuple[str, ...], int]  # a letter, its accents, and the number of its primes


def told_apart(node: Node) -> Node:
    """The tree in which an index with primes or an accent that a sum binds is a letter of its own everywhere."""
    marked = frozenset(_bound(node))
    return rebuild(node, lambda n: _renamed(n, marked)) if marked else node


def _bound(node: Node) -> Iterator[Marked]:
    r"""The indices with marks that sums and products bind: by a lower limit, or by use in a subscript.

    One with an accent binds nothing that has none: Σ_{\tilde{y} ∈ Y} o_y does not depend on its index.
    """
    for big in (n for n in walk(node) if isinstance(n, Big) and n.op in ("sum", "prod")):
        below = big.below
        limited = isinstance(below, Chain) and below.operators == ("=",)
        among = isinstance(below, Chain) and below.operators == ("in",)
        bound = below.operands[0] if isinstance(below, Chain) and (limited or among) else below
        if not isinstance(bound, Sym) or bound.sub or bound.sup or bound.fonts:
            continue
        name, used = (bound.base, bound.accents, bound.primes), _in_subscripts(big.body)
        seen = used & {name, (bound.base, (), 0)} if bound.accents else bound.primes and not among and name in used
        if seen or (limited and (bound.accents or bound.primes)):
            yield name


def _in_subscripts(node: Node) -> set[Marked]:
    subs = (n.sub for n in walk(node) if isinstance(n, Sym) and n.sub is not None)
    return {(s.base, s.accents, s.primes) for sub in subs for s in walk(sub) if isinstance(s, Sym)}


def _renamed(node: Node, marked: frozenset[Marked]) -> Node:
    if not isinstance(node, Sym) or (node.base, node.accents, node.primes) not in marked or node.sub or node.sup:
        return node
    return replace(node, base=node.base + "".join(node.accents) + "'" * node.primes, accents=(), primes=0)
