"""Laws of every row: its derivative against high-precision differences, its range, its spellings."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
from sympy import Expr, diff, exp, lambdify

from derive.calculus.differentiate import row_derivative
from derive.calculus.normalform import is_zero
from derive.kinks import kinks
from derive.quantities import Domain
from derive.rows.functions import FUNCTIONS, RowFunction, Unary, function, named, sigmoid, softplus, tanh
from derive.vocabulary import Positive, scalar

Z = scalar("z")
POINTS = ("-7.5", "-1", "-0.3", "0", "0.25", "1.75", "6")
each = pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)


def precise(expr: Expr, at: mpmath.mpf) -> mpmath.mpf:
    """The value of an expression in z with its row functions written out, in the working precision."""
    plain: Any = expr
    while plain.has(RowFunction):
        plain = plain.replace(lambda e: isinstance(e, RowFunction), lambda e: e.textbook)
    return lambdify(Z, plain, [{"Positive": lambda v: mpmath.mpf(v > 0)}, "mpmath"])(at)


@each
@pytest.mark.parametrize("point", POINTS)
def test_the_derivative_is_that_of_the_textbook_form(row: Unary, point: str) -> None:
    if float(point) in {float(kink.at) for kink in kinks(row.expr(Z), Z, {})}:
        return  # there is none there: tests/derive/test_kinks.py measures both sides
    with mpmath.workdps(50):
        at = mpmath.mpf(point)
        difference = mpmath.diff(lambda z: precise(row.expr(Z), z), at)
        assert abs(precise(row_derivative(row, Z), at) - difference) < mpmath.mpf("1e-20")


@each
def test_the_derivative_is_proved(row: Unary) -> None:
    assert is_zero(row_derivative(row, Z) - diff(row.expr(Z), Z))


@each
def test_the_derivative_needs_no_exponential_of_its_own(row: Unary) -> None:
    assert not row_derivative(row, Z).has(exp)


@each
def test_values_lie_in_the_range(row: Unary) -> None:
    for point in POINTS:
        value = precise(row.expr(Z), mpmath.mpf(point))
        assert (
            row.range is Domain.REAL or value > 0 or (row.range in (Domain.NONNEGATIVE, Domain.BINARY) and value == 0)
        )
        assert row.range is not Domain.BINARY or value in (0, 1)
        assert row.range is not Domain.UNIT or value < 1


@each
def test_it_is_found_by_its_spellings(row: Unary) -> None:
    assert all(named(name) is function(row) for name in (row.name, *row.spellings))


@pytest.mark.parametrize(
    ("head", "expected"),
    [(sigmoid, sigmoid(Z) * (1 - sigmoid(Z))), (tanh, 1 - tanh(Z) ** 2), (softplus, sigmoid(Z))],
)
def test_the_derivative_is_written_as_one_writes_it(head: type[RowFunction], expected: Expr) -> None:
    assert row_derivative(head.row, Z) == expected


def test_brackets_at_their_edge() -> None:
    """[−z > 0] is not 1 − [z > 0]: at z = 0 both are zero; scaling and squaring change nothing."""
    assert not is_zero(Positive(-Z) - 1 + Positive(Z))
    assert is_zero(Positive(3 * Z) - Positive(Z) ** 2)
    assert is_zero(Z * Positive(Z) * (1 - Positive(Z)))
