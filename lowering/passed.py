"""Functions without a formula: a module is given them with its data, each with the derivatives that it needs.

data["f"] = (f, f_1)    f(z) and f′(z), for arrays entry by entry
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Expr

from derive.model import Model
from derive.rows.unnamed import Unnamed

from .program import LoweringError

Orders = tuple[int, ...]


def passed(expressions: Iterable[Expr]) -> Mapping[str, tuple[Orders, ...]]:
    """The letters of the functions, each with how often it is differentiated by each argument, itself first."""
    met = {(f.letter, f.orders) for e in expressions for f in e.atoms(Unnamed)}
    plain = {(letter, (0,) * len(orders)) for letter, orders in met}
    found: dict[str, tuple[Orders, ...]] = {}
    for letter, orders in sorted(met | plain, key=lambda one: (one[0], sum(one[1]), one[1])):
        found[letter] = (*found.get(letter, ()), orders)
    return found


def of_model(model: Model) -> Mapping[str, tuple[Orders, ...]]:
    """The functions without a formula in the definitions of a model."""
    return passed(part for d in model.definitions for part in (d.expr, d.base) if part is not None)


def check_formulas(model: Model, purpose: str) -> None:
    """Refuse a model with functions that have no formula where numbers are needed.

    Raises: LoweringError: which names the functions, and says what to do.
    """
    if letters := of_model(model):
        raise LoweringError(
            f"{model.name} has functions without a formula, {' and '.join(letters)}; {purpose} needs numbers, so write "
            "the model with a formula for each of them, or name one, such as --function f=tanh --function ell=loss-l2"
        )


def label(letter: str, orders: Orders) -> str:
    """The variable that holds a derivative: `f` for f, `f_1` for f′, `ell_1_0` for ∂ell by its first argument."""
    return "_".join((letter, *map(str, orders))) if any(orders) else letter


def orders_of(name: str, letter: str) -> Orders | None:
    """How often each argument is differentiated by, read from such a variable; None for the function itself."""
    return tuple(map(int, name[len(letter) + 1 :].split("_"))) if name != letter else None
