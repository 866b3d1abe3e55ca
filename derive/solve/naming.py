"""A model with one more name: intermediate results get a letter, such as A for X^T X."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Idx

from ..model import Model
from ..quantities import Definition, Kind, Quantity


def with_name(
    model: Model, choice: Sequence[str], expr: Expr, *axes: Idx, latex: str = "", sample_axis: bool = False
) -> tuple[Model, Definition]:
    """The model with `expr` defined after all else, and that definition.

    Args:
        model: has every name in `expr`.
        choice: names in order of preference; the first that the model does not use is taken.
        expr: its free indices are among the axes.
        axes: of the new quantity.
        latex: how it is set, if not as it is spelled.
        sample_axis: whether the first axis counts data points.
    """
    free = next(name for name in choice if name not in model.quantities)
    quantity = Quantity(name=free, latex=latex or free, axes=axes, sample_axis=sample_axis)
    definition = Definition(quantity=quantity, expr=expr)
    return replace(model, definitions=(*model.definitions, definition)), definition


def with_solution(model: Model, name: str, solution: Expr) -> Model:
    """The model with a parameter defined as what it was solved to be, before all that uses it.

    Args:
        model: has the parameter.
        name: of the parameter.
        solution: at the axes of the parameter, in terms of what is given.
    Raises: ModelError: if the solution uses names that are defined.
    """
    solved = Definition(quantity=replace(model.quantities[name], kind=Kind.DEFINED), expr=solution)
    given = tuple(q for q in model.given if q.name != name)
    return replace(model, given=given, definitions=(solved, *model.definitions))
