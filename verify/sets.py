"""Sums over a set beside sums over all: Σ_{j∈S} a_j is no Σ_j a_j, though the same letter runs in both.

A sum without a range takes the one that its letter has elsewhere; where that is a set, what agrees proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Group, Juxt, Node, Sym

from .chances.plainer import letters_of_all
from .context import Context
from .functions import Key, key_of
from .lines import Line

MIXED = "a sum over a set stands beside one over all"
Range = tuple[str, Key | None]


def mixes_sets(line: Line, context: Context) -> bool:
    """Whether a letter runs over a set and, in the same line or beside sets that an index tells apart, over all."""
    ranges = set(_ranges(side for side in (line.left, line.right) if side is not None))
    bare = {letter for letter, members in ranges if members is None}
    if any(letter in bare for letter, members in ranges if members is not None):
        return True
    under = (root for root, formula in context.lines.nodes if formula.headings == line.formula.headings)
    return bool(bare) and any(letter in bare for letter, _ in _indexed(under))


def _ranges(nodes: Iterable[Node]) -> Iterator[Range]:
    """The letters that sums and products bind without limits, or over a set."""
    for big in _bigs(nodes):
        if isinstance(big.below, Sym) and big.above is None:
            yield big.below.base, None
        elif (found := _members(big)) is not None:
            yield found[0], key_of(found[1])


def _indexed(nodes: Iterable[Node]) -> Iterator[tuple[str, Node]]:
    """The letters that run over sets with an index or an argument: N_i, S(v)."""
    for big in _bigs(nodes):
        found = _members(big)
        if found is not None and (
            isinstance(found[1], Juxt) or isinstance(getattr(found[1], "sub", None), Sym | Group)
        ):
            yield found


def _bigs(nodes: Iterable[Node]) -> Iterator[Big]:
    return (n for node in nodes for n in walk(node) if isinstance(n, Big) and n.op in ("sum", "prod"))


def _members(big: Big) -> tuple[str, Node] | None:
    """The letter and the set of Σ_{i∈S}."""
    below = big.below
    if not isinstance(below, Chain) or below.operators != ("in",) or not isinstance(below.operands[0], Sym):
        return None
    if isinstance(below.operands[1], Juxt) and letters_of_all(below) is not None:  # Val(X)
        return None
    return below.operands[0].base, below.operands[1]
