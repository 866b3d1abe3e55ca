r"""Sums over pairs that differ, Σ_{i≠j}, Σ_{i<j}, Σ_{j≠i}: as sums over all, with a bracket that leaves out the others.

Σ_{j≠i} leaves i to what stands around it; where i stands nowhere else, as in Σ_{i≠j} x_i x_j, both are summed over.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from .runs import rebuild, walk
from .scope import binder, uses_freely
from .syntax import Big, Chain, Empty, Group, Juxt, Listing, Node, Num, Sym

FILTERS = frozenset({"!=", "<"})
UP = ("<=", "<", "<=")  # 1 ≤ i < j ≤ n
ONE = "1"


def with_brackets(statement: Node) -> Node:
    """The statement with every such sum written with a bracket, 1[i ≠ j]."""
    for big in [n for n in walk(statement) if isinstance(n, Big)]:
        changed = _changed(big, statement)
        if changed is not None:
            return with_brackets(_put(statement, big, changed))
    return statement


def _changed(big: Big, statement: Node) -> Big | None:
    """One sum as a sum over all; None if it has no such condition below."""
    below = big.below
    if big.op != "sum" or below is None:
        return None
    if isinstance(below, Listing) and len(below.items) == 2 and below.separator == ",":  # j = 1, j ≠ i
        first, condition = below.items
        found = binder(first)
        if found is not None and _letters(condition) is not None and isinstance(condition, Chain):
            return dataclasses.replace(big, below=first, body=_filtered(big.body, condition))
        return None
    if isinstance(below, Chain) and below.operators == UP:
        return _ordered(big, below)
    letters = _letters(below)
    if letters is None or not isinstance(below, Chain):
        return None
    around = [s for s in letters if _is_around(s.base, big, statement)]
    inner = _filtered(big.body, below)
    first = next((s for s in letters if s not in around), letters[0])
    if around or big.above is not None:
        return dataclasses.replace(big, below=first, body=inner)
    return _nested(big, letters, inner)


def _nested(big: Big, letters: Sequence[Sym], inner: Node) -> Big:
    body = dataclasses.replace(big, below=letters[1], above=None, body=inner, span=big.body.span)
    return dataclasses.replace(big, below=letters[0], above=None, body=body)


def _ordered(big: Big, below: Chain) -> Big | None:
    """Σ_{1 ≤ i < j ≤ n}, both from 1 to n."""
    low, *pair, high = below.operands
    condition = Chain(operands=tuple(pair), operators=("<",), span=below.span)
    letters = _letters(condition)
    if letters is None or big.above is not None:
        return None
    i, j = (Chain(operands=(s, low), operators=("=",), span=below.span) for s in letters)
    body = dataclasses.replace(big, below=j, above=high, body=_filtered(big.body, condition), span=big.body.span)
    return dataclasses.replace(big, below=i, above=high, body=body)


def _filtered(body: Node, condition: Chain) -> Node:
    """The summand times the bracket of a condition."""
    bracket = Group(opening="[", body=condition, closing="]", span=condition.span)
    inner = Group(opening="(", body=body, closing=")", span=body.span)
    return Juxt(items=(Num(text=ONE, span=condition.span), bracket, inner), span=body.span)


def _letters(node: Node) -> tuple[Sym, ...] | None:
    """The two letters that a condition compares."""
    if not isinstance(node, Chain) or len(node.operators) != 1 or node.operators[0] not in FILTERS:
        return None
    found = tuple(n for n in node.operands if isinstance(n, Sym) and _is_plain(n))
    return found if len(found) == 2 else None


def _is_plain(sym: Sym) -> bool:
    return not (sym.sub or sym.sup or sym.accents or sym.fonts or sym.primes) and len(sym.base) == 1


def _is_around(letter: str, big: Big, statement: Node) -> bool:
    """Whether a letter stands free outside a sum, or is bound by a sum around it."""
    if uses_freely(_put(statement, big, Empty(span=big.span)), letter):
        return True
    outer = (n for n in walk(statement) if isinstance(n, Big) and n is not big and any(part is big for part in walk(n)))
    return any(letter in {s.base for s in walk(n.below) if isinstance(s, Sym)} for n in outer if n.below is not None)


def _put(statement: Node, old: Node, new: Node) -> Node:
    """The statement with one node, by identity, replaced."""
    return rebuild(statement, lambda node: new if node is old else node)
