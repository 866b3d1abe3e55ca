"""What `--function` puts in the place of functions without a formula: rows of the tables, held to their domains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sympy import Expr

from derive.model import Model
from derive.quantities import Domain
from derive.rows.functions import FUNCTIONS, Unary, function
from derive.rows.losses import LOSSES, Loss, Over
from derive.rows.unnamed import Unnamed, named
from derive.vocabulary import indices_of, is_name, name_of

from .errors import UsageError
from .logits import SOFTMAX, no_function, target_of, with_shares
from .ownpython import row_at

Formula = Callable[..., Expr]
Uses = Mapping[str, Unnamed]

_TARGETS = (Domain.REAL, Domain.BINARY)  # of one number, at any value of which the loss has a formula
_PREDICTIONS = {Domain.UNIT: "between 0 and 1, such as f=sigmoid gives"}


def given_formulas(model: Model, chosen: Mapping[str, str]) -> Model:
    """The model with formulas in the place of functions that have none; see `with_functions`."""
    told = " and ".join(f"{letter} = {name}" for letter, name in chosen.items())
    uses = _uses(model)
    model = with_shares(model, uses, [letter for letter, name in chosen.items() if name in SOFTMAX])
    chosen = {letter: name for letter, name in chosen.items() if name not in SOFTMAX}
    formulas = {letter: _formula(model, letter, chosen, uses) for letter in chosen}
    predicted = _narrow_predictions(model, chosen, uses)
    made = tuple(
        replace(
            d,
            expr=named(model.unfold(d.expr, *predicted.get(d.name, ())), formulas),
            base=None if d.base is None else named(d.base, formulas),
        )
        for d in model.definitions
    )
    return replace(model, title=f"{model.title}, {told}", definitions=made, questions=())


def formulas_of(model: Model, chosen: Mapping[str, str]) -> Mapping[str, tuple[Formula, int, int]]:
    """By letter the formula chosen, how many arguments it has, and the place of the one that is no target."""
    uses = _uses(model)
    chosen = {letter: name for letter, name in chosen.items() if name not in SOFTMAX}  # which is of whole vectors
    places = {letter: 1 - target_of(model, use) if len(use.arguments) > 1 else 0 for letter, use in uses.items()}
    return {n: (_formula(model, n, chosen, uses), len(uses[n].arguments), places[n]) for n in chosen}


def _uses(model: Model) -> Uses:
    """One place where each function is used, as itself."""
    parts = (part for d in model.definitions for part in (d.expr, d.base) if part is not None)
    return {f.letter: f for part in parts for f in sorted(part.atoms(Unnamed), key=str)}


def _narrow_predictions(model: Model, chosen: Mapping[str, str], uses: Uses) -> Mapping[str, tuple[str, ...]]:
    """For each definition with a loss of narrow predictions, the name that it is of: ell(a, y) is read as ell(f(z), y).

    Elsewhere a may mean what does not lie in the range of f, such as the inputs of the first layer, a_0 = x.
    """
    found: dict[str, tuple[str, ...]] = {}
    for letter, use in uses.items():
        row = _loss(chosen.get(letter, "")) if len(use.arguments) == 2 else None
        if row is not None and row.prediction is not Domain.REAL:
            name = name_of(use.arguments[1 - target_of(model, use)])
            found |= {d.name: (name,) for d in model.definitions if use in d.expr.atoms(type(use))}
    return found


def _formula(model: Model, letter: str, chosen: Mapping[str, str], uses: Uses) -> Formula:
    if letter not in uses:
        raise UsageError(no_function(model, letter, uses))
    if len(uses[letter].arguments) == 1:
        return function(_function(letter, chosen[letter]))
    return _of_two(model, uses[letter], chosen)


def _function(letter: str, name: str) -> Unary:
    if isinstance(own := _own(name), Unary):
        return own
    for row in FUNCTIONS:
        if name in (row.name, *row.spellings):
            return row
    raise UsageError(f"{letter} is a function of one number, and {name!r} is none; see gradproof list functions")


def _own(name: str) -> Unary | Loss | None:
    """The row in a file of the user, `module:attribute`; None for the name of a row of the tables."""
    return row_at(name) if ":" in name else None


def _loss(name: str) -> Loss | None:
    if isinstance(own := _own(name), Loss):
        return own
    return next((row for row in LOSSES if name in (row.name, row.name.removeprefix("loss-"))), None)


def _of_two(model: Model, use: Unnamed, chosen: Mapping[str, str]) -> Formula:
    """A loss, with the argument that is data for its target, and the other, of any value that it may have."""
    row = _loss(chosen[use.letter])
    if row is None:
        raise UsageError(
            f"{use.letter} is a function of several numbers, and {chosen[use.letter]!r} is no loss; "
            "see gradproof list losses"
        )
    if row.constants or row.entries or row.over is Over.MEAN or row.target not in _TARGETS:
        raise UsageError(
            f"{row.name} is no function of any two numbers; take another for {use.letter}, such as loss-l2"
        )
    target = target_of(model, use)
    if row.prediction not in (Domain.REAL, _range(model, use.arguments[1 - target], chosen)):
        raise UsageError(
            f"{row.name} needs predictions that are {_PREDICTIONS.get(row.prediction, row.prediction)}; take those, or "
            f"another loss for {use.letter}, such as loss-l2"
        )
    term = row.term
    return term if target == 0 else lambda prediction, target: term(target, prediction)


def _range(model: Model, prediction: Expr, chosen: Mapping[str, str]) -> Domain:
    """Where a prediction a = f(z) lies by the function that is chosen for f; of a recursion, its last step."""
    definition = model.defined.get(name_of(prediction)) if is_name(prediction) else None
    meaning = None if definition is None else definition.expr
    if definition is None or not isinstance(meaning, Unnamed) or meaning.letter not in chosen:
        return Domain.REAL
    if definition.over is not None:
        place = indices_of(prediction)[definition.quantity.axes.index(definition.over)]
        if place != definition.over.upper:
            return Domain.REAL
    return _function(meaning.letter, chosen[meaning.letter]).range
