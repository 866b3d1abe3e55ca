"""Gradients that are right, of another model: one definition is not what the model says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sympy import Idx

from ..model import Model, ModelError
from ..quantities import Definition
from ..rows.functions import RowFunction, elu, leaky_relu, relu, sigmoid, softplus, tanh
from . import places
from .places import Change, Edited, edited

FUNCTIONS = (sigmoid, tanh, relu, leaky_relu, elu, softplus)


@dataclass(frozen=True, kw_only=True)
class OtherModel:
    """A model in which one definition is different.

    Attributes:
        mistake: the name of the row.
        definition: as it should be.
        model: with the other.
        says: what is different, in words.
    """

    mistake: str
    definition: Definition
    model: Model
    says: str


def other_function(node: Any, scope: frozenset[Idx]) -> Iterator[Edited]:
    """σ(z) → tanh(z), ReLU(z), …, or z."""
    if isinstance(node, RowFunction):
        for function in FUNCTIONS:
            if not isinstance(node, function):
                yield Edited(
                    expr=function(node.args[0]), what=f"{function.row.name} stands where {node.row.name} belongs"
                )
        yield Edited(expr=node.args[0], what=f"{node.row.name} is left out")


ROWS: tuple[tuple[str, str, Change], ...] = (
    ("other-function", "{what}", other_function),
    ("other-term", "the term {what} is missing", places.without_a_term),
    (
        "other-sign",
        "{what} has the other sign",
        places.with_a_sign_turned,
    ),
    ("other-factor", "{what} is missing", places.without_a_factor),
    ("other-transpose", "{what} is transposed", places.transposed),
    ("other-index", "{what}", places.at_another_index),
    ("other-sum", "the sum goes over {what}", places.over_another_index),
    ("other-sum", "{what} stands for the whole sum", places.at_one_alone),
    ("other-window", "{what} is missing from an index", places.with_a_slip_in_an_index),
    ("other-padding", "{what}", places.padded_otherwise),
    ("other-power", "{what}", places.at_another_power),
)
OF_MODELS: tuple[tuple[str, str, Callable[[Model], Change]], ...] = (("other-size", "{what}", places.at_another_size),)


def other_models(model: Model) -> Iterator[OtherModel]:
    """The models in which one definition has one mistake, those that cannot be left out.

    Args:
        model: over its data, in closed forms, with pre-activations.
    """
    for mistake, says, change in (*ROWS, *((name, says, of(model)) for name, says, of in OF_MODELS)):
        for k, d in enumerate(model.definitions):
            if not model.depends(model.objective, d.name):
                continue
            for found in edited(d.expr, change, frozenset(d.quantity.axes)):
                definitions = (*model.definitions[:k], replace(d, expr=found.expr), *model.definitions[k + 1 :])
                try:
                    other = replace(model, definitions=definitions, questions=())
                except ModelError:
                    continue
                yield OtherModel(
                    mistake=mistake,
                    definition=d,
                    model=other,
                    says=f"in {d.name}, {says.format(what=found.what)}",
                )
