r"""Events as the outcomes of a finite probability space: A ∪ B^c, X ≤ x, X ∈ A, \{ω: X(ω) = k\}."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.chances.events import BARS, BOTH, COMPLEMENTS, EITHER, listed, unbraced
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Chain, Group, Juxt, Listing, Node, Num, Sym

from ..functions import Key, key_of
from .letters import CAPITALS
from .space import Event, NoReading, Space, Values

COMPARED = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
WITHOUT = frozenset({"-", "setminus", "backslash"})
MEMBERS = 3  # how many A_i there are


@dataclass(kw_only=True)
class Events(ABC):
    """Reads events.

    Attributes:
        space: where they are drawn.
        variables: the letters that are random variables; other capitals are events, or sets of numbers.
        errors: the letters of errors, E(h) and Ê(h), which are random variables for each h.
        classes: the letters of the sets that h runs over.
    """

    space: Space
    variables: frozenset[str]
    errors: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()

    @abstractmethod
    def value(self, node: Node, bound: Mapping[Key, Any]) -> Values:
        """The value of a node. Raises: NoReading: if it has none here."""

    def event(self, node: Node, bound: Mapping[Key, Any]) -> Event:
        """The outcomes of an event. Raises: NoReading: if it is none that is read here."""
        node = unbraced(node)
        if len(parts := listed(node)) > 1:
            return self._all(parts, bound)
        match node:
            case Group(opening="(" | r"\{", body=body, sub=None):
                return self._turned(self.event(body, bound), node.sup)
            case Bin(op=op, left=left, right=right) if op in EITHER:
                return self.event(left, bound) | self.event(right, bound)
            case Bin(op=op, left=left, right=right) if op in BOTH:
                return self.event(left, bound) & self.event(right, bound)
            case Bin(op=op, left=left, right=right) if op in WITHOUT:
                return self.event(left, bound) & ~self.event(right, bound)
            case Juxt(items=(Sym(base="neg" | "lnot"), other)):
                return ~self.event(other, bound)
            case Chain():
                return self._of_chain(node, bound)
            case Big(op="bigcup" | "bigcap" as op, body=body):
                letter, values = self._range(node, bound)
                members = [self.event(body, {**bound, letter: v}) for v in values]
                return np.asarray(np.any(members, axis=0) if op == "bigcup" else np.all(members, axis=0))
            case Sym():
                return self._letter_of_event(node, bound)
        raise NoReading("an event of another kind")

    def _all(self, parts: Iterable[Node], bound: Mapping[Key, Any]) -> Event:
        return np.asarray(np.all([self.event(p, bound) for p in parts], axis=0))

    def _of_chain(self, node: Chain, bound: Mapping[Key, Any]) -> Event:
        """X ≤ x ∧ Y > y, or ∃ h ∈ H: X_h > ε, the h of which are few."""
        for word, joined in (("vee", np.any), ("wedge", np.all)):
            if len(parts := _split(node, word)) > 1:
                return np.asarray(joined([self.event(p, bound) for p in parts], axis=0))
        first = node.operands[0]
        if isinstance(first, Juxt) and isinstance(first.items[0], Sym) and first.items[0].base in ("exists", "forall"):
            if node.operators[:2] not in (("in", ":"), ("in", ",")) or len(first.items) != 2:
                raise NoReading("an event of another kind")
            body = Chain(operands=node.operands[2:], operators=node.operators[2:], span=node.span)
            members = [self.event(body, {**bound, key_of(first.items[1]): k}) for k in range(1, MEMBERS + 1)]
            return np.asarray((np.any if first.items[0].base == "exists" else np.all)(members, axis=0))
        return self._compared(node.operands, node.operators, bound)

    def _letter_of_event(self, node: Sym, bound: Mapping[Key, Any]) -> Event:
        if node.base == "Omega" and node.sub is None and node.sup is None:
            return np.ones(self.space.weights.size, dtype=bool)
        if node.base in ("emptyset", "varnothing"):
            return np.zeros(self.space.weights.size, dtype=bool)
        if node.base not in CAPITALS or node.base in self.variables or node.primes:
            raise NoReading("a letter that is no event")
        barred = bool(set(node.accents) & BARS)
        bare = dataclasses.replace(node, accents=(), sup=None)
        index = bound.get(key_of(unbraced(bare.sub))) if bare.sub is not None else None
        key = key_of(bare) if index is None else (key_of(dataclasses.replace(bare, sub=None)), int(index))
        found = self._turned(self.space.event(key), node.sup)
        return ~found if barred else found

    def _turned(self, event: Event, sup: Node | None) -> Event:
        if sup is None:
            return event
        sup = unbraced(sup)
        if isinstance(sup, Sym) and sup.base in COMPLEMENTS:
            return ~event
        raise NoReading("an event with another mark")

    def _compared(self, operands: tuple[Node, ...], operators: tuple[str, ...], bound: Mapping[Key, Any]) -> Event:
        found = np.ones(self.space.weights.size, dtype=bool)
        for left, operator, right in zip(operands, operators, operands[1:], strict=False):
            if operator == "in" and isinstance(right, Group):
                found &= self._inside(self.value(left, bound), right, bound)
            elif operator == "in":
                found &= self.space.within(self.value(left, bound), self._set(right))
            elif operator in COMPARED:
                met = COMPARED[operator](self.value(left, bound), self.value(right, bound))
                if operator in ("=", "!=") and np.all(met == met.flat[0]):
                    raise NoReading("a value that is never met")  # what is 0 everywhere proves nothing
                found &= met
            else:
                raise NoReading("a relation of another kind")
        return found

    def _inside(self, values: Values, interval: Group, bound: Mapping[Key, Any]) -> Event:
        """Where values lie in [a, b], (a, b], …."""
        ends = interval.body.items if isinstance(interval.body, Listing) else ()
        if len(ends) != 2 or interval.opening not in ("(", "[") or interval.closing not in (")", "]"):
            raise NoReading("a set of another kind")
        low, high = (self.value(n, bound) for n in ends)
        above = values > low if interval.opening == "(" else values >= low
        return np.asarray(above & (values < high if interval.closing == ")" else values <= high))

    def _set(self, node: Node) -> Key:
        """The name of a set of numbers."""
        if not isinstance(node, Sym) or node.base not in CAPITALS or node.sup is not None or node.accents:
            raise NoReading("a set of another kind")
        if node.base in self.variables:
            raise NoReading("a set of another kind")
        return key_of(node)

    def _range(self, node: Big, bound: Mapping[Key, Any]) -> tuple[Key, Iterable[float]]:
        """The letter of a sum or a union, and its values: the grid, a set, or 1, …, n."""
        below = unbraced(node.below) if node.below is not None else None
        if isinstance(below, Chain) and below.operators == ("=",) and isinstance(below.operands[0], Sym):
            first = below.operands[1]
            if not isinstance(first, Num) or first.text != "1" or not isinstance(node.above, Sym):
                raise NoReading("a range of another kind")
            return key_of(below.operands[0]), range(1, MEMBERS + 1)
        if node.above is not None or below is None:
            raise NoReading("a range of another kind")
        letter = below.operands[0] if isinstance(below, Chain) else below
        if not isinstance(letter, Sym) or letter.sub is not None or letter.sup is not None or letter.base in CAPITALS:
            raise NoReading("a range of another kind")
        if isinstance(below, Chain):
            return key_of(letter), self._members(below, letter)
        counts = any(isinstance(n, Sym) and n.sub is not None and _names(n.sub, letter) for n in walk(node.body))
        return key_of(letter), range(1, MEMBERS + 1) if counts else self.space.grid

    def _members(self, below: Chain, letter: Node) -> Values:
        """The values of the grid in a set: x ∈ A."""
        if below.operators != ("in",) or key_of(below.operands[0]) != key_of(letter):
            raise NoReading("a range of another kind")
        if isinstance(below.operands[1], Sym) and below.operands[1].base in self.classes:
            return np.arange(1.0, MEMBERS + 1)
        if is_support(below.operands[1]):
            return self.space.grid
        return np.asarray(self.space.grid[self.space.subset(self._set(below.operands[1]))])


def _names(sub: Node, letter: Sym) -> bool:
    """Whether an index is a letter, or holds it."""
    return any(isinstance(n, Sym) and n.base == letter.base for n in walk(sub))


def _split(node: Chain, word: str) -> list[Node]:
    """The parts of a chain between the places where a word joins them."""
    ends = [k for k, operator in enumerate(node.operators) if operator == word]
    found: list[Node] = []
    for start, end in zip([0, *(k + 1 for k in ends)], [*ends, len(node.operators)], strict=True):
        operands, operators = node.operands[start : end + 1], node.operators[start:end]
        found.append(Chain(operands=operands, operators=operators, span=node.span) if operators else operands[0])
    return found


def is_support(node: Node) -> bool:
    """Whether a set is that of all values of a variable: Val(X), or a letter in calligraphic type."""
    if isinstance(node, Sym):
        return "cal" in node.fonts
    head = node.items[0] if isinstance(node, Juxt) and len(node.items) == 2 else None
    return isinstance(head, Sym) and head.base in ("Val", "supp", "Range")
