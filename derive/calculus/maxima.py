"""The largest of many, max_i b_i: its normal form, and its derivative.

    share_i = [b_i is the largest] / Σ_k [b_k is the largest],   ∂ max_k b_k = Σ_i share_i ∂b_i

Where one b_i alone is the largest, its share is one and this is the derivative. Where several are, there is none, and
the shares, which are not negative and sum to one, make a subgradient if the b_i are linear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr, Sum

from ..vocabulary import Maximum, Positive
from .contraction import canonical
from .indices import bound_in, free_indices, opening_level, rename_bound, substitute
from .sums import opened_names

if TYPE_CHECKING:
    from .normalform import Normaliser
    from .ring import Form


def maximum_form(n: Normaliser, expr: Any) -> Form:
    """The form of a maximum: its body in normal form under indices with canonical names."""
    names, bound = opened_names(expr, {}, opening_level((expr,)))
    body = n.normal(substitute(expr.function, names))
    return n.ring.atom(canonical((body,), bound, Maximum))


def share(expr: Any) -> Expr:
    """The share of the entry at the indices of a maximum in it: 1 if it alone is the largest, 0 if it is not."""
    body = expr.function
    largest = rename_bound(expr, free_indices(body))
    winners = 1 - Positive(largest - body)
    how_many = rename_bound(Sum(winners, *bound_in(expr)), free_indices(body))
    return winners / how_many


def share_weighted(expr: Any, of_body: Expr) -> Expr:
    """Σ_i share_i b′_i, for the derivative b′ of the body at the indices of the maximum."""
    return Sum(share(expr) * of_body, *bound_in(expr))
