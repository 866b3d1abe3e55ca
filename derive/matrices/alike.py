"""Terms that differ in the names of bound indices alone, written with the same names, so that they add up."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, count

from sympy import Expr, Idx, Sum

from ..calculus.indices import bound_in, free_indices, substitute
from ..calculus.trees import args_of
from ..vocabulary import index


def gathered(expr: Expr, letters: Iterable[str]) -> Expr:
    """½ Σ_k a_k b_k + ½ Σ_l a_l b_l as Σ_k a_k b_k.

    Args:
        expr: any index expression.
        letters: names for bound indices, in order; those of free indices are passed over.
    """
    return _renamed(expr, tuple(letters), {str(i.label) for i in free_indices(expr)})


def _renamed(expr: Expr, letters: tuple[str, ...], taken: set[str]) -> Expr:
    """Bound indices from the outermost inwards by the first letter that nothing around them has."""
    if not expr.has(Sum) or isinstance(expr, Idx):
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*(_renamed(a, letters, taken) for a in args_of(expr)))
    bound = bound_in(expr)[::-1]
    if any(free_indices(end) for _, *ends in bound for end in ends):
        return expr  # a range that depends on another index keeps its names
    new: list[Idx] = []
    for _, lower, upper in bound:
        new.append(index(_next(letters, taken | {str(i.label) for i in new}), lower, upper))
    held = [index(f"~{k}", lower, upper) for k, (_, lower, upper) in enumerate(bound)]
    apart = substitute(expr.function, {i: h for (i, _, _), h in zip(bound, held, strict=True)})
    body = substitute(apart, dict(zip(held, new, strict=True)))
    limits = [(i, i.lower, i.upper) for i in reversed(new)]
    return Sum(_renamed(body, letters, taken | {str(i.label) for i in new}), *limits)


def _next(letters: tuple[str, ...], taken: set[str]) -> str:
    numbered = (f"{letter}{k}" for k in count(1) for letter in letters)
    return next(name for name in chain(letters, numbered) if name not in taken)
