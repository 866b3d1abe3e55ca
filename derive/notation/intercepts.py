r"""An intercept named as if it were an entry: β_0 beside the vector β in f(x) = β^T x + β_0 is a number of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from .names_in_notes import APART
from .runs import rebuild, walk
from .scope import binder
from .syntax import Big, Bin, Chain, Group, Juxt, Listing, Neg, Node, Num, Sym

TURNS = frozenset({"T", "top", "intercal"})
DOTS = frozenset({"cdot", "·", "*"})


def intercepts_in(nodes: Sequence[Node]) -> frozenset[str]:
    """The letters that a sum has with 0 below as one term, and as a whole vector, in a product, in another."""
    parts = [n for top in nodes for n in walk(top)]
    found = {letter for n in parts for letter in _beside(n)}
    return frozenset(found - {letter for n in parts for letter in _first_entries(n)}) if found else frozenset()


def with_intercepts(node: Node, letters: frozenset[str]) -> Node:
    """A statement in which the 0 of the β_0 of these letters is a label, and no index."""
    if not letters:
        return node

    def apart(part: Node) -> Node:
        if isinstance(part, Sym) and part.base in letters and _is_zeroth(dataclasses.replace(part, sup=None)):
            assert part.sub is not None
            label = Sym(base="0", fonts=("rm",), span=part.sub.span)
            return dataclasses.replace(part, fonts=(*part.fonts, APART), sub=label)
        return part

    return rebuild(node, apart)


def _beside(node: Node) -> Iterator[str]:
    if not isinstance(node, Bin) or node.op not in "+-":
        return
    terms = list(_terms(node))
    alone = {t.base for t in terms if isinstance(t, Sym) and _is_zeroth(t)}
    for term in terms if alone else ():
        yield from (f.base for f in _factors(term) if f.base in alone and _is_whole(f))


def _first_entries(node: Node) -> Iterator[str]:
    """The letters of which β_0 is the first entry: of Σ_{j=0} β_j, of a list (β_0, β_1, …), of β_0² + Σ_j β_j²."""
    if isinstance(node, Big) and (bound := binder(node.below)) is not None and isinstance(node.below, Chain):
        first = node.below.operands[-1]
        inside = (n for n in walk(node.body) if isinstance(n, Sym) and isinstance(n.sub, Sym))
        if isinstance(first, Num) and first.text == "0":
            yield from (n.base for n in inside if isinstance(n.sub, Sym) and n.sub.base == bound[0])
    if isinstance(node, Listing):
        named = [n.base for n in node.items if isinstance(n, Sym) and n.sub is not None]
        first_ones = (n.base for n in node.items if isinstance(n, Sym) and _is_zeroth(n))
        yield from (letter for letter in first_ones if named.count(letter) > 1)
    if isinstance(node, Bin) and node.op == "+":
        yield from (t.base for t in _terms(node) if isinstance(t, Sym) and t.sup is not None and _is_at_zero(t))


def _factors(term: Node) -> Iterator[Sym]:
    """The letters of w^T x, w · x and ⟨w, x⟩."""
    items: tuple[Node, ...] = ()
    if isinstance(term, Juxt) and any(isinstance(n, Sym) and _is_turned(n) for n in term.items):
        items = term.items
    elif isinstance(term, Bin) and term.op in DOTS:
        items = (term.left, term.right)
    elif isinstance(term, Group) and isinstance(term.body, Listing) and "langle" in term.opening:
        items = term.body.items
    yield from (n for n in items if isinstance(n, Sym))


def _terms(node: Node) -> Iterator[Node]:
    if isinstance(node, Bin) and node.op in ("+", "-"):
        yield from _terms(node.left)
        yield from _terms(node.right)
    elif isinstance(node, Neg) or (isinstance(node, Group) and node.opening == "{" and node.sup is None):
        yield from _terms(node.body)
    else:
        yield node


def _is_zeroth(sym: Sym) -> bool:
    return _is_at_zero(sym) and sym.sup is None


def _is_at_zero(sym: Sym) -> bool:
    return isinstance(sym.sub, Num) and sym.sub.text == "0"


def _is_whole(sym: Sym) -> bool:
    return sym.sub is None and (sym.sup is None or _is_turned(sym))


def _is_turned(sym: Sym) -> bool:
    return isinstance(sym.sup, Sym) and sym.sup.base in TURNS
