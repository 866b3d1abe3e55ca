"""Layers one after the other as a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Expr

from ..model import Model, ModelError
from ..quantities import Definition, Quantity
from ..vocabulary import total
from .building import data, define, name
from .layers import Build

Loss = Callable[[Expr, Expr], Expr]


def sequential(before: Quantity, layers: Sequence[Build], loss: Loss, *, called: str, title: str = "") -> Model:
    """What comes in through the layers in order, E = Σ ℓ(output, y) over the entries of what comes out.

    Args:
        before: data.
        layers: each takes a quantity and a label, here "1", "2", …, such as the rows of `LAYERS` do.
        loss: of an entry of the output and one of the target y.
        called: the name of the model.
        title: as a heading; the name if it is left out.
    Raises: ModelError: if there are no layers.
    """
    if not layers:
        raise ModelError(f"model {called} has no layers; give at least one")
    given: list[Quantity] = [before]
    definitions: list[Definition] = []
    output = before
    for number, build in enumerate(layers, 1):
        built = build(output, str(number))
        given += built.parameters
        definitions += built.definitions
        output = built.output
    target = data("y", *output.axes)
    definitions.append(define(name("E"), total(loss(output.at(), target.at()), *output.axes)))
    return Model(
        name=called,
        title=title or called,
        given=(*given, target),
        definitions=tuple(definitions),
        objective="E",
    )
