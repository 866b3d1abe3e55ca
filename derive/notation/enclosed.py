"""What stands in brackets and what is raised: norms, magnitudes, inner products, transposes, powers."""

from __future__ import annotations

import re
from collections.abc import Callable

from sympy import Abs, Expr, Integer, Max, exp

from .arrays import Array, Value, inner, norm, shape_of, times, transposed
from .dictionary import ROUNDED, Unreadable
from .literals import Literals
from .lookup import Bound
from .names_in_notes import is_transpose
from .shape import is_list
from .smallmatrices import determinant, is_small, small_inverse
from .syntax import Group, Listing, Neg, Node, Num, Span, Sym

LARGEST_EXPONENT = 5000
POWERS = frozenset({"2", "3", "4"})
PLAIN = frozenset({"(", "[", "{", r"\{"})
COVARIANCE = re.compile(r"\bcovarianc|\bpositive[- ]definite|\bgaussian|\bprecision matri", re.IGNORECASE)  # det A > 0
WRITTEN_OUT = "written out"  # no bracket of the source: what a name in it stands for, at the place of the name
NORMS = frozenset({r"\|", "||"})


class Enclosed(Literals):
    """The bracketed parts of one statement."""

    def _expr(self, node: Node, bound: Bound) -> Expr:
        """A number.

        Raises: Unreadable: for a vector or a matrix.
        """
        value = self._value(node, bound)
        if isinstance(value, Array):
            raise Unreadable(f"expected a number here, came {shape_of(value)}", node.span)
        return value

    def _group(self, node: Group, bound: Bound) -> Value:
        if node.primes:
            raise Unreadable("a prime on a bracket is not read here", node.span)
        value = self._literal(node, bound) if is_list(node) and node.sub is None else self._enclosed(node, bound)
        if node.sup is None:
            return value
        if is_transpose(node.sup):
            self.turned.append((node.sup.span[0], node.span[1]))
            if is_list(node):  # a list is a column, with or without the mark
                return value
        return self._raised(value, node.sup, bound)

    def _enclosed(self, node: Group, bound: Bound) -> Value:
        """A bracket without what is raised above it."""
        if node.opening == r"\langle" and isinstance(node.body, Listing) and len(node.body.items) == 2:
            left, right = (self._value(i, bound) for i in node.body.items)
            return self._masked(_within(node), inner(left, right))
        value = self._value(node.body, bound)
        if node.opening == WRITTEN_OUT:  # its parts stand at the same place of the source, and are no atoms there
            self.atoms[:] = [a for a in self.atoms if a[0] != node.span]
            return self._masked(node.span, value)
        if node.opening in NORMS:
            return self._masked(_within(node), norm(value, self._kind_of_norm(value, _text(node.sub))))
        if node.opening == "|":
            return self._between_bars(value, node)
        if node.opening in ROUNDED and node.sub is None and not isinstance(value, Array):
            return self._atom(_within(node), ROUNDED[node.opening](value))
        if isinstance(node.sub, Sym) and node.sub.base == "+" and node.opening in PLAIN:
            return self._masked(_within(node), _mapped(value, lambda e: Max(0, e)))
        if node.opening not in PLAIN:
            raise Unreadable(f"the bracket {node.opening} is not read here", node.span)
        return value if node.sub is None else self._masked(_within(node), self._entry(value, node.sub, bound))

    def _kind_of_norm(self, value: Value, kind: str) -> str:
        """F for the 2 of a matrix in a text that writes Σ_{i,j} a_{ij}² for its square."""
        matrix = isinstance(value, Array) and value.rank == 2
        return "F" if matrix and kind == "2" and self.survey.steps.usage.entrywise else kind

    def _between_bars(self, value: Value, node: Group) -> Expr:
        if node.sub is not None:
            raise Unreadable("a subscript on a bracket is not read here", node.span)
        if isinstance(value, Array):
            if value.rank > 1:
                covariance = not is_small(value) and COVARIANCE.search(self.dictionary.prose) is not None
                found = exp(self.log_of_determinant(value, node.body)) if covariance else determinant(value)
                return self._atom(_within(node), found)
            return self._atom(_within(node), norm(value, ""))
        letter = (
            node.body if isinstance(node.body, Sym) and node.body.base not in self.survey.steps.usage.barred else None
        )
        if letter is not None and (letter.base[0].isupper() or letter.fonts):
            self.doubts.append("bars may mean something else than the absolute value")
        return self._atom(_within(node), Abs(value))

    def _raised(self, base: Value, sup: Node, bound: Bound) -> Value:
        if is_transpose(sup):
            if not isinstance(base, Array):
                raise Unreadable("a number has no transpose", sup.span)
            return transposed(base)
        if isinstance(sup, Sym) and sup.base in ("prime", "dagger", "ast", "star"):
            raise Unreadable(f"the mark {sup.base} on an expression is not read here", sup.span)
        if isinstance(sup, Group) and sup.opening != "{":
            raise Unreadable("a superscript in brackets on an expression is not read here", sup.span)
        inside = sup.body if isinstance(sup, Group) else sup
        if not isinstance(base, Array):
            exponent = self._expr(inside, bound)
            if base.is_number and exponent.is_number and abs(exponent) > LARGEST_EXPONENT:
                raise Unreadable("a power of a number that is too large to be worked out", sup.span)
            value: Expr = base**exponent
            return value
        if isinstance(inside, Neg) and isinstance(inside.body, Num | Sym):
            inverse = small_inverse(base) or self.inverse_of(base, sup)
            if is_transpose(inside.body):
                self._atom(inside.body.span, Integer(1))  # A^{-⊤} is A^{-1} where A is a number
                return transposed(inverse)
            if isinstance(inside.body, Num) and inside.body.text == "1":
                return inverse
        if isinstance(inside, Num) and inside.text in POWERS:
            by_entries = self.entrywise or self.dictionary.works_entry_by_entry()
            if base.rank == 2 and not self.dictionary.works_entry_by_entry():
                return _multiplied(base, int(inside.text))
            if base.rank == 1 and by_entries:
                return base.map(lambda e: e ** int(inside.text))
        raise Unreadable(f"a power of {shape_of(base)} is not read here", sup.span)


def _mapped(value: Value, function: Callable[[Expr], Expr]) -> Value:
    return value.map(function) if isinstance(value, Array) else function(value)


def _multiplied(matrix: Array, power: int) -> Value:
    """A² as A A, A³ as A A A."""
    product: Value = matrix
    for _ in range(power - 1):
        product = times(product, matrix)
    return product


def _within(node: Group) -> Span:
    """The span of a bracket without what is raised above it."""
    return node.span if node.sup is None else (node.span[0], node.sup.span[0])


def _text(node: Node | None) -> str:
    """The mark below a norm: 2, F, 1."""
    return "" if node is None else node.text if isinstance(node, Num) else getattr(node, "base", "?")
