"""Substitution that cannot capture, and what is known about index ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sympy import Basic, Expr, Idx, Product, Sum, Symbol

from ..vocabulary import Partial, index

BINDERS = (Sum, Product)


def bound_in(expr: Basic) -> tuple[tuple[Idx, Expr, Expr], ...]:
    """The limits of a sum or product, innermost first."""
    return tuple((limit[0], limit[1], limit[2]) for limit in expr.limits)


def free_indices(expr: Basic) -> set[Idx]:
    """The indices that are free in an expression, those of the ranges of its bound indices included."""
    if isinstance(expr, Idx):
        return {expr}
    if isinstance(expr, BINDERS):
        found = free_indices(expr.function)
        for i, lower, upper in bound_in(expr):
            found = (found - {i}) | free_indices(lower) | free_indices(upper)
        return found
    return set().union(*(free_indices(a) for a in expr.args)) if expr.args else set()


def fresh(i: Idx, avoid: Iterable[Basic], lower: Expr | None = None, upper: Expr | None = None) -> Idx:
    """An index like `i` whose name no index in `avoid` has: i, i', i'', …"""
    taken = {a.name if isinstance(a, Symbol) else str(getattr(a, "label", a)) for a in avoid}
    name = str(i.label)
    while name in taken:
        name += "'"
    return index(name, i.lower if lower is None else lower, i.upper if upper is None else upper)


def substitute(expr: Expr, mapping: Mapping[Basic, Basic]) -> Expr:
    """Replace free atoms, renaming bound indices wherever a replacement would be captured."""
    mapping = {old: new for old, new in mapping.items() if old != new}
    return _substitute(expr, mapping) if mapping else expr


def transform(expr: Expr, rule: Callable[[Expr], Expr | None], under: frozenset[Idx] = frozenset()) -> Expr:
    """Rewrite subtrees in place, outermost first, where `rule` gives a replacement.

    Unlike `substitute`, what is replaced may use the bound indices around it: h[j] under Σ_j becomes its
    definition at j. Bound indices of a replacement are renamed apart from those around it.
    """
    new = rule(expr)
    if new is not None:
        return rename_bound(new, under | free_indices(new))
    if not expr.args or isinstance(expr, Idx | Partial):
        return expr
    if isinstance(expr, BINDERS):
        inner = under | {limit[0] for limit in expr.limits}
        return expr.func(transform(expr.function, rule, inner), *expr.limits)
    args = [transform(a, rule, under) for a in expr.args]
    return expr if all(a is b for a, b in zip(args, expr.args, strict=True)) else expr.func(*args)


def rename_bound(expr: Expr, avoid: Iterable[Basic]) -> Expr:
    """Rename the bound indices of an expression away from the names in `avoid`."""
    taken = set(avoid)
    if not isinstance(expr, BINDERS):
        return expr if not expr.has(*BINDERS) else expr.func(*(rename_bound(a, taken) for a in expr.args))
    body, limits = expr.function, []
    for i, lower, upper in bound_in(expr):
        new = fresh(i, taken, lower, upper)
        taken.add(new)
        body, limits = substitute(body, {i: new}), [*limits, (new, lower, upper)]
    return expr.func(rename_bound(body, taken), *limits)


def within(i: Expr, lower: Expr, upper: Expr) -> bool:
    """Whether lower <= i <= upper certainly holds, by the range that the index carries."""
    least, most = (i.lower, i.upper) if isinstance(i, Idx) else (i, i)
    return _at_most(lower, least) and _at_most(most, upper)


def _at_most(a: Expr, b: Expr) -> bool:
    return a == b or bool((b - a).expand().is_nonnegative)


def _substitute(expr: Basic, mapping: Mapping[Basic, Basic]) -> Basic:
    if expr in mapping:
        return mapping[expr]
    if not expr.args or isinstance(expr, Idx):
        return expr
    if isinstance(expr, BINDERS):
        return _substitute_bound(expr, mapping)
    if isinstance(expr, Partial):  # ∂h/∂θ stays the derivative of the name h: only its indices are values
        mapping = {old: new for old, new in mapping.items() if isinstance(old, Idx)}
    args = [_substitute(a, mapping) for a in expr.args]
    return expr if all(a is b for a, b in zip(args, expr.args, strict=True)) else expr.func(*args)


def _substitute_bound(expr: Sum | Product, mapping: Mapping[Basic, Basic]) -> Expr:
    bound = {limit[0] for limit in expr.limits}
    inner = {old: new for old, new in mapping.items() if old not in bound}
    names = {str(i.label) for i in bound}
    arriving = set().union(*(free_indices(new) for new in inner.values())) if inner else set()
    if names & {str(i.label) for i in arriving}:
        expr = rename_bound(expr, arriving | free_indices(expr))
    limits = [(i, _substitute(lower, inner), _substitute(upper, inner)) for i, lower, upper in bound_in(expr)]
    body = expr.function
    for position, (i, lower, upper) in enumerate(limits):
        if (lower, upper) != (i.lower, i.upper):
            new = index(str(i.label), lower, upper)
            body, limits[position] = _substitute(body, {i: new}), (new, lower, upper)
    return expr.func(_substitute(body, inner), *limits)
