"""Dropout: inputs that are kept at random, and what that does to the loss on average."""

from __future__ import annotations

from sympy import Rational

from ...model import Model
from ...quantities import Domain
from ...questions.masked import Masked
from ...vocabulary import index, size, total
from ..building import data, define, name, parameter


def dropout() -> Model:
    """ŷ = Σ_i w_i m_i x_i / q for a mask m of entries that are 1 with probability q; E = ½ (ŷ − y)²."""
    i = index("i", 1, size("d"))
    before, target, mask = data("x", i), data("y"), data("m", i, domain=Domain.BINARY)
    weights, keep = parameter("w", i), parameter("q", domain=Domain.UNIT)
    after = name("yhat", latex=r"\hat{y}")
    return Model(
        name="dropout",
        title="Dropout",
        given=(before, target, mask, weights, keep),
        definitions=(
            define(after, total(weights.at() * mask.at() * before.at(), i) / keep.at()),
            define(name("E"), Rational(1, 2) * (after.at() - target.at()) ** 2),
        ),
        objective="E",
        questions=(Masked(mask="m", keep="q", of=("yhat", "E")),),
    )


ROWS = (dropout,)
