"""Sums, products, integrals and maxima over an index, and cases with their conditions."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Array, Big, Chain, Empty, Group, Juxt, Listing, Node, Prose, Sym

from .letters import Letters, State, Term, core_of
from .values import COMPARISONS, REDUCED, Unclear, Value

OTHERWISE = ("otherwise", "else", "elsewhere")


@dataclass
class Sums(Letters):
    """Reads sums and cases.

    Attributes:
        limits: the letters in the upper limits of sums.
    """

    limits: set[str] = field(default_factory=set)

    def _extreme(self, name: str, group: Group) -> Term:
        """max(a, b)."""
        items = group.body.items if isinstance(group.body, Listing) else (group.body,)
        terms = [self.term(i) for i in items]
        choose = np.maximum if name == "max" else np.minimum

        def chosen(s: State) -> Value:
            found = terms[0](s)
            for t in terms[1:]:
                found = choose(found, t(s))
            return found

        return chosen

    def _big(self, node: Big) -> Term:
        if node.op in ("max", "min") and isinstance(node.body, Group) and node.below is None:
            return self._raised(self._extreme(node.op, node.body), node.body.sup)
        if isinstance(node.below, Juxt) and all(isinstance(n, Sym) and n.sub is None for n in node.below.items):  # Σ_ij
            below = Listing(separator=",", items=node.below.items, span=node.below.span)
            return self._big(dataclasses.replace(node, below=below))
        if isinstance(node.below, Listing) and node.op in ("sum", "prod"):
            inner = (
                Big(
                    op=node.op,
                    below=Listing(separator=",", items=node.below.items[1:], span=node.span),
                    above=None,
                    body=node.body,
                    span=node.span,
                )
                if len(node.below.items) > 1
                else node.body
            )
            return self._big(Big(op=node.op, below=node.below.items[0], above=node.above, body=inner, span=node.span))
        letter, condition = bound_by(node)
        limited = node.op == "int" and node.above is not None and _is_finite(node.above)
        if letter is None or node.op not in REDUCED or limited:
            raise Unclear(f"{node.op} is not read here")
        outer = self.scope
        self.scope = (*outer, letter)
        body = self.term(without_differential(node.body, letter) if node.op == "int" else node.body)
        kept = self._condition(condition) if condition is not None else None
        self.scope = outer
        reduce = REDUCED[node.op]
        self.limits |= {core_of(n) for n in walk(node.above) if isinstance(n, Sym)} if node.above is not None else set()

        def total(s: State) -> Value:
            before = s.letters.get(letter, 0)
            values = []
            for k in range(1, s.size + 1):
                s.letters[letter] = k
                if kept is None or kept(s):
                    values.append(body(s))
            s.letters[letter] = before
            return reduce(values)

        return total

    def _cases(self, node: Array) -> Term:
        if not node.style.endswith("cases"):
            raise Unclear("a matrix is not read here")
        rows: list[tuple[Term, Callable[[State], bool]]] = []
        for row in node.rows:
            if len(row) != 2:
                raise Unclear("cases have a value and a condition each")
            rows.append((self.term(row[0]), self._condition(row[1])))

        def chosen(s: State) -> Value:
            return next((value(s) for value, holds in rows if holds(s)), math.nan)

        return chosen

    def _condition(self, node: Node) -> Callable[[State], bool]:
        if isinstance(node, Prose):
            if not any(w in node.text.lower() for w in OTHERWISE):
                raise Unclear("this condition is not read here")
            return lambda s: True
        if isinstance(node, Listing):
            kept: list[Node] = [n for n in node.items if not isinstance(n, Prose | Empty)]
            kept = kept or list(node.items[:1])
            parts = [self._condition(n) for n in kept]
            return lambda s: all(p(s) for p in parts)
        if not isinstance(node, Chain) or any(o not in COMPARISONS for o in node.operators):
            raise Unclear("this condition is not read here")
        sides = [self.term(o) for o in node.operands]
        compared = [COMPARISONS[o] for o in node.operators]
        return lambda s: all(c(a(s), b(s)) for c, a, b in zip(compared, sides, sides[1:], strict=False))


def _is_finite(limit: Node) -> bool:
    """Whether an upper limit is none of infinity: the integral is one over a part."""
    return not any(isinstance(n, Sym) and n.base == "infty" for n in walk(limit))


def bound_by(node: Big) -> tuple[str | None, Node | None]:
    """The letter that a sum, an integral or a maximum binds, and the condition below it."""
    if node.op == "int":
        letters = [n for n in walk(node.body) if isinstance(n, Sym)]
        pairs = pairwise(letters)
        return next((b.base for a, b in pairs if a.base == "d" and a.sup is None), None), None
    below = node.below
    if isinstance(below, Listing) and below.separator == "," and isinstance(below.items[0], Chain):  # min_{i=1,2}
        below = below.items[0]
    if isinstance(below, Chain) and below.operators in (("!=",), ("in",), ("<",), ("<=",)):
        first = below.operands[0]
        if isinstance(first, Sym) and first.sub is None:
            return first.base + "'" * first.primes, None if below.operators == ("in",) else below
        if below.operators == ("in",) and isinstance(first, Sym) and isinstance(first.sub, Sym):  # the i of x_i ∈ D
            return first.sub.base, None
    found = binder(below)
    if found is not None:
        named = below.operands[0] if isinstance(below, Chain) else below
        return found[0] + "'" * getattr(named, "primes", 0), None
    return None, None


def without_differential(node: Node, letter: str) -> Node:
    """The body of an integral without the d x at its end."""
    if not isinstance(node, Juxt):
        raise Unclear("an integral without dx")
    items = list(node.items)
    for k in range(len(items) - 1):
        a, b = items[k], items[k + 1]
        if isinstance(a, Sym) and a.base == "d" and isinstance(b, Sym) and b.base == letter:
            rest = items[:k] + items[k + 2 :]
            return Juxt(items=tuple(rest), span=node.span) if len(rest) > 1 else rest[0]
    raise Unclear("an integral without dx")
