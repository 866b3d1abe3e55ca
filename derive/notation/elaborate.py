"""From the structure of a formula to an index expression, with the letters as the survey of the text shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from sympy import Expr, Idx, Product, Rational, Sum, sqrt

from ..vocabulary import Partial, index, is_name, size
from .arrays import (
    Array,
    ShapeError,
    Slot,
    Value,
    added,
    elementwise,
    inner,
    lettered,
    shape_of,
    times,
    transposed,
)
from .casewise import is_bracket_of_condition
from .derivatives import MIXED, Derivatives, Layout
from .dictionary import Dictionary, Unreadable
from .differentials import ends_in_operator
from .lookup import Bound
from .names_in_notes import take_apart
from .runs import walk
from .scope import binder, present, reach
from .syntax import Array as Table
from .syntax import Big, Bin, Chain, Empty, Entries, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym

EXACT = (
    Rational(1, 2),
    Rational(3, 2),
    Rational(1, 4),
    Rational(3, 4),
    Rational(1, 10),
    Rational(1, 100),
)  # hardly rounded

__all__ = ["Dictionary", "Reader", "Unreadable"]


class Reader(Derivatives):
    """Reads the sides of one statement; a vector or a matrix is read by its entries, at the same indices on each side.

    Attributes:
        shape: of the side that was read first.
        slots: the numbers of the open indices of what the memory of the dictionary gave.
    """

    def __init__(self, dictionary: Dictionary, layout: Layout = MIXED) -> None:
        super().__init__(dictionary)
        self.layout = layout
        self.shape: Value | None = None
        self.slots: set[int] = set()

    def read(self, node: Node) -> Expr:
        """The index expression that a node stands for; of vectors and matrices an entry.

        Raises: Unreadable: with the part that has no reading and why.
        """
        value = self._value(reach(self.survey.steps.settled(node)), {})
        self._fits(value, node)
        first, self.shape = self.shape, value if self.shape is None else self.shape
        if isinstance(value, Array):
            if first is None or not self.opened:
                self.opened = [self._opened(s) for s in value.slots]
            value = value.at(*self.opened)
        taken = set(self.free) | {str(i.label) for i in self.opened} | set(self.survey.named)
        return lettered(value, self.letters_for, taken)

    def _fits(self, value: Value, node: Node) -> None:
        """Refuse a side of another shape than the one read before; the number 0 is of every shape."""
        first = self.shape
        if first is None or value == 0 or first == 0:
            return
        ranks = [v.rank if isinstance(v, Array) else 0 for v in (first, value)]
        if ranks[0] != ranks[1]:
            raise Unreadable(f"{shape_of(first)} is set equal to {shape_of(value)}", node.span, sides=(first, value))
        if not isinstance(first, Array) or not isinstance(value, Array):
            return
        laid_out = any(v.entry.has(Partial) for v in (first, value)) and not self.gradients
        if first.row != value.row and not (laid_out or is_name(first.entry)):
            reason = f"{shape_of(first)} is set equal to {shape_of(value)}; transpose one"
            raise Unreadable(reason, node.span, misfit=True)
        try:
            elementwise(lambda a, b: a, first, dataclasses.replace(value, row=first.row))
        except ShapeError as error:
            raise Unreadable(str(error), node.span, error.axes, error.sides, misfit=True) from None

    def _opened(self, s: Slot) -> Idx:
        taken = set(self.free) | set(self.survey.named)
        letter = next(c for c in self.letters_for(s.index) if c not in taken)
        self.free[letter] = index(letter, *s.range)
        return self.free[letter]

    def _value(self, node: Node, bound: Bound) -> Value:
        memory = self.dictionary.memory if type(self) is Reader else None
        return self._read(node, bound) if memory is None else memory.value(self, node, bound, self._read)

    def _read(self, node: Node, bound: Bound) -> Value:
        method = _METHODS.get(type(node))
        if method is None:
            raise Unreadable(f"{_kind(node)} is not read here", node.span)
        try:
            value: Value = method(self, node, bound)
        except ShapeError as error:
            raise Unreadable(str(error), node.span, error.axes, error.sides, misfit=True) from None
        return value

    # -- numbers, signs, brackets ----------------------------------------------------------------

    def _table_or_cases(self, node: Table, bound: Bound) -> Value:
        return self._cases(node, bound) if node.style.endswith("cases") else self._literal(node, bound)

    def _num(self, node: Num, bound: Bound) -> Expr:
        number: Expr = Rational(node.text.replace(",", ""))
        if "." in node.text and number not in EXACT:
            self.doubts.append(f"{node.text} may be rounded")
        return number

    def _neg(self, node: Neg, bound: Bound) -> Value:
        value = self._value(node.body, bound)
        return value.map(lambda e: -e) if isinstance(value, Array) else -value

    def _bin(self, node: Bin, bound: Bound) -> Value:
        if node.op not in _OPERATORS:
            raise Unreadable(f"the operator {node.op} is not read here", node.span)
        if node.op == "cdot" and (chained := self._by_names(node, bound)) is not None:
            return chained
        if ends_in_operator(node.left):
            self.doubts.append("it is not clear how far the derivative reaches")
        read = self._by_entries if node.op in ("odot", "circ") else self._value
        left, right = read(node.left, bound), read(node.right, bound)
        if node.op in "+-":
            self._added(left, right, node)
        if node.op == "/" and isinstance(right, Array):
            raise Unreadable(f"a division by {shape_of(right)} is not read here", node.right.span)
        if node.op in ("odot", "circ") and not (isinstance(left, Array) and isinstance(right, Array)):
            raise Unreadable(f"the operator {node.op} between numbers is not read here", node.span)
        return _OPERATORS[node.op](left, right)

    def _added(self, left: Value, right: Value, node: Bin) -> None:
        """Refuse the sum of a vector and a number that is not written as one, 1 − h; doubt that of unlike shapes."""
        if isinstance(left, Array) and isinstance(right, Array) and left.rank != right.rank:
            self.doubts.append("a vector is added to every row or column of a matrix")
        for value, part in ((left, node.left), (right, node.right)):
            if isinstance(left, Array) != isinstance(right, Array) and not isinstance(value, Array):
                if not value.is_number and not self.dictionary.adds_to_all():
                    raise Unreadable(f"{shape_of(left)} and {shape_of(right)} are added", part.span, misfit=True)
                if not all(isinstance(v, Array) and v.rank == 1 for v in (left, right) if v is not value):
                    self.doubts.append("a number is added to every entry")  # 1 − A may mean the identity less A

    def _sqrt(self, node: Sqrt, bound: Bound) -> Expr:
        body = self._expr(node.body, bound)
        root: Expr = sqrt(body) if node.degree is None else body ** (1 / self._expr(node.degree, bound))
        return root

    # -- products, derivatives -------------------------------------------------------------------

    def _juxt(self, node: Juxt, bound: Bound) -> Value:
        if (chained := self._by_names(node, bound)) is not None:
            return chained
        scale: Expr = Rational(1)
        product: Value = Rational(1)
        items = list(node.items)
        while items:
            item = items.pop(0)
            following = items[0] if items else None
            gradient = self._is_gradient(item, items)
            if gradient or (isinstance(item, Fraction) and self._is_operator(item, bound)):
                self.gradients = self.gradients or gradient
                operand, rest, turned = self._reached(items) if gradient else (items, [], False)
                if not operand:
                    raise Unreadable("the derivative has nothing to differentiate", item.span)
                span = (item.span[0], items[len(items) - len(rest) - 1].span[1])
                value = self._masked(span, self._differentiated(item, operand, bound))
                scale, product = _with_factor(scale, product, transposed(value) if turned else value)
                items = rest
                continue
            if isinstance(following, Group) and (bracket := self._indicator(item, following, bound)) is not None:
                scale, _ = scale * bracket, items.pop(0)
                continue
            if isinstance(item, Sym) and isinstance(following, Group) and following.opening in ("(", "["):
                condition = is_bracket_of_condition(following)
                applied = None if condition else self._applied(item, following, bound)
                if applied is not None:
                    scale, product = _with_factor(scale, product, applied)
                    items.pop(0)
                    continue
            if isinstance(item, Bin) and item.op == "/" and following is not None:
                self.doubts.append("it is not clear what stands below the stroke")
            scale, product = _with_factor(scale, product, self._value(item, bound))
        return times(scale, product)

    # -- sums ------------------------------------------------------------------------------------

    def _big(self, node: Big, bound: Bound) -> Value:
        b = binder(node.below)
        if node.op not in ("sum", "prod") or b is None:
            return self._largest(node, bound)
        letter, lower = b
        if letter not in self.letters:
            raise Unreadable(f"a {node.op} over the values of {letter} is not read here", node.span)
        upper = present(node.above)
        if upper is not None:
            low, high = self.dictionary.limits((lower, upper), letter)
            low = low if lower is not None else self._implied(letter, node.body, None)[0]
        else:
            low, high = self._implied(letter, node.body, lower)
        within = {size(outer) for outer in bound} & (low.free_symbols | high.free_symbols)
        if within:  # Σ_i Σ_{j=i}^n: as a size the i of the limit would be another than that of the outer sum
            raise Unreadable(f"a {node.op} up to an index of another one is not read here", node.span)
        i = index(letter, low, high)
        body = self._value(node.body, {**bound, letter: i})
        if any(self._is_within_label(letter, n) for n in walk(node.body)):
            self.doubts.append(f"the {letter} in a subscript may be the index of the {node.op}")
        if isinstance(body, Array):
            if node.op == "prod":
                raise Unreadable("a product over vectors or matrices is not read here", node.span)
            return self._masked(node.span, body.map(lambda e: Sum(e, (i, low, high))))
        return self._atom(node.span, (Sum if node.op == "sum" else Product)(body, (i, low, high)))

    def _is_within_label(self, letter: str, node: Node) -> bool:
        """Whether a letter is part of what is read as the label of another: the b of W_{bc} where c is no index."""
        if not isinstance(node, Sym) or not isinstance(node.sub, Juxt) or take_apart(node, self.letters).indices:
            return False
        return any(isinstance(n, Sym) and n.base == letter for n in walk(node.sub))


_METHODS: Mapping[type, Callable[[Any, Any, Bound], Value]] = {
    Num: lambda reader, node, bound: reader._num(node, bound),  # which readers of decimals replace
    Neg: Reader._neg,
    Bin: Reader._bin,
    Group: Reader._group,
    Fraction: Reader._fraction,
    Sqrt: Reader._sqrt,
    Juxt: Reader._juxt,
    Fn: Reader._fn,
    Big: Reader._big,
    Sym: Reader._sym,
    Table: Reader._table_or_cases,
    Entries: Reader._literal,
}


def _entrywise(operation: Callable[[Expr, Expr], Expr]) -> Callable[[Value, Value], Value]:
    return lambda a, b: elementwise(operation, a, b)


_OPERATORS: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": lambda a, b: added(lambda x, y: x + y, a, b),
    "-": lambda a, b: added(lambda x, y: x - y, a, b),
    "odot": _entrywise(lambda a, b: a * b),
    "circ": _entrywise(lambda a, b: a * b),
    "cdot": inner,
    "times": times,
    "*": times,
    "/": _entrywise(lambda a, b: a / b),
}
_KINDS: Mapping[type, str] = {Chain: "a relation inside an expression", Listing: "a list", Empty: "nothing"}


def _with_factor(scale: Expr, product: Value, factor: Value) -> tuple[Expr, Value]:
    """A product of numbers, which stay outside of sums, and of vectors and matrices in their order."""
    if isinstance(factor, Array):
        return scale, times(product, factor)
    return scale * factor, product


def _kind(node: Node) -> str:
    return _KINDS.get(type(node), type(node).__name__.lower())
