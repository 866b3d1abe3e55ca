"""Networks: fully connected to any depth and for a generic layer, residual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sympy import Expr, Rational

from ...model import Model
from ...questions.derivative import Derivative
from ...questions.errors import Errors
from ...vocabulary import index, size, size_at, total
from ..building import data, define, name, parameter
from ..functions import RowFunction, sigmoid, tanh
from ..layers import dense
from ..sequential import Loss, sequential
from ..unnamed import unnamed

HALF = Rational(1, 2)
ANY, ANY_LOSS = unnamed("f"), unnamed("ell", 2)
Scalar = Callable[[Expr], Expr]


def half_square(value: Expr, target: Expr) -> Expr:
    """½ (a − y)²."""
    return HALF * (value - target) ** 2


def deep(layers: int = 3, activation: Scalar = sigmoid, loss: Loss = half_square) -> Model:
    """z^(l) = W^(l) a^(l−1) + b^(l), a^(l) = f(z^(l)) for l = 1, …, L given layers, E = Σ ℓ(a^(L), y)."""
    before = data("a_0", index("i", 1, size("n_0")), latex="a^{(0)}")
    units = (index("j" if layer % 2 else "i", 1, size(f"n_{layer}")) for layer in range(1, layers + 1))
    net = sequential(
        before,
        [partial(dense, units=j, activation=activation) for j in units],
        loss,
        called="deep",
        title=f"A fully connected network of {layers} layers",
    )
    return replace(net, questions=(Errors(logits=tuple(f"z_{layer}" for layer in range(1, layers + 1))),))


def generic_layer(activation: Scalar = ANY, loss: Loss = ANY_LOSS) -> Model:
    """z^(l) = W^(l) a^(l−1) + b^(l), a^(l) = f(z^(l)) for l = 1, …, L at symbolic L, E = Σ ℓ(a^(L), y).

    The layers are equally wide, since one tensor W holds all weights. Any f and any ℓ with derivatives will do.
    """
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
            define(name("E"), total(loss(after.at(layers, i), target.at()), i)),
        ),
        objective="E",
        questions=(Errors(logits=("z",)), Errors(logits=("z",), data=True)),
    )


def layer_of_any_width(activation: Scalar = ANY, loss: Loss = ANY_LOSS) -> Model:
    """The same, where the layer l has n_l units: W^(l) is n_l × n_{l−1}, and no two of the widths need be equal."""
    layers = size("L")
    layer = index("l", 1, layers)
    i, j, first, last = (
        index(letter, 1, size_at("n", place))
        for letter, place in (("i", layer), ("j", layer - 1), ("i", 0), ("i", layers))
    )
    weights, bias = parameter("W", layer, i, j), parameter("b", layer, i)
    start, target = data("x", first), data("y", last)
    logits, after = name("z", layer, i), name("a", layer, i)
    return Model(
        name="layer-of-any-width",
        title="A generic layer of a deep network whose layers differ in width",
        given=(start, target, weights, bias),
        definitions=(
            define(logits, total(weights.at() * after.at(layer - 1, j), j) + bias.at()),
            define(after, activation(logits.at()), over=layer, base=start.at(i)),
            define(name("E"), total(loss(after.at(layers, last), target.at()), last)),
        ),
        objective="E",
        questions=(Errors(logits=("z",)), Errors(logits=("z",), data=True)),
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
        questions=(Derivative(of="h", by=("x",)), Derivative(of="E", by=("x",))),
    )


ROWS = (deep, generic_layer, layer_of_any_width, residual)
