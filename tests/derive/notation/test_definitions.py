"""What notes define: names, sums over the data taken per point, models."""

from __future__ import annotations

import pytest
from sympy import Expr, Rational, Sum

from derive.calculus.normalform import is_zero
from derive.notation.definitions import per_point, read_model
from derive.vocabulary import index, scalar, size, tensor

n = size("n")
i = index("i", 1, n)
f, y = tensor("f"), scalar("f")
SUM = Sum(f[i] ** 2, (i, 1, n))


@pytest.mark.parametrize(
    ("expr", "point", "mean"),
    [
        (SUM, y**2, False),
        (-SUM, -(y**2), False),
        (SUM / 2, y**2 / 2, False),
        (SUM / n, y**2, True),
        (-SUM / n, -(y**2), True),
        (SUM / (2 * n), y**2 * Rational(1, 2), True),
    ],
)
def test_a_sum_over_the_data_is_taken_per_point(expr: Expr, point: Expr, mean: bool) -> None:
    assert per_point(expr) == (point, mean)


@pytest.mark.parametrize(
    "expr", [SUM**2, scalar("a") * SUM, SUM / n**2, Sum(i * f[i], (i, 1, n)), SUM * SUM.xreplace({f: tensor("g")})]
)
def test_what_is_no_such_sum_is_left_alone(expr: Expr) -> None:
    assert per_point(expr) is None


def test_a_model_is_read_in_any_order_and_notation() -> None:
    formulas = [
        r"E = \frac{1}{2}(o - t)^2",
        r"o = \sum_{j=1}^{m} v_j \tanh(s_j)",
        r"s_j = \sum_{i=1}^{d} W_{ij} x_i + b_j",
    ]
    model, _ = read_model(formulas, "note")
    assert [d.name for d in model.definitions] == ["s", "o", "E"]
    assert model.objective == "E"
    again, _ = read_model(formulas[::-1], "note")
    assert all(is_zero(model.defined[k].expr - again.defined[k].expr, model.facts) for k in model.defined)
