"""Functions by cases: `cases`, max(0, x), |x|, [z]_+, sign x and indicators 1[x > 0], all in brackets [u > 0].

x ≥ 0  ↦  1 − [−x > 0]        x = a  ↦  1 − [x − a > 0] − [a − x > 0]        otherwise  ↦  what is left over
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from functools import reduce

from sympy import Expr, Idx, Integer, KroneckerDelta, Max, Min, zoo

from ..vocabulary import Inside, Positive, index, maximum
from .arrays import Array, Value, elementwise, shape_of
from .dictionary import Unreadable
from .enclosed import Enclosed
from .lookup import Bound
from .names_in_notes import is_index, is_letter, take_apart
from .runs import walk
from .scope import binder
from .syntax import Array as Table
from .syntax import Big, Chain, Empty, Group, Listing, Node, Num, Prose, Sym

OTHERWISE = re.compile(r"(?:otherwise|else|elsewhere|in all other cases|sonst)\W*\Z", re.IGNORECASE)
INTRODUCING = re.compile(
    r"(?:,?\s*(?:if|when|for|where|whenever|and|with|all|any|else if|otherwise if)\b\s*)+\W*\Z", re.I
)
CONDITIONS: Mapping[str, Callable[[Expr], Expr]] = {
    ">": lambda u: Positive(u),
    "<": lambda u: Positive(-u),
    ">=": lambda u: 1 - Positive(-u),
    "<=": lambda u: 1 - Positive(u),
    "=": lambda u: 1 - Positive(u) - Positive(-u),
    "!=": lambda u: Positive(u) + Positive(-u),
}
PLACES: Mapping[str, Callable[[Idx, Idx], Expr]] = {
    "=": lambda i, j: KroneckerDelta(i, j),
    "!=": lambda i, j: 1 - KroneckerDelta(i, j),
    "<": lambda i, j: Inside(i, i.lower, j - 1),
    "<=": lambda i, j: Inside(i, i.lower, j),
    ">": lambda i, j: Inside(j, j.lower, i - 1),
    ">=": lambda i, j: Inside(j, j.lower, i),
}
INDICATORS = frozenset({"1", "I"})
COMPARED: Mapping[str, Callable[..., Expr]] = {"max": Max, "min": Min}


def is_bracket_of_condition(node: Node | None) -> bool:
    """Whether a group is Iverson's bracket, [u > 0]: 1 where it holds, else 0."""
    group = node if isinstance(node, Group) and node.opening == "[" and node.sub is None else None
    return group is not None and isinstance(group.body, Chain) and CONDITIONS.keys() >= set(group.body.operators)


class Casewise(Enclosed):
    """The parts of one statement that are defined by cases.

    What has to be positive for the statement to say anything, that one of the cases holds, is among its `demands`.
    """

    def _cases(self, node: Table, bound: Bound) -> Value:
        r"""`\begin{cases}`: the values times the brackets of their conditions; the last case may be all others."""
        rows = [tuple(cell for cell in row if not isinstance(cell, Empty)) for row in node.rows]
        if not rows or any(len(row) != 2 for row in rows):
            raise Unreadable("cases are read with a value and a condition each", node.span)
        left_over: Expr = Integer(1)
        total: Value = Integer(0)
        equalities: list[tuple[Expr, Expr]] = []
        for k, (value, condition) in enumerate(rows):
            holds = self._condition(condition, bound, equalities)
            if holds is None and k < len(rows) - 1:
                raise Unreadable("only the last case may be all others", condition.span)
            weight = left_over if holds is None else left_over * holds
            total = self._with_case(total, value, weight, bound)
            left_over = Integer(0) if holds is None else left_over * (1 - holds)
        if left_over != 0:
            self.demands.append(1 - left_over)
        self._demand_values(equalities)
        self._atom(node.span, total.entry if isinstance(total, Array) else total)
        return total

    def _with_case(self, total: Value, node: Node, weight: Expr, bound: Bound) -> Value:
        """What the cases before give, and one more; where one is a vector, each other one is 0 or as long."""
        value = self._value(node, bound)
        if isinstance(total, Array) == isinstance(value, Array) or 0 in (total, value):
            weighted = elementwise(operator.mul, value, weight)
            return elementwise(operator.add, total, weighted)
        raise Unreadable(f"one case is {shape_of(value)}, another one {shape_of(total)}", node.span)

    def _demand_values(self, equalities: list[tuple[Expr, Expr]]) -> None:
        """`if y = 1, otherwise` speaks of a y that is 0 or 1, or −1 or 1."""
        for u, value in equalities:
            others = [v for w, v in equalities if w == u]
            if value in (0, 1, -1):
                pair = (-1, 1) if -1 in others else (0, 1)
                self.demands.append(sum((CONDITIONS["="](u - k) for k in {*pair, *others}), Integer(0)))

    def _condition(self, node: Node, bound: Bound, equalities: list[tuple[Expr, Expr]]) -> Expr | None:
        """The bracket of a condition; None for `otherwise`."""
        parts = node.items if isinstance(node, Listing) else (node,)
        found: list[Expr] = []
        for part in parts:
            if isinstance(part, Prose):
                if OTHERWISE.match(part.text.strip()):
                    return None
                if not INTRODUCING.match(part.text.strip()):
                    raise Unreadable(f"the condition {part.text.strip()!r} is not read here", part.span)
            elif isinstance(part, Chain):
                found.append(self._compared(part, bound, equalities))
            else:
                raise Unreadable("this condition is not read here", part.span)
        if not found:
            raise Unreadable("a condition is missing", node.span)
        return reduce(lambda a, b: a * b, found)

    def _compared(self, node: Chain, bound: Bound, equalities: list[tuple[Expr, Expr]] | None = None) -> Expr:
        """0 < x ≤ 1 as a product of brackets; 0 ≤ i − S p ≤ F − 1 as that of a place."""
        if (inside := self._inside(node, bound)) is not None:
            return inside
        holds: Expr = Integer(1)
        for relation, left, right in zip(node.operators, node.operands, node.operands[1:], strict=False):
            if relation not in CONDITIONS:
                raise Unreadable(f"the relation {relation} is not read as a condition", node.span)
            a, b = self._place(left, bound), self._place(right, bound)
            if isinstance(a, Idx) and isinstance(b, Idx) and relation in PLACES:
                holds *= PLACES[relation](a, b)
                continue
            if relation in ("=", "!=") and equalities is not None:
                equalities.append((a, b))
            holds *= CONDITIONS[relation](a - b)
        return holds

    def _inside(self, node: Chain, bound: Bound) -> Expr | None:
        """a ≤ i − S p ≤ b, where what stands between is computed from the places of indices; None of anything else."""
        if node.operators != ("<=", "<="):
            return None
        lower, place, upper = node.operands
        counted = {n.base for n in walk(place) if is_letter(n, self.letters) and isinstance(n, Sym)}
        if not counted or not counted <= bound.keys() | self.free.keys() or not is_index(place, self.letters):
            return None
        return Inside(self._index(place, "", 0, bound), *map(self.dictionary.bound_of, (lower, upper)))

    def _place(self, node: Node, bound: Bound) -> Expr:
        """A side of a comparison; a letter that is an index stands for its place."""
        if isinstance(node, Sym) and is_letter(node, self.letters):
            return bound.get(node.base) or self.free.get(node.base) or self._expr(node, bound)
        return self._expr(node, bound)

    def _largest(self, node: Big, bound: Bound) -> Value:
        """max(a, b, …), max_i x_i, and the same with min."""
        b = binder(node.below)
        if node.op in COMPARED and b is not None and b[0] in self.letters and node.above is None:
            low, high = self._implied(b[0], node.body, b[1])
            i = index(b[0], low, high)
            body = self._expr(node.body, {**bound, b[0]: i})
            return self._atom(node.span, maximum(body, i) if node.op == "max" else -maximum(-body, i))
        body_ = node.body
        listed = isinstance(body_, Group) and isinstance(body_.body, Listing) and node.below is None
        if node.op not in COMPARED or not listed or node.above is not None:
            raise Unreadable(f"{node.op} with this subscript is not read here", node.span)
        assert isinstance(body_, Group) and isinstance(body_.body, Listing)
        span = node.span if body_.sup is None else (node.span[0], body_.sup.span[0])
        numbers = [self._value(i, bound) for i in body_.body.items]
        arrays = [v for v in numbers if isinstance(v, Array)]
        rest = [v for v in numbers if not isinstance(v, Array)]
        if len(arrays) > 1:
            raise Unreadable(f"the {node.op} of several vectors is not read here", node.span)
        compare = COMPARED[node.op]
        if any(n.has(zoo) for n in rest):  # a candidate that divides by zero
            raise Unreadable(f"the {node.op} of what has no value", node.span)
        value: Value = arrays[0].map(lambda e: compare(e, *rest)) if arrays else compare(*rest)
        value = self._masked(span, value)
        return value if body_.sup is None else self._raised(value, body_.sup, bound)

    def _indicator(self, head: Node, group: Node, bound: Bound) -> Expr | None:
        """1[x > 0], 𝟙{x > 0}, 𝕀(x > 0), I(y ≠ t) as a bracket; None if it is none."""
        bracket = isinstance(group, Group) and isinstance(group.body, Chain) and group.sup is None
        one = isinstance(head, Num) and head.text == "1"
        if not bracket:
            return None
        assert isinstance(group, Group) and isinstance(group.body, Chain)
        if not one and not (isinstance(head, Sym) and head.base in INDICATORS and self._is_marked(head, group.body)):
            return None
        return self._atom((head.span[0], group.span[1]), self._compared(group.body, bound))

    def _is_marked(self, head: Sym, condition: Chain) -> bool:
        """Whether a letter is that of an indicator: 𝟙 and 𝕀, and the I of I(y_n = t_n), of nothing that is defined.

        I(x = 1) may be the information of an event.
        """
        if {"bb", "bold"} & set(head.fonts):
            return True
        defined = "I" in self.survey.defined or "I" in self.survey.arguments
        indexed = any(isinstance(n, Sym) and n.sub is not None for n in walk(condition))
        return head == Sym(base="I", span=head.span) and indexed and not defined

    def _enclosed(self, node: Group, bound: Bound) -> Value:
        if is_bracket_of_condition(node):
            assert isinstance(node.body, Chain)
            return self._atom((node.span[0], node.span[1]), self._compared(node.body, bound))
        return super()._enclosed(node, bound)

    def _implied(self, letter: str, body: Node, lower: Node | None) -> tuple[Expr, Expr]:
        """The range of Σ_i without limits: that of the axes at which i stands."""
        for sym in (n for n in walk(body) if isinstance(n, Sym) and not is_letter(n, self.letters)):
            named_ = take_apart(sym, self.letters)
            for k, where in enumerate(named_.indices):
                if isinstance(where, Sym) and where.base == letter:
                    low, high = self.dictionary.axis(self.survey.name(named_), k, letter)
                    return (low if lower is None else self.dictionary.bound_of(lower)), high
            point = named_.sample
            if isinstance(point, Sym) and point.base == letter:  # over the data, as far as elsewhere
                limits = self.survey.sampled.get(self.survey.name(named_)) or self.survey.letter_ranges.get(letter)
                return self.dictionary.limits(limits if lower is None else (lower, limits and limits[1]), letter)
        return self.dictionary.limits((lower, None), letter)
