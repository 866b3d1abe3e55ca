"""Numbers for what is said of a recursion: it is written out for a few steps, and each step is tried by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sympy import Basic, Expr, Idx

from derive.analysis.unrolling import OutOfRange, Unrolled, steps_of, unrolled
from derive.model import Model
from lowering.numeric.errors import EvaluationError

from .evaluation import needed
from .points import Allowed
from .results import Counterexample
from .screen import ONE, AnyScreen, Screen
from .trials import Trials

STEPS = (2, 3)
SCREENED = 3
Search = Callable[[Expr, Expr, Model], Trials]


def refute_along(left: Expr, right: Expr, model: Model, over: Idx, search: Search) -> Trials:
    """Look for numbers at which left and right differ at some step; steps of which a side does not speak are left out.

    Args:
        left: an expression in the names of the model.
        right: another.
        model: with a recursion.
        over: the index that counts its steps.
        search: what finds such numbers where nothing recurs.
    """
    found = Trials()
    for steps in STEPS:
        whole = unrolled(model, over, steps)
        for place in whole.places(left, right) if whole is not None else ():
            assert whole is not None
            try:
                sides = whole.at(left, place), whole.at(right, place)
            except OutOfRange:
                continue
            trials = search(*sides, whole.model)
            if trials.counterexample is not None:
                return replace(trials, counterexample=_shown(trials.counterexample, whole, place))
            if not trials.agreed:
                return trials
            found = replace(found, agreed=found.agreed + trials.agreed)
    return found if found.agreed else replace(found, reason="there are no steps at which it could be tried")


def _shown(example: Counterexample, whole: Unrolled, place: dict[Basic, Basic]) -> Counterexample:
    values = {str(i.args[0]): str(k) for i, k in place.items()}
    return replace(example, sizes={str(whole.size): whole.steps, **example.sizes}, values={**values, **example.values})


class ScreenAlong(AnyScreen):
    """A `Screen` for a model with a recursion: the points are those of a few steps written out."""

    def __init__(self, left: Expr, right: Expr, model: Model, over: Idx) -> None:
        """Draw the points.

        Raises: EvaluationError: if there is no step at which the equation could be tried.
        """
        self.model = model
        whole = unrolled(model, over, SCREENED)
        first = None if whole is None else next(at_steps(whole, left, right), None)
        if whole is None or first is None:
            raise EvaluationError("there are no steps at which it could be tried")
        self.whole = whole
        self.inner = Screen(*first, whole.model)

    def is_evaluable(self, left: Expr, right: Expr) -> bool:
        """Whether both sides have values at some step."""
        return any(self.inner.is_evaluable(*sides) for sides in at_steps(self.whole, left, right))

    def may_be_equal(self, left: Expr, right: Expr, factor: Expr = ONE) -> bool:
        """Whether left = factor · right at all points and steps."""
        tried = list(at_steps(self.whole, left, right))
        return bool(tried) and all(self.inner.may_be_equal(*sides, factor) for sides in tried)


def screen_for(left: Expr, right: Expr, model: Model, allowed: Allowed | None = None) -> AnyScreen:
    """Points at which edits of an equation are tried; where nothing recurs only those that are allowed.

    Raises: EvaluationError: if there are none.
    """
    over = steps_of(model, needed(left, right, model))
    return Screen(left, right, model, allowed) if over is None else ScreenAlong(left, right, model, over)


def at_steps(whole: Unrolled, left: Expr, right: Expr) -> Iterator[tuple[Expr, Expr]]:
    """The sides at each step of which both speak."""
    for place in whole.places(left, right):
        try:
            yield whole.at(left, place), whole.at(right, place)
        except OutOfRange:
            continue
