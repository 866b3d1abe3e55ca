"""Layers: each builds the parameters and definitions that lead from one quantity to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, Idx, exp, floor, sqrt

from ..calculus.indices import fresh
from ..quantities import Definition, Domain, Quantity
from ..vocabulary import index, length, size, total
from .building import data, define, name, parameter
from .functions import sigmoid, tanh

WINDOW, STRIDE = size("F"), size("S")


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a layer adds to a model.

    Attributes:
        parameters: what must be given for it: its parameters, and data of its own such as a mask.
        definitions: in order, the last one that of what comes out.
        output: the quantity that comes out.
    """

    parameters: tuple[Quantity, ...]
    definitions: tuple[Definition, ...]
    output: Quantity


Build = Callable[[Quantity, str], Built]


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer by name; `build` takes what comes in, a label for its names, and options that all have defaults.

    Attributes:
        name: the identifier.
        build: from the incoming quantity and a label to what it adds.
        axes: how many axes come in: 1 for a vector, 2 for a sequence of vectors.
        source: key and place in reports/sources.bib.
    """

    name: str
    build: Callable[..., Built]
    axes: int = 1
    source: str


def dense(
    before: Quantity, label: str, units: Idx | None = None, activation: Callable[[Expr], Expr] = sigmoid
) -> Built:
    """z_j = Σ_i W_{j,i} a_i + b_j and a′_j = f(z_j).

    Args:
        before: a vector.
        label: of the layer's names, such as "2".
        units: the index of the outgoing vector; n_label of them if it is left out.
        activation: applied entry by entry.
    """
    units = units or fresh(index("j", 1, size(f"n_{label}")), before.axes)
    weights = parameter(f"W_{label}", units, *before.axes, latex=f"W^{{({label})}}")
    bias = parameter(f"b_{label}", units, latex=f"b^{{({label})}}")
    logits = name(f"z_{label}", units, latex=f"z^{{({label})}}")
    after = name(f"a_{label}", units, latex=f"a^{{({label})}}")
    definitions = (
        define(logits, total(weights.at() * before.at(), *before.axes) + bias.at()),
        define(after, activation(logits.at())),
    )
    return Built(parameters=(weights, bias), definitions=definitions, output=after)


def softmax(before: Quantity, label: str) -> Built:
    """p_i = e^{z_i} / Σ_k e^{z_k} over the last axis of what comes in."""
    *outer, i = before.axes
    k = fresh(i, before.axes)
    after = name(f"p_{label}", *before.axes, latex=f"p^{{({label})}}", domain=Domain.UNIT)
    expr = exp(before.at()) / total(exp(before.at(*outer, k)), k)
    return Built(parameters=(), definitions=(define(after, expr),), output=after)


def residual(before: Quantity, label: str, branch: Built | None = None) -> Built:
    """y = x + f(x), for a branch f that keeps the shape; f = tanh(W x + b) if it is left out."""
    if branch is None:
        (i,) = before.axes
        branch = dense(before, label, fresh(i, before.axes), tanh)
    after = name(f"y_{label}", *before.axes, latex=f"y^{{({label})}}")
    added = define(after, before.at() + branch.output.at(*before.axes))
    return Built(parameters=branch.parameters, definitions=(*branch.definitions, added), output=after)


def layer_norm(before: Quantity, label: str) -> Built:
    """y_i = γ_i (x_i − μ) / √(v + ε) + β_i with μ and v the mean and variance over the last axis."""
    *outer, i = before.axes
    scale = parameter(f"gamma_{label}", i, latex=rf"\gamma^{{({label})}}")
    shift = parameter(f"beta_{label}", i, latex=rf"\beta^{{({label})}}")
    small = parameter(f"epsilon_{label}", latex=rf"\epsilon^{{({label})}}", domain=Domain.POSITIVE)
    mean = name(f"mu_{label}", *outer, latex=rf"\mu^{{({label})}}")
    variance = name(f"v_{label}", *outer, latex=f"v^{{({label})}}", domain=Domain.NONNEGATIVE)
    after = name(f"y_{label}", *before.axes, latex=f"y^{{({label})}}")
    centred = before.at() - mean.at()
    definitions = (
        define(mean, total(before.at(), i) / length(i)),
        define(variance, total(centred**2, i) / length(i)),
        define(after, scale.at() * centred / sqrt(variance.at() + small.at()) + shift.at()),
    )
    return Built(parameters=(scale, shift, small), definitions=definitions, output=after)


def convolution(before: Quantity, label: str, window: Expr = WINDOW, stride: Expr = STRIDE) -> Built:
    """z_p = Σ_u w_u x_{S p + u} + b, for a vector x, without padding; as many places as windows fit."""
    p, u, read = _windows(before, window, stride)
    weights = parameter(f"w_{label}", u, latex=f"w^{{({label})}}")
    bias = parameter(f"b_{label}", latex=f"b^{{({label})}}")
    after = name(f"z_{label}", p, latex=f"z^{{({label})}}")
    return Built(
        parameters=(weights, bias),
        definitions=(define(after, total(weights.at() * read, u) + bias.at()),),
        output=after,
    )


def average_pooling(before: Quantity, label: str, window: Expr = WINDOW, stride: Expr = STRIDE) -> Built:
    """z_p = (1/F) Σ_u x_{S p + u}, for a vector x; as many places as windows fit."""
    p, u, read = _windows(before, window, stride)
    after = name(f"z_{label}", p, latex=f"z^{{({label})}}")
    return Built(parameters=(), definitions=(define(after, total(read, u) / window),), output=after)


def _windows(before: Quantity, window: Expr, stride: Expr) -> tuple[Idx, Idx, Expr]:
    """The place p, the entry u inside the window, and what is read there."""
    (i,) = before.axes
    p, u = index("p", 0, floor((length(i) - window) / stride)), index("u", 0, window - 1)
    return p, u, before.at(i.lower + stride * p + u)


def dropout(before: Quantity, label: str) -> Built:
    """y_i = m_i x_i / q for a given mask m of 0 and 1, each 1 with probability q."""
    mask = data(f"m_{label}", *before.axes, latex=f"m^{{({label})}}", domain=Domain.BINARY)
    keep = parameter(f"q_{label}", latex=f"q^{{({label})}}", domain=Domain.UNIT)
    after = name(f"y_{label}", *before.axes, latex=f"y^{{({label})}}")
    definitions = (define(after, mask.at() * before.at() / keep.at()),)
    return Built(parameters=(mask, keep), definitions=definitions, output=after)


def embedding(before: Quantity, label: str, units: Idx | None = None) -> Built:
    """e_a = Σ_v u_v M_{v,a}: the row of the table that a one-hot u names."""
    units = units or fresh(index("a", 1, size(f"d_{label}")), before.axes)
    table = parameter(f"M_{label}", *before.axes, units, latex=f"M^{{({label})}}")
    after = name(f"e_{label}", units, latex=f"e^{{({label})}}")
    definitions = (define(after, total(before.at() * table.at(), *before.axes)),)
    return Built(parameters=(table,), definitions=definitions, output=after)


def self_attention(before: Quantity, label: str) -> Built:
    """Y = softmax(Q K^T / √c) V with Q = X W^Q, K = X W^K, V = X W^V, for a sequence X of vectors."""
    t, a = before.axes
    s, r = fresh(t, before.axes), fresh(fresh(t, before.axes), {*before.axes, fresh(t, before.axes)})
    c = fresh(index("c", 1, size(f"c_{label}")), before.axes)
    weights = {n: parameter(f"W_{n}{label}", a, c, latex=f"W^{{{n}({label})}}") for n in "QKV"}
    projected = {n: name(f"{n}_{label}", t, c, latex=f"{n}^{{({label})}}") for n in "QKV"}
    scores = name(f"S_{label}", s, t, latex=f"S^{{({label})}}")
    shares = name(f"A_{label}", s, t, latex=f"A^{{({label})}}", domain=Domain.UNIT)
    after = name(f"Y_{label}", s, c, latex=f"Y^{{({label})}}")
    definitions = (
        *(define(projected[n], total(before.at() * weights[n].at(), a)) for n in "QKV"),
        define(scores, total(projected["Q"].at(s, c) * projected["K"].at(), c) / sqrt(length(c))),
        define(shares, exp(scores.at()) / total(exp(scores.at(s, r)), r)),
        define(after, total(shares.at() * projected["V"].at(), t)),
    )
    return Built(parameters=tuple(weights.values()), definitions=definitions, output=after)


LAYERS: tuple[Layer, ...] = (
    Layer(name="dense", build=dense, source="goodfellow2016:6.36"),
    Layer(name="softmax", build=softmax, source="goodfellow2016:6.29"),
    Layer(name="residual", build=residual, source="he2016:1"),
    Layer(name="layer-norm", build=layer_norm, source="ba2016:4"),
    Layer(name="convolution", build=convolution, source="goodfellow2016:9.4"),
    Layer(name="average-pooling", build=average_pooling, source="goodfellow2016:9.3"),
    Layer(name="dropout", build=dropout, source="goodfellow2016:7.12"),
    Layer(name="embedding", build=embedding, source="goodfellow2016:12.4.2"),
    Layer(name="self-attention", build=self_attention, axes=2, source="vaswani2017:1"),
)
