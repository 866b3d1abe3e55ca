"""Layers: each builds the parameters and definitions that lead from one quantity to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr, Idx, exp

from ..calculus.indices import fresh
from ..quantities import Definition, Domain, Quantity
from ..vocabulary import total
from .building import define, name, parameter
from .functions import sigmoid


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a layer adds to a model: its parameters, its definitions, and the quantity that comes out."""

    parameters: tuple[Quantity, ...]
    definitions: tuple[Definition, ...]
    output: Quantity


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A layer by name; `build` takes what comes in and what the layer needs.

    Attributes:
        name: the identifier.
        build: from the incoming quantity, a label for its names and its own options to what it adds.
        source: key and place in reports/sources.bib.
    """

    name: str
    build: Callable[..., Built]
    source: str


def dense(before: Quantity, label: str, units: Idx, activation: Callable[[Expr], Expr] = sigmoid) -> Built:
    """z_j = Σ_i W_{j,i} a_i + b_j and a′_j = f(z_j).

    Args:
        before: a vector.
        label: of the layer's names, such as "2".
        units: the index of the outgoing vector.
        activation: applied entry by entry.
    """
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


def residual(before: Quantity, branch: Built, label: str) -> Built:
    """y = x + f(x), for a branch f that keeps the shape."""
    after = name(f"y_{label}", *before.axes, latex=f"y^{{({label})}}")
    added = define(after, before.at() + branch.output.at(*before.axes))
    return Built(parameters=branch.parameters, definitions=(*branch.definitions, added), output=after)


LAYERS: tuple[Layer, ...] = (
    Layer(name="dense", build=dense, source="goodfellow2016:6.36"),
    Layer(name="softmax", build=softmax, source="goodfellow2016:6.29"),
    Layer(name="residual", build=residual, source="he2016:1"),
)
