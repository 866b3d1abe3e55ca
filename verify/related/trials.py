"""Numbers at which an inequality is tried: in float64 at several scales, and what fails confirmed by mpmath."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sympy import Expr

from derive.model import Model
from derive.prove import carried_out
from derive.quantities import Domain, Quantity
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import whole
from lowering.numeric.errors import EvaluationError

from ..conditions import Condition
from ..conditions import allowed as at_which
from ..evaluation import Place, free_in, needed, sides
from ..points import Allowed, Sizes, Values, sizes_to_try
from ..refute import PRECISIONS, draws, example
from ..results import Counterexample

MARGIN = 1e-9
SCALES = (1.0, 0.15, 7.0)
ROUNDS = 12  # of moves towards where an inequality may fail
SMALL = 1e-3
LARGE = (7, 19)  # √n ≤ 2 holds for all small n


@dataclass(frozen=True, kw_only=True)
class Trials:
    """What came of trying an inequality.

    Attributes:
        kept: the number of trials in which it held at every point.
        everywhere: whether it failed, by a margin, at every point tried.
        counterexample: numbers at which it fails.
    """

    kept: int = 0
    everywhere: bool = False
    counterexample: Counterexample | None = None


def _deviation(q: Quantity) -> Quantity:
    """A quantity, positive if it is called σ, as deviations are."""
    deviation = q.name.split("_")[0] == "sigma" and not q.axes and q.domain is Domain.REAL
    return replace(q, domain=Domain.POSITIVE) if deviation else q


def tried(lower: Expr, upper: Expr, model: Model, conditions: tuple[Condition, ...], seed: int = 0) -> Trials:
    """Try lower ≤ upper at random points where conditions hold, and at points moved to where the gap is smaller.

    Raises: EvaluationError: if neither side can be evaluated.
    """
    model = replace(model, given=tuple(_deviation(q) for q in model.given))
    allowed = at_which(conditions, model) if conditions else None
    exact = carried_out(lower, model), carried_out(upper, model)
    names = needed(lower, upper, model) | needed(*exact, model)
    names = names.union(*(needed(c.expr, c.expr, model) for c in conditions))
    kept, everywhere, place = 0, True, None
    small = list(sizes_to_try(*exact, model))
    for trial, sizes in enumerate((*small, *(dict.fromkeys(small[0], n) for n in LARGE if small[0]))):
        generator = np.random.default_rng((seed, trial))
        for plain in (True, False):
            for given in _scaled(draws(model, sizes, generator, plain, names, allowed), model, allowed, sizes):
                gap = _gap(exact, model, sizes, given)
                if gap is None:
                    continue
                if gap.max() >= -MARGIN:
                    everywhere = False
                if gap.min() < -MARGIN:
                    place = place or _place(exact, gap, sizes, given)
                    continue
                kept += 1
                if place is None and (moved := _moved(exact, model, sizes, given, gap, generator, allowed)) is not None:
                    place, everywhere = _place(exact, moved[0], sizes, moved[1]), False
    found = None if place is None else _confirmed(exact, model, place)
    return Trials(kept=kept, everywhere=everywhere and found is not None, counterexample=found)


def _scaled(given: Values, model: Model, allowed: Allowed | None, sizes: Sizes) -> Iterator[Values]:
    """The values themselves; those without bounds also smaller and larger, where the conditions still hold."""
    free = {q.name for q in model.given if q.domain in (Domain.REAL, Domain.POSITIVE, Domain.NONNEGATIVE)}
    for scale in SCALES if given else SCALES[:1]:
        values = {n: v * scale if n in free else v for n, v in given.items()}
        if allowed is not None and given:
            mask = np.broadcast_to(allowed(sizes, values), (len(next(iter(values.values()))),))
            values = {n: v[mask] for n, v in values.items()}
        if not given or len(next(iter(values.values()))):
            yield values


def _gap(exact: tuple[Expr, Expr], model: Model, sizes: Sizes, given: Values) -> Any:
    """How much more the upper side has, relative to their size, where both have a value; None if nowhere."""
    try:
        a, b = sides(*exact, model, sizes, given)
    except EvaluationError:
        return None
    with np.errstate(all="ignore"):
        gap = (b - a) / np.maximum(np.maximum(np.abs(a), np.abs(b)), SMALL)
    finite = np.isfinite(gap)
    return None if not finite.any() else np.where(finite, gap, np.nanmax(np.where(finite, gap, -np.inf)))


def _moved(
    exact: tuple[Expr, Expr],
    model: Model,
    sizes: Sizes,
    given: Values,
    gap: Any,
    generator: np.random.Generator,
    allowed: Allowed | None,
) -> tuple[Any, Values] | None:
    """Points near the one with the least gap, again and again, until the inequality fails; None if it does not."""
    if not given:
        return None
    best, step = _at(given, int(np.argmin(gap.reshape(len(gap), -1).min(axis=1)))), 0.3
    free = {q.name: q.domain for q in model.given}
    for _ in range(ROUNDS):
        near = {n: _near(v, free.get(n, Domain.REAL), step, generator) for n, v in best.items()}
        if allowed is not None:
            mask = np.broadcast_to(allowed(sizes, near), (len(next(iter(near.values()))),))
            near = {n: np.concatenate([best[n], v[mask]]) for n, v in near.items()}
        new = _gap(exact, model, sizes, near)
        if new is None:
            return None
        if new.min() < -MARGIN:
            return new, near
        best = _at(near, int(np.argmin(new.reshape(len(new), -1).min(axis=1))))
        step *= 0.7
    return None


def _at(given: Values, point: int) -> dict[str, Any]:
    return {n: v[point : point + 1] for n, v in given.items()}


def _near(value: Any, domain: Domain, step: float, generator: np.random.Generator) -> Any:
    """Points about one, within its domain."""
    noise = generator.normal(size=(16, *np.shape(value)[1:])) * step
    if domain is Domain.REAL:
        return value + noise * np.maximum(np.abs(value), 1.0)
    if domain in (Domain.POSITIVE, Domain.NONNEGATIVE):
        return value * np.exp(noise)
    if domain is Domain.UNIT:
        return np.clip(value + noise / 3, 1e-6, 1 - 1e-6)
    return np.repeat(value, 16, axis=0)


def _place(exact: tuple[Expr, Expr], gap: Any, sizes: Sizes, given: Values) -> Place:
    point, *position = np.unravel_index(int(np.argmin(gap)), gap.shape)
    free = free_in(*exact)
    return Place(
        sizes=sizes,
        given={n: np.round(v[point : point + 1], 6) for n, v in given.items()},
        indices={i: whole(i.lower, sizes) + int(k) for i, k in zip(free, position, strict=True)},
        position=tuple(int(k) for k in position),
    )


def _confirmed(exact: tuple[Expr, Expr], model: Model, place: Place) -> Counterexample | None:
    """The numbers, if the inequality fails at both precisions."""
    values: tuple[Any, Any] | None = None
    for digits in PRECISIONS:
        arithmetic = mpmath_arithmetic(digits)
        given = {n: arithmetic.convert(v) for n, v in place.given.items()}
        a, b = (s[(0, *place.position)] for s in sides(*exact, model, place.sizes, given, arithmetic))
        if not a - b > MARGIN * max(abs(a), abs(b), SMALL):
            return None
        values = a, b
    assert values is not None
    return example(*exact, model, place, values)
