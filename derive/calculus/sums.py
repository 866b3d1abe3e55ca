"""Sums: every linear term of what is summed becomes a product of canonical contractions.

Deltas and brackets are used up on the way, Σ_i δ(i, a) e(i) = [a in the range] e(a); sums that stand as factors
are merged with the sum around them; what does not depend on an index is counted, Σ_{i=l}^u c = (u − l + 1) c.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import comb
from typing import TYPE_CHECKING

from sympy import Add, Basic, Expr, Idx, Integer, KroneckerDelta, Mul, Product, Sum

from ..vocabulary import Inside, Maximum, length
from .contraction import canonical_sum, components, eliminated, settled
from .indices import bound_in, certainly_nonnegative, free_indices, opening_level, opening_name, substitute
from .inverses import identity_matrix
from .ordering import key
from .polynomials import Monomial
from .ring import ONE, Form
from .terms import linear_terms

if TYPE_CHECKING:
    from .normalform import Normaliser

Bound = tuple[Idx, ...]
Names = Mapping[Basic, Basic]
MOST_MERGED, HIGHEST_POWER_SUM = 4, 6


def sum_form(n: Normaliser, expr: Sum) -> Form:
    """The form of Σ."""
    factors, bound = settled(*_merged((expr,), ()))  # once here, not for every term
    return sum_over(n, n.form(Mul(*factors)), bound)


def times_over(n: Normaliser, i: Idx) -> Form:
    """The number of values of an index: its length if that is certainly not negative, else Σ 1."""
    if certainly_nonnegative(length(i)):
        return n.form(length(i).expand())
    return n.ring.atom(canonical_sum((Integer(1),), (i,)))


def _merged(factors: Iterable[Expr], around: Bound) -> tuple[tuple[Expr, ...], Bound]:
    """The sums among factors, and those nested in them, opened: a Σ_i b_i Σ_j c_ij -> (a, b, c), (i, j)."""
    todo: list[tuple[Expr, Names]] = [(f, {}) for f in factors]
    level = opening_level((*factors, *around))
    left: list[Expr] = []
    bound = list(around)
    for part, names in todo:  # which grows as sums are opened
        if isinstance(part, Sum):
            inside, new = opened_names(part, names, level)
            bound += new
            level += len(new)
            todo += [(f, inside) for f in Mul.make_args(part.function)]
        else:
            left.append(substitute(part, names))
    return tuple(left), tuple(bound)


def opened_names(expr: Sum | Product | Maximum, names: Names, level: int) -> tuple[Names, Bound]:
    """The names that hold inside a binder, and its indices, outermost first, renamed to ~level, ~level+1, …"""
    bound: list[Idx] = []
    for i, lower, upper in reversed(bound_in(expr)):  # outermost first: the ranges further in may use it
        new = opening_name(level + len(bound), substitute(lower, names), substitute(upper, names))
        names = {**names, i: new}
        bound.append(new)
    return names, tuple(bound)


def sum_over(n: Normaliser, body: Form, bound: Bound) -> Form:
    """Σ over `bound` of a form."""
    terms = linear_terms(n.ring, body)
    n.ring.spend(8 * len(terms) * len(bound))
    return n.ring.plus(*(n.ring.scaled(_over_term(n, m, bound), c) for m, c in terms))


def _over_term(n: Normaliser, m: Monomial, bound: Bound) -> Form:
    """Σ over `bound` of a monomial, what depends on no bound index taken out."""
    inside = frozenset(bound)
    touched = tuple((g, e) for g, e in m if n.free(g) & inside)
    outside = tuple(pair for pair in m if pair not in touched)
    return n.ring.scaled(_contracted(n, touched, bound), 1, outside)


def _contracted(n: Normaliser, m: Monomial, bound: Bound) -> Form:
    ring = n.ring
    sums = [(g, int(e)) for g, e in m if isinstance(ring.generators[g].expr, Sum) and e in range(1, MOST_MERGED + 1)]
    if sums:
        apart = [ring.generators[g].expr for g, e in sums for _ in range(e)]
        rest = [ring.raised(g, e) for g, e in m if (g, e) not in sums]
        factors, indices = _merged((*rest, *apart), bound)
        return sum_over(n, n.form(Mul(*factors)), indices)
    if (cancelled := _cancelled(n, m, bound)) is not None:
        return sum_over(n, *cancelled)
    factors = tuple(ring.raised(g, e) for g, e in m)
    if any(isinstance(f, KroneckerDelta | Inside) for f in factors):
        left, indices = settled(factors, bound)
        if indices != bound:  # what a delta made equal may now cancel
            return sum_over(n, n.form(Mul(*left)), indices)
    if (unit := identity_matrix(factors, bound)) is not None:
        return sum_over(n, n.form(Mul(*unit[0])), unit[1])
    return ring.times(ONE, *(_component(n, *part) for part in components(factors, bound)))


def _cancelled(n: Normaliser, m: Monomial, bound: Bound) -> tuple[Form, Bound] | None:
    """Σ_s Σ_c e^{z_sc} / Σ_k e^{z_sk} = Σ_s 1: an inner sum that stands below the line as well."""
    below = {g for g, e in m if e < 0 and isinstance(n.ring.generators[g].expr, Sum)}
    for i in bound if below else ():
        touched = tuple((g, e) for g, e in m if i in n.free(g))
        used = any(i in free_indices(b) for j in bound for b in (j.lower, j.upper))
        if used or not touched or any(g in below for g, _ in touched):
            continue
        inner = _contracted(n, touched, (i,))
        if any(g in below for term in inner.above for g, _ in term):
            rest = n.ring.scaled(ONE, 1, tuple(pair for pair in m if pair not in touched))
            return n.ring.times(inner, rest), tuple(j for j in bound if j != i)
    return None


def _component(n: Normaliser, members: tuple[Expr, ...], group: Bound) -> Form:
    """Σ over connected indices; one with a range of a few numbers is written out."""
    if not members and len(group) == 1:
        return times_over(n, group[0])
    for i in group:
        if (values := n.values(i)) is not None:
            n.ring.spend(20 * len(values))
            return n.ring.plus(*(_at(n, members, group, i, k) for k in values))
        if (count := _counted(n, members, group, i)) is not None:
            rest = tuple(j for j in group if j != i)
            return sum_over(n, n.ring.times(count, n.form(Mul(*members))), rest)
    if len(group) == 1 and (closed := _power_sum(n, members, group[0])) is not None:
        return closed
    n.ring.spend(sum(len(key(f)) for f in members) // 2)
    return n.ring.atom(canonical_sum(members or (Integer(1),), group))


def _counted(n: Normaliser, members: tuple[Expr, ...], group: Bound, i: Idx) -> Form | None:
    """The number of values of an index that nothing else depends on."""
    used = any(i in free_indices(e) for e in (*members, *(b for j in group for b in (j.lower, j.upper))))
    return None if used or not certainly_nonnegative(length(i)) else times_over(n, i)


def _power_sum(n: Normaliser, members: tuple[Expr, ...], i: Idx) -> Form | None:
    """Σ_{i=l}^u i^k as a polynomial of the bounds."""
    base, power = Mul(*members).as_base_exp()
    if base != i or not (power.is_Integer and 0 < power <= HIGHEST_POWER_SUM and certainly_nonnegative(length(i))):
        return None
    above, below = (n.form(_sum_of_powers(int(power), u)) for u in (i.upper, i.lower - 1))
    return n.ring.plus(above, n.ring.scaled(below, -1))


def _sum_of_powers(k: int, u: Expr) -> Expr:
    """Σ_{i=0}^u i^k, from (u + 1)^{k+1} = Σ_{j≤k} C(k+1, j) Σ_{i=0}^u i^j."""
    lower = [comb(k + 1, j) * _sum_of_powers(j, u) for j in range(k)]
    total: Expr = ((u + 1) ** (k + 1) - Add(*lower)) / (k + 1)
    return total


def _at(n: Normaliser, members: tuple[Expr, ...], group: Bound, i: Idx, value: Expr) -> Form:
    """The sum over the other indices at one value of i."""
    factors, rest = eliminated(members, group, i, value)
    return sum_over(n, n.form(Mul(*factors)), rest)
