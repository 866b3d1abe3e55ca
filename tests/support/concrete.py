"""The catalogue with a formula for every function that a row leaves unnamed, so that it has numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from sympy import Expr, Rational, exp

from derive import catalog
from derive.model import Model
from derive.rows.functions import softplus, tanh
from derive.rows.unnamed import Unnamed, named

FORMULAS: dict[str, Callable[..., Expr]] = {
    "f": lambda z: tanh(z) + z / 3,
    "ell": lambda a, y: softplus(a - y) * exp(Rational(1, 2) * y),
}


@lru_cache(maxsize=1)
def all_models() -> tuple[Model, ...]:
    """Every model of the catalogue, with the formulas above for f and ℓ."""
    return tuple(concrete(model) for model in catalog.all_models())


def concrete(model: Model) -> Model:
    """The model with a formula for each unnamed function; the same one if it has none."""
    if not any(d.expr.has(Unnamed) for d in model.definitions):
        return model
    return replace(model, definitions=tuple(replace(d, expr=formula(d.expr)) for d in model.definitions))


def formula(expr: Expr) -> Expr:
    """An expression with the formulas in it."""
    return named(expr, FORMULAS)
