"""Functions without a formula, given one by name: `--function f=tanh --function ell=loss-l2`.

What is derived of a model holds for every function f. Numbers need one; it is put in its place, and the model is
lowered and proved anew with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .command import argument, name_by_name

if TYPE_CHECKING:
    from derive.model import Model

OPTION = argument(
    "--function",
    metavar="LETTER=NAME",
    type=name_by_name,
    action="append",
    help="a function for one that has no formula, such as f=tanh, or a loss, such as ell=loss-l2; module:row for one "
    "of your own",
)


def with_functions(model: Model, chosen: Mapping[str, str]) -> Model:
    """The model with formulas in the place of functions that have none.

    Args:
        model: for one data point.
        chosen: letter to the name of a function of the table (`gradproof list functions`), or, for a function of a
            target and a prediction, of a loss (`gradproof list losses`); or to a row of one's own, `module:row`.
    Raises: UsageError: if the model has no such function, or there is none of that name that fits.
    """
    if not chosen:
        return model
    from .formulas import given_formulas

    return given_formulas(model, chosen)
