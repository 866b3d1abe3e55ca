"""Sums and their factors as operations are planned from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from sympy import Basic, Expr, Idx, Mul, Product, Sum, exp, log

from derive.calculus.indices import bound_in, free_indices
from derive.vocabulary import Maximum, index, is_name, names_in

from .entries import places


def canonical(expressions: tuple[Expr, ...], indices: Iterable[Idx]) -> tuple[Expr, ...]:
    """Expressions with indices, bound ones too, named by their place in a list."""
    names: dict[Basic, Basic] = {i: index(f"#{k}", i.lower, i.upper) for k, i in enumerate(indices)}
    return tuple(cast("Expr", e.xreplace(names)) for e in expressions)


def is_log_sum_exp(expr: Expr) -> bool:
    """Whether an expression is log Σ e^u."""
    inner = expr.args[0] if isinstance(expr, log) else None
    return isinstance(inner, Sum) and isinstance(limits_of(inner)[1], exp)


def two_entries(factors: tuple[Expr, ...]) -> bool:
    """Whether a product is one of two entries."""
    return len(factors) == 2 and all(is_name(f) for f in factors)


def sum_over(body: Expr, over: tuple[Idx, ...]) -> Sum:
    """Σ of a body over the full ranges of indices."""
    return Sum(body, *[(i, i.lower, i.upper) for i in over])


def limits_of(expr: Sum | Product | Maximum) -> tuple[tuple[Idx, ...], Expr]:
    """The indices and the body of a sum, sums directly inside it included."""
    over, body = tuple(i for i, _, _ in bound_in(expr)), expr.function
    if isinstance(expr, Sum) and isinstance(body, Sum):
        inner, body = limits_of(body)
        over = (*over, *inner)
    return over, body


def grouped(factors: tuple[Expr, ...]) -> list[Expr]:
    """Factors over the same indices that are not entries are multiplied out elementwise, as one."""
    groups: dict[frozenset[Idx], list[Expr]] = {}
    for factor in factors:
        groups.setdefault(frozenset(free_indices(factor)), []).append(factor)
    return [Mul(*members) for members in groups.values()]


def axes_under(expr: Expr, out: tuple[Idx, ...], over: tuple[Idx, ...]) -> tuple[Idx, ...]:
    """The axes under a sum: those of the result around those summed, in the order that its entries have."""
    for axes in (places(a) for a in names_in(expr)):
        if set(axes) == {*out, *over} and tuple(i for i in axes if i in out) == out:
            return axes
    return (*over, *out)
