r"""A letter in bold type beside a size of that letter: the vector \mathbf{h} ∈ ℝ^h has h entries."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from .declared import REALS, outer_letters
from .marks import is_bold
from .names_in_notes import APART
from .runs import rebuild, walk
from .syntax import Big, Node, Sym


def letters_set_apart(nodes: Sequence[Node]) -> frozenset[str]:
    """The letters that are bold, and in plain type nothing but sizes: there is no h_i that might be an entry."""
    every = [s for top in nodes for s in walk(top) if isinstance(s, Sym)]
    bold = {s.base for s in every if is_bold(s)}
    plain = [s for s in every if s.base in bold and not is_bold(s)]
    scripted = {s.base for s in plain if s.sub is not None or s.sup is not None or s.primes}
    return frozenset(bold & _sizes(nodes) - scripted)


def set_apart(node: Node, letters: frozenset[str]) -> Node:
    """A statement in which these letters in bold type are other letters than in plain type."""
    if not letters:
        return node

    def apart(part: Node) -> Node:
        if isinstance(part, Sym) and part.base in letters and is_bold(part):
            return dataclasses.replace(part, fonts=(*part.fonts, APART))
        return part

    return rebuild(node, apart)


def _sizes(nodes: Iterable[Node]) -> set[str]:
    limits = [n.above for top in nodes for n in walk(top) if isinstance(n, Big) and n.above is not None]
    limits += list(_dimensions(nodes))
    return {s.base for limit in limits for s in outer_letters(limit) if not is_bold(s)}


def _dimensions(nodes: Iterable[Node]) -> Iterator[Node]:
    """The h × d of ℝ^{h × d}."""
    for part in (n for top in nodes for n in walk(top)):
        if isinstance(part, Sym) and part.base in REALS and "bb" in part.fonts and part.sup is not None:
            yield part.sup
