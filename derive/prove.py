"""The prover: two expressions are equal if their normal forms are, with names unfolded only as far as needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Expr, Idx, Integer, Sum

from .calculus.differentiate import differentiate
from .calculus.indices import free_indices, fresh, rename_bound, transform
from .calculus.normalform import TooLarge, is_zero
from .model import Model
from .vocabulary import Partial, is_name, name_of, names_in

MOST_UNFOLDINGS = 40


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How an equality was proved: the names that had to be unfolded, in order, and the domains relied on."""

    unfolded: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


def prove(left: Expr, right: Expr, model: Model) -> Proof | None:
    """A proof that left = right at all sizes and all values in the domains, or None if none was found.

    Names are compared opaque first. Only where the forms differ are derivatives expanded by the chain rule, from
    the output backwards and one layer at a time, and then values unfolded in the same order.
    """
    if left == right:
        return Proof()
    difference = left - right
    unfolded: list[str] = []
    try:
        for _ in range(MOST_UNFOLDINGS):
            difference = expand_partials(difference, model)
            if is_zero(difference, model.facts):
                return Proof(unfolded=tuple(unfolded), conditions=_conditions(difference, model))
            choice = _closest_to_output(difference, model)
            if choice is None:
                return None
            unfolded.append(choice[0])
            difference = _unfold(difference, *choice, model)
    except TooLarge:
        return None
    return None


def expand_partials(expr: Expr, model: Model) -> Expr:
    """Carry out every `Partial` of something that is not a defined name, or that is known without unfolding."""

    def carry_out(partial: Expr) -> Expr | None:
        if not isinstance(partial, Partial):
            return None
        of, wrt = partial.args
        if not is_name(of):
            return expand_partials(_chain(expand_partials(of, model), wrt, model), model)
        opaque = name_of(of) in model.defined and model.depends(name_of(of), name_of(wrt)) and of != wrt
        return None if opaque and name_of(of) != name_of(wrt) else differentiate(of, wrt)

    return transform(expr, carry_out)


def chain_rule(atom: Expr, wrt: Expr, model: Model) -> Expr:
    """∂v/∂w by the definition of v: Σ_u Σ_K (local ∂v/∂u[K]) · ∂u[K]/∂w over the names u that v uses.

    What equals v itself is written as v: σ(z)(1 − σ(z)) becomes ŷ(1 − ŷ).
    """
    body = rename_bound(model.body(atom), free_indices(wrt) | free_indices(atom))
    return _chain(body, wrt, model).xreplace({body: atom})


def _chain(expr: Expr, wrt: Expr, model: Model) -> Expr:
    """∂expr/∂wrt with the names in expr opaque but for what they owe to wrt."""
    expr = rename_bound(expr, free_indices(wrt) | free_indices(expr))
    avoid = {*free_indices(expr), *free_indices(wrt), *expr.atoms(Idx)}
    terms = [differentiate(expr, wrt)]
    for name in dict.fromkeys(name_of(a) for a in names_in(expr)):
        if name != name_of(wrt) and name in model.defined and model.depends(name, name_of(wrt)):
            slots: list[Idx] = []
            for i in model.quantities[name].axes:
                slots.append(fresh(i, {*avoid, *slots}))
            inner = model.quantities[name].at(*slots)
            body = differentiate(expr, inner) * Partial(inner, wrt)
            terms.append(Sum(body, *[(i, i.lower, i.upper) for i in slots]) if slots else body)
    return Add(*terms)


def _closest_to_output(expr: Expr, model: Model) -> tuple[str, bool] | None:
    """The name to unfold next: that of a derivative while there is one, else of a value."""
    derived = {name_of(p.args[0]) for p in expr.atoms(Partial)}
    for names, is_partial in ((derived, True), ({name_of(a) for a in _outside_partials(expr)}, False)):
        ranked = [(model.rank[n], n) for n in names if n in model.rank]
        if ranked:
            return max(ranked)[1], is_partial
    return None


def _outside_partials(expr: Expr) -> Iterator[Expr]:
    hidden = {p: Integer(0) for p in expr.atoms(Partial)}
    return names_in(expr.xreplace(hidden)) if hidden else names_in(expr)


def _unfold(expr: Expr, name: str, is_partial: bool, model: Model) -> Expr:
    def chained(a: Expr) -> Expr | None:
        return chain_rule(*a.args, model) if isinstance(a, Partial) and name_of(a.args[0]) == name else None

    return transform(expr, chained) if is_partial else model.unfold(expr, name)


def _conditions(expr: Expr, model: Model) -> tuple[str, ...]:
    """The domains other than the real line of the names that the proof met."""
    named = sorted({name_of(a) for a in names_in(expr)})
    return tuple(f"{n} {model.facts[n].value}" for n in named if n in model.facts and model.facts[n].value != "real")
