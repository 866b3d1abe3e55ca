"""Convolutions as index expressions x[S p + u]; the transposed convolution emerges in the gradient for the input."""

from __future__ import annotations

from sympy import Rational

from ...model import Model
from ...vocabulary import index, size, total
from ..building import data, define, name, parameter

HALF = Rational(1, 2)
S = size("S")


def convolution_1d() -> Model:
    """z_{o,p} = Σ_c Σ_u w_{o,c,u} x_{c, S p + u} + b_o, without padding: P = (N − F)/S + 1 outputs."""
    outputs, filters, inputs = size("P"), size("F"), size("C")
    o, p = index("o", 1, size("O")), index("p", 0, outputs - 1)
    c, u = index("c", 1, inputs), index("u", 0, filters - 1)
    q = index("q", 0, S * (outputs - 1) + filters - 1)
    signal, target = data("x", c, q), data("t", o, p)
    weights, bias, after = parameter("w", o, c, u), parameter("b", o), name("z", o, p)
    return Model(
        name="convolution-1d",
        title="Convolution in one dimension",
        given=(signal, target, weights, bias),
        definitions=(
            define(after, total(weights.at() * signal.at(c, S * p + u), c, u) + bias.at()),
            define(name("E"), HALF * total((after.at() - target.at()) ** 2, o, p)),
        ),
        objective="E",
    )


def convolution_2d() -> Model:
    """z_{p,r} = Σ_{u,v} w_{u,v} x_{S p + u, S r + v} + b."""
    height, width, filters = size("P"), size("R"), size("F")
    p, r = index("p", 0, height - 1), index("r", 0, width - 1)
    u, v = index("u", 0, filters - 1), index("v", 0, filters - 1)
    rows = index("q", 0, S * (height - 1) + filters - 1)
    columns = index("s", 0, S * (width - 1) + filters - 1)
    image, target = data("x", rows, columns), data("t", p, r)
    weights, bias, after = parameter("w", u, v), parameter("b"), name("z", p, r)
    return Model(
        name="convolution-2d",
        title="Convolution in two dimensions",
        given=(image, target, weights, bias),
        definitions=(
            define(after, total(weights.at() * image.at(S * p + u, S * r + v), u, v) + bias.at()),
            define(name("E"), HALF * total((after.at() - target.at()) ** 2, p, r)),
        ),
        objective="E",
    )


def average_pooling() -> Model:
    """z_p = (1/F) Σ_u x_{S p + u}."""
    outputs, window = size("P"), size("F")
    p, u = index("p", 0, outputs - 1), index("u", 0, window - 1)
    signal = data("x", index("q", 0, S * (outputs - 1) + window - 1))
    upstream, after = data("g", p), name("z", p)
    return Model(
        name="average-pooling",
        title="Average pooling",
        given=(signal, upstream),
        definitions=(
            define(after, total(signal.at(S * p + u), u) / window),
            define(name("E"), total(upstream.at() * after.at(), p)),
        ),
        objective="E",
    )


ROWS = (convolution_1d, convolution_2d, average_pooling)
