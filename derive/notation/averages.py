r"""The n of 1/n before a sum without an end: in \frac{1}{n} \sum_i x_i the index runs to n, as all means do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from .declared import members
from .runs import walk
from .scope import binder, present
from .syntax import Big, Bin, Chain, Fraction, Juxt, Node, Num, Sym

COUNTS = frozenset("nNmMdDHKBT")
SUMS = frozenset({"sum", "prod"})


def counts_of_means(nodes: Iterable[Node], letters: frozenset[str]) -> Mapping[str, Sym]:
    """The index letters of means whose sums have no end, with the letter that counts their terms.

    One that some sum runs to an end of its own, or has two counts, is none; nor does a letter count that has a formula,
    or that none of the sizes is that the text states of what the index stands at.

    Args:
        nodes: what the formulas of a text state.
        letters: those used as indices.
    """
    nodes = tuple(nodes)
    sums = [n for top in nodes for n in walk(top) if isinstance(n, Big) and n.op in SUMS]
    ended = {b[0] for n in sums if (b := binder(n.below)) is not None and present(n.above) is not None}
    defined = {c.operands[0].base for c in nodes if isinstance(c, Chain) and isinstance(c.operands[0], Sym)}
    sizes = {sym.base: limits for top in nodes for sym, limits in members(top) if limits}
    found: dict[str, set[str]] = {}
    counts: dict[str, Sym] = {}
    for mean, letter, count in (m for top in nodes for n in walk(top) for m in _means(n)):
        stated = (limits for base in _indexed(mean.body, letter) if (limits := sizes.get(base)) is not None)
        others = any(count.base not in {getattr(end, "base", "") for _, end in limits} for limits in stated)
        found.setdefault(letter, set()).update((count.base, *("?" if others else ())))
        counts.setdefault(letter, count)
    usable = (k for k, bases in found.items() if len(bases) == 1 and not bases & (letters | defined))
    return {k: counts[k] for k in usable if k not in ended}


def ended(node: Big, counts: Mapping[str, Sym]) -> Big:
    """A sum without an end that runs to the count of a mean over its index."""
    bound = binder(node.below) if node.op in SUMS and present(node.above) is None else None
    return node if bound is None or bound[0] not in counts else replace(node, above=counts[bound[0]])


def _indexed(body: Node, letter: str) -> set[str]:
    """The letters that an index stands at."""
    syms = (n for n in walk(body) if isinstance(n, Sym) and n.sub is not None)
    return {n.base for n in syms if n.sub and any(isinstance(s, Sym) and s.base == letter for s in walk(n.sub))}


def _means(node: Node) -> Iterator[tuple[Big, str, Sym]]:
    r"""Each \frac{1}{n} \sum_i that stands right in a node, its index and its count."""
    factors = node.items if isinstance(node, Juxt) else ()
    if isinstance(node, Bin) and node.op == "cdot":
        factors = (node.left, node.right)
    for one, other in pairwise(factors):
        match one, other:
            case Fraction(above=Num(text="1"), below=Sym(sub=None, sup=None, accents=()) as count), Big(
                op="sum"
            ) as mean:
                bound = binder(mean.below) if present(mean.above) is None else None
                if bound is not None and count.base in COUNTS and not count.accents:
                    yield mean, bound[0], count
