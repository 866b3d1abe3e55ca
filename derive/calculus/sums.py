"""Sums: every linear term of what is summed becomes a product of canonical contractions.

Deltas and brackets are used up on the way, Σ_i δ(i, a) e(i) = [a in the range] e(a); sums that stand as factors
are merged with the sum around them; what does not depend on an index is counted, Σ_{i=l}^u c = (u − l + 1) c.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sympy import Expr, Idx, Integer, KroneckerDelta, Mul, Sum

from ..vocabulary import Inside, length
from .contraction import canonical_sum, collapse, components, eliminated
from .indices import bound_in, certainly_nonnegative, opening_level, opening_name, substitute
from .polynomials import Monomial
from .ring import ONE, Form
from .terms import linear_terms

if TYPE_CHECKING:
    from .normalform import Normaliser

Bound = tuple[Idx, ...]
Limit = tuple[Idx, Expr, Expr]
MOST_MERGED = 4


def sum_form(n: Normaliser, expr: Sum) -> Form:
    """The form of Σ."""
    factors, bound = _prenex((expr,), ())
    return _over(n, n.form(Mul(*factors)), bound)


def times_over(n: Normaliser, i: Idx) -> Form:
    """The number of values of an index: its length if that is certainly not negative, else Σ 1."""
    if certainly_nonnegative(length(i)):
        return n.form(length(i).expand())
    return n.ring.atom(canonical_sum((Integer(1),), (i,)))


def _prenex(factors: Iterable[Expr], around: Bound) -> tuple[tuple[Expr, ...], Bound]:
    """The sums among factors, and those nested in them, opened: a Σ_i b_i Σ_j c_ij -> (a, b, c), (i, j).

    New indices are renamed apart from everything in sight, the ranges that free indices carry included.
    """
    todo = list(factors)
    level = opening_level((*todo, *around))
    opened: list[Expr] = []
    bound = list(around)
    while todo:
        part = todo.pop(0)
        if not isinstance(part, Sum):
            opened.append(part)
            continue
        body, limits = part.function, list(bound_in(part))
        while limits:
            i, lower, upper = limits.pop()  # the outermost limit comes last
            new = opening_name(level, lower, upper)
            body, limits = _renamed(body, limits, i, new)
            bound.append(new)
            level += 1
        todo += Mul.make_args(body)
    return tuple(opened), tuple(bound)


def _renamed(body: Expr, limits: list[Limit], i: Idx, new: Idx) -> tuple[Expr, list[Limit]]:
    """The body and the limits further in, with i renamed as far as it is not bound anew."""
    for position in range(len(limits) - 1, -1, -1):
        j, lower, upper = limits[position]
        limits[position] = j, substitute(lower, {i: new}), substitute(upper, {i: new})
        if j == i:
            return body, limits
    return substitute(body, {i: new}), limits


def _over(n: Normaliser, body: Form, bound: Bound) -> Form:
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
        factors, indices = _prenex((*rest, *apart), bound)
        return _over(n, n.form(Mul(*factors)), indices)
    factors = tuple(ring.raised(g, e) for g, e in m)
    if any(isinstance(f, KroneckerDelta | Inside) for f in factors):
        left, indices = collapse(factors, bound)
        if indices != bound:  # what a delta made equal may now cancel
            return _over(n, n.form(Mul(*left)), indices)
    return ring.times(ONE, *(_component(n, *part) for part in components(factors, bound)))


def _component(n: Normaliser, members: tuple[Expr, ...], group: Bound) -> Form:
    """Σ over connected indices; one with a range of a few numbers is written out."""
    if not members and len(group) == 1:
        return times_over(n, group[0])
    for i in group:
        if (values := n.values(i)) is not None:
            n.ring.spend(20 * len(values))
            return n.ring.plus(*(_at(n, members, group, i, k) for k in values))
    n.ring.spend(10 * len(group) * len(members))
    return n.ring.atom(canonical_sum(members or (Integer(1),), group))


def _at(n: Normaliser, members: tuple[Expr, ...], group: Bound, i: Idx, value: Expr) -> Form:
    """The sum over the other indices at one value of i."""
    factors, rest = eliminated(members, group, i, value)
    return _over(n, n.form(Mul(*factors)), rest)
