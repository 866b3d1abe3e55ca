"""What is proved of a ≤ b is true, and what is false by numbers is never proved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Abs, Expr, Integer, Max, Rational, Sum, exp, log, sqrt

from derive.inequalities import prove_order, prove_strict_order
from derive.model import Model
from derive.notation.definitions import assemble
from derive.notation.dictionary import Dictionary
from derive.notation.survey import survey
from derive.quantities import Domain, Kind, Quantity
from derive.rows.functions import named
from derive.vocabulary import index, scalar, size, tensor

N = size("n")
I = index("i", 1, N)
A, B, X = scalar("a"), scalar("b"), scalar("x")
U, V = tensor("u")[I], tensor("v")[I]
SIGMOID = named("sigmoid")(X)


def over(body: Expr) -> Expr:
    total: Expr = Sum(body, (I, 1, N))
    return total


TRUE: tuple[tuple[Expr, Expr, Domain], ...] = (
    (2 * A * B, A**2 + B**2, Domain.REAL),
    ((A + B) ** 2, 2 * A**2 + 2 * B**2, Domain.REAL),
    (SIGMOID * (1 - SIGMOID), Rational(1, 4), Domain.REAL),
    (log(X), X - 1, Domain.POSITIVE),
    (1 + X, exp(X), Domain.REAL),
    (X**2, X, Domain.UNIT),
    (Max(Integer(0), X), log(1 + exp(X)), Domain.REAL),
    (over(U * V) ** 2, over(U**2) * over(V**2), Domain.REAL),
    (Abs(over(U * V)), sqrt(over(U**2)) * sqrt(over(V**2)), Domain.REAL),
    (sqrt(over((U + V) ** 2)), sqrt(over(U**2)) + sqrt(over(V**2)), Domain.REAL),
    (2 * over(U * V), over(U**2) + over(V**2), Domain.REAL),
)
FALSE: tuple[tuple[Expr, Expr, Domain], ...] = (
    (3 * A * B, A**2 + B**2, Domain.REAL),
    (SIGMOID * (1 - SIGMOID), Rational(1, 5), Domain.REAL),
    (log(X), X - 2, Domain.POSITIVE),
    (X**2, X, Domain.POSITIVE),
    (X, X**2, Domain.UNIT),
    (2 + X, exp(X), Domain.REAL),
    (2 * over(U * V) ** 2, over(U**2) * over(V**2), Domain.REAL),
    (-over(U**2) * over(V**2), -(over(U * V) ** 2) - 1, Domain.REAL),
    (3 * over(U * V), over(U**2) + over(V**2), Domain.REAL),
)


def model(domain: Domain) -> Model:
    """Letters and two vectors, x in a domain."""
    numbers = (Quantity(name=n, latex=n, kind=Kind.DATA) for n in "ab")
    vectors = (Quantity(name=n, latex=n, kind=Kind.DATA, axes=(I,)) for n in "uv")
    x = Quantity(name="x", latex="x", kind=Kind.DATA, domain=domain)
    return replace(assemble("text", [], Dictionary(survey(()))), given=(*numbers, *vectors, x))


@pytest.mark.parametrize(("lower", "upper", "domain"), TRUE)
def test_what_is_true_is_proved(lower: Expr, upper: Expr, domain: Domain) -> None:
    assert prove_order(lower, upper, model(domain))


@pytest.mark.parametrize(("lower", "upper", "domain"), FALSE)
def test_what_is_false_is_not_proved(lower: Expr, upper: Expr, domain: Domain) -> None:
    assert not prove_order(lower, upper, model(domain))
    assert not prove_strict_order(lower, upper, model(domain))


@pytest.mark.parametrize(("lower", "upper", "domain"), TRUE)
def test_the_other_direction_is_not_proved(lower: Expr, upper: Expr, domain: Domain) -> None:
    assert not prove_order(upper, lower, model(domain))


@pytest.mark.parametrize(
    ("lower", "upper", "domain"), [t for t in TRUE if not t[0].has(log, exp) and t[2] != Domain.UNIT]
)
def test_bounds_that_are_reached_are_not_strict(lower: Expr, upper: Expr, domain: Domain) -> None:
    assert not prove_strict_order(lower, upper, model(domain))


def test_a_positive_difference_is_strict() -> None:
    assert prove_strict_order(Integer(0), exp(X), model(Domain.REAL))
    assert prove_strict_order(SIGMOID * (1 - SIGMOID), Rational(1, 3), model(Domain.REAL))
