"""Sums as one writes a solution: what is common to all terms in front, terms that differ in a coefficient together.

Only the shape changes; what is shown is proved equal to what was found.
"""

from __future__ import annotations

from collections.abc import Collection

from sympy import Add, Expr, Idx, Integer, Mul, Sum

from ..calculus.indices import free_indices
from ..calculus.trees import args_of


def neat(expr: Expr, outer: Collection[Idx] = ()) -> Expr:
    """The expression with Σ_s (½ r − ½ y r + ½ y q) as ½ Σ_s ((1 − y) r + y q).

    Args:
        expr: any expression.
        outer: indices by whose factors, here those of r and q, the terms of a sum are taken together.
    """
    if not expr.has(Sum) or isinstance(expr, Idx):
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*(neat(a, outer) for a in args_of(expr)))
    number, body = _primitive(_together(neat(args_of(expr)[0], outer), set(outer)))
    return number * Sum(body, *expr.limits)


def _together(body: Expr, outer: set[Idx]) -> Expr:
    """A sum of terms with one term for each product of factors that have an outer index."""
    if not outer or not isinstance(body, Add):
        return body
    alike: dict[Expr, list[Expr]] = {}
    for term in body.args:
        factors = Mul.make_args(term)
        key = Mul(*(f for f in factors if free_indices(f) & outer))
        alike.setdefault(key, []).append(Mul(*(f for f in factors if not free_indices(f) & outer)))
    parts = ((key, _primitive(Add(*rest))) for key, rest in alike.items())
    return Add(*(Mul(number, rest, key) for key, (number, rest) in parts))


def _primitive(expr: Expr) -> tuple[Expr, Expr]:
    """A number and the rest, of which the number among the terms, or else the first term, is not negative."""
    number, rest = expr.primitive() if isinstance(expr, Add) else expr.as_coeff_Mul()
    if isinstance(rest, Add) and _first(rest).could_extract_minus_sign():
        return -number, Add(*(-a for a in rest.args))
    return (number, rest) if rest != 1 else (Integer(1), number)


def _first(expr: Add) -> Expr:
    return min(expr.args, key=lambda a: (not a.is_Rational, str(a.as_coeff_Mul()[1])))
