"""Numbers that show an equation to be false, found in float64 and confirmed by mpmath at two precisions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

import numpy as np
from sympy import Abs, Basic, Expr, Idx, Max, Min, Symbol, ceiling, floor, log, sign

from derive.analysis.unrolling import steps_of
from derive.calculus.trees import holds, operations, parts
from derive.model import Model
from derive.prove import carried_out
from derive.quantities import Domain
from derive.rows.functions import RowFunction
from derive.vocabulary import Maximum, Partial, Positive
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import whole
from lowering.numeric.errors import EvaluationError

from .alongsteps import refute_along
from .differences import AGREEMENT, by_differences
from .evaluation import Place, distinct, free_in, needed, sides
from .points import INFINITE, MOST_DECIMALS, Allowed, Sizes, Values, plainer, sizes_to_try, values_at
from .results import Counterexample
from .standins import UNTOLD, claims, untold
from .trials import Trials

CANDIDATE = 1e-6
VISIBLE = 0.02
CONFIRMED = 1e-9
PRECISIONS = (30, 60)
FEWEST_USABLE = 4
DRAWS = 6  # where the text makes conditions, which random numbers often break
SWITCHES = (Positive, Abs, Max, Min, Maximum, sign, floor, ceiling)
JUMPS = (Positive, sign)
MANY_ENTRIES, MANY_OPERATIONS = 24, 200
FAR = 40  # times: σ(x + 30) is nearly 1 for small x, and nearly 0 for some of these
SMALL = 1e-3  # numbers below this are compared as they are, not relatively


Adjusted = Callable[[Values], Values]


def refute(
    left: Expr,
    right: Expr,
    model: Model,
    seed: int = 0,
    *,
    allowed: Allowed | None = None,
    adjusted: Adjusted | None = None,
    entries: Collection[Idx] = (),
    plainest: bool = True,
) -> Trials:
    """Look for numbers at which left and right differ.

    A claim about functions without a formula is false if it is for each usual one in their place. Two free indices
    with one range are taken apart: what is claimed of i and j may be meant for i ≠ j only.

    Args:
        left: an expression in the names of the model; derivatives are carried out exactly.
        right: another.
        model: its definitions are evaluated forwards, from random values of what is given.
        seed: of the random values.
        allowed: at which points the conditions of the text hold; all if None.
        adjusted: what makes special values of random ones: unit vectors.
        entries: the free indices that the author has not written, at which a vector or matrix is compared.
        plainest: whether the numbers are to be shown to people, and so made plain: needless if only asked whether.
    Returns: a counterexample, confirmed by mpmath at two precisions and by differences; else how many trials agreed.
    """
    if (over := steps_of(model, needed(left, right, model))) is not None:
        each = partial(refute, seed=seed, allowed=allowed, adjusted=adjusted, entries=entries, plainest=plainest)
        return refute_along(left, right, model, over, each)
    if (letter := untold(left, right, model)) is not None:
        return Trials(reason=f"{UNTOLD}{letter} is")
    first: Trials | None = None
    for claim in claims(left, right, model):
        found = _tried(*claim, seed, allowed, adjusted, entries, plainest and first is None)
        if found.counterexample is None:
            other = dataclasses.replace(found, agreed=0, reason=found.reason or "it holds for some such functions")
            return found if claim[0] is left and claim[2] is model else other
        first = first or found
    return first or Trials()


def _tried(
    left: Expr,
    right: Expr,
    model: Model,
    seed: int,
    allowed: Allowed | None,
    adjusted: Adjusted | None,
    entries: Collection[Idx],
    plainest: bool,
) -> Trials:
    exact = carried_out(left, model), carried_out(right, model)
    names = needed(left, right, model) | needed(*exact, model)
    bends, jumps = _bends(left, right, model, names), _has(JUMPS, (left, right), model, names)
    turns = _has((*SWITCHES, *JUMPS, RowFunction), (left, right), model, names)
    reason, disputed, agreed, beyond_one = "", "", 0, False
    for trial, sizes in enumerate(sizes_to_try(*exact, model)):
        generator = np.random.default_rng((seed, trial))
        for plain in (True, False):
            try:
                given = draws(model, sizes, generator, plain, names, allowed)
                given = _with_far(given, sizes, allowed, model) if turns else given
                given = given if adjusted is None else adjusted(given)
                given = _off_kinks(given, sizes, generator, allowed, model) if bends else given
                given = adjusted(given) if adjusted is not None and bends else given  # what has been moved
                given = _where_real(left, right, model, sizes, given)
                found = _differ(*exact, model, sizes, given, entries)
                if found is not None and jumps and not bends:
                    given = _off_kinks(given, sizes, generator, allowed, model)
                    found = _not_at_a_jump(_differ(*exact, model, sizes, given, entries))
                if found is None:
                    agreed, beyond_one = agreed + 1, beyond_one or 1 not in sizes.values()
                    continue
                plain_enough = adjusted or bends or jumps or not plainest
                simplest = found if plain_enough else _simplest(*exact, model, found, allowed)
                for place in (simplest,) if simplest is found else (simplest, found):  # where logarithms are real
                    shown = _confirmed(*exact, model, place)
                    if shown is not None and _by_differences(left, right, model, place, shown):
                        return Trials(counterexample=example(*exact, model, place, shown))
                disputed = "a difference was found that could not be confirmed"
            except OnlyWhereEqual as error:
                disputed = str(error)
            except EvaluationError as error:
                reason = str(error)
    return Trials(agreed=agreed if beyond_one and not disputed else 0, reason=disputed or reason or None)


def draws(
    model: Model, sizes: Sizes, generator: np.random.Generator, plain: bool, names: set[str], allowed: Allowed | None
) -> Values:
    """Random values; those that the text allows, of several draws if there are few."""
    given = values_at(model, sizes, generator, plain=plain, names=names)
    if allowed is None or not given:
        return given
    draws = [given, *(values_at(model, sizes, generator, plain=plain, names=names) for _ in range(DRAWS - 1))]
    shares = {q.name for q in model.given if q.domain is Domain.SIMPLEX}
    draws += [{n: v if n in shares else _within_unit(v, generator) for n, v in draw.items()} for draw in draws]
    kept = [_kept(draw, sizes, allowed) for draw in draws]
    return {n: np.concatenate([draw[n] for draw in kept]) for n in given}


def _with_far(given: Values, sizes: Sizes, allowed: Allowed | None, model: Model) -> Values:
    """The values and some far from zero: max(0, x + 3) is x + 3 wherever x is a small number."""
    stretched = {n for n, v in given.items() if model.quantities[n].domain is Domain.REAL}
    far = _kept({n: FAR * v if n in stretched else v for n, v in given.items()}, sizes, allowed)
    return {n: np.concatenate([v, far[n]]) for n, v in given.items()} if stretched else given


def _where_real(left: Expr, right: Expr, model: Model, sizes: Sizes, given: Values) -> Values:
    """The values at which the logarithms that are differentiated are real, if there are enough of them."""
    for of in (p.args[0] for side in (left, right) for p in parts(side, Partial) if p.args[0].has(log)):
        try:
            value = sides(of, of, model, sizes, given)[0]
        except (EvaluationError, ValueError):
            continue
        kept: Any = np.isfinite(np.reshape(value, (len(value), -1))).all(axis=1)
        if FEWEST_USABLE <= kept.sum() < len(kept):
            given = {n: v[kept] for n, v in given.items()}
    return given


def _kept(given: Values, sizes: Sizes, allowed: Allowed | None) -> Values:
    """The points that the text allows."""
    if allowed is None or not given:
        return given
    mask = allowed(sizes, given)
    return {n: v[mask] for n, v in given.items()}


def _within_unit(values: Any, generator: np.random.Generator) -> Any:
    """Some of the values replaced by 0 or 1, or by a share, which is what most conditions ask for."""
    kinds = generator.random(values.shape)
    shares = np.round(generator.uniform(0.05, 0.95, values.shape), 2)
    return np.where(kinds < 0.3, generator.integers(0, 2, values.shape), np.where(kinds < 0.7, shares, values))


def _bends(left: Expr, right: Expr, model: Model, names: set[str]) -> bool:
    """Whether something with kinks is differentiated: at a kink there is no derivative to compare."""
    if not (holds(left, Partial) or holds(right, Partial)):
        return False
    return _has(SWITCHES, (left, right), model, names)


def _has(kinds: tuple[type[Basic], ...], sides: tuple[Expr, Expr], model: Model, names: set[str]) -> bool:
    """Whether the sides or what they are made of have something of these kinds."""
    bodies = [*sides, *(d.expr for d in model.definitions if d.name in names)]
    bodies += [f.textbook for body in bodies for f in parts(body, RowFunction)]
    return any(holds(body, kinds) for body in bodies)


def _off_kinks(
    given: Values, sizes: Sizes, generator: np.random.Generator, allowed: Allowed | None, model: Model
) -> Values:
    """The values moved a little, each by another amount: kinks lie at plain numbers and where two are equal."""
    moved = dict(given)
    for name, v in given.items():
        if model.quantities[name].domain in DISCRETE:
            continue
        moved[name] = np.round(v + generator.uniform(0.05, 0.2, np.shape(v)), MOST_DECIMALS)
        if allowed is not None and not allowed(sizes, moved).any():  # a label that the text says is 0 or 1
            moved[name] = v
    return _kept(moved, sizes, allowed)


class OnlyWhereEqual(EvaluationError):
    """The two sides differ only where two indices have the same value, or where a step jumps."""


def _not_at_a_jump(found: Place | None) -> Place:
    if found is None:
        raise OnlyWhereEqual(AT_JUMPS)
    return found


DISCRETE = (Domain.SIMPLEX, Domain.BINARY, Domain.SIGN, Domain.NATURAL)
AT_JUMPS = "the two sides differ only where a step jumps, where its value is a convention"
DIAGONAL = "the two sides differ only where two indices are equal"


# -- where they differ --------------------------------------------------------------------------------


def _apart(a: Any, b: Any) -> Any:
    """The relative difference, zero where a side has no finite value."""
    with np.errstate(all="ignore"):
        scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), SMALL)
        return np.where(np.isfinite(a) & np.isfinite(b), np.abs(a - b) / scale, 0.0)


def _differ(
    left: Expr, right: Expr, model: Model, sizes: Sizes, given: Values, entries: Collection[Idx] = ()
) -> Place | None:
    """The plainest point at which the sides differ; None if they agree.

    Raises: EvaluationError: if too few points have finite values, or they differ only where two indices are equal.
    """
    a, b = sides(left, right, model, sizes, given)
    finite = np.isfinite(a) & np.isfinite(b)
    if finite.sum() < (FEWEST_USABLE if given else 1):
        raise EvaluationError("neither side has a finite value at the points tried")
    apart = _apart(a, b)
    if apart.max(initial=0.0) < CANDIDATE:
        if not finite.any(axis=0).all():  # x_{i−k} where there is none
            raise EvaluationError("a side has no finite value at some of its indices")
        return None
    free = free_in(left, right)
    apart = np.where(distinct(left, right, apart.shape, entries), apart, 0.0)
    if apart.max(initial=0.0) < CANDIDATE:
        raise OnlyWhereEqual(DIAGONAL)
    order = sorted(
        np.argwhere(apart > CANDIDATE).tolist(), key=lambda w: (apart[tuple(w)] < VISIBLE, _size(given, w[0]))
    )
    point, *position = order[0]
    return Place(
        sizes=sizes,
        given={n: v[point : point + 1] for n, v in given.items()},
        indices={i: whole(i.lower, sizes) + k for i, k in zip(free, position, strict=True)},
        position=tuple(position),
    )


def _size(given: Values, point: int) -> tuple[int, float]:
    """How much a reader has to compute with: the number of values that are not zero, and their sum."""
    values = np.concatenate([np.ravel(v[point]) for v in given.values()]) if given else np.zeros(1)
    return int((values != 0).sum()) + 2 * int((values != np.round(values)).sum()), float(np.abs(values).sum())


# -- simpler numbers ----------------------------------------------------------------------------------


def _simplest(left: Expr, right: Expr, model: Model, place: Place, allowed: Allowed | None) -> Place:
    """The place with one value after another made simpler, for as long as the sides still differ visibly.

    Where many values go through many operations nobody computes them by hand, and they stay as they were drawn.
    """
    entries = sum(np.size(v) for v in place.given.values())
    if entries > MANY_ENTRIES and operations(left) + operations(right) > MANY_OPERATIONS:
        return place
    for q in (q for q in model.given if q.name in place.given):
        for where in np.ndindex(*np.shape(place.given[q.name])):
            simpler = list(plainer(q, float(place.given[q.name][where])))
            if simpler:
                place = _with_first_visible(left, right, model, place, q.name, where, simpler, allowed)
    return place


def _with_first_visible(
    left: Expr,
    right: Expr,
    model: Model,
    place: Place,
    name: str,
    where: tuple[int, ...],
    values: list[float],
    allowed: Allowed | None,
) -> Place:
    """The place with the first of these values in one entry at which the sides differ visibly; all tried at once."""
    given = {n: np.repeat(np.array(v, dtype=float), len(values), axis=0) for n, v in place.given.items()}
    entry: Any = (slice(None), *where[1:])
    given[name][entry] = values
    try:
        a, b = sides(left, right, model, place.sizes, given)
    except EvaluationError:
        return place
    differ = np.broadcast_to(_apart(a, b)[(slice(None), *place.position)] > VISIBLE, (len(values),))
    fits = differ if allowed is None else differ & allowed(place.sizes, given)
    if not fits.any():
        return place
    first = int(np.argmax(fits))
    return dataclasses.replace(place, given={n: v[first : first + 1] for n, v in given.items()})


# -- confirmation -------------------------------------------------------------------------------------


def _confirmed(left: Expr, right: Expr, model: Model, place: Place) -> tuple[Any, Any] | None:
    """Both sides, if mpmath finds them apart at both precisions and the precisions agree."""
    seen: list[tuple[Any, Any]] = []
    for digits in PRECISIONS:
        arithmetic = mpmath_arithmetic(digits)
        exact = {n: arithmetic.convert(v) for n, v in place.given.items()}
        a, b = (side[(0, *place.position)] for side in sides(left, right, model, place.sizes, exact, arithmetic))
        if not abs(a - b) > CONFIRMED * max(abs(a), abs(b), SMALL):
            return None
        seen.append((a, b))
    if any(abs(x - y) > CONFIRMED * max(abs(x), SMALL) for x, y in zip(*seen, strict=True)):
        return None
    return seen[-1]


def _by_differences(left: Expr, right: Expr, model: Model, place: Place, exact: tuple[Any, Any]) -> bool:
    """Whether central differences give the same two numbers; true where nothing is differentiated."""
    if not (holds(left, Partial) or holds(right, Partial)):
        return True
    numbers = by_differences(left, right, model, place)
    if numbers is None:
        return False
    return all(abs(x - y) <= AGREEMENT * max(abs(x), SMALL) for x, y in zip(numbers, exact, strict=True))


# -- what is told -------------------------------------------------------------------------------------


def example(left: Expr, right: Expr, model: Model, place: Place, values: tuple[Any, Any]) -> Counterexample:
    """A place with the values of both sides there, as it is told."""
    used = {s.name for e in (left, right, *(d.expr for d in model.definitions)) for s in parts(e, Symbol)}
    indices = {str(i.label): str(k) for i, k in place.indices.items()}
    return Counterexample(
        sizes={n: k for n, k in place.sizes.items() if n in used and n != INFINITE},
        values=indices | dict(_entries(left, right, model, place)),
        left=_decimal(values[0]),
        right=_decimal(values[1]),
    )


def _entries(left: Expr, right: Expr, model: Model, place: Place) -> Iterator[tuple[str, str]]:
    """The entries of the given quantities that matter, as text: `x[0]` and `0.5`; `x` and `0` where all are zero."""
    wanted = needed(left, right, model)
    for q in (q for q in model.given if q.name in wanted):
        entries = place.given[q.name][0]
        if np.size(entries) > 1 and not np.any(entries):
            yield q.name, "0"
            continue
        lowers = [whole(i.lower, place.sizes) for i in q.axes]
        for where in np.ndindex(*np.shape(entries)):
            entry = ",".join(str(k + low) for k, low in zip(where, lowers, strict=True))
            yield f"{q.name}[{entry}]" if entry else q.name, _decimal(entries[where])


def _decimal(value: Any) -> str:
    return f"{float(value):.6g}"
