"""Substitution that cannot capture, and what is known about index ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sympy import Basic, Expr, Idx, Indexed, IndexedBase, Product, Sum, Symbol, floor

from ..vocabulary import Maximum, Partial, bind, entry_at, index
from .trees import args_of, holds

BINDERS = (Sum, Product, Maximum)
MOST_BOUNDS = 8


def bound_in(expr: Any) -> tuple[tuple[Idx, Expr, Expr], ...]:
    """The limits of a sum or product, innermost first."""
    return tuple((limit[0], limit[1], limit[2]) for limit in expr.limits)


def free_indices(expr: Basic) -> set[Idx]:
    """The indices that are free in an expression, those of the ranges of its bound indices included."""
    return set(_free(expr))


@lru_cache(maxsize=200_000)
def _free(expr: Basic) -> frozenset[Idx]:
    if isinstance(expr, Idx):
        return frozenset((expr,))
    if isinstance(expr, BINDERS):
        found = _free(expr.function)
        for i, lower, upper in bound_in(expr):
            found = (found - {i}) | _free(lower) | _free(upper)
        return found
    return frozenset().union(*(_free(a) for a in expr.args)) if expr.args else frozenset()


def fresh(i: Idx, avoid: Iterable[Basic], lower: Expr | None = None, upper: Expr | None = None) -> Idx:
    """An index like `i` whose name no index in `avoid` has: i, i', i'', …"""
    taken = {a.name if isinstance(a, Symbol) else str(getattr(a, "label", a)) for a in avoid}
    name = str(i.label)
    while name in taken:
        name += "'"
    return index(name, i.lower if lower is None else lower, i.upper if upper is None else upper)


def fresh_axes(axes: Iterable[Idx], avoid: Iterable[Basic]) -> tuple[Idx, ...]:
    """Indices like the axes of a quantity, with names that none in `avoid` has; a range n_l then uses the new l."""
    slots: dict[Basic, Idx] = {}
    for axis in axes:
        slots[axis] = fresh(moved(axis, slots), {*avoid, *slots.values()})
    return tuple(slots.values())


def placed(axes: Iterable[Expr], places: Mapping[Basic, Expr]) -> tuple[Expr, ...]:
    """The axes of a quantity with some of them at places, in the ranges of those after them too."""
    known: dict[Basic, Expr] = dict(places)
    for axis in axes:
        if isinstance(axis, Idx) and axis not in known:
            known[axis] = moved(axis, known)
    return tuple(known.get(axis, axis) for axis in axes)


def moved(axis: Idx, places: Mapping[Basic, Basic]) -> Idx:
    """The index over the range that its own is at the places of the indices that it uses."""
    lower, upper = substitute(axis.lower, places), substitute(axis.upper, places)
    return axis if (lower, upper) == (axis.lower, axis.upper) else index(str(axis.label), lower, upper)


def summed(body: Expr, indices: Iterable[Idx]) -> Expr:
    """Σ of the body over the range of each index; the body itself over none.

    An axis may use those before it in its range, so the first is the outermost where one does.
    """
    limits = [(i, i.lower, i.upper) for i in indices]
    if any(_free(i.lower) | _free(i.upper) for i, _, _ in limits):
        limits.reverse()
    return bind(Sum, body, *limits) if limits else body


def substitute(expr: Expr, mapping: Mapping[Basic, Basic]) -> Expr:
    """Replace free atoms, renaming bound indices wherever a replacement would be captured."""
    mapping = {old: new for old, new in mapping.items() if old != new}
    replaced: Expr = _substituted(expr, frozenset(mapping.items())) if mapping else expr
    return replaced


@lru_cache(maxsize=50_000)
def _substituted(expr: Expr, mapping: frozenset[tuple[Basic, Basic]]) -> Expr:
    return _substitute(expr, dict(mapping))


def transform(
    expr: Expr, rule: Callable[[Expr], Expr | None], under: frozenset[Idx] = frozenset(), only: Any = Basic
) -> Expr:
    """Rewrite subtrees in place, outermost first, where `rule` gives a replacement.

    Unlike `substitute`, what is replaced may use the bound indices around it: h[j] under Σ_j becomes its
    definition at j. Bound indices of a replacement are renamed apart from those around it.

    Args:
        expr: what is rewritten.
        rule: gives what stands instead, or None.
        under: the bound indices around it.
        only: the kind of subtree that the rule replaces: what holds none is not looked through.
    """
    if only is not Basic and not holds(expr, only):
        return expr
    new = rule(expr)
    if new is not None:
        return rename_bound(new, under | free_indices(new))
    if not expr.args or isinstance(expr, Idx | IndexedBase | Partial):
        return expr
    if isinstance(expr, BINDERS):
        inner = under | {i for i, _, _ in bound_in(expr)}
        body = transform(expr.function, rule, inner, only)
        return expr if body is expr.function else bind(expr.func, body, *expr.limits)
    args = [transform(a, rule, under, only) for a in args_of(expr)]
    return expr if all(a is b for a, b in zip(args, expr.args, strict=True)) else expr.func(*args)


def rename_bound(expr: Expr, avoid: Iterable[Basic]) -> Expr:
    """Rename the bound indices of an expression away from the names in `avoid`."""
    renamed: Expr = _rename_bound(expr, frozenset(avoid), {}) if _binds(expr) else expr
    return renamed


def _rename_bound(expr: Any, avoid: frozenset[Basic], names: Mapping[Basic, Basic]) -> Any:
    if not _binds(expr):
        return substitute(expr, names)
    if not isinstance(expr, BINDERS):
        return expr.func(*(_rename_bound(a, avoid, names) for a in expr.args))
    limits: list[tuple[Idx, Expr, Expr]] = []
    avoid |= {names.get(i, i) for i in _free(expr)}
    for i, lower, upper in reversed(bound_in(expr)):  # outermost first: the ranges further in may use it
        new = fresh(i, avoid, substitute(lower, names), substitute(upper, names))
        avoid, names = avoid | {new}, {**names, i: new}
        limits.insert(0, (new, new.lower, new.upper))
    return bind(expr.func, _rename_bound(expr.function, avoid, names), *limits)


@lru_cache(maxsize=50_000)
def _binds(expr: Basic) -> bool:
    return isinstance(expr, BINDERS) or any(_binds(a) for a in expr.args)


def within(i: Expr, lower: Expr, upper: Expr) -> bool:
    """Whether lower <= i <= upper certainly holds, by the ranges that indices carry."""
    return certainly_nonnegative(i - lower) and certainly_nonnegative(upper - i)


@lru_cache(maxsize=20_000)
def certainly_nonnegative(expr: Expr) -> bool:
    """Whether a whole number made of sizes and indices is certainly >= 0, each index being in its range."""
    least = expr.expand()
    for _ in range(MOST_BOUNDS):
        inside = sorted(_free(least), key=lambda i: (-len(_free(i.lower) | _free(i.upper)), str(i)))
        if not inside:
            break
        slope = least.coeff(inside[0])
        rest = (least - slope * inside[0]).expand()
        if not (slope.is_positive or slope.is_negative) or _free(slope) or inside[0] in _free(rest):
            return False
        least = (rest + slope * (inside[0].lower if slope.is_positive else inside[0].upper)).expand()
    return not _free(least) and bool(_without_floors(least).is_nonnegative)


def _without_floors(expr: Expr) -> Expr:
    """A lower bound: x for ⌊x⌋ where that is taken away, as in n − S ⌊n/S⌋ >= 0."""
    for whole in sorted(expr.atoms(floor), key=lambda f: -f.count_ops()):
        slope = expr.coeff(whole)
        rest = (expr - slope * whole).expand()
        if slope.is_negative and not rest.has(whole):
            expr = (rest + slope * whole.args[0]).expand()
    return expr


def opening_name(level: int, lower: Expr, upper: Expr) -> Idx:
    """The index `~level`; no name that a person writes begins so."""
    return index(f"~{level}", lower, upper)


def opening_level(expressions: Iterable[Basic]) -> int:
    """The first level whose name occurs in none of the expressions, nor in the range of an index there."""
    return 1 + max((_opened(e) for e in expressions), default=-1)


@lru_cache(maxsize=50_000)
def _opened(expr: Basic) -> int:
    if isinstance(expr, Idx):
        name = str(expr.label)
        own = int(name[1:]) if name[:1] == "~" and name[1:].isdigit() else -1
        return max(own, _opened(expr.lower), _opened(expr.upper))
    return max((_opened(a) for a in expr.args), default=-1)


def _substitute(expr: Any, mapping: Mapping[Basic, Basic]) -> Any:
    if expr in mapping:
        return mapping[expr]
    if not expr.args or isinstance(expr, Idx):
        return expr
    if isinstance(expr, BINDERS):
        return _substitute_bound(expr, mapping)
    if isinstance(expr, Partial):  # ∂h/∂θ stays the derivative of the name h: only its indices are values
        mapping = {old: new for old, new in mapping.items() if isinstance(old, Idx)}
    if not _free(expr) & mapping.keys() and all(isinstance(old, Idx) for old in mapping):
        return expr
    args = [_substitute(a, mapping) for a in expr.args]
    if all(a is b for a, b in zip(args, expr.args, strict=True)):
        return expr
    return entry_at(*args) if isinstance(expr, Indexed) else expr.func(*args)


def _substitute_bound(expr: Any, mapping: Mapping[Basic, Basic]) -> Any:
    active = dict(mapping)
    limits: list[tuple[Idx, Expr, Expr]] = []
    for position in range(len(expr.limits) - 1, -1, -1):  # outermost first: the ranges further in may use it
        i, lower, upper = bound_in(expr)[position]
        lower, upper = _substitute(lower, active), _substitute(upper, active)
        scope = [expr.function, *(b for limit in expr.limits[:position] for b in limit[1:])]
        seen = frozenset().union(*(_free(e) for e in scope))
        active = {a: b for a, b in active.items() if i not in _free(a) and (a in seen or not isinstance(a, Idx))}
        arriving = set().union(*(_free(new) for new in active.values()))
        new = i if (lower, upper) == (i.lower, i.upper) else index(str(i.label), lower, upper)
        if str(i.label) in {str(j.label) for j in arriving}:
            new = fresh(i, arriving | seen, lower, upper)
        if new != i:
            active[i] = new
        limits.insert(0, (new, lower, upper))
    return bind(expr.func, _substitute(expr.function, active) if active else expr.function, *limits)
