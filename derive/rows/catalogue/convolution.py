"""Convolutions as index expressions x[S p + u]; the transposed convolution emerges in the gradient for the input."""

from __future__ import annotations

from sympy import Expr, Idx, Rational, floor

from ...model import Model
from ...quantities import Definition, Quantity
from ...questions.derivative import Derivative
from ...questions.windows import Windows
from ...vocabulary import Inside, index, size, total
from ..building import data, define, name, parameter

HALF = Rational(1, 2)
S, PADDING, FILTER = size("S"), size("P"), size("F")
C, O = index("c", 1, size("C")), index("o", 1, size("O"))  # channels in and out
ASKED = (Windows(reads="x_padded", by="z"), Derivative(of="E", by=("x",)))


def padded(signal: Quantity, *axes: Idx) -> Definition:
    """x̃_q = x_{q−P} inside the signal, 0 for the P entries on either side; q runs over the last axes."""
    outer = signal.axes[: len(signal.axes) - len(axes)]
    inside: Expr = signal.at(*outer, *(q - PADDING for q in axes))
    for q, own in zip(axes, signal.axes[len(outer) :], strict=True):
        inside *= Inside(q - PADDING, own.lower, own.upper)
    return define(name("x_padded", *outer, *axes, latex=r"\tilde{x}"), inside)


def places(letter: str, length: Expr) -> Idx:
    """The places p = 0, …, ⌊(length − F)/S⌋ at which a window S p, …, S p + F − 1 stays inside."""
    return index(letter, 0, floor((length - FILTER) / S))


def convolution_1d() -> Model:
    """z_{o,p} = Σ_c Σ_u w_{o,c,u} x̃_{c, S p + u} + b_o, the signal padded by P zeros on either side."""
    length = size("N")
    p, u = places("p", length + 2 * PADDING), index("u", 0, FILTER - 1)
    signal, target = data("x", C, index("i", 0, length - 1)), data("t", O, p)
    weights, bias, after = parameter("w", O, C, u), parameter("b", O), name("z", O, p)
    wide = padded(signal, index("q", 0, length + 2 * PADDING - 1))
    return Model(
        name="convolution-1d",
        title="Convolution in one dimension",
        given=(signal, target, weights, bias),
        definitions=(
            wide,
            define(after, total(weights.at() * wide.quantity.at(C, S * p + u), C, u) + bias.at()),
            define(name("E"), HALF * total((after.at() - target.at()) ** 2, O, p)),
        ),
        objective="E",
        questions=ASKED,
    )


def convolution_2d() -> Model:
    """z_{o,p,r} = Σ_c Σ_{u,v} w_{o,c,u,v} x̃_{c, S p + u, S r + v} + b_o, padded by P zeros on every side."""
    height, width = size("H"), size("W")
    p, r = places("p", height + 2 * PADDING), places("r", width + 2 * PADDING)
    u, v = index("u", 0, FILTER - 1), index("v", 0, FILTER - 1)
    image = data("x", C, index("i", 0, height - 1), index("j", 0, width - 1))
    target, after = data("t", O, p, r), name("z", O, p, r)
    weights, bias = parameter("w", O, C, u, v), parameter("b", O)
    wide = padded(image, index("q", 0, height + 2 * PADDING - 1), index("k", 0, width + 2 * PADDING - 1))
    return Model(
        name="convolution-2d",
        title="Convolution in two dimensions",
        given=(image, target, weights, bias),
        definitions=(
            wide,
            define(after, total(weights.at() * wide.quantity.at(C, S * p + u, S * r + v), C, u, v) + bias.at()),
            define(name("E"), HALF * total((after.at() - target.at()) ** 2, O, p, r)),
        ),
        objective="E",
        questions=ASKED,
    )


def average_pooling() -> Model:
    """z_p = (1/F) Σ_u x_{S p + u}."""
    p, u = places("p", size("N")), index("u", 0, FILTER - 1)
    signal = parameter("x", index("i", 0, size("N") - 1))
    upstream, after = data("g", p), name("z", p)
    return Model(
        name="average-pooling",
        title="Average pooling",
        given=(signal, upstream),
        definitions=(
            define(after, total(signal.at(S * p + u), u) / FILTER),
            define(name("E"), total(upstream.at() * after.at(), p)),
        ),
        objective="E",
        questions=(Windows(reads="x", by="z"),),
    )


ROWS = (convolution_1d, convolution_2d, average_pooling)
