"""Entries that sum to one, as those of a one-hot target or of a probability do: Σ_k y_k = 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Expr, Idx, Mul, Sum

from ..quantities import Domain, Quantity
from ..vocabulary import indices_of, is_name, name_of
from .indices import bound_in, free_indices, transform
from .tidy import pull_out

if TYPE_CHECKING:
    from ..model import Model


def sum_to_one(expr: Expr, model: Model) -> Expr:
    """The expression with every full sum over the last axis of a quantity on the simplex replaced by one."""
    on_simplex = {q.name: q for q in model.quantities.values() if q.domain is Domain.SIMPLEX}

    def summed(e: Expr) -> Expr | None:
        return _summed(e, on_simplex) if isinstance(e, Sum) else None

    return transform(expr, summed) if on_simplex else expr


def _summed(expr: Sum, on_simplex: dict[str, Quantity]) -> Expr | None:
    """Σ_s Σ_k x_s y_{s,k} = Σ_s x_s, for each index k that stands in y alone and runs over its whole last axis."""
    factors = Mul.make_args(expr.function)
    limits = bound_in(expr)
    for limit in limits:
        i, lower, upper = limit
        held = [f for f in factors if i in free_indices(f)]
        if len(held) != 1 or not is_name(held[0]) or name_of(held[0]) not in on_simplex:
            continue
        axis = on_simplex[name_of(held[0])].axes[-1]
        if not _covers(indices_of(held[0]), i, lower, upper, axis):
            continue
        rest = Mul(*(f for f in factors if f is not held[0]))
        others = [other for other in limits if other is not limit]
        if any(i in free_indices(bound) for _, low, high in others for bound in (low, high)):
            continue
        return pull_out(Sum(rest, *others)) if others else rest
    return None


def _covers(where: tuple[Expr, ...], i: Idx, lower: Expr, upper: Expr, axis: Idx) -> bool:
    """Whether the last index runs over the whole axis and the others do not move with it."""
    shift = where[-1] - i
    whole = shift.free_symbols.isdisjoint({i}) and lower + shift == axis.lower and (upper + shift - axis.upper) == 0
    return bool(whole) and not any(i in free_indices(other) for other in where[:-1])
