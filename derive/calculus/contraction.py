"""Sums of products in canonical form: deltas collapsed, sums pushed in, bound indices named canonically.

A sum of one product splits into its connected parts, Σ_ij a_i b_j = (Σ_i a_i)(Σ_j b_j); each part becomes one
`Sum` over all its indices, whose names `_0, _1, …` and ranges (shifted to start at 0) no longer depend on how
the sum was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import permutations, product

from sympy import Add, Basic, Expr, Idx, Integer, KroneckerDelta, Mul, Pow, Sum

from ..vocabulary import Inside, index, length
from .indices import bound_in, free_indices, rename_bound, substitute, within

MOST_ORDERINGS = 720


def collapse(factors: tuple[Expr, ...], bound: tuple[Idx, ...]) -> tuple[tuple[Expr, ...], tuple[Idx, ...]]:
    """Remove deltas that hold a bound index: Σ_i δ(i, a) e(i) = [a ∈ range of i] e(a).

    Args:
        factors: the factors of the product under the sum.
        bound: the indices summed over, none of whose ranges depends on another.
    Returns: the factors and the bound indices that are left.
    """
    for delta in (f for f in factors if isinstance(f, KroneckerDelta)):
        solved = _solve(delta, bound)
        if solved is None:
            continue
        i, value = solved
        bracket = Integer(1) if within(value, i.lower, i.upper) else Inside(value, i.lower, i.upper)
        rest = [substitute(f, {i: value}) for f in factors if f is not delta]
        return collapse((*(f for f in rest if f != 1), bracket), tuple(b for b in bound if b != i))
    return factors, bound


def _solve(delta: KroneckerDelta, bound: tuple[Idx, ...]) -> tuple[Idx, Expr] | None:
    """An index of `bound` and its value, from δ(a, b) that is linear in it with coefficient ±1."""
    a, b = delta.args[:2]
    candidates = []
    for i in bound:
        slope = (a - b).coeff(i) if (a - b).is_Add or a - b == i else Integer(0)
        if slope in (1, -1) and not (a - b - slope * i).has(i):
            candidates.append((i, ((slope * i - (a - b)) / slope).expand()))
    # prefer the elimination that needs no bracket
    candidates.sort(key=lambda c: not within(c[1], c[0].lower, c[0].upper))
    return candidates[0] if candidates else None


def contraction(factors: Iterable[Expr], bound: tuple[Idx, ...]) -> Expr:
    """The canonical sum over `bound` of a product of canonical factors."""
    parts, rest, result = list(bound), list(factors), []
    loose = [f for f in rest if not free_indices(f) & set(bound)]
    rest = [f for f in rest if f not in loose]
    while parts:
        group, members = _component(parts.pop(), rest, bound)
        parts = [p for p in parts if p not in group]
        rest = [f for f in rest if f not in members]
        result.append(_canonical(tuple(members), tuple(group)) if members else Mul(*(length(i) for i in group)))
    return Mul(*loose, *result)


def _component(start: Idx, factors: list[Expr], bound: tuple[Idx, ...]) -> tuple[list[Idx], list[Expr]]:
    """The bound indices connected with `start` through factors or ranges, and those factors."""
    group, members, grown = {start}, [], True
    while grown:
        grown = False
        for f in factors:
            touched = free_indices(f) & set(bound)
            if f not in members and touched & group:
                members.append(f)
                group |= touched
                grown = True
        for i in bound:
            ranged = (free_indices(i.lower) | free_indices(i.upper)) & set(bound)
            if (i in group and not ranged <= group) or (i not in group and ranged & group):
                group |= ranged | {i}
                grown = True
    return sorted(group, key=str), members


def flatten(factors: tuple[Expr, ...], bound: tuple[Idx, ...]) -> tuple[tuple[Expr, ...], tuple[Idx, ...]]:
    """Merge sums that stand as factors into the sum around them, with fresh names for their indices."""
    flat: list[Expr] = []
    indices = list(bound)
    for factor in factors:
        base, times = factor.as_base_exp() if isinstance(factor, Pow) else (factor, Integer(1))
        merge = isinstance(base, Sum) and times.is_Integer and 0 < times <= 4 and free_indices(base) & set(bound)
        for _ in range(int(times) if merge else 0):
            inner = rename_bound(base, {*indices, *free_indices(Mul(*factors))})
            indices += [i for i, _, _ in bound_in(inner)]
            flat += Mul.make_args(inner.function)
        flat += [] if merge else [factor]
    return tuple(flat), tuple(indices)


@lru_cache(maxsize=20_000)
def _canonical(factors: tuple[Expr, ...], group: tuple[Idx, ...]) -> Expr:
    """The sum with its indices renamed `_k, _k+1, …`; of all orderings that colours leave, the least."""
    shift = {i: i + i.lower for i in group if i.lower != 0 and not _nested_ranges(group)}
    body = substitute(Mul(*factors), shift)
    ranges = [(i, i.lower - i.lower, i.upper - i.lower) if i in shift else (i, i.lower, i.upper) for i in group]
    level = 1 + max((_level(i) for i in _all_bound(body)), default=-1)
    best = min(_orderings(body, ranges), key=lambda order: _key(_renamed(body, order, level)[0]))
    renamed, limits = _renamed(body, best, level)
    return Sum(renamed, *limits)


Range = tuple[Idx, Expr, Expr]


def _renamed(body: Expr, order: tuple[Range, ...], level: int) -> tuple[Expr, list[Range]]:
    names: dict[Basic, Basic] = {}
    limits: list[Range] = []
    for k, (i, lower, upper) in enumerate(order):
        lower, upper = substitute(lower, names), substitute(upper, names)
        new = index(f"_{level + k}", lower, upper)
        names[i] = new
        limits.append((new, lower, upper))
    # SymPy writes the innermost limit first; ranges may only use indices further out
    return substitute(body, names), limits[::-1]


def _orderings(body: Expr, ranges: list[Range]) -> Iterator[tuple[Range, ...]]:
    colours = _colours(body, ranges)
    classes = [[r for r in ranges if colours[r[0]] == c] for c in sorted(set(colours.values()))]
    count = 1
    for members in classes:
        for k in range(2, len(members) + 1):
            count *= k
    choices = [list(permutations(c)) if count <= MOST_ORDERINGS else [tuple(c)] for c in classes]
    for choice in product(*choices):
        yield tuple(r for part in choice for r in part)


def _colours(body: Expr, ranges: list[Range]) -> dict[Idx, str]:
    """A colour for each index by its range and by where it occurs, refined until nothing splits further."""
    depth = {i: sum(1 for j, _, _ in ranges if j in free_indices(u) | free_indices(lo)) for i, lo, u in ranges}
    colours = {i: f"{depth[i]}|{upper - lower}" if not depth[i] else f"{depth[i]}|" for i, lower, upper in ranges}
    factors = Mul.make_args(body)
    for _ in ranges:
        marked = {i: index(f"@{c}", 0, 0) for i, c in colours.items()}
        signature = {}
        for i in colours:
            here = {**marked, i: index("*", 0, 0)}
            seen = sorted(_key(substitute(f, here)) for f in factors if i in free_indices(f))
            signature[i] = colours[i] + "(" + ";".join(seen) + ")"
        ranked = {s: k for k, s in enumerate(sorted(set(signature.values())))}
        colours = {i: f"{depth[i]}|{ranked[signature[i]]:03d}" for i in colours}
    return colours


def _nested_ranges(group: tuple[Idx, ...]) -> bool:
    return any((free_indices(i.lower) | free_indices(i.upper)) & set(group) for i in group)


def _all_bound(expr: Basic) -> set[Idx]:
    return {limit[0] for s in expr.atoms(Sum) for limit in s.limits}


def _level(i: Idx) -> int:
    name = str(i.label)
    return int(name[1:]) if name[:1] == "_" and name[1:].isdigit() else -1


@lru_cache(maxsize=100_000)
def _key(expr: Basic) -> str:
    """A name for a tree that is equal for equal trees and total as an order."""
    if isinstance(expr, Idx):
        return f"{expr.label}"
    if not expr.args:
        return str(expr)
    keys = [_key(a) for a in expr.args]
    return f"{type(expr).__name__}({','.join(sorted(keys) if isinstance(expr, Add | Mul) else keys)})"
