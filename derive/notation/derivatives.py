r"""Derivatives in a formula: ∂L/∂w, ∂²f/∂x∂y, \nabla_w L, \nabla^2 f, Jacobians, and the chain rule by names.

Texts lay a Jacobian out in two ways, and a gradient as a column or as a row; a `Layout` says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from sympy import Expr, Pow, Sum, Symbol

from ..vocabulary import Partial, is_name
from .arrays import Array, Value, elementwise, listed, open_again, shape_of, tabled
from .casewise import Casewise
from .dictionary import Unreadable
from .differentials import differentials, first_base, is_bracket, order_above
from .lookup import Bound
from .names_in_notes import is_transpose, take_apart
from .syntax import Bin, Fraction, Group, Juxt, Listing, Node, Num, Sym

HESSIANS = frozenset({"H", "Hess"})


class Taken(NamedTuple):
    """∂of/∂wrt, `of` None for the operator alone; one `wrt` for each order."""

    of: Value | None
    wrt: tuple[Value, ...]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How derivatives are laid out.

    Attributes:
        turned: whether rows belong to what a vector is differentiated by, and columns to its entries.
        rows: whether the derivative of a number by a vector is a row.
    """

    turned: bool = False
    rows: bool = False


MIXED = Layout()  # gradients are columns, the rows of a Jacobian belong to the entries of the vector
LAYOUTS = (MIXED, Layout(turned=True), Layout(rows=True))  # and the denominator and the numerator layout


class Derivatives(Casewise):
    """The derivatives of one statement.

    Attributes:
        layout: how they are laid out.
        laid_out: whether that matters to what has been read.
        gradients: whether a ∇ has been read, which is a vector and no row.
    """

    layout: Layout = MIXED
    laid_out: bool = False
    gradients: bool = False

    def _fraction(self, node: Fraction, bound: Bound) -> Value:
        derivative = self._derivative(node, bound)
        if derivative is None:
            below = self._expr(node.below, bound)
            return elementwise(lambda a, b: a / b, self._value(node.above, bound), below)
        if derivative.of is None:
            raise Unreadable("the derivative has nothing to differentiate", node.span)
        return self._masked(node.span, self._taken(derivative.of, derivative.wrt))

    def _differentiated(self, operator: Node, operand: list[Node], bound: Bound) -> Value:
        """∂/∂w or ∇ before what it stands before; ∇ f(x, y) is the vector of the two derivatives."""
        twice = self._is_twice(operator)
        names = _listed(operator, operand)
        if names is None:
            wrt = self._by(operator, operand, bound)
            return self._taken(self._operand(operator, operand, bound), wrt * (1 + twice))
        of = self._operand(operator, operand, bound)
        if isinstance(of, Array):
            raise Unreadable(f"the gradient of {shape_of(of)} is not read here", operator.span)
        parts = [self._expr(n, bound) for n in names]
        if not all(is_name(p) for p in parts):
            raise Unreadable("a gradient is taken by something that is not a quantity", operator.span)
        self.arrays = True
        first = [Partial(of, p) for p in parts]
        return tabled([[Partial(d, p) for p in parts] for d in first]) if twice else listed(first)

    def _is_operator(self, node: Fraction, bound: Bound) -> bool:
        derivative = self._derivative(node, bound)
        return derivative is not None and derivative.of is None

    def _is_gradient(self, item: Node, following: Sequence[Node]) -> bool:
        """Whether ∇ stands before something, or before f(x) the H of a text that speaks of Hessians."""
        if not isinstance(item, Sym) or not following:
            return False
        return item.base == "nabla" or self._is_hessian(item, following)

    def _reached(self, items: list[Node]) -> tuple[list[Node], list[Node], bool]:
        """How far a ∇ reaches: over f(x), or f^T, and what is left; and whether the gradient is transposed."""
        head = items[0]
        if not isinstance(head, Sym):
            return items, [], False
        following = items[1] if len(items) > 1 else None
        if isinstance(following, Group) and is_bracket(following):
            known = self.survey.name(take_apart(head, self.letters)) in self.survey.arguments
            if known or following.sup is not None:
                return [head, replace(following, sup=None)], items[2:], following.sup is not None
        if is_transpose(head.sup):
            return [replace(head, sup=None)], items[1:], True
        return items, [], False

    def _is_hessian(self, item: Sym, following: Sequence[Node]) -> bool:
        if item.base not in HESSIANS or len(following) < 2 or "Hessian" not in self.dictionary.prose:
            return False
        head, group = following[:2]
        own = self.survey.name(take_apart(item, self.letters)) in self.survey.defined
        known = isinstance(head, Sym) and self.survey.name(take_apart(head, self.letters)) in self.survey.arguments
        return not own and known and isinstance(group, Group) and not (item.sub or item.sup)

    def _is_twice(self, operator: Node) -> bool:
        return isinstance(operator, Sym) and (operator.base in HESSIANS or _is_two(operator.sup))

    def _by(self, operator: Node, operand: list[Node], bound: Bound) -> tuple[Value, ...]:
        r"""What ∂/∂w and \nabla_w differentiate by; of \nabla L(w) the argument."""
        if isinstance(operator, Fraction):
            derivative = self._derivative(operator, bound)
            assert derivative is not None
            return derivative.wrt
        plain = isinstance(operator, Sym) and (operator.sup is None or _is_two(operator.sup))
        by = operator.sub if isinstance(operator, Sym) and plain else None
        if by is None and len(operand) == 2 and isinstance(operand[0], Sym) and isinstance(operand[1], Group):
            by = operand[1].body if operand[1].sup is None else None
        if by is None and getattr(operator, "sub", None) is None and len(operand) == 1 and isinstance(operand[0], Sym):
            by = self._only_argument(operand[0])
        if not isinstance(by, Sym | Group) or not plain:
            raise Unreadable("a gradient is read with what it is taken by: below it, or as an argument", operator.span)
        below = by.body if isinstance(by, Group) else by
        return (self._variable(below, bound),)

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
        if len(items) > 1 and not applied and not _is_form(items):
            self.doubts.append("it is not clear how far the derivative reaches")
        rest = items[0] if len(items) == 1 else Juxt(items=tuple(items), span=(items[0].span[0], items[-1].span[1]))
        return self._value(rest, bound)

    def _derivative(self, node: Fraction, bound: Bound) -> Taken | None:
        """What a fraction differentiates, and by what; None if it is a plain one."""
        above = order_above(node.above)
        below = None if above is None else differentials(node.below, above[0])
        if below is None or above is None:
            return None
        order, rest = above
        if order != len(below):
            raise Unreadable("a derivative of this order is not read here", node.below.span)
        if "d" in self.survey.defined and "d" in (first_base(node.below), first_base(node.above)):
            self.doubts.append("d is a quantity of the text")
        wrt = tuple(self._variable(by, bound, turned=k > 0) for k, by in enumerate(below))
        if not rest:
            return Taken(None, wrt)
        return Taken(self._value(rest[0] if len(rest) == 1 else Juxt(items=rest, span=node.above.span), bound), wrt)

    def differentiated(self, node: Fraction) -> tuple[Value, Value] | None:
        """What a first derivative differentiates, and by what: L and W of ∂L/∂W; None for anything else."""
        taken = self._derivative(node, {})
        return None if taken is None or taken.of is None or len(taken.wrt) > 1 else (taken.of, taken.wrt[0])

    def _variable(self, node: Node, bound: Bound, *, turned: bool = False) -> Value:
        """A quantity, or a vector or matrix of them, that something is differentiated by; `turned` if it may be x^T."""
        wrt = self._value(node, bound)
        row = isinstance(wrt, Array) and (wrt.row or is_transpose(getattr(node, "sup", None)))
        if row and not turned:
            raise Unreadable("a derivative by a transpose is not read here", node.span)
        if not is_name(wrt.entry if isinstance(wrt, Array) else _root(wrt)):
            raise Unreadable("a derivative is taken by something that is not a quantity", node.span)
        return replace(wrt, row=False) if isinstance(wrt, Array) and wrt.rank == 1 else wrt

    # -- shapes ----------------------------------------------------------------------------------------

    def _taken(self, of: Value, wrt: Sequence[Value]) -> Value:
        """The derivative by one quantity after another, the last one first."""
        if len(wrt) > 1 and isinstance(of, Array):
            raise Unreadable(f"a second derivative of {shape_of(of)} is not read here", (0, 0))
        value = of
        for by in reversed(wrt):
            value = self._partial(value, by, first=value is of)
        return value

    def _partial(self, of: Value, wrt: Value, *, first: bool = True) -> Value:
        """∂of/∂wrt; of a vector by a vector a matrix in the layout, a second derivative one with rows for `wrt`."""
        if isinstance(wrt, Pow):  # ∂f/∂σ² = (∂f/∂σ) / 2σ
            root = _root(wrt)
            inner = wrt.exp * root ** (wrt.exp - 1)
            return elementwise(lambda a, b: a / b, self._partial(of, root, first=first), inner)
        if not isinstance(of, Array) or not isinstance(wrt, Array):
            found = elementwise(Partial, of, wrt)
            if isinstance(of, Array) or not isinstance(found, Array) or found.rank != 1:
                return found
            self.laid_out = True
            return replace(found, row=self.layout.rows and first)
        if of.rank != 1 or wrt.rank != 1:
            raise Unreadable(f"the derivative of {shape_of(of)} by {shape_of(wrt)} is read by its entries only", (0, 0))
        self.laid_out = self.laid_out or first
        wrt = open_again(wrt)
        rows, columns = (wrt, of) if self.layout.turned or not first else (of, wrt)
        return Array(entry=Partial(of.entry, wrt.entry), slots=(*rows.slots, *columns.slots))

    # -- the chain rule by names -------------------------------------------------------------------------

    def _by_names(self, node: Node, bound: Bound) -> Value | None:
        """∂L/∂y ∂y/∂W, where each is differentiated by what the next one differentiates, in either order.

        The sum over the entries of y is meant, whatever the layout; None if a product is no such chain, or of numbers.
        """
        factors = [f for f in _factors(node) if isinstance(f, Fraction) and first_base(f.below)]
        if len(factors) < 2 or len(factors) < len(_factors(node)):
            return None
        taken = [self._derivative(f, bound) for f in factors]
        links = [(d.of, d.wrt[0]) for d in taken if d is not None and d.of is not None and len(d.wrt) == 1]
        chain = links if _is_chain(links) else links[::-1]
        if len(links) < len(factors) or not _is_chain(chain) or not any(isinstance(v, Array) for _, v in chain[:-1]):
            return None
        for factor, (of, wrt) in zip(factors, links, strict=True):
            self._atom(factor.span, Partial(_entry(of), _entry(wrt)))
        return self._chained(chain)

    def _chained(self, links: Sequence[tuple[Value, Value]]) -> Value:
        first, last = links[0][0], links[-1][1]
        middle = [open_again(wrt) if isinstance(wrt, Array) else wrt for _, wrt in links[:-1]]
        last = open_again(last) if isinstance(last, Array) else last
        points = [first, *middle, last]
        product: Expr = Partial(_entry(points[0]), _entry(points[1]))
        for of, wrt in pairwise(points[1:]):
            product = product * Partial(_entry(of), _entry(wrt))
        for s in (s for v in middle if isinstance(v, Array) for s in v.slots):
            product = Sum(product, (s.index, *s.range))
        ends = [v for v in (first, last) if isinstance(v, Array)]
        if not ends:
            return product
        if len(ends) == 2 and any(v.rank != 1 for v in ends):
            raise Unreadable("the derivative of a vector by a matrix is read by its entries only", (0, 0))
        self.laid_out = True
        if len(ends) == 2 and self.layout.turned:
            ends = ends[::-1]
        slots = tuple(s for v in ends for s in v.slots)
        row = len(slots) == 1 and self.layout.rows and not isinstance(first, Array)
        return Array(entry=product, slots=slots, row=row)


def _entry(value: Value) -> Expr:
    return value.entry if isinstance(value, Array) else value


def _is_chain(links: Sequence[tuple[Value, Value]]) -> bool:
    """Whether each is differentiated by what the next one differentiates."""
    return all(_same(wrt, of) for (_, wrt), (of, _) in pairwise(links))


def _same(a: Value, b: Value) -> bool:
    """Whether two are one quantity, or one part of it."""
    ends = [v.at(*map(_place, range(v.rank))) if isinstance(v, Array) else v for v in (a, b)]
    return is_name(ends[0]) and ends[0] == ends[1]


def _place(k: int) -> Symbol:
    return Symbol(f"_{k}", integer=True)


def _factors(node: Node) -> list[Node]:
    """The factors of a product, written side by side or with a dot."""
    if isinstance(node, Juxt):
        return [f for item in node.items for f in _factors(item)]
    if isinstance(node, Bin) and node.op in ("cdot", "times", "*"):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _is_two(node: Node | None) -> bool:
    inner = node.body if isinstance(node, Group) else node
    return isinstance(inner, Num) and inner.text == "2"


def _listed(operator: Node, operand: list[Node]) -> tuple[Node, ...] | None:
    r"""The names in the bracket of \nabla f(x, y), or below as in \nabla_{x, y} f."""
    if not isinstance(operator, Sym):
        return None
    by: Node | None = operator.sub
    if by is None and len(operand) == 2:
        by = operand[1]
    inner = by.body if isinstance(by, Group) else by
    return inner.items if isinstance(inner, Listing) and inner.separator == "," else None


def _root(wrt: Expr) -> Expr:
    """The σ of σ²."""
    return wrt.base if isinstance(wrt, Pow) and wrt.exp.is_Integer else wrt


def _is_form(items: list[Node]) -> bool:
    """Whether factors are a row, matrices and a column, a^T M x, of which a derivative takes the first by no means."""
    syms = [n for n in items if isinstance(n, Sym)]
    if len(syms) < len(items) or not is_transpose(syms[0].sup) or is_transpose(syms[-1].sup):
        return False
    return all(s.base[0].isupper() for s in syms[1:-1])
