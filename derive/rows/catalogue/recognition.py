"""Classes of images by a convolutional network, and of sequences by an LSTM that reads them to their end."""

from __future__ import annotations

from sympy import Expr, Integer, exp, log

from ...model import Model, Sense
from ...quantities import Definition, Domain, Quantity
from ...vocabulary import index, product, size, total
from ..building import data, define, name, parameter
from ..functions import relu, sigmoid, tanh

CLASS, OTHER = index("k", 1, size("K")), index("l", 1, size("K"))


def convolutional_network() -> Model:
    """Images x through a convolution that moves by two places, ReLU and a hidden layer to a softmax.

    z_{o,p,r} = Σ_{u,v} w_{o,u,v} x_{2p+u,2r+v} + b_o, s = relu(z), h_j = relu(Σ_{o,p,r} V_{j,o,p,r} s_{o,p,r} + d_j).
    """
    filters, units, side = index("o", 1, size("O")), index("j", 1, size("H")), size("F")
    rows, columns = size("R"), size("C")  # of what comes out
    p, r = index("p", 0, rows - 1), index("r", 0, columns - 1)
    u, v = index("u", 0, side - 1), index("v", 0, side - 1)
    image = data("x", index("i", 0, 2 * rows + side - 3), index("t", 0, 2 * columns + side - 3))
    weights, bias = parameter("w", filters, u, v), parameter("b", filters)
    inner, offset = parameter("V", units, filters, p, r), parameter("d", units)
    found, active = name("z", filters, p, r), name("s", filters, p, r)
    before, hidden = name("g", units), name("h", units)
    given, read_out = _read_out(hidden)
    return Model(
        name="convolutional-network",
        title="A convolutional network for images",
        given=(image, *given, weights, bias, inner, offset),
        definitions=(
            define(found, total(weights.at() * image.at(2 * p + u, 2 * r + v), u, v) + bias.at()),
            define(active, relu(found.at())),
            define(before, total(inner.at() * active.at(), filters, p, r) + offset.at()),
            define(hidden, relu(before.at())),
            *read_out,
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
    )


def lstm_classifier() -> Model:
    """Long short-term memory from h_0 = c_0 = 0 over a sequence, and a softmax of its last state h_T."""
    time, i, j, k = (
        index("t", 1, size("T")),
        index("i", 1, size("H")),
        index("j", 1, size("H")),
        index("m", 1, size("d")),
    )
    sequence, state, cell = data("x", time, k), name("h", time, i), name("c", time, i)
    parameters: list[Quantity] = []
    gates: dict[str, Quantity] = {}
    definitions: list[Definition] = []
    for g in "ifog":
        weights, recurrent, bias = (
            parameter(f"{letter}_{g}", *axes, latex=f"{letter}_{{{g}}}")
            for letter, axes in (("W", (i, k)), ("U", (i, j)), ("b", (i,)))
        )
        inside: Expr = total(weights.at() * sequence.at(), k) + total(recurrent.at() * state.at(time - 1, j), j)
        gates[g] = name(f"gate_{g}", time, i, latex=g)
        parameters += [weights, recurrent, bias]
        definitions.append(define(gates[g], (tanh if g == "g" else sigmoid)(inside + bias.at())))
    kept: Expr = gates["f"].at() * cell.at(time - 1, i) + gates["i"].at() * gates["g"].at()
    last = name("s", i)
    given, read_out = _read_out(last)
    return Model(
        name="lstm-classifier",
        title="Long short-term memory for the class of a sequence",
        given=(sequence, *given, *parameters),
        definitions=(
            *definitions,
            define(cell, kept, over=time, base=Integer(0)),
            define(state, gates["o"].at() * tanh(cell.at()), over=time, base=Integer(0)),
            define(last, state.at(time.upper, i)),
            *read_out,
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
    )


def _read_out(hidden: Quantity) -> tuple[tuple[Quantity, ...], tuple[Definition, ...]]:
    """ŷ = softmax(U h + c), P = Π_k ŷ_k^{y_k} and its logarithm: what is given for it, and the definitions."""
    target = data("y", CLASS, domain=Domain.SIMPLEX)
    weights, bias = parameter("A", CLASS, *hidden.axes), parameter("a", CLASS)
    logits, likelihood = name("q", CLASS), name("P", domain=Domain.POSITIVE)
    probabilities = name("yhat", CLASS, latex=r"\hat{y}", domain=Domain.UNIT)
    definitions = (
        define(logits, total(weights.at() * hidden.at(), *hidden.axes) + bias.at()),
        define(probabilities, exp(logits.at()) / total(exp(logits.at(OTHER)), OTHER)),
        define(likelihood, product(probabilities.at() ** target.at(), CLASS)),
        define(name("LL"), log(likelihood.at())),
    )
    return (target, weights, bias), definitions


ROWS = (convolutional_network, lstm_classifier)
