"""Sums of products in canonical form: deltas collapsed, connected parts apart, bound indices named canonically.

A sum of one product splits into its connected parts, Σ_ij a_i b_j = (Σ_i a_i)(Σ_j b_j); each part becomes one
`Sum` over all its indices, whose names `_0, _1, …` and ranges (shifted to start at 0) no longer depend on how
the sum was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import permutations, product
from math import factorial, prod
from typing import Any

from sympy import Basic, Expr, Idx, Integer, KroneckerDelta, Mul, Product, Sum

from ..vocabulary import Inside, bind, index
from .indices import bound_in, certainly_nonnegative, free_indices, substitute, within
from .ordering import indices_in, key, marked_key

MOST_ORDERINGS, MOST_NESTED = 720, 4

Factors = tuple[Expr, ...]
Bound = tuple[Idx, ...]


# -- deltas and brackets -----------------------------------------------------------------------------


def collapse(factors: Factors, bound: Bound) -> tuple[Factors, Bound]:
    """Remove deltas that hold a bound index: Σ_i δ(i, a) e(i) = [a ∈ range of i] e(a).

    A bracket on a bound index narrows its range: Σ_{i=0}^n [1 ≤ i ≤ n] e(i) = Σ_{i=1}^n e(i).

    Args:
        factors: the factors of the product under the sum.
        bound: the indices summed over, each with the range that it carries.
    Returns: the factors and the bound indices that are left.
    """
    for position, factor in enumerate(factors):
        rest = factors[:position] + factors[position + 1 :]
        if isinstance(factor, KroneckerDelta) and (solved := _solve(factor, bound)) is not None:
            i, value = solved
            left, indices = eliminated(rest, bound, i, value)
            bracket = Integer(1) if within(value, i.lower, i.upper) else Inside(value, i.lower, i.upper)
            return collapse(tuple(f for f in (*left, bracket) if f != 1), indices)
        if isinstance(factor, Inside) and within(*factor.args):  # since an index in its range got its value
            return collapse(rest, bound)
        if isinstance(factor, Inside) and (narrowed := _narrowed(factor, bound)) is not None:
            left, indices = eliminated(rest, bound, *narrowed, keep=True)
            left = _where_it_is_one(substitute(factor, dict((narrowed,))), left)
            return collapse(*_from_bracket(factor, *narrowed, left, indices))
    return factors, bound


def eliminated(factors: Factors, bound: Bound, i: Idx, value: Any, *, keep: bool = False) -> tuple[Factors, Bound]:
    """Factors and indices with i replaced by a value, in the ranges of the other indices too.

    With `keep` the value is an index that is summed over in the place of i.
    """
    mapping: dict[Basic, Basic] = {i: value}
    left: list[Idx] = []
    for j in _outermost_first(bound):
        if j == i:
            left += [value] if keep else []
            continue
        lower, upper = substitute(j.lower, mapping), substitute(j.upper, mapping)
        if (lower, upper) != (j.lower, j.upper):
            mapping[j] = index(str(j.label), lower, upper)
        left.append(index(str(j.label), lower, upper) if j in mapping else j)
    return tuple(substitute(f, mapping) for f in factors), tuple(left)


def _solve(delta: KroneckerDelta, bound: Bound) -> tuple[Idx, Expr] | None:
    """An index of `bound` and its value, from δ(a, b) that is linear in it with coefficient ±1."""
    a, b = (_expr(side) for side in delta.args[:2])
    difference = (a - b).expand()
    candidates = []
    for i in bound:
        slope = difference.coeff(i)
        if slope not in (1, -1) or (difference - slope * i).expand().has(i):
            continue
        value = (i - slope * difference).expand()
        if not any(i in range_indices(j, bound) for j in free_indices(value) & set(bound)):
            candidates.append((i, value))
    # prefer the elimination that needs no bracket
    candidates.sort(key=lambda c: not within(c[1], c[0].lower, c[0].upper))
    return candidates[0] if candidates else None


def _narrowed(bracket: Inside, bound: Bound) -> tuple[Idx, Idx] | None:
    """A bound index and the same index over the part of its range where the bracket is one."""
    place, lower, upper = bracket.args
    for i in free_indices(place) & set(bound):
        offset = (place - i).expand()
        limits = ((lower - offset).expand(), (upper - offset).expand())
        met = set().union(*(free_indices(e) for e in (offset, *limits))) & set(bound)
        if i in met or any(i in range_indices(j, bound) for j in met):  # the new range may use outer indices alone
            continue
        low = _larger(i.lower, limits[0])
        high = _larger(-i.upper, -limits[1])
        if low is not None and high is not None:
            return i, index(str(i.label), low, -high)
    return None


def _where_it_is_one(bracket: Expr, factors: Factors) -> Factors:
    """Factors over a range in which a bracket is 1, also under a power or a function: [i ≤ m] / (1 + [i ≤ m] x)."""
    certain: dict[Basic, Basic] = {bracket: Integer(1)}
    return tuple(substitute(f, certain) for f in factors)


def _from_bracket(bracket: Inside, i: Idx, new: Idx, factors: Factors, bound: Bound) -> tuple[Factors, Bound]:
    """Σ_{i=a}^{a+b} e(i − a) as Σ_{u=0}^b e(u) where a has indices of the sum; the ranges then stand by themselves."""
    shift = (bracket.args[0] - i).expand()
    u = index(str(i.label), (new.lower + shift).expand(), (new.upper + shift).expand())
    free = not (free_indices(u.lower) | free_indices(u.upper)) & set(bound)
    if not free_indices(shift) & set(bound) or not free or any(new in range_indices(j, bound) for j in bound):
        return factors, bound
    moved: dict[Basic, Basic] = {new: u - shift}
    return tuple(substitute(f, moved) for f in factors), tuple(u if j == new else j for j in bound)


def _expr(part: Any) -> Expr:
    """A part of an expression that is known to be one itself."""
    expr: Expr = part
    return expr


def _idx(part: Any) -> Idx:
    """A part of an expression that is known to be an index."""
    i: Idx = part
    return i


def _larger(a: Expr, b: Expr) -> Expr | None:
    return a if certainly_nonnegative(a - b) else b if certainly_nonnegative(b - a) else None


# -- connected parts ---------------------------------------------------------------------------------


def components(factors: Factors, bound: Bound) -> list[tuple[Factors, Bound]]:
    """The connected parts of a sum: indices that share factors or ranges, and those factors.

    Every factor must hold a bound index.
    """
    touched = [(f, free_indices(f) & set(bound)) for f in factors]
    links = [t for _, t in touched] + [range_indices(i, bound) | {i} for i in bound]
    groups: list[set[Idx]] = [{i} for i in bound]
    for link in links:
        joint = [g for g in groups if g & link]
        groups = [g for g in groups if not g & link] + ([set().union(*joint)] if joint else [])
    return [
        (tuple(f for f, t in touched if t & group), _outermost_first(tuple(i for i in bound if i in group)))
        for group in groups
    ]


def range_indices(i: Idx, bound: Bound) -> set[Idx]:
    """The bound indices that the range of i depends on, directly or through others."""
    found: set[Idx] = set()
    todo = [i]
    while todo:
        j = todo.pop()
        new = (free_indices(j.lower) | free_indices(j.upper)) & set(bound) - found
        found |= new
        todo += new
    return found


def _outermost_first(bound: Bound) -> Bound:
    if not any(range_indices(i, bound) for i in bound):
        return bound
    return tuple(sorted(bound, key=lambda i: len(range_indices(i, bound))))


# -- canonical names ---------------------------------------------------------------------------------


def canonical_sum(factors: Factors, group: Bound) -> Expr:
    """The canonical sum of a product of factors over a group of indices."""
    return canonical(factors, group, Sum)


@lru_cache(maxsize=20_000)
def canonical(factors: Factors, group: Bound, kind: Callable[..., Expr]) -> Expr:
    """The sum (or product) with its ranges starting at 0 where possible and its indices renamed `_k, _k+1, …`.

    Of all orderings of the indices that their colours leave, the least is taken.
    """
    factors, group = _from_zero(*_untangled(factors, group))
    level = _first_level((*factors, *(b for i in group for b in (i.lower, i.upper))), group)
    orders = list(_orderings(factors, group))
    if len(orders) > 1:
        orders.sort(key=lambda order: _signature(factors, order))
    names: dict[Basic, Basic] = {}
    limits: list[tuple[Idx, Expr, Expr]] = []
    for k, i in enumerate(orders[0]):
        lower, upper = substitute(i.lower, names), substitute(i.upper, names)
        new = names[i] = index(f"_{level + k}", lower, upper)
        limits.append((new, lower, upper))
    # SymPy writes the innermost limit first; ranges may only use indices further out
    return bind(kind, Mul(*(substitute(f, names) for f in factors)), *limits[::-1])


def canonical_product(body: Expr, i: Idx) -> Expr:
    """The product over one index of something that may be a canonical product itself, named like a sum."""
    group: Bound = (i,)
    while isinstance(body, Product):
        limits = reversed(bound_in(body))
        group += tuple(j for j, _, _ in limits)
        body = body.function
    return canonical((body,), group, Product)


def _untangled(factors: Factors, group: Bound) -> tuple[Factors, Bound]:
    """Triangular ranges in one of their many forms: Σ_i Σ_{j=i}^n becomes Σ_j Σ_{i=0}^j, without empty ends.

    j in [i + d, e], i in [a, b]   ->   i in [a, j − d], j in [a + d, e]     if b >= e − d
    j in [c, i + d], i in [a, b]   ->   the same with i in [c − d, b]        if a <= c − d
    """
    for _ in range(MOST_NESTED):
        for i, j in [(outer, inner) for inner in group for outer in range_indices(inner, group)]:
            ranges = _untangled_pair(i, j, group)
            if ranges is not None:
                mapping: dict[Basic, Basic] = {}
                for old, (lower, upper) in ranges:  # outermost first
                    mapping[old] = index(str(old.label), substitute(lower, mapping), substitute(upper, mapping))
                factors = tuple(substitute(f, mapping) for f in factors)
                group = _outermost_first(tuple(_idx(mapping.get(k, k)) for k in group))
                break
        else:
            break
    return factors, group


Ranges = list[tuple[Idx, tuple[Expr, Expr]]]


def _untangled_pair(i: Idx, j: Idx, group: Bound) -> Ranges | None:
    """New ranges, the outer index first, for j inside i where one bound of j is i + d."""
    others = {k for k in group if k not in (i, j)}
    if any(free_indices(b) & others for b in (i.lower, i.upper, j.lower, j.upper)):
        return None
    if any(i in free_indices(b) or j in free_indices(b) for k in others for b in (k.lower, k.upper)):
        return None
    low, high = (j.lower - i).expand(), (j.upper - i).expand()
    if i not in free_indices(low) and i not in free_indices(j.upper):
        if certainly_nonnegative(i.upper - j.upper + low):
            return [(j, (i.lower + low, j.upper)), (i, (i.lower, j - low))]
    elif i not in free_indices(high) and i not in free_indices(j.lower):
        first = (j.lower - high).expand()
        if first != i.lower and certainly_nonnegative(first - i.lower):
            return [(i, (first, i.upper)), (j, (j.lower, i + high))]
    return None


def settled(factors: Factors, bound: Bound) -> tuple[Factors, Bound]:
    """Deltas and brackets used up, triangular ranges in one form, and those with a fixed start shifted to start at 0.

    Shifted before the factors get their normal form, that of β^{t−1} under Σ_{t=1} is the one of β^t under Σ_{t=0}.
    """
    factors, bound = _untangled(*collapse(factors, bound))
    return _from_zero(factors, bound, tuple(i for i in bound if not free_indices(i.lower) & set(bound)))


def _from_zero(factors: Factors, group: Bound, those: Bound | None = None) -> tuple[Factors, Bound]:
    """Every index, or those alone, shifted so that its range starts at 0."""
    for i in group if those is None else those:
        if i.lower != 0:
            (position,) = (k for k, j in enumerate(group) if str(j.label) == str(i.label))
            now = group[position]
            new = index(str(now.label), 0, (now.upper - now.lower).expand())
            inside = tuple(j for k, j in enumerate(group) if k != position)
            shifted, others = eliminated(factors, (now, *inside), now, new + now.lower)
            factors, group = shifted, _outermost_first((*others, new))
    return factors, group


def _orderings(factors: Factors, group: Bound) -> Iterator[Bound]:
    if len(group) == 1:
        yield group
        return
    colours = _colours(factors, group)
    classes = [[i for i in group if colours[i] == c] for c in sorted(set(colours.values()))]
    few = prod(factorial(len(c)) for c in classes) <= MOST_ORDERINGS
    for choice in product(*(list(permutations(c)) if few else [tuple(c)] for c in classes)):
        yield tuple(i for part in choice for i in part)


def _colours(factors: Factors, group: Bound) -> dict[Idx, str]:
    """A colour for each index by its range and by where it occurs, refined until nothing splits further."""
    depth = {i: len(range_indices(i, group)) for i in group}
    colours = {i: f"{depth[i]:03d}|{'' if depth[i] else key(i.upper)}" for i in group}
    where = {i: [f for f in factors if i in free_indices(f)] for i in group}
    count = len(set(colours.values()))
    while True:
        seen = {i: colours[i] + _seen(i, where[i], colours) for i in group}
        ranked = {s: k for k, s in enumerate(sorted(set(seen.values())))}
        colours = {i: f"{depth[i]:03d}|{ranked[seen[i]]:03d}" for i in group}
        if len(ranked) in (count, len(group)):
            return colours
        count = len(ranked)


def _seen(i: Idx, factors: Sequence[Expr], colours: Mapping[Idx, str]) -> str:
    marks = {**{j: f"@{c}" for j, c in colours.items()}, i: "*"}
    ranges = marked_key(i.lower, marks) + marked_key(i.upper, marks)
    return "(" + ";".join([ranges, *sorted(marked_key(f, marks) for f in factors)]) + ")"


def _signature(factors: Factors, order: Bound) -> str:
    marks = {i: f"#{k:03d}" for k, i in enumerate(order)}
    ranges = [marked_key(b, marks) for i in order for b in (i.lower, i.upper)]
    return ";".join([*sorted(marked_key(f, marks) for f in factors), *ranges])


def _first_level(expressions: Sequence[Expr], group: Bound) -> int:
    """The first level whose names no index but those of the group has."""
    others = frozenset().union(*(indices_in(e) for e in expressions)) - set(group)
    return 1 + max((_level(i) for i in others), default=-1)


def _level(i: Idx) -> int:
    name = str(i.label)
    return int(name[1:]) if name[:1] == "_" and name[1:].isdigit() else -1
