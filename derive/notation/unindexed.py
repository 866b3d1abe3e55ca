r"""Sums that do not say over which index they run: `\sum w_i x_i` runs over i, if no other index could be meant."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from .conventions import INDEX_LETTERS
from .runs import children, rebuild, walk
from .scope import binder, present
from .syntax import Big, Empty, Node, Sym

OPERATORS = frozenset({"sum", "prod"})


def indexed(node: Node) -> Node:
    """The statement with an index below each sum that has none, where one letter alone stands below its terms."""
    if not any(_is_bare(n) for n in walk(node)):
        return node
    taken = set(_outside(node))
    return rebuild(node, lambda n: _indexed(n, taken) if isinstance(n, Big) and _is_bare(n) else n)


def _is_bare(node: Node) -> bool:
    without = isinstance(node, Big) and node.op in OPERATORS and present(node.below) is None
    return without and present(getattr(node, "above", None)) is None


def _indexed(node: Big, taken: set[str]) -> Big:
    inside = [b[0] for n in walk(node.body) if isinstance(n, Big) and (b := binder(n.below)) is not None]
    found = sorted(set(_below(node.body)) - taken - set(inside))
    if len(found) != 1:
        return node
    return dataclasses.replace(node, below=Sym(base=found[0], span=(node.span[0], node.span[0])))


def _below(node: Node) -> Iterator[str]:
    """The index letters that stand below the letters of an expression."""
    for sym in (n for n in walk(node) if isinstance(n, Sym) and n.sub is not None and not isinstance(n.sub, Empty)):
        assert sym.sub is not None
        yield from (n.base for n in walk(sym.sub) if isinstance(n, Sym) and n.base in INDEX_LETTERS)


def _outside(node: Node) -> Iterator[str]:
    """The index letters outside of the sums without an index, and those that other sums bind."""
    if isinstance(node, Big):
        if _is_bare(node):
            return
        bound = binder(node.below)
        if bound is not None:
            yield bound[0]
    if isinstance(node, Sym) and node.sub is not None:
        yield from _below(node)
    for child in children(node):
        yield from _outside(child)
