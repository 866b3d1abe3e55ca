"""Derivatives carried out completely, so that a claim can be evaluated."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from sympy import Expr

from derive.calculus.trees import holds, parts
from derive.model import Model
from derive.prove import carried_out
from derive.quantities import Kind
from derive.vocabulary import Partial, is_name, name_of, names_in
from derive.wellformed import out_of_range


@lru_cache(maxsize=64)
def evaluable(model: Model) -> Model:
    """The model with the derivatives in its definitions carried out, δ = ∂L/∂z, so that it can be evaluated."""
    if not any(holds(d.expr, Partial) for d in model.definitions):
        return model
    definitions = tuple(
        replace(d, expr=carried_out(d.expr, model)) if holds(d.expr, Partial) else d for d in model.definitions
    )
    return replace(model, definitions=definitions)


def undefined(expr: Expr, model: Model) -> str | None:
    """Why a derivative in the expression cannot be judged: its quantity has no definition to differentiate."""
    for partial in sorted(parts(expr, Partial), key=str):
        of, wrt = partial.args
        if of == wrt:
            continue
        if not is_name(of):
            names = {name_of(a) for a in names_in(of)}
            if names and is_name(wrt) and not any(n == name_of(wrt) or model.depends(n, name_of(wrt)) for n in names):
                return f"{min(names)}, as far as the text says, does not depend on {name_of(wrt)}"
            continue
        if name_of(of) not in model.defined:
            return f"{name_of(of)} is not defined in the text"
        if (place := out_of_range(wrt, model)) is not None:
            return f"it differentiates by {place}"
        if not model.depends(name_of(of), name_of(wrt)):
            return f"{name_of(of)}, as defined in the text, does not depend on {name_of(wrt)}"
    return None


@lru_cache(maxsize=64)
def with_unknown_slopes(model: Model) -> tuple[Model, dict[str, str]]:
    """The model with definitions that cannot be carried out, δ = ∂C/∂z of a C without definition, as given quantities.

    Returns: the model, and for each such quantity the reason.
    """
    reasons = {d.name: why for d in model.definitions if (why := undefined(d.expr, model)) is not None}
    if not reasons:
        return model, reasons
    given = (replace(d.quantity, kind=Kind.PARAMETER) for d in model.definitions if d.name in reasons)
    kept = tuple(d for d in model.definitions if d.name not in reasons)
    return replace(model, given=(*model.given, *given), definitions=kept), reasons
