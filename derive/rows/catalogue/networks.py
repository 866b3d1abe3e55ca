"""Networks: fully connected to any depth and for a generic layer, residual, convolution, normalisation."""

from __future__ import annotations

from sympy import Rational, sqrt

from ...model import Model
from ...quantities import Definition, Domain, Quantity
from ...vocabulary import index, size, total
from ..building import data, define, name, parameter
from ..functions import RowFunction, sigmoid, tanh
from ..layers import dense

HALF = Rational(1, 2)


def deep(layers: int = 3, activation: type[RowFunction] = sigmoid) -> Model:
    """z^(l) = W^(l) a^(l−1) + b^(l), a^(l) = f(z^(l)) for l = 1, …, L given layers, E = ½ Σ (a^(L) − y)²."""
    before = data("a_0", index("i", 1, size("n_0")), latex="a^{(0)}")
    given: list[Quantity] = [before]
    definitions: list[Definition] = []
    for layer in range(1, layers + 1):
        units = index("j" if layer % 2 else "i", 1, size(f"n_{layer}"))
        built = dense(before, str(layer), units, activation)
        given += built.parameters
        definitions += built.definitions
        before = built.output
    target = data("y", *before.axes)
    definitions.append(define(name("E"), HALF * total((before.at() - target.at()) ** 2, *before.axes)))
    return Model(
        name="deep",
        title=f"A fully connected network of {layers} layers",
        given=(*given, target),
        definitions=tuple(definitions),
        objective="E",
    )


def generic_layer(activation: type[RowFunction] = sigmoid) -> Model:
    """z^(l) = W^(l) a^(l−1) + b^(l), a^(l) = f(z^(l)) for l = 1, …, L at symbolic L, the layers equally wide."""
    width, layers = size("n"), size("L")
    layer, i, j = index("l", 1, layers), index("i", 1, width), index("j", 1, width)
    weights, bias = parameter("W", layer, i, j), parameter("b", layer, i)
    start, target = data("x", i), data("y", i)
    logits, after = name("z", layer, i), name("a", layer, i)
    return Model(
        name="generic-layer",
        title="A generic layer of a deep network",
        given=(start, target, weights, bias),
        definitions=(
            define(logits, total(weights.at() * after.at(layer - 1, j), j) + bias.at()),
            define(after, activation(logits.at()), over=layer, base=start.at()),
            define(name("E"), HALF * total((after.at(layers, i) - target.at()) ** 2, i)),
        ),
        objective="E",
    )


def residual(activation: type[RowFunction] = tanh) -> Model:
    """h_i = x_i + f(Σ_j W_{i,j} x_j): the identity path stands in ∂h/∂x."""
    width = size("n")
    i, j = index("i", 1, width), index("j", 1, width)
    before, target, weights = data("x", i), data("y", i), parameter("W", i, j)
    branch, after = name("f", i), name("h", i)
    return Model(
        name="residual",
        title="A residual block",
        given=(before, target, weights),
        definitions=(
            define(branch, activation(total(weights.at() * before.at(j), j))),
            define(after, before.at() + branch.at()),
            define(name("E"), HALF * total((after.at() - target.at()) ** 2, i)),
        ),
        objective="E",
    )


def layer_norm() -> Model:
    """y_i = γ_i (x_i − μ) / √(v + ε) + β_i with μ and v the mean and variance over i."""
    width = size("n")
    i = index("i", 1, width)
    before, upstream = data("x", i), data("g", i)
    scale, shift = parameter("gamma", i, latex=r"\gamma"), parameter("beta", i, latex=r"\beta")
    small = parameter("epsilon", latex=r"\epsilon", domain=Domain.POSITIVE)
    mean, variance = name("mu", latex=r"\mu"), name("v", domain=Domain.NONNEGATIVE)
    normal, after = name("xhat", i, latex=r"\hat{x}"), name("y", i)
    return Model(
        name="layer-norm",
        title="Layer normalisation",
        given=(before, upstream, scale, shift, small),
        definitions=(
            define(mean, total(before.at(), i) / width),
            define(variance, total((before.at() - mean.at()) ** 2, i) / width),
            define(normal, (before.at() - mean.at()) / sqrt(variance.at() + small.at())),
            define(after, scale.at() * normal.at() + shift.at()),
            define(name("E"), total(upstream.at() * after.at(), i)),
        ),
        objective="E",
    )


ROWS = (deep, generic_layer, residual, layer_norm)
