"""Usual functions in the place of those that a text gives no formula, such as an activation f.

What a claim says of f and f′ may hold for some functions only, f′ = f (1 − f) for the sigmoid. It is called wrong if
it is false whichever of the usual functions f is; where one makes it true, the author may mean that one. What says
of one f what it is, ∂Φ(z)/∂z = e^{−z²/2}/√(2π), or dy/dt = r y with y = f(t), is not called wrong.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from functools import partial

from sympy import Expr, exp, log, sin

from derive.calculus.indices import transform
from derive.calculus.trees import holds, parts
from derive.model import Model
from derive.rows.functions import RowFunction
from derive.rows.unnamed import BY_LAYER, Unnamed, named
from derive.vocabulary import Partial, Positive

from .evaluation import needed

UNTOLD = "the text does not say which function "
UNTOLD_SLOPE = "the text does not say what the derivative of "
Function = Callable[..., Expr]
Claim = tuple[Expr, Expr, Model]

USUAL: tuple[Function, ...] = (
    lambda z: (exp(2 * z) - 1) / (exp(2 * z) + 1),
    lambda z: 1 / (1 + exp(-z)),
    lambda z: z,
    lambda z: z * Positive(z),
    lambda z: log(1 + exp(z)),
    lambda z: sin(z) + z**2 / 3,
)


def claims(left: Expr, right: Expr, model: Model) -> Iterator[Claim]:
    """A claim with each usual function for the functions of one number that have no formula; as it is if it has none.

    Several letters stand for one function, and then each for another.
    """
    letters = _letters(left, right, model)
    shifts = (0, 1) if len(letters) > 1 else (0,)
    if not letters:
        yield left, right, model
    for k in range(len(USUAL)) if letters else ():
        for shift in shifts:
            usual = (USUAL[(k + shift * n) % len(USUAL)] for n in range(len(letters)))
            chosen = {n: _by_layer(f) if n.endswith(BY_LAYER) else f for n, f in zip(letters, usual, strict=True)}
            yield _with(left, right, model, partial(named, functions=chosen))


def untold(left: Expr, right: Expr, model: Model) -> str | None:
    """The function without a formula of which a claim says what it is: it stands on one side alone, f(z) = z + 1.

    Or it is nowhere differentiated, and there are quantities on the right that are not on the left.
    """
    sides = [(_letters(side, side, model), needed(side, side, model)) for side in (left, right)]
    (here, on_left), (there, on_right) = sides
    apart = sorted(set(here) ^ set(there))
    if apart:
        return apart[0]
    primed = any(f.orders != (0,) for side in (left, right) for f in parts(side, Unnamed))
    return here[0] if here and not primed and not holds(left, Partial) and not on_right <= on_left else None


def has_any(left: Expr, right: Expr, model: Model, letter: str) -> bool:
    """Whether a claim rests on a function without a formula that has this letter."""
    return letter in _letters(left, right, model)


def claims_of_others(left: Expr, right: Expr, model: Model, name: str) -> Iterator[Claim]:
    """A claim with each usual function in the place of a known one, σ say."""
    for function in USUAL:
        yield _with(left, right, model, partial(_instead, name=name, function=function))


def _instead(expr: Expr, name: str, function: Function) -> Expr:
    def other(e: Expr) -> Expr | None:
        if not isinstance(e, RowFunction) or e.row.name != name:
            return None
        return function(_instead(e.arguments[0], name, function))

    written: Expr = transform(expr, other)
    return written


def _letters(left: Expr, right: Expr, model: Model) -> tuple[str, ...]:
    names = needed(left, right, model)
    bodies = (left, right, *(d.expr for d in model.definitions if d.name in names))
    found = {f for body in bodies for f in parts(body, Unnamed)}
    several = {f.letter for f in found if len(f.orders) != 1 and not f.letter.endswith(BY_LAYER)}
    return tuple(sorted({f.letter for f in found} - several))


def _by_layer(function: Function) -> Function:
    """One function for each layer: f(z (l + 2) / 3)."""
    return lambda z, layer: function(z * (layer + 2) / 3)


def _with(left: Expr, right: Expr, model: Model, change: Callable[[Expr], Expr]) -> Claim:
    """Both sides and the model with other functions in them."""
    made = tuple(
        dataclasses.replace(d, expr=change(d.expr), base=None if d.base is None else change(d.base))
        for d in model.definitions
    )
    return change(left), change(right), dataclasses.replace(model, definitions=made)
