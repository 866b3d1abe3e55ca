"""Proofs of what is said of one step of a recursion: δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ σ′(z_l), where δ_l = ∂C/∂z_l.

Derivatives are followed backwards, by the definitions that use a quantity directly (see `adjoint`). What is said of the
step l and of l + 1 is said of those steps only behind which there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sympy import Basic, Expr, Idx

from .adjoint import far, written_by_rule
from .calculus.indices import free_indices, substitute, transform
from .calculus.normalform import TooLarge, is_zero
from .model import Model
from .prove import Proof, is_defined_at, reliable_facts
from .vocabulary import Partial, index, indices_of, is_name, name_of, names_in

MOST_STEPS = 4


@lru_cache(maxsize=512)
def prove_along(left: Expr, right: Expr, model: Model) -> Proof | None:
    """A proof that left = right along a recursion, at all steps of which both sides speak; None if none was found."""
    if not any(d.recursive for d in model.definitions):
        return None
    try:
        difference = _within(_derivatives(left - right, model), model)
        return _prove(difference, model)
    except (TooLarge, RecursionError):
        return None


def at_the_step(left: Expr, right: Expr) -> tuple[Expr, Expr]:
    """What is said of a derivative by a name at the step l + 1, for all l, as said of it at l."""
    places = indices_of(left.wrt) if isinstance(left, Partial) and is_name(left.wrt) else ()
    ahead = ((i, p - i) for p in places for i in p.atoms(Idx))
    later: dict[Basic, Basic] = {i: i - by for i, by in ahead if by.is_Integer and by.is_positive}
    return substitute(left, later), substitute(right, later)


def _derivatives(expr: Expr, model: Model) -> Expr:
    """The expression with the names of derivatives unfolded: δ_l as ∂C/∂z_l."""
    for d in reversed(model.definitions):
        if d.expr.has(Partial) and not d.recursive:
            expr = model.unfold(expr, d.name)
    return expr


def _within(expr: Expr, model: Model) -> Expr:
    """The expression with its free indices in the ranges in which each of its names has a value."""
    narrowed: dict[Basic, Basic] = {}
    for i in sorted(free_indices(expr), key=str):
        low, high = _reach(expr, i, model)
        if low or high:
            narrowed[i] = index(str(i.label), i.lower + low, i.upper - high)
    return substitute(expr, narrowed)


def _reach(expr: Expr, i: Idx, model: Model) -> tuple[int, int]:
    """How far before and behind an index names stand that have values within its range only."""
    low = high = 0
    for atom in _atoms(expr):
        quantity = model.quantities.get(name_of(atom))
        if quantity is None or len(quantity.axes) != len(indices_of(atom)):
            continue
        for axis, place in zip(quantity.axes, indices_of(atom), strict=True):
            shift = place - i
            if not shift.is_Integer or (axis.lower, axis.upper) != (i.lower, i.upper):
                continue
            definition = model.defined.get(name_of(atom))
            begun = 1 if definition is not None and definition.over == axis else 0
            low, high = max(low, -int(shift) - begun), max(high, int(shift))
    return low, high


def _atoms(expr: Expr) -> Iterator[Expr]:
    yield from names_in(expr)
    for partial in expr.atoms(Partial):
        yield from (*names_in(partial.of), *names_in(partial.wrt))


def _prove(difference: Expr, model: Model) -> Proof | None:
    expanded: list[Partial] = []
    for _ in range(MOST_STEPS):
        if _vanishes(difference, model):
            return Proof(unfolded=tuple(dict.fromkeys(name_of(p.wrt) for p in expanded)))
        choice = _next(difference, expanded, model)
        if choice is None:
            return None
        expanded.append(choice)
        difference = written_by_rule(difference, choice, model)
    return None


def _vanishes(difference: Expr, model: Model) -> bool:
    """Whether an expression is zero as it stands, or with what is computed from one other name in its place."""
    facts = reliable_facts(model)
    if is_zero(difference, facts):
        return True
    for d in reversed(model.definitions):
        if len({name_of(a) for a in names_in(d.expr)}) == 1 and not d.expr.has(Partial):
            difference = _opened(difference, d.name, model)
    return is_zero(difference, facts)


def _opened(expr: Expr, name: str, model: Model) -> Expr:
    """The expression with a name by its definition, where that holds: not at the beginning of a recursion."""

    def opened(e: Expr) -> Expr | None:
        return model.body(e) if is_name(e) and name_of(e) == name and is_defined_at(e, model) else None

    return transform(expr, opened)


def _next(expr: Expr, expanded: list[Partial], model: Model) -> Partial | None:
    """The derivative by what comes first: a parameter, then in the order of the definitions; none by a later step."""
    partials = [p for p in expr.atoms(Partial) if p not in expanded and is_name(p.of) and far(p.of, p.wrt, model)]
    here = (p for p in partials if not any(_is_later(i) for i in indices_of(p.wrt)))
    return min(here, key=lambda p: (model.rank.get(name_of(p.wrt), -1), str(p)), default=None)


def _is_later(place: Expr) -> bool:
    return any((place - i).is_Integer and (place - i).is_positive for i in place.atoms(Idx))
