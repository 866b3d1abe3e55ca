"""Places of entries: which are plain, which can be read as part of an array, and which sums scatter.

x[s, S p + u]               windows of x, one for each p
h[s, t − 1]                 all of h but the last
x[q − P] [0 ≤ q − P < N]    x with zeros around it
Σ_p d[p, q − S p] [0 ≤ q − S p < F] = Σ_{p,u} d[p, u] δ(q, S p + u)     each d[p, u] is added at S p + u
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Expr, Idx, Integer, Mul, S, Sum

from derive.calculus.indices import bound_in, certainly_nonnegative, free_indices, fresh, substitute
from derive.vocabulary import Inside, index, indices_of, is_name, names_in

Range = tuple[Expr, Expr]


@dataclass(frozen=True, kw_only=True)
class Place:
    """The place S i + u + offset on an axis, of one index, of two or of none.

    Attributes:
        strided: the index i that moves by `stride`.
        tap: the index u that moves by one within a window.
    """

    offset: Expr
    strided: Idx | None = None
    stride: Expr = S.One
    tap: Idx | None = None

    @property
    def indices(self) -> tuple[Idx, ...]:
        """Those of the place, the strided one first."""
        return tuple(i for i in (self.strided, self.tap) if i is not None)

    @property
    def span(self) -> Range:
        """The first and the last place."""
        first = last = self.offset
        for i, step in ((self.strided, self.stride), (self.tap, Integer(1))):
            if i is not None:
                first, last = first + step * i.lower, last + step * i.upper
        return first, last


@lru_cache(maxsize=4096)  # the same few places are asked for again and again
def place_of(expr: Expr) -> Place | None:
    """The place that an expression in sizes and indices stands for, None if it has another shape."""
    plain = expr.expand()
    found = sorted(free_indices(plain), key=lambda i: (plain.coeff(i) == 1, str(i)))
    steps = [plain.coeff(i) for i in found]
    offset = (plain - Add(*(step * i for step, i in zip(steps, found, strict=True)))).expand()
    if free_indices(offset) or len(found) > 2 or not all(s.is_positive and not free_indices(s) for s in steps):
        return None
    if len(found) < 2:
        return Place(offset=offset, strided=found[0], stride=steps[0]) if found else Place(offset=offset)
    return Place(offset=offset, strided=found[0], stride=steps[0], tap=found[1]) if steps[1] == 1 else None


def ranges_at(axes: tuple[Idx, ...], where: tuple[Expr, ...]) -> tuple[Range, ...]:
    """The range of each axis of a tensor where its indices are at these places, 1 to n_3 at l = 3."""
    known: dict[Basic, Basic] = dict(zip(axes, where, strict=True))
    return tuple((substitute(axis.lower, known), substitute(axis.upper, known)) for axis in axes)


def inside(inner: Range, outer: Range) -> bool:
    """Whether a range certainly lies within another."""
    return certainly_nonnegative(inner[0] - outer[0]) and certainly_nonnegative(outer[1] - inner[1])


def brackets_inwards(expr: Mul) -> Expr:
    """[c] Σ_i e(i) = Σ_i [c] e(i): a bracket goes to the entry whose place it is about, if that is further in."""
    factors: list[Expr] = list(Mul.make_args(expr))
    for b in [f for f in factors if isinstance(f, Inside)]:
        if any(is_name(f) and b.args[0] in indices_of(f) for f in factors):
            continue
        deeper = next((f for f in factors if isinstance(f, Sum | Add) and _is_about(b, f)), None)
        if deeper is not None:
            factors.remove(b)
            factors[factors.index(deeper)] = _pushed(b, deeper)
    return Mul(*factors)


def _is_about(bracket: Expr, expr: Expr) -> bool:
    bound = {i for s in expr.atoms(Sum) for i, _, _ in bound_in(s)}
    about = any(bracket.args[0] in indices_of(a) for a in names_in(expr))
    return about and not free_indices(bracket) & bound


def _pushed(bracket: Expr, into: Expr) -> Expr:
    if isinstance(into, Sum):
        return Sum(bracket * into.function, *into.limits)
    return Add(*(bracket * term for term in Add.make_args(into)))


@dataclass(frozen=True, kw_only=True)
class Scattered:
    """Σ_K body · Π δ(q, place): what a sum over brackets of q − S p says of each term."""

    body: Expr
    over: tuple[Idx, ...]
    targets: tuple[tuple[Idx, Expr], ...]


def scattered(expr: Sum) -> Scattered | None:
    """A sum with brackets on a difference of a free and a bound index, as a sum over places; None for others."""
    over, body = _opened(expr)
    factors: list[Expr] = list(Mul.make_args(body))
    targets: list[tuple[Idx, Expr]] = []
    while (found := _bracket(factors, over)) is not None:
        bracket, q = found
        place, lower, upper = (_expr(a) for a in bracket.args)
        u = fresh(index("tap_" + str(q.label).rstrip("'"), lower, upper), {*free_indices(body), *over})
        where = (u - place + q).expand()
        factors.remove(bracket)
        replaced: dict[Basic, Basic] = {q: where}
        factors = [substitute(f, replaced) for f in factors]
        over, targets = (*over, u), [*targets, (q, where)]
    return Scattered(body=Mul(*factors), over=over, targets=tuple(targets)) if targets else None


def _opened(expr: Sum) -> tuple[tuple[Idx, ...], Expr]:
    """The indices and the body, sums directly inside included."""
    over, body = tuple(i for i, _, _ in bound_in(expr)), expr.function
    if isinstance(body, Sum):
        inner, body = _opened(body)
        over = (*inner, *over)
    return over, body


def _bracket(factors: list[Expr], over: tuple[Idx, ...]) -> tuple[Expr, Idx] | None:
    """A bracket on q + (something with bound indices), and its free index q."""
    for f in factors:
        if isinstance(f, Inside):
            place = _expr(f.args[0]).expand()
            bound, free = free_indices(place) & set(over), free_indices(place) - set(over)
            if bound and len(free) == 1 and place.coeff(q := min(free, key=str)) == 1:
                return f, q
    return None


def _expr(part: Any) -> Expr:
    found: Expr = part
    return found
