"""The normal form that decides equality: a rational function of atoms that are as independent as possible.

Every subtree that is not +, · or a whole power becomes generators of the ring: entries and scalars as they are;
powers, exponentials and logarithms by `powers`; functions of rows by their textbook form; sums by `sums`.
`simplify` is never used.

Two expressions with the same normal form are equal wherever both are defined: wherever no part of them divides by
zero or leaves the real numbers. (x/x = 1 is proved, and says nothing about x = 0.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Float,
    Function,
    Idx,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    NumberSymbol,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    exp,
    log,
    sign,
)

from ..rows.functions import RowFunction
from ..vocabulary import OF_A_MATRIX, Inside, Maximum, Partial, Positive
from .cases import in_brackets
from .indices import certainly_nonnegative, free_indices
from .maxima import maximum_form
from .ordering import key
from .polynomials import constant
from .positivity import NO_FACTS, Facts, nonnegative, positive
from .powers import absolute, exponential, logarithm, power, product_form
from .ring import ONE, Form, Kind, Ring, TooLarge, Undefined, python_number
from .sums import sum_form

__all__ = ["Normaliser", "TooLarge", "is_zero", "normal_form"]

MOST_UNROLLED = 12


def normal_form(expr: Expr, facts: Facts = NO_FACTS) -> Expr:
    """The normal form as a SymPy expression; expressions with equal normal forms are equal.

    Args:
        expr: an index expression (docs/architecture.md).
        facts: plain name -> domain, for logarithms, roots and powers.
    Returns: an expression that `==` compares structurally.
    Raises: TooLarge: if the normal form is not worth computing, or divides by zero.
    """
    return Normaliser(facts).normal(expr)


def is_zero(expr: Expr, facts: Facts = NO_FACTS) -> bool:
    """Whether the expression is certainly zero wherever it is defined.

    Args:
        expr: an index expression.
        facts: plain name -> domain.
    Raises: TooLarge: if the normal form is not worth computing, or divides by zero.
    """
    from .zero import vanishes

    return vanishes(Normaliser(facts), expr)


class Normaliser:
    """One computation: the facts it may use, its generators, and the forms already known."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.ring = Ring()
        self._forms: dict[Expr, Form] = {}
        self._signs: dict[int, tuple[bool, bool]] = {}
        self._opposites: dict[int, int | None] = {}

    def normal(self, expr: Expr) -> Expr:
        """The normal form of one expression."""
        return self.ring.expression(self.form(expr))

    def form(self, expr: Expr) -> Form:
        """The normal form as an element of the ring."""
        found = self._forms.get(expr)
        if found is None:
            self.ring.spend(1)
            found = self._forms[expr] = _rule(expr.func)(self, expr)
        return found

    def positive_expr(self, expr: Expr) -> bool:
        """Whether an expression is certainly positive."""
        return positive(expr, self.facts)

    def positive(self, g: int) -> bool:
        """Whether a generator is certainly positive."""
        return self._sign(g)[0]

    def nonnegative(self, g: int) -> bool:
        """Whether a generator is certainly not negative."""
        return self._sign(g)[1]

    def opposite(self, g: int) -> int | None:
        """The factor −g if that is certainly not negative."""
        if g not in self._opposites:
            generator = self.ring.generators[g]
            minus = generator.kind is Kind.FACTOR and nonnegative(-generator.expr, self.facts)
            self._opposites[g] = self.ring.factor({m: -c for m, c in generator.value.items()}) if minus else None
        return self._opposites[g]

    def _sign(self, g: int) -> tuple[bool, bool]:
        if g not in self._signs:
            expr = self.ring.generators[g].expr
            self._signs[g] = positive(expr, self.facts), nonnegative(expr, self.facts)
        return self._signs[g]

    def free(self, g: int) -> frozenset[Idx]:
        """The free indices of a generator."""
        return frozenset(free_indices(self.ring.generators[g].expr))

    def values(self, i: Idx) -> list[Expr] | None:
        """The values of an index whose range is a few numbers."""
        if not (i.lower.is_Integer and i.upper.is_Integer and i.upper - i.lower < MOST_UNROLLED):
            return None
        return [S(k) for k in range(int(i.lower), int(i.upper) + 1)]


# -- one rule a kind of expression -------------------------------------------------------------------


def _number(n: Normaliser, expr: Expr) -> Form:
    if not expr.is_finite:
        raise Undefined("a formula divides by zero or is not finite")
    return Form(constant(python_number(Rational(expr))))


def _sum_of_terms(n: Normaliser, expr: Add) -> Form:
    return n.ring.plus(*(n.form(a) for a in expr.args))


def _product_of_factors(n: Normaliser, expr: Mul) -> Form:
    return n.ring.times(ONE, *(n.form(a) for a in expr.args))


def _name(n: Normaliser, expr: Expr) -> Form:
    if isinstance(expr, Indexed):
        expr = expr.base[tuple(k.expand() for k in expr.indices)]
    return n.ring.atom(expr)


def _delta(n: Normaliser, expr: Any) -> Form:
    a, b = expr.args[:2]
    if certainly_nonnegative(a - b - 1) or certainly_nonnegative(b - a - 1):  # δ(l, L) for l < L
        return n.form(S.Zero)
    delta = KroneckerDelta(*_sides((a - b).expand()))
    return n.ring.atom(delta, Kind.BRACKET) if isinstance(delta, KroneckerDelta) else n.form(delta)


def _sides(difference: Expr) -> tuple[Expr, Expr]:
    """Two sides that differ by `difference` and do not depend on how it came: δ(j, i + 1) is δ(i, j − 1)."""
    terms = [(rest, c) for c, rest in (t.as_coeff_Mul() for t in Add.make_args(difference)) if rest != 1]
    if not terms:
        return difference, S.Zero
    _, sign = min(terms, key=lambda pair: key(pair[0]))
    left = Add(*(c * rest for rest, c in terms if c * sign > 0))
    return (left, left - difference) if sign > 0 else (-left, -left + difference)


def _inside(n: Normaliser, expr: Any) -> Form:
    i, lower, upper = (a.expand() for a in expr.args)
    if free_indices(lower):  # [S p <= j <= S p + F] is [0 <= j − S p <= F]
        i, lower, upper = (i - lower).expand(), S.Zero, (upper - lower).expand()
    bracket = Inside(i, lower, upper)
    return n.ring.atom(bracket, Kind.BRACKET) if isinstance(bracket, Inside) else n.form(bracket)


def _above_zero(n: Normaliser, expr: Any) -> Form:
    """[c z > 0] = [z > 0] for c > 0; [−z > 0] is another bracket, since at z = 0 both are zero."""
    z = n.normal(expr.args[0])
    if n.positive_expr(z) or nonnegative(-z, n.facts):
        return n.form(S.One if n.positive_expr(z) else S.Zero)
    size, z = z.primitive() if isinstance(z, Add) else z.as_coeff_Mul()
    return n.ring.atom(Positive(z if size > 0 else -z), Kind.BRACKET)


def _power(n: Normaliser, expr: Pow) -> Form:
    base, exponent = expr.args
    if isinstance(exponent, Rational) and exponent.q == 1:
        return n.ring.power(n.form(base), int(exponent))
    if isinstance(base, exp):
        return exponential(n, n.form(base.args[0] * exponent))
    return power(n, n.form(base), n.form(exponent))


def _undefined(n: Normaliser, expr: Expr) -> Form:
    raise Undefined("a formula divides by zero or is not finite")


def _of_a_matrix(n: Normaliser, expr: Any) -> Form:
    matrix, *places = expr.args
    return n.ring.atom(expr.func(matrix, *(k.expand() for k in places)))


def _opaque(n: Normaliser, expr: Expr) -> Form:
    return n.ring.atom(_with_normal_arguments(n, expr))


def _with_normal_arguments(n: Normaliser, expr: Any) -> Any:
    if not expr.args:
        return expr
    return expr.func(*(n.normal(a) if isinstance(a, Expr) else _with_normal_arguments(n, a) for a in expr.args))


Rule = Callable[[Normaliser, Any], Form]

_RULES: tuple[tuple[tuple[type, ...], Rule], ...] = (
    ((Rational, Float), _number),
    ((type(S.NaN), type(S.ComplexInfinity), type(S.Infinity), type(S.NegativeInfinity)), _undefined),
    ((Add,), _sum_of_terms),
    ((Mul,), _product_of_factors),
    ((NumberSymbol, Idx, Indexed, Symbol), _name),
    ((Pow,), _power),
    ((exp,), lambda n, e: exponential(n, n.form(e.args[0]))),
    ((log,), lambda n, e: logarithm(n, n.form(e.args[0]))),
    ((Abs,), lambda n, e: absolute(n, n.form(e.args[0]))),
    ((RowFunction,), lambda n, e: n.form(e.textbook)),
    ((Sum,), sum_form),
    ((Product,), product_form),
    ((Maximum,), maximum_form),
    ((KroneckerDelta,), _delta),
    ((Inside,), _inside),
    ((Positive,), _above_zero),
    ((Max, Min, sign), lambda n, e: n.form(in_brackets(e))),
    (OF_A_MATRIX, _of_a_matrix),
    ((Partial,), lambda n, e: n.ring.atom(e)),
    ((Function, Basic), _opaque),
)


@lru_cache(maxsize=256)
def _rule(kind: Any) -> Rule:
    return next(rule for kinds, rule in _RULES if issubclass(kind, kinds))
