r"""w^{(t+1)} = w^{(t)} − …, w_{new} = w_{old} − …: a new value of the one w that the rest of the text speaks of.

Where a text has w without the mark, too, the mark counts no layers and no time of a model but steps of training, and
such an equation is read as the update w ← w − ….
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from .runs import rebuild, walk
from .syntax import Bin, Chain, Group, Juxt, Node, Num, Sym

COUNTERS = frozenset({"t", "k", "s", "n", "tau"})
ENDS = frozenset({"T", "K", "S", "N"})
WORDS = frozenset({"new", "old", "next", "prev", "previous", "current", "cur"})
SETTING = frozenset({"=", ":=", "<-"})


def letters_without_marks(nodes: Sequence[Node]) -> frozenset[str]:
    """The letters that a text has without a mark, too, outside its steps of training."""
    rest = [n for n in nodes if _updated(n) is None]
    every = [s for top in rest for s in walk(top) if isinstance(s, Sym)]
    labels = {id(n) for s in every if s.sub is not None for n in walk(s.sub)}  # the h of W_{hh} is no h
    return frozenset(s.base for s in every if id(s) not in labels and not (_is_marked(s) or _is_placed(s)))


def in_place(node: Node, bare: frozenset[str]) -> Node:
    """An equation between marked and unmarked values of one of these letters as an update of that letter."""
    return _unmarked(node, name) if (name := _updated(node)) is not None and name in bare else node


def _updated(node: Node) -> str | None:
    """The letter that an equation gives a new value in terms of its old one, both marked or one of them."""
    if not isinstance(node, Chain) or node.operators[0] not in SETTING or not isinstance(node.operands[0], Sym):
        return None
    left = node.operands[0]
    own = [s for s in walk(node.operands[1]) if isinstance(s, Sym) and _alike(s, left)]
    if not _is_marked(left) or not own or any(_mark(s) == _mark(left) for s in own):
        return None
    return left.base


def _unmarked(node: Node, name: str) -> Node:
    assert isinstance(node, Chain)
    left = node.operands[0]

    def bare(part: Node) -> Node:
        if not isinstance(part, Sym) or not _alike(part, left):
            return part
        sup, sub = (None if _is_mark(s) else s for s in (part.sup, part.sub))
        return dataclasses.replace(part, sup=sup, sub=sub, primes=0)

    operands = tuple(rebuild(o, bare) for o in node.operands)
    return dataclasses.replace(node, operands=operands, operators=("<-", *node.operators[1:]))


def _alike(part: Sym, left: Node) -> bool:
    return isinstance(left, Sym) and (part.base, part.accents) == (left.base, left.accents)


def _is_marked(sym: Sym) -> bool:
    return bool(sym.primes) or _is_mark(sym.sup) or _is_mark(sym.sub)


def _is_placed(sym: Sym) -> bool:
    """h_0, h_T, h^{(0)}: an end of the course, which only a recursion of the model has."""
    places = (sym.sub, sym.sup if isinstance(sym.sup, Group) and sym.sup.opening != "{" else None)
    return any(p is not None and (_text(p).isdigit() or _text(p) in ENDS) for p in places)


def _mark(sym: Sym) -> tuple[int, str, str]:
    """The marks of a letter, to be compared."""
    above, below = (_text(s) if _is_mark(s) else "" for s in (sym.sup, sym.sub))
    return sym.primes, above, below


def _is_mark(node: Node | None) -> bool:
    """t, (t), t + 1, new, old: a place in the course of training."""
    if isinstance(node, Group):
        return _is_mark(node.body)
    if isinstance(node, Bin):
        return node.op in "+-" and _is_mark(node.left) and isinstance(node.right, Num)
    if isinstance(node, Juxt):  # w^{new}
        return _text(node) in WORDS
    return isinstance(node, Sym) and node.base in COUNTERS | WORDS


def _text(node: Node | None) -> str:
    if isinstance(node, Group):
        return _text(node.body)
    if isinstance(node, Juxt):
        return "".join(map(_text, node.items))
    if isinstance(node, Bin):
        return _text(node.left) + node.op + _text(node.right)
    return getattr(node, "base", "") or getattr(node, "text", "")
