r"""Names of several capitals that a text writes without a command: RL(w) and TPR are names, A B is a product.

Capitals that stand side by side are one name if the text has each of these letters in such groups only, or says by an
equation what they are, RL(w) = …, and has not all of them elsewhere; and no group has them in another order, `AB = BA`.
Of small letters only the words loss and cost are names, where the text says by an equation what they are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from itertools import pairwise

from .runs import rebuild, walk
from .syntax import Chain, Group, Juxt, Node, Sym

Run = tuple[Sym, ...]
SMALL = ("loss", "cost")


def words_in(nodes: Iterable[Node]) -> frozenset[str]:
    """The groups of capitals that are names in the text made of some statements."""
    groups: set[str] = set()
    single: set[str] = set()
    named: set[str] = set()
    for top in nodes:
        inside: set[int] = set()
        for run in (r for n in walk(top) if isinstance(n, Juxt) for r in _runs(n)):
            groups.add(_spelt(run))
            inside |= {id(s) for s in run}
        single |= {n.base for n in walk(top) if isinstance(n, Sym) and not n.fonts and id(n) not in inside}
        named |= {_spelt(run) for run in _defined(top)}
    orders = ["".join(sorted(word)) for word in groups]
    own = {w for w in groups if not set(w) & single and w not in SMALL}
    own |= {w for w in named if not set(w) <= single or w in SMALL}
    return frozenset(w for w in own if orders.count("".join(sorted(w))) == 1)


def _defined(top: Node) -> Iterator[Run]:
    """The group that is the left side of a statement: MAE = …, RL(w) = …."""
    left = top.operands[0] if isinstance(top, Chain) and top.operators[0] in ("=", ":=") else None
    runs = list(_runs(left)) if isinstance(left, Juxt) else []
    if len(runs) != 1 or not isinstance(left, Juxt) or left.items[0] is not runs[0][0]:
        return
    rest = left.items[len(runs[0]) :]
    applied = len(rest) == 1 and isinstance(rest[0], Group) and rest[0].opening == "("
    if applied or (not rest and len(runs[0]) > 2):
        yield runs[0]


def with_words(node: Node, words: frozenset[str]) -> Node:
    """A statement with these groups of letters as one name each."""
    if not words:
        return node

    def change(part: Node) -> Node:
        if not isinstance(part, Juxt):
            return part
        first = {id(r[0]): r for r in _runs(part) if _spelt(r) in words}
        if not first:
            return part
        later = {id(s) for r in first.values() for s in r[1:]}
        items = [_joined(first[id(n)]) if id(n) in first else n for n in part.items if id(n) not in later]
        return items[0] if len(items) == 1 else dataclasses.replace(part, items=tuple(items))

    return rebuild(node, change)


def _runs(node: Juxt) -> Iterator[Run]:
    """The longest groups of capitals side by side, only the last of which may carry a script, and the small words."""
    yield from _small_words(node)
    found: list[Sym] = []
    for item in (*node.items, None):
        fits = isinstance(item, Sym) and len(item.base) == 1 and item.base.isupper() and not item.accents
        if fits and isinstance(item, Sym) and (not found or _goes_on(found[-1], item)):
            found.append(item)
            continue
        if len(found) > 1:
            yield tuple(found)
        found = [item] if fits and isinstance(item, Sym) else []


def _small_words(node: Juxt) -> Iterator[Run]:
    """The places where small letters side by side spell a word."""
    for k in range(len(node.items) - len(SMALL[0]) + 1):
        run = tuple(n for n in node.items[k : k + len(SMALL[0])] if isinstance(n, Sym) and not (n.accents or n.fonts))
        if _spelt(run) in SMALL and all(_goes_on(a, b) for a, b in pairwise(run)):
            yield run


def _goes_on(last: Sym, following: Sym) -> bool:
    bare = not (last.sub or last.sup or last.primes)
    return bare and last.span[1] == following.span[0] and last.fonts == following.fonts == ()


def _spelt(run: Run) -> str:
    return "".join(s.base for s in run)


def _joined(run: Run) -> Sym:
    return dataclasses.replace(run[-1], base=_spelt(run), span=(run[0].span[0], run[-1].span[1]))
