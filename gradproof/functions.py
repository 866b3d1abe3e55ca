"""Functions without a formula, given one by name: `--function f=tanh --function ell=loss-l2`.

What is derived of a model holds for every function f. Numbers need one; it is put in its place, and the model is
lowered and proved anew with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from .command import argument, name_by_name
from .errors import UsageError

if TYPE_CHECKING:
    from sympy import Expr

    from derive.model import Model
    from derive.rows.unnamed import Unnamed

Formula = Callable[..., "Expr"]

OPTION = argument(
    "--function",
    metavar="LETTER=NAME",
    type=name_by_name,
    action="append",
    help="a function for one that has no formula, such as f=tanh, or a loss, such as ell=loss-l2",
)


def with_functions(model: Model, chosen: Mapping[str, str]) -> Model:
    """The model with formulas in the place of functions that have none.

    Args:
        model: for one data point.
        chosen: letter to the name of a function of the table (`gradproof list functions`), or, for a function of a
            target and a prediction, of a loss (`gradproof list losses`).
    Raises: UsageError: if the model has no such function, or there is none of that name that fits.
    """
    from derive.rows.unnamed import named

    if not chosen:
        return model
    uses = _uses(model)
    formulas = {letter: _formula(model, letter, name, uses) for letter, name in chosen.items()}
    made = tuple(
        replace(d, expr=named(d.expr, formulas), base=None if d.base is None else named(d.base, formulas))
        for d in model.definitions
    )
    told = " and ".join(f"{letter} = {name}" for letter, name in chosen.items())
    return replace(model, title=f"{model.title}, {told}", definitions=made, questions=())


def _uses(model: Model) -> dict[str, Unnamed]:
    """One place where each function is used, as itself."""
    from derive.rows.unnamed import Unnamed

    parts = (part for d in model.definitions for part in (d.expr, d.base) if part is not None)
    return {f.letter: f for part in parts for f in sorted(part.atoms(Unnamed), key=str)}


def _formula(model: Model, letter: str, name: str, uses: Mapping[str, Unnamed]) -> Formula:
    if letter not in uses:
        listed = " and ".join(uses) or "none"
        raise UsageError(f"{model.name} has no function {letter!r} without a formula; it has {listed}")
    return _of_one(letter, name) if len(uses[letter].arguments) == 1 else _of_two(model, uses[letter], name)


def _of_one(letter: str, name: str) -> Formula:
    from derive.rows.functions import FUNCTIONS, named

    for row in FUNCTIONS:
        if name in (row.name, *row.spellings):
            return named(row.name)
    raise UsageError(f"{letter} is a function of one number, and {name!r} is none; see gradproof list functions")


def _of_two(model: Model, use: Unnamed, name: str) -> Formula:
    """A loss of any two numbers, with the argument that is data for its target."""
    from derive.quantities import Domain, Kind
    from derive.rows.losses import LOSSES, Over
    from derive.vocabulary import name_of, names_in

    row = next((row for row in LOSSES if name in (row.name, row.name.removeprefix("loss-"))), None)
    if row is None:
        raise UsageError(
            f"{use.letter} is a function of several numbers, and {name!r} is no loss; see gradproof list losses"
        )
    if row.constants or row.entries or row.over is Over.MEAN or {row.prediction, row.target} != {Domain.REAL}:
        raise UsageError(
            f"{row.name} is no function of any two numbers; take another for {use.letter}, such as loss-l2"
        )
    data = {q.name for q in model.given if q.kind is Kind.DATA}
    targets = [k for k, argument in enumerate(use.arguments) if {name_of(e) for e in names_in(argument)} <= data]
    if len(use.arguments) != 2 or len(targets) != 1:
        raise UsageError(
            f"{use.letter} is not of a target, which is data, and a prediction, so that no loss can be put there"
        )
    term = row.term
    return term if targets == [0] else lambda prediction, target: term(target, prediction)
