r"""Which side of the bar the letters stand on that are summed over: Σ_{s'} p(s' | s, a), and not p(s | s', a).

A letter of a usual formula plays its part whatever it is given; here both sides of the bar are compared with those of
the formula. Nothing is the probability of itself: the π(a | a) of a policy is no usual formula.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Big, Group, Juxt, Listing, Node, Sym

from .letters import letters_in
from .parts import node_of
from .sums import bound_by

Sides = tuple[int, int]


def conditions_otherwise(right: Node, latex: str) -> bool:
    """Whether a probability of the formula has what is summed over on the other side of its bar than the usual one."""
    here = list(_bars(right))
    if any(_repeats_all(bar) for bar in here):
        return True
    usual = node_of(latex)
    there = list(_bars(usual))
    return len(here) == len(there) and _counted(here, right) != _counted(there, usual)


def _bars(node: Node) -> Iterator[Listing]:
    """The x | y of the probabilities p(x | y)."""
    for part in (n for n in walk(node) if isinstance(n, Juxt)):
        for head, group in pairwise(part.items):
            body = group.body if isinstance(group, Group) else None
            named = isinstance(head, Sym) and head.base not in ("E", "Ebb", "Var", "log")
            if named and isinstance(body, Listing) and body.separator == "|" and len(body.items) == 2:
                yield body


def _repeats_all(bar: Listing) -> bool:
    first, second = (unplaced(n) for n in bar.items)
    return first == second


def _counted(bars: list[Listing], node: Node) -> Counter[Sides]:
    """How many letters that a sum binds stand before and behind each bar."""
    bound = {letter for big in walk(node) if isinstance(big, Big) for letter in _bound(big)}
    counts = ([len(bound.intersection(letters_in(n))) for n in bar.items] for bar in bars)
    return Counter((before, behind) for before, behind in counts)


def _bound(big: Big) -> Iterator[str]:
    if isinstance(big.below, Listing):
        for item in big.below.items:
            yield from letters_in(item)
    elif (letter := bound_by(big)[0]) is not None:
        yield letter
