"""Kinks by cases: maxima, minima, signs and absolute values are what brackets say they are, at their kinks too."""

from __future__ import annotations

import itertools

import pytest
from sympy import Abs, Expr, Max, Min, Rational, sign

from derive.calculus.cases import in_brackets
from derive.calculus.differentiate import differentiate
from derive.calculus.normalform import TooLarge, is_zero
from derive.vocabulary import Positive, scalar

X, Y = scalar("x"), scalar("y")
VALUES = (Rational(-3, 2), Rational(-1), Rational(0), Rational(1), Rational(7, 3))

TRUE = (
    Max(X, 0) - X * Positive(X),
    Max(X, Y) - (X + Y + Abs(X - Y)) / 2,
    Max(X, Y) + Min(X, Y) - X - Y,
    Max(0, 1 - X * Y) - (1 - X * Y) * Positive(1 - X * Y),
    Max(X - Y, 0) - Max(X, Y) + Y,
    Abs(X) - Max(X, -X),
    Abs(X) - X * sign(X),
    X - X * Positive(X) - X * Positive(-X),
    Positive(X) * Positive(-X),
    Max(X, 0) ** 2 - X * Max(X, 0),
)
FALSE = (  # each fails at one value of x, or of y, alone
    Positive(X) + Positive(-X) - 1,
    sign(X) ** 2 - 1,
    Positive(-X) - 1 + Positive(X),
    sign(X) - 2 * Positive(X) + 1,
    Abs(X) - X,
    Max(X, Y) - X,
    Max(X, Y) * Positive(X - Y) - Y * Positive(X - Y),
    Min(X, Y) - X - Y + Min(X, Y),
)


def at(expr: Expr, x: Expr, y: Expr) -> Expr:
    """The value; sign and brackets of numbers evaluate themselves."""
    value: Expr = expr.subs({X: x, Y: y})
    return value


@pytest.mark.parametrize("expr", TRUE, ids=str)
def test_true_identities_are_proved_and_hold_at_every_kink(expr: Expr) -> None:
    assert is_zero(expr)
    assert all(at(expr, x, y) == 0 for x, y in itertools.product(VALUES, VALUES))


@pytest.mark.parametrize("expr", FALSE, ids=str)
def test_what_fails_at_a_kink_alone_is_not_proved(expr: Expr) -> None:
    assert any(at(expr, x, y) != 0 for x, y in itertools.product(VALUES, VALUES))
    assert not is_zero(expr)


def test_what_a_bracket_hides_is_zero_at_the_kink() -> None:
    """[x > 0]/x is 0 at x = 0, so a term that is there alone is not lost."""
    c = scalar("c")
    gone = Positive(X) / X - Positive(X) / Abs(X)
    assert is_zero(gone)
    assert not is_zero(gone + c * (1 - Positive(X) - Positive(-X)))
    assert is_zero((gone + c * (1 - Positive(X) - Positive(-X))) * X)


def test_what_divides_by_zero_at_the_kink_is_judged_elsewhere() -> None:
    """x/|x| = sign x wherever x/|x| has a value; x/|x| = 1 has counterexamples there."""
    assert is_zero(sign(X) - X / Abs(X))
    assert not is_zero(X / Abs(X) - 1)
    with pytest.raises(TooLarge):
        is_zero(1 / (X - X))


@pytest.mark.parametrize("expr", [Max(X, Y), Min(X, Y), Max(X, Y, 1), sign(X - Y)], ids=str)
def test_brackets_have_the_same_values(expr: Expr) -> None:
    for x, y in itertools.product(VALUES, VALUES):
        assert at(expr, x, y) == at(in_brackets(expr), x, y)


@pytest.mark.parametrize("expr", [Max(X, Y), Min(X, 2 * Y), Abs(X), Abs(X - Y), X * sign(X), Max(X, Y, 1)], ids=str)
def test_the_derivative_off_the_kink_is_the_difference_quotient(expr: Expr) -> None:
    """On pieces that are linear the quotient is exact; at the kink the derivative lies between the two slopes."""
    step = Rational(1, 1000)
    for x, y in itertools.product(VALUES, VALUES):
        left, right = ((at(expr, x + s * step, y) - at(expr, x, y)) / (s * step) for s in (-1, 1))
        slope = at(differentiate(expr, X), x, y)
        assert min(left, right) <= slope <= max(left, right), (x, y)
