"""What enters a recursion at one step alone: ∂L/∂h_t = … + δ(t, T) ∂L/∂h_T is computed once, and added at that step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sympy import Add, Basic, Expr, Idx, KroneckerDelta, Mul

from derive.calculus.indices import free_indices, substitute
from derive.vocabulary import Inside, index, name_of, names_in

from .entries import arguments
from .operations import Seeded, Tensor


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A definition in two parts: rest + δ(t, place) seed.

    Attributes:
        over: t, the index of the loop.
        axes: those of the seed, in the ranges that they have at its step.
        brackets: which hold within these ranges.
    """

    rest: Expr
    seed: Expr
    over: Idx
    place: Expr
    axes: tuple[Idx, ...]
    brackets: tuple[Expr, ...]

    def added(self, out: Tensor, rest: Expr, entry: Expr) -> Seeded:
        """The operation, with the rest and the seed as entries of tensors."""
        step_by_step = (i for i in out.axes if i != self.over)
        own: dict[Basic, Basic] = dict(zip(self.axes, step_by_step, strict=True))
        seed = substitute(entry, own)
        return Seeded(out=out, expr=rest, seed=seed, over=self.over, place=self.place, brackets=self.brackets)


def seed_of(expr: Expr, over: Idx, axes: tuple[Idx, ...], inside: Collection[str]) -> Seed | None:
    """The parts of a definition in a loop; None if nothing enters at one step alone.

    Args:
        expr: the definition.
        over: the index of the loop.
        axes: of what is defined.
        inside: what is computed in the loop, so that it cannot stand in a seed.
    """
    split = [(term, _step(term, over)) for term in Add.make_args(expr)]
    steps = {place for _, place in split if place is not None}
    rest = Add(*(term for term, place in split if place is None))
    if len(steps) != 1 or rest == 0:
        return None
    (place,) = steps
    delta = KroneckerDelta(place, over)
    factors = [list(Mul.make_args(term)) for term, at in split if at is not None]
    seed = Add(*(Mul(*(f for f in each if f != delta)) for each in factors))
    there = [(i, _at_step(i, over, place)) for i in axes if i != over]
    brackets = tuple(Inside(i, j.lower, j.upper) for i, j in there if i != j)
    plain = _outside(seed, brackets)
    moved: dict[Basic, Basic] = dict(there)
    seed = substitute(plain, moved)
    if over in free_indices(seed) or {name_of(a) for a in names_in(seed)} & set(inside):
        return None
    return Seed(rest=rest, seed=seed, over=over, place=place, axes=tuple(j for _, j in there), brackets=brackets)


def _step(term: Expr, over: Idx) -> Expr | None:
    """The step at which a term is there, None if that is not one step."""
    for factor in Mul.make_args(term):
        if isinstance(factor, KroneckerDelta) and over in arguments(factor)[:2]:
            place = next(a for a in arguments(factor)[:2] if a != over)
            return None if free_indices(place) else place
    return None


def _at_step(axis: Idx, over: Idx, place: Expr) -> Idx:
    """An axis over the range that it has at a step."""
    at: dict[Basic, Basic] = {over: place}
    lower, upper = substitute(axis.lower, at), substitute(axis.upper, at)
    return axis if (lower, upper) == (axis.lower, axis.upper) else index(str(axis.label), lower, upper)


def _outside(seed: Expr, brackets: tuple[Expr, ...]) -> Expr:
    """The seed where its brackets hold."""
    return Add(*(Mul(*(f for f in Mul.make_args(term) if f not in brackets)) for term in Add.make_args(seed)))
