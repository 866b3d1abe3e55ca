"""A Hessian term by term as a sum of squares along any direction v.

Terms that have a sign:

    c Σ_s w_s f_{s,j} f_{s,k} = Σ_s c w_s (Σ_j f_{s,j} v_j)², where a delta δ_{jk} joins the sums to Σ_j w_j v_j²;
    c Σ_{ab} f_{j,a} M_{ab} f_{k,b} = c Σ_{ab} u_a M_{ab} u_b with u_a = Σ_j f_{j,a} v_j, where M is positive definite
    or the inverse of such a matrix;
    Σ_s w_s (p_{s,k} δ_{kl} − p_{s,k}p_{s,l}) = Σ_s w_s Σ_k p_{s,k} (u_{s,k} − Σ_l p_{s,l}u_{s,l})², if Σ_k p_{s,k} = 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sympy import Add, Basic, Expr, Idx, Indexed, Integer, KroneckerDelta, Mul, Pow, Sum, cancel, expand_mul

from ..calculus.indices import bound_in, free_indices, fresh, substitute
from ..calculus.positivity import positive
from ..calculus.tidy import pull_out
from ..model import Model
from ..prove import prove, reliable_facts
from ..quantities import Domain
from ..vocabulary import InverseEntry, indices_of, is_name, name_of, total

Range = tuple[Idx, Expr, Expr]
Axes = tuple[Idx, ...]


@dataclass(frozen=True, kw_only=True)
class Square:
    """Σ_bound Σ_joined w (Σ_own f v)².

    Attributes:
        expr: the whole.
        weight: w, whose sign the whole has.
        factor: f.
        own, joined: the rows summed inside and outside of the square.
        bound: the other sums around it.
        everywhere: whether it is zero only for v = 0, where Σ_bound w is not zero.
        normalised: names whose entries were proved to sum to one, which the proof may use.
    """

    expr: Expr
    weight: Expr
    factor: Expr
    own: Axes
    joined: Axes
    bound: tuple[Range, ...]
    everywhere: bool
    normalised: tuple[str, ...] = ()

    @property
    def weights(self) -> Expr:
        """Σ_bound w, with what does not depend on the sums in front."""
        return pull_out(Sum(self.weight, *self.bound)) if self.bound else self.weight


@dataclass(frozen=True, kw_only=True)
class Directions:
    """The rows and columns of a Hessian and the entry v_j of the direction along which it is taken."""

    model: Model
    rows: Axes
    columns: Axes
    entry: Expr

    def along(self, factor: Expr, own: Axes) -> Expr:
        """Σ_own f v."""
        return total(factor * self.entry, *own) if own else factor * self.entry


def squares(expr: Expr, v: Directions) -> list[Square] | None:
    """The squares that make up vᵀHv, or None if they were not found.

    Args:
        expr: H at the rows and columns of the directions.
        v: names the rows, the columns and the direction.
    """
    parts = _parts(expr, v)
    return None if parts is None else _centred(parts, v)


def _parts(expr: Expr, v: Directions) -> list[Square] | None:
    """Whole if it is one square, else term by term, else multiplied out."""
    if expr == 0:
        return []
    if (whole := _square(expr, v) or _in_a_norm(expr, v)) is not None:
        return [whole]
    terms = Add.make_args(expr if isinstance(expr, Add) else expand_mul(expr, deep=False))
    if len(terms) == 1:
        terms = Add.make_args(expand_mul(_term_by_term(expr), deep=False))
    if len(terms) == 1:
        return None
    parts = [_parts(t, v) for t in terms]
    return None if any(p is None for p in parts) else [square for p in parts for square in p or ()]


def _term_by_term(expr: Expr) -> Expr:
    """c Σ (a + b) as c (Σ a + Σ b)."""
    apart: dict[Basic, Basic] = {}
    for f in Mul.make_args(expr):
        if isinstance(f, Sum) and isinstance(f.function, Add):
            apart[f] = Add(*(Sum(t, *f.limits) for t in f.function.args))
    return expr.xreplace(apart)


# -- c Σ w f f -----------------------------------------------------------------------------------------


def _square(term: Expr, v: Directions) -> Square | None:
    """One term c Σ_s w_s f_{s,j} f_{s,k} Π δ as a square, or None if it is not of this form."""
    factors, bound, joined = _flat(term, v)
    own, other = _not_joined(v, joined)
    left = Mul(*(f for f in factors if free_indices(f) & set(own)))
    right = Mul(*(f for f in factors if free_indices(f) & set(other)))
    mirrored = substitute(right, dict(zip(v.columns, v.rows, strict=True)))
    if free_indices(left) & set(other) or mirrored != left:
        return None
    weight = Mul(*(f for f in factors if not free_indices(f) & {*own, *other}))
    return _put_together(v, weight, left, own, joined, bound)


def _put_together(
    v: Directions, weight: Expr, factor: Expr, own: Axes, joined: Axes, bound: tuple[Range, ...]
) -> Square:
    body = weight * v.along(factor, own) ** 2
    inner = Sum(body, *bound) if bound else body
    return Square(
        expr=total(inner, *joined) if joined else inner,
        weight=weight,
        factor=factor,
        own=own,
        joined=joined,
        bound=bound,
        everywhere=not own and factor == 1,
    )


def _flat(term: Expr, v: Directions) -> tuple[list[Expr], tuple[Range, ...], Axes]:
    """The factors of a term, its sums, and the rows that a delta makes equal to their columns."""
    factors, bound = _flattened(term, {*v.rows, *v.columns})
    pairs = {KroneckerDelta(i, k): (i, k) for i, k in zip(v.rows, v.columns, strict=True)}
    joined = dict(pairs[f] for f in factors if f in pairs)
    back: dict[Basic, Basic] = {k: i for i, k in joined.items()}  # what a delta has joined is one index from here on
    return [substitute(f, back) for f in factors if f not in pairs], bound, tuple(joined)


def _not_joined(v: Directions, joined: Axes) -> tuple[Axes, Axes]:
    pairs = [(i, k) for i, k in zip(v.rows, v.columns, strict=True) if i not in joined]
    return tuple(i for i, _ in pairs), tuple(k for _, k in pairs)


def _flattened(term: Expr, axes: set[Idx]) -> tuple[list[Expr], tuple[Range, ...]]:
    """The factors of a term with those under its sum, and the ranges of that sum."""
    factors = [g for f in Mul.make_args(term) for g in _powers_apart(f, axes)]
    sums = [f for f in factors if isinstance(f, Sum) and free_indices(f) & axes]
    if len(sums) != 1:
        return factors, ()
    inside, deeper = _flattened(sums[0].function, axes)
    return [*(f for f in factors if f is not sums[0]), *inside], (*deeper, *bound_in(sums[0]))


def _powers_apart(factor: Expr, axes: set[Idx]) -> tuple[Expr, ...]:
    """x^{j+k} as x^j · x^k."""
    if isinstance(factor, Pow) and len(free_indices(factor.args[1]) & axes) > 1:
        return tuple(Pow(factor.args[0], part, evaluate=False) for part in Add.make_args(factor.args[1]))
    return (factor,)


# -- c Σ f M f with M positive definite ----------------------------------------------------------------


def _in_a_norm(term: Expr, v: Directions) -> Square | None:
    """c Σ_{ab} f_{j,a} M_{ab} f_{k,b}, also where a is the row j itself."""
    factors, bound, joined = _flat(term, v)
    own, other = _not_joined(v, joined)
    for kernel in factors:
        for a, b in _definite(kernel, v.model):
            left = Mul(*(f for f in factors if f != kernel and free_indices(f) & {*own, a}))
            right = Mul(*(f for f in factors if f != kernel and free_indices(f) & {*other, b}))
            ends = {*zip(v.columns, v.rows, strict=True), (b, a)}
            outermost = (a, b) in zip(own, other, strict=True)
            if (
                not (outermost or {a, b} <= {i for i, _, _ in bound})
                or substitute(right, dict(ends)) != left
                or free_indices(left) & ({*other, b} - {a})
            ):
                continue
            weight = Mul(*(f for f in factors if f != kernel and not free_indices(f) & {*own, *other, a, b}))
            return _norm(v, kernel, (a, b), weight, left, own, joined, bound)
    return None


def _definite(factor: Any, model: Model) -> Iterator[tuple[Idx, Idx]]:
    """The row and column of an entry of a positive definite matrix, or of its inverse, either way round."""
    if isinstance(factor, InverseEntry):
        name, where = str(factor.args[0].label), factor.place
    elif isinstance(factor, Indexed):
        name, where = name_of(factor), factor.indices
    else:
        return
    known = name in model.quantities and model.quantities[name].domain is Domain.POSITIVE_DEFINITE
    if known and len(where) == 2 and all(isinstance(i, Idx) for i in where) and where[0] != where[1]:
        a, b = where
        if (a.lower, a.upper) == (b.lower, b.upper):  # a block on the diagonal is positive definite as well
            yield a, b
            yield b, a


def _norm(
    v: Directions,
    kernel: Expr,
    ends: tuple[Idx, Idx],
    weight: Expr,
    left: Expr,
    own: Axes,
    joined: Axes,
    bound: tuple[Range, ...],
) -> Square:
    a, b = ends
    plain = a in own  # u is the direction itself
    there = v.along(left, tuple(i for i in own if i != a))
    here = substitute(there, {a: b})
    outer = tuple(r for r in bound if r[0] not in ends)
    body = total(weight * kernel * there * here, a, b)
    inner = Sum(body, *outer) if outer else body
    return Square(
        expr=total(inner, *joined) if joined else inner,
        weight=weight,
        factor=left,
        own=own,
        joined=joined,
        bound=outer,
        everywhere=plain and own == (a,) and left == 1,
    )


# -- Σ w (Σ p u² − (Σ p u)²) ---------------------------------------------------------------------------


def _centred(parts: list[Square], v: Directions) -> list[Square]:
    """Squares with a weighted mean taken off, wherever two parts are the two terms of a variance."""
    for part in parts:
        for other in parts:
            if part.joined and not other.joined and (found := _variance(part, other, v)) is not None:
                return _centred([found, *(p for p in parts if p not in (part, other))], v)
    return parts


def _variance(second: Square, mean: Square, v: Directions) -> Square | None:
    """Σ_k p_k u_k² − (Σ_k p_k u_k)² = Σ_k p_k (u_k − ū)² with ū = Σ_k p_k u_k, where the p_k sum to one."""
    if len(second.bound) != len(mean.bound) or set(mean.own) != {*second.own, *second.joined}:
        return None
    renamed: dict[Basic, Basic] = {i: j for (i, _, _), (j, _, _) in zip(mean.bound, second.bound, strict=True)}
    share = cancel(substitute(mean.factor, renamed) / second.factor)
    if cancel(second.weight + substitute(mean.weight, renamed) * share) != 0 or not _sums_to_one(share, second, v):
        return None
    inside = [fresh(i, {*v.rows, *v.columns}) for i in second.joined]
    along = v.along(second.factor, second.own)
    apart: dict[Basic, Basic] = dict(zip(second.joined, inside, strict=True))
    centre = total(substitute(share * along, apart), *inside)
    body = second.weight * (along - centre) ** 2
    return replace(
        second,
        expr=Sum(body, *((i, i.lower, i.upper) for i in second.joined), *second.bound),
        everywhere=False,
        normalised=(*second.normalised, name_of(share)),
    )


def _sums_to_one(share: Expr, second: Square, v: Directions) -> bool:
    """Whether shares are entries of a quantity that sum to one along its last axis, which is the one joined."""
    if not is_name(share) or len(second.joined) != 1 or indices_of(share)[-1:] != second.joined:
        return False
    quantity, along = v.model.quantities[name_of(share)], second.joined[0]
    axis = quantity.axes[-1]
    whole = (axis.lower, axis.upper) == (along.lower, along.upper)
    return whole and prove(total(quantity.at(), axis), Integer(1), v.model) is not None


def on_simplex(model: Model, names: tuple[str, ...]) -> Model:
    """The model in which these names, whose entries were proved to sum to one along the last axis, are known to."""
    facts = reliable_facts(model)
    sure = {n for n in names if positive(model.quantities[n].at(), facts)}
    return replace(
        model,
        definitions=tuple(
            replace(d, quantity=replace(d.quantity, domain=Domain.SIMPLEX)) if d.name in sure else d
            for d in model.definitions
        ),
    )
