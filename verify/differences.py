"""Derivatives by central differences in high precision, through the definitions: independent of the calculus."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sympy import Basic, Expr, Integer

from derive.calculus.indices import free_indices, substitute, transform
from derive.model import Model
from derive.prove import carried_out
from derive.quantities import Quantity
from derive.vocabulary import Partial, indices_of, is_name, name_of, names_in
from lowering.numeric.arithmetic import Arithmetic, mpmath_arithmetic
from lowering.numeric.environment import Environment, whole
from lowering.numeric.errors import EvaluationError
from lowering.numeric.evaluate import evaluate

from .evaluation import Place, forward, free_in, needed, with_values

DIGITS = 60
STEP = 10**-15
AGREEMENT = 1e-12
MOST_DIFFERENCES = 200


def by_differences(left: Expr, right: Expr, model: Model, place: Place) -> tuple[Any, Any] | None:
    """Both sides at a place, every ∂v/∂w in them taken as (v(w + ε) − v(w − ε)) / 2ε.

    Returns: None if there are too many differences to take.
    Raises: EvaluationError: if a side cannot be evaluated.
    """
    arithmetic = mpmath_arithmetic(DIGITS)
    given = {n: arithmetic.convert(v) for n, v in place.given.items()}
    partials: dict[Expr, Quantity] = {}

    def opaque(e: Expr) -> Expr | None:
        if not isinstance(e, Partial):
            return None
        axes = tuple(sorted(free_indices(e), key=str))
        found = partials.setdefault(e, Quantity(name=f"difference_{len(partials)}", latex="D", axes=axes))
        return found.at(*axes) if axes else found.at()

    plain = transform(left, opaque), transform(right, opaque)
    lengths = [[whole(i.upper - i.lower + 1, place.sizes) for i in q.axes] for q in partials.values()]
    if sum(int(np.prod(n)) for n in lengths) > MOST_DIFFERENCES:
        return None
    values = {
        q: _differences(e, q, n, model, place, given, arithmetic)
        for (e, q), n in zip(partials.items(), lengths, strict=True)
    }
    env = forward(model, place.sizes, given, needed(*plain, model), arithmetic)
    env = with_values(tuple(model.quantities.values()), env, values)
    free = free_in(left, right)
    a, b = (evaluate(side, env, free, arithmetic) for side in plain)
    a, b = np.broadcast_arrays(a, b)
    return a[(0, *place.position)], b[(0, *place.position)]


def _differences(
    partial: Expr,
    quantity: Quantity,
    lengths: list[int],
    model: Model,
    place: Place,
    given: Mapping[str, Any],
    arithmetic: Arithmetic,
) -> Any:
    """The derivative at every value of its free indices, as an array of shape (1, *lengths)."""
    result = arithmetic.convert(np.zeros((1, *lengths)))
    for where in np.ndindex(*lengths):
        at: dict[Basic, Basic] = {
            i: Integer(whole(i.lower, place.sizes) + k) for i, k in zip(quantity.axes, where, strict=True)
        }
        of, wrt = (part for part in partial.args if isinstance(part, Expr))
        of = carried_out(of, model) if of.has(Partial) else of  # of a second derivative the outer one alone
        ends = [
            _shifted(substitute(of, at), substitute(wrt, at), model, place, given, arithmetic, sign) for sign in (1, -1)
        ]
        result[(0, *where)] = (ends[0] - ends[1]) / (2 * arithmetic.convert(STEP).item())
    return result


def _shifted(
    of: Expr, wrt: Expr, model: Model, place: Place, given: Mapping[str, Any], arithmetic: Arithmetic, sign: int
) -> Any:
    """The value of `of` with the entry `wrt` moved by ±ε."""
    assert is_name(wrt)
    quantity = model.quantities[name_of(wrt)]
    shift = np.zeros((1, *(whole(i.upper - i.lower + 1, place.sizes) for i in quantity.axes)), dtype=object)
    where = [whole(k - i.lower, place.sizes) for k, i in zip(indices_of(wrt), quantity.axes, strict=True)]
    if any(not 0 <= k < n for k, n in zip(where, shift.shape[1:], strict=True)):
        raise EvaluationError(f"{wrt} lies outside the range of {quantity.name}")
    shift[(0, *where)] = sign * arithmetic.convert(STEP).item()
    wanted = {name_of(a) for a in names_in(of)}
    wanted |= {n for name in wanted for n in model.ancestors.get(name, ())} | {name_of(wrt)}
    wanted |= set(model.ancestors.get(name_of(wrt), ()))
    env: Environment = forward(model, place.sizes, given, wanted, arithmetic, {name_of(wrt): shift})
    return np.ravel(evaluate(of, env, (), arithmetic))[0]
