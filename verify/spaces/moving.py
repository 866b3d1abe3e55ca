"""Differentials by numbers: how much something changes as the letters move of which the text writes differentials.

df = ∇f(x)^T dx, dL = tr(G^T dX), dA^{-1} = −A^{-1} dA A^{-1}: x, X and A move, and what is made of them follows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Fn, Group, Juxt, Listing, Neg, Node, Num, Sym

from .applied import Applied
from .slopes import change
from .values import NoValue, Value, transposed

Key = tuple[str, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True)
class Moved(Applied):
    """What differentials are."""

    def _differential(self, items: tuple[Node, ...], k: int) -> tuple[Value, int]:
        """The value of dx, df(x), d(x^T A x) or dA^{-1}, and where it ends."""
        of, end = items[k + 1], k + 2
        if isinstance(of, Sym) and self._moves(replace(of, sup=None)) and (of.sup is None or is_transpose(of.sup)):
            step = self._step(replace(of, sup=None))
            return (step if of.sup is None else transposed(step)), end
        following = items[end] if end < len(items) else None
        if isinstance(of, Sym) and isinstance(following, Group) and self._is_function(of, following):
            of, end = Juxt(items=(of, following), span=of.span), end + 1
        elif isinstance(of, Sym) and self._is_head(of):
            of = self._at_its_parameters(of)
        elif not _is_one(of):
            raise NoValue("a differential of another kind")
        return self._changed(of), end

    def _changed(self, node: Node) -> Value:
        """How much an expression changes as all letters that move do."""
        reached = self._reached(node)
        moved = [sym for sym in self.text.moving if sym.base in reached and self._moves(sym)]
        moving = {self._key(sym): (self.value(sym), self._step(sym)) for sym in moved}

        def along(t: Value) -> Value:
            bound = {key: at + t * step for key, (at, step) in moving.items()}
            return replace(self, bound={**self.bound, **bound}, depth=self.depth + 1).value(node)

        self.seen.rough = True
        found = change(along)
        if not np.any(found):
            raise NoValue("a change that vanishes: what it is of may rest on other letters in words only")
        return found

    def _reached(self, node: Node) -> set[str]:
        """The letters of an expression, and of what the text says that they are."""
        found: set[str] = set()
        waiting = [node]
        while waiting:
            for sym in (n for n in walk(waiting.pop()) if isinstance(n, Sym) and n.base not in found):
                found.add(sym.base)
                family = self.text.letter(replace(sym, sup=None)).family
                waiting += [s.body for known in (self.text.said, self.text.functions) for s in known.get(family, ())]
        return found

    def _at_its_parameters(self, head: Sym) -> Node:
        said = self._function(self.text.letter(head).family)
        if said is None or not said.parameters or head.sup is not None:
            raise NoValue("a function at no point")
        several = Listing(separator=",", items=said.parameters, span=head.span)
        inside = said.parameters[0] if len(said.parameters) == 1 else several
        return Juxt(items=(head, Group(opening="(", body=inside, closing=")", span=head.span)), span=head.span)

    def _moves(self, sym: Sym) -> bool:
        """Whether a letter is one that the text moves, and nothing that it defines."""
        family, indices = self._key(sym)
        known = family in self.text.functions or family in self.text.heads
        moves = any(self._key(m) == (family, indices) for m in self.text.moving)
        return moves and not known and self._definition(family, indices) is None

    def _key(self, sym: Sym) -> Key:
        letter = self.text.letter(sym)
        if not all(isinstance(i, Num) for i in letter.indices):
            raise NoValue("differentials of all entries")
        return letter.family, tuple(self.count(i) for i in letter.indices)

    def _step(self, sym: Sym) -> Value:
        family, indices = self._key(sym)
        return self.world.step(family, indices, self.value(sym))


def _is_one(node: Node) -> bool:
    """Whether what stands behind a d is one thing: d(x^T x), d‖x‖², d log p, dA^{-1}; dx² may be (dx)²."""
    match node:
        case Sym(sup=sup):
            inverse = isinstance(sup, Neg) and (is_transpose(sup.body) or getattr(sup.body, "text", "") == "1")
            return sup is None or is_transpose(sup) or inverse
        case Group(opening="("):
            return node.sup is None or is_transpose(node.sup)
    return isinstance(node, Fn | Group)
