"""Derivatives carried out completely, so that a claim can be evaluated."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from sympy import Expr

from derive.calculus.indices import transform
from derive.model import Model
from derive.prove import chain_rule, expand_partials
from derive.vocabulary import Partial, is_name, name_of


def carried_out(expr: Expr, model: Model) -> Expr:
    """The expression with every `Partial` replaced by its value in the names of the model.

    The chain rule is applied from the output backwards, one layer at a time; values of names stay names.
    """
    expr = expand_partials(expr, model)
    while expr.has(Partial):
        names = {name_of(p.args[0]) for p in expr.atoms(Partial) if is_name(p.args[0])}
        name = max(names, key=lambda n: model.rank[n])

        def chained(e: Expr, name: str = name) -> Expr | None:
            if not isinstance(e, Partial) or name_of(e.args[0]) != name:
                return None
            of, wrt = e.args
            return chain_rule(of, wrt, model)

        expr = expand_partials(transform(expr, chained), model)
    return expr


@lru_cache(maxsize=64)
def evaluable(model: Model) -> Model:
    """The model with the derivatives in its definitions carried out, δ = ∂L/∂z, so that it can be evaluated."""
    if not any(d.expr.has(Partial) for d in model.definitions):
        return model
    definitions = tuple(
        replace(d, expr=carried_out(d.expr, model)) if d.expr.has(Partial) else d for d in model.definitions
    )
    return replace(model, definitions=definitions)


def undefined(expr: Expr, model: Model) -> str | None:
    """Why a derivative in the expression cannot be judged: its quantity has no definition to differentiate."""
    for partial in sorted(expr.atoms(Partial), key=str):
        of, wrt = partial.args
        if not is_name(of) or of == wrt:
            continue
        if name_of(of) not in model.defined:
            return f"{name_of(of)} is not defined in the text"
        if not model.depends(name_of(of), name_of(wrt)):
            return f"{name_of(of)}, as defined in the text, does not depend on {name_of(wrt)}"
    return None
