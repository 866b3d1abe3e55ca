"""From the structure of a formula to an index expression, with the letters as the survey of the text shows them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from sympy import Expr, Idx, Product, Rational, Sum, sqrt

from ..vocabulary import Partial, index, is_name
from .arrays import (
    Array,
    ShapeError,
    Slot,
    Value,
    added,
    elementwise,
    inner,
    lettered,
    listed,
    shape_of,
    times,
)
from .casewise import Casewise
from .dictionary import Dictionary, Unreadable
from .differentials import after_d, ends_in_operator, first_base
from .lookup import Bound
from .names_in_notes import is_transpose, take_apart
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


class Reader(Casewise):
    """Reads the sides of one statement; a vector or a matrix is read by its entries, at the same indices on each side.

    Attributes:
        opened: the free indices at which the entries of the statement are read, in order.
        shape: of the side that was read first.
        gradients: whether a ∇ has been read, which is a vector and no row.
    """

    def __init__(self, dictionary: Dictionary) -> None:
        super().__init__(dictionary)
        self.opened: list[Idx] = []
        self.shape: Value | None = None
        self.gradients = False

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
        if ends_in_operator(node.left):
            self.doubts.append("it is not clear how far the derivative reaches")
        left, right = self._value(node.left, bound), self._value(node.right, bound)
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
                if not value.is_number:
                    raise Unreadable(f"{shape_of(left)} and {shape_of(right)} are added", part.span, misfit=True)
                if not all(isinstance(v, Array) and v.rank == 1 for v in (left, right) if v is not value):
                    self.doubts.append("a number is added to every entry")  # 1 − A may mean the identity less A

    def _fraction(self, node: Fraction, bound: Bound) -> Value:
        derivative = self._derivative(node, bound)
        if derivative is None:
            below = self._expr(node.below, bound)
            return elementwise(lambda a, b: a / b, self._value(node.above, bound), below)
        of, wrt = derivative
        if of is None:
            raise Unreadable("the derivative has nothing to differentiate", node.span)
        return self._masked(node.span, _partial(of, wrt))

    def _sqrt(self, node: Sqrt, bound: Bound) -> Expr:
        body = self._expr(node.body, bound)
        root: Expr = sqrt(body) if node.degree is None else body ** (1 / self._expr(node.degree, bound))
        return root

    # -- products, derivatives -------------------------------------------------------------------

    def _juxt(self, node: Juxt, bound: Bound) -> Value:
        scale: Expr = Rational(1)
        product: Value = Rational(1)
        items = list(node.items)
        while items:
            item = items.pop(0)
            following = items[0] if items else None
            gradient = isinstance(item, Sym) and item.base == "nabla" and following is not None
            if gradient or (isinstance(item, Fraction) and self._is_operator(item, bound)):
                self.gradients = self.gradients or gradient
                span = (item.span[0], node.items[-1].span[1])
                return times(times(scale, product), self._masked(span, self._differentiated(item, items, bound)))
            if isinstance(following, Group) and (bracket := self._indicator(item, following, bound)) is not None:
                scale, _ = scale * bracket, items.pop(0)
                continue
            if isinstance(item, Sym) and isinstance(following, Group) and following.opening in ("(", "["):
                applied = self._applied(item, following, bound)
                if applied is not None:
                    scale, product = _with_factor(scale, product, applied)
                    items.pop(0)
                    continue
            if isinstance(item, Bin) and item.op == "/" and following is not None:
                self.doubts.append("it is not clear what stands below the stroke")
            scale, product = _with_factor(scale, product, self._value(item, bound))
        return times(scale, product)

    def _differentiated(self, operator: Node, operand: list[Node], bound: Bound) -> Value:
        """∂/∂w or ∇ before what it stands before; ∇ f(x, y) is the vector of the two derivatives."""
        names = _listed(operator, operand)
        if names is None:
            wrt = self._by(operator, operand, bound)
            return _partial(self._operand(operator, operand, bound), wrt)
        of = self._operand(operator, operand, bound)
        if isinstance(of, Array):
            raise Unreadable(f"the gradient of {shape_of(of)} is not read here", operator.span)
        parts = [self._expr(n, bound) for n in names]
        if not all(is_name(p) for p in parts):
            raise Unreadable("a gradient is taken by something that is not a quantity", operator.span)
        self.arrays = True
        return listed([Partial(of, p) for p in parts])

    def _is_operator(self, node: Fraction, bound: Bound) -> bool:
        derivative = self._derivative(node, bound)
        return derivative is not None and derivative[0] is None

    def _by(self, operator: Node, operand: list[Node], bound: Bound) -> Value:
        r"""What ∂/∂w and \nabla_w differentiate by; of \nabla L(w) the argument."""
        if isinstance(operator, Fraction):
            derivative = self._derivative(operator, bound)
            assert derivative is not None
            return derivative[1]
        by = operator.sub if isinstance(operator, Sym) and operator.sup is None else None
        if by is None and len(operand) == 2 and isinstance(operand[0], Sym) and isinstance(operand[1], Group):
            by = operand[1].body if operand[1].sup is None else None
        if by is None and getattr(operator, "sub", None) is None and len(operand) == 1 and isinstance(operand[0], Sym):
            by = self._only_argument(operand[0])
        if not isinstance(by, Sym | Group):
            raise Unreadable("a gradient is read with what it is taken by: below it, or as an argument", operator.span)
        below = by.body if isinstance(by, Group) else by
        return self._variable(below, bound)

    def _only_argument(self, function: Sym) -> Sym | None:
        """The w of J, if the text introduces it as J(w) and not otherwise."""
        known = self.survey.arguments.get(self.survey.name(take_apart(function, self.letters)), frozenset())
        names = next(iter(known)) if len(known) == 1 else ()
        return Sym(base=names[0], span=function.span) if len(names) == 1 else None

    def _operand(self, operator: Node, items: list[Node], bound: Bound) -> Value:
        """What ∂/∂w stands before."""
        if not items:
            raise Unreadable("the derivative has nothing to differentiate", operator.span)
        applied = isinstance(items[0], Sym) and len(items) == 2 and isinstance(items[1], Group)
        if len(items) > 1 and not applied:
            self.doubts.append("it is not clear how far the derivative reaches")
        rest = items[0] if len(items) == 1 else Juxt(items=tuple(items), span=(items[0].span[0], items[-1].span[1]))
        return self._value(rest, bound)

    def _derivative(self, node: Fraction, bound: Bound) -> tuple[Value | None, Value] | None:
        """(of, wrt) of ∂of/∂wrt, `of` None for the operator ∂/∂wrt; None if it is a plain fraction."""
        below, above = after_d(node.below), after_d(node.above)
        if below is None or above is None or not below:
            return None
        if len(below) > 1:
            raise Unreadable("a derivative by several quantities is not read here", node.below.span)
        if "d" in self.survey.defined and "d" in (first_base(node.below), first_base(node.above)):
            self.doubts.append("d is a quantity of the text")
        wrt = self._variable(below[0], bound)
        if not above:
            return None, wrt
        return self._value(above[0] if len(above) == 1 else Juxt(items=above, span=node.above.span), bound), wrt

    def _variable(self, node: Node, bound: Bound) -> Value:
        """A quantity, or a vector or matrix of them, that something is differentiated by."""
        wrt = self._value(node, bound)
        if isinstance(wrt, Array) and (wrt.row or is_transpose(getattr(node, "sup", None))):
            raise Unreadable("a derivative by a transpose is not read here", node.span)
        if not is_name(wrt.entry if isinstance(wrt, Array) else wrt):
            raise Unreadable("a derivative is taken by something that is not a quantity", node.span)
        return wrt

    # -- sums ------------------------------------------------------------------------------------

    def _big(self, node: Big, bound: Bound) -> Value:
        b = binder(node.below)
        if node.op not in ("sum", "prod") or b is None:
            return self._largest(node, bound)
        letter, lower = b
        upper = present(node.above)
        if upper is not None:
            low, high = self.dictionary.limits((lower, upper), letter)
        else:
            low, high = self._implied(letter, node.body, lower)
        i = index(letter, low, high)
        body = self._value(node.body, {**bound, letter: i})
        if isinstance(body, Array):
            if node.op == "prod":
                raise Unreadable("a product over vectors or matrices is not read here", node.span)
            return self._masked(node.span, body.map(lambda e: Sum(e, (i, low, high))))
        return self._atom(node.span, (Sum if node.op == "sum" else Product)(body, (i, low, high)))


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


def _listed(operator: Node, operand: list[Node]) -> tuple[Node, ...] | None:
    r"""The names in the bracket of \nabla f(x, y), or below as in \nabla_{x, y} f."""
    if not isinstance(operator, Sym):
        return None
    by: Node | None = operator.sub
    if by is None and len(operand) == 2:
        by = operand[1]
    inner = by.body if isinstance(by, Group) else by
    return inner.items if isinstance(inner, Listing) and inner.separator == "," else None


def _with_factor(scale: Expr, product: Value, factor: Value) -> tuple[Expr, Value]:
    """A product of numbers, which stay outside of sums, and of vectors and matrices in their order."""
    if isinstance(factor, Array):
        return scale, times(product, factor)
    return scale * factor, product


def _partial(of: Value, wrt: Value) -> Value:
    """∂of/∂wrt, of the shape of the one that is no number.

    Raises: ShapeError: if both are vectors or matrices, whose derivative texts lay out in several ways.
    """
    if isinstance(of, Array) and isinstance(wrt, Array):
        raise ShapeError(f"the derivative of {shape_of(of)} by {shape_of(wrt)} is read by its entries only")
    return elementwise(Partial, of, wrt)


def _kind(node: Node) -> str:
    return _KINDS.get(type(node), type(node).__name__.lower())
