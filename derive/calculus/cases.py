"""Kinks by cases: functions with one written in brackets, and an expression on either side of its kink.

    sign u = [u > 0] − [−u > 0],   max(a, b) = b + (a − b) [a − b > 0],   min(a, b) = b + (a − b) [b − a > 0]

These hold everywhere, at u = 0 and at a = b too.
"""

from __future__ import annotations

from functools import reduce

from sympy import Abs, Basic, Expr, Integer, Max, Min, sign

from ..vocabulary import Positive, is_name
from .indices import substitute
from .ordering import key
from .trees import args_of


def in_brackets(expr: Expr) -> Expr:
    """A sign, a maximum or a minimum in brackets [u > 0]; anything else as it is."""
    if isinstance(expr, sign):
        (u,) = args_of(expr)
        return Positive(u) - Positive(-u)
    if not isinstance(expr, Max | Min):
        return expr
    way = 1 if isinstance(expr, Max) else -1
    numbers_last = sorted(args_of(expr), key=lambda a: (bool(a.is_number), key(a)))
    return reduce(lambda a, b: b + (a - b) * Positive(way * (a - b)), numbers_last)


def by_sign(expr: Expr, u: Expr) -> tuple[Expr, ...]:
    """The expression for u > 0 and for u ≤ 0; the second in two, u < 0 and u = 0, if it holds [−u > 0]."""
    above, below = ({Positive(u): Integer(k), **_absolutes(expr, s * u, u)} for k, s in ((1, 1), (0, -1)))
    turned = [b for b in expr.atoms(Positive) if (args_of(b)[0] + u).expand() == 0]
    if not turned:
        return substitute(expr, above), substitute(expr, below)
    off, on = (dict.fromkeys(turned, Integer(k)) for k in (0, 1))
    root = _root(u)  # brackets first: what is multiplied by one that is zero is zero, also 1/u at u = 0
    nowhere = substitute(substitute(expr, {Positive(u): Integer(0), **off}), root or below)
    return substitute(expr, {**above, **off}), substitute(expr, {**below, **on}), nowhere


def _absolutes(expr: Expr, value: Expr, u: Expr) -> dict[Basic, Basic]:
    """|u| and |−u| as what they are on one side."""
    found: dict[Basic, Basic] = {}
    for a in expr.atoms(Abs):
        (inside,) = args_of(a)
        if (inside - u).expand() == 0 or (inside + u).expand() == 0:
            found[a] = value
    return found


def _root(u: Expr) -> dict[Basic, Basic]:
    """The first name in u that stands there linearly, with the value at which u = 0; empty if there is none."""
    for name in sorted((a for a in u.atoms() | u.atoms(Expr) if isinstance(a, Expr) and is_name(a)), key=key):
        slope = u.expand().coeff(name)
        rest = (u - slope * name).expand()
        if slope.is_Rational and slope != 0 and not rest.has(name):
            return {name: rest / -slope}
    return {}
