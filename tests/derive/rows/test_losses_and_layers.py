"""Laws of losses and layers: every row's derivative is proved and measured, every layer composes."""

from __future__ import annotations

import mpmath
import pytest
from sympy import lambdify

from derive.backprop import partial
from derive.model import Model
from derive.quantities import Domain, Kind, Quantity
from derive.rows.building import define, name
from derive.rows.layers import LAYERS, dense, residual, softmax
from derive.rows.losses import LOSSES, Loss
from derive.vocabulary import index, scalar, size, total

POINTS = {Domain.REAL: (-1.3, 0.6, 2.2), Domain.UNIT: (0.2, 0.5, 0.9), Domain.POSITIVE: (0.3, 1.4, 5.0)}
POINTS |= {Domain.BINARY: (0, 1, 1), Domain.NATURAL: (0, 2, 5)}
I, J = index("i", 1, size("n")), index("j", 1, size("m"))


def model_of(row: Loss) -> Model:
    target = Quantity(name="t", latex="t", kind=Kind.DATA, domain=row.target)
    prediction = Quantity(name="p", latex="p", kind=Kind.PARAMETER, domain=row.prediction)
    value = define(name("E"), row.expr(target.at(), prediction.at()))
    return Model(name=row.name, title=row.name, given=(target, prediction), definitions=(value,), objective="E")


@pytest.mark.parametrize("row", LOSSES, ids=lambda row: row.name)
def test_the_derivative_of_a_loss_is_proved_and_measured(row: Loss) -> None:
    """At points off its kink, against mpmath's differences."""
    model = model_of(row)
    derivation = partial(model, scalar("E"), scalar("p"))
    assert derivation.verdict == "proved"
    t, p = scalar("t"), scalar("p")
    value = lambdify((t, p), row.expr(t, p), "mpmath")
    slope = lambdify((t, p), model.unfold(derivation.result, "E"), "mpmath")
    for at_t, at_p in zip(POINTS[row.target], (p + 0.05 for p in POINTS[row.prediction][::-1]), strict=True):
        measured = mpmath.diff(lambda x, at=at_t: value(at, x), at_p)
        assert mpmath.almosteq(slope(at_t, mpmath.mpf(at_p)), measured, 1e-8), (at_t, at_p)


@pytest.mark.parametrize("row", [r for r in LOSSES if r.kink], ids=lambda row: row.name)
def test_a_kink_is_where_the_row_says(row: Loss) -> None:
    """The slopes from the left and from the right differ there, and nowhere else that is tried."""
    t, p = scalar("t"), scalar("p")
    model = model_of(row)
    slope = lambdify((t, p), model.unfold(partial(model, scalar("E"), p).result, "E"), "mpmath")
    assert row.kink == "p = t"
    assert abs(slope(1, 1 + 1e-9) - slope(1, 1 - 1e-9)) > 0.5
    assert abs(slope(1, 2 + 1e-9) - slope(1, 2 - 1e-9)) < 1e-6


def test_every_layer_composes() -> None:
    """Dense, residual around dense, softmax, one after the other; every gradient is proved."""
    before = Quantity(name="x", latex="x", axes=(I,), kind=Kind.DATA)
    first = dense(before, "1", J)
    k = index("k", J.lower, J.upper)
    inner = dense(first.output, "2", k)
    around = residual(first.output, inner, "3")
    last = softmax(around.output, "4")
    used = (first, around, last)
    upstream = Quantity(name="g", latex="g", axes=(J,), kind=Kind.DATA)
    error = define(name("E"), total(upstream.at() * last.output.at(), J))
    model = Model(
        name="composed",
        title="composed",
        given=(before, upstream, *(p for b in used for p in b.parameters)),
        definitions=(*(d for b in used for d in b.definitions), error),
        objective="E",
    )
    assert {row.build for row in LAYERS} == {dense, residual, softmax}
    for parameter in model.parameters:
        assert partial(model, scalar("E"), parameter.at()).verdict == "proved", parameter.name
