"""A model with one more name: intermediate results get a letter, such as A for X^T X."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Idx

from .model import Model
from .quantities import Definition, Quantity


def with_name(model: Model, choice: Sequence[str], expr: Expr, *axes: Idx) -> tuple[Model, Definition]:
    """The model with `expr` defined after all else, and that definition.

    Args:
        model: has every name in `expr`.
        choice: names in order of preference; the first that the model does not use is taken.
        expr: its free indices are among the axes.
        axes: of the new quantity.
    """
    free = next(name for name in choice if name not in model.quantities)
    definition = Definition(quantity=Quantity(name=free, latex=free, axes=axes), expr=expr)
    return replace(model, definitions=(*model.definitions, definition)), definition
