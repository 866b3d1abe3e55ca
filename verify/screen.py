"""Many candidate equations tried at the same few points: fast, in float64, to drop those that cannot be true."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from sympy import Expr, Idx, Integer

from derive.calculus.indices import free_indices
from derive.model import Model
from derive.prove import carried_out
from derive.vocabulary import Partial
from lowering.numeric.arithmetic import FLOAT64
from lowering.numeric.environment import Environment, environment
from lowering.numeric.errors import EvaluationError
from lowering.numeric.evaluate import evaluate

from .carry_out import evaluable, undefined
from .evaluation import distinct, free_in, needed
from .points import Allowed, sizes_to_try, values_at

AGREEMENT = 1e-7
SMALL = 1e-3
FEWEST_FINITE = 3
TRIALS = 2
ONE = Integer(1)


class AnyScreen(ABC):
    """Points at which edits of an equation are tried.

    Attributes:
        model: whose names the equations are in.
    """

    model: Model

    @abstractmethod
    def is_evaluable(self, left: Expr, right: Expr) -> bool:
        """Whether both sides have values at the points."""

    @abstractmethod
    def may_be_equal(self, left: Expr, right: Expr, factor: Expr = ONE) -> bool:
        """Whether left = factor · right at all points; false too if they cannot be evaluated, or mean nothing.

        With each of many factors the sides are evaluated once.
        """


class Screen(AnyScreen):
    """A few points in the domains of what a model takes as given, at sizes that differ, with all that follows."""

    def __init__(self, left: Expr, right: Expr, model: Model, allowed: Allowed | None = None, *, seed: int = 0) -> None:
        """Draw the points for an equation that has been refuted, and for others like it.

        Args:
            left: an expression in the names of the model.
            right: another.
            model: whose quantities have values.
            allowed: at which of the points the equations are meant; at all if None.
            seed: of the points.
        Raises: EvaluationError: if there are no sizes at which all that is given has entries.
        """
        self.model = model = evaluable(model)
        self.trials: list[dict[str, Any]] = []
        self.meant: list[Any] = []
        self.sizes: list[dict[str, int]] = []
        self.environments: dict[int, Environment] = {}
        self.carried: dict[Expr, Expr] = {}
        self.values: dict[tuple[Expr, tuple[Idx, ...], int], Any] = {}
        for k, sizes in enumerate(reversed(list(sizes_to_try(left, right, model)))):
            if len(self.trials) == TRIALS:
                break
            try:
                values = values_at(model, sizes, np.random.default_rng((seed, k)), plain=False)
                self.meant.append(np.True_ if allowed is None else allowed(sizes, values))
                self.trials.append(values)
                self.sizes.append(sizes)
            except EvaluationError:
                continue
        if not self.trials:
            raise EvaluationError("there are no sizes at which all that is given has entries")

    def is_evaluable(self, left: Expr, right: Expr) -> bool:
        """Whether both sides have values at the points."""
        try:
            for side in (self._exact(left), self._exact(right)):
                self._value(side, free_in(left, right), 0)
        except (EvaluationError, ValueError, RecursionError):
            return False
        return True

    def may_be_equal(self, left: Expr, right: Expr, factor: Expr = ONE) -> bool:
        """Whether left = factor · right at all points; false too if they cannot be evaluated, or mean nothing."""
        if free_indices(right) - free_indices(left) or any(undefined(s, self.model) for s in (left, right)):
            return False
        try:
            sides = self._exact(left), self._exact(right)
            return all(self._agree(*sides, factor, k) for k in range(len(self.trials)))
        except (EvaluationError, ValueError, RecursionError):
            return False

    def _exact(self, side: Expr) -> Expr:
        if not side.has(Partial):
            return side
        if side not in self.carried:
            self.carried[side] = carried_out(side, self.model)
        return self.carried[side]

    def _agree(self, left: Expr, right: Expr, factor: Expr, trial: int) -> bool:
        free = free_in(left, right)
        with np.errstate(all="ignore"):
            a, b, f = np.broadcast_arrays(*(self._value(e, free, trial) for e in (left, right, factor)))
            b = f * b
            meant = np.reshape(self.meant[trial], (-1,) + (1,) * (a.ndim - 1))
            finite = np.isfinite(a) & np.isfinite(b) & meant
            scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), SMALL)
            apart = np.where(finite & distinct(left, right, a.shape), np.abs(a - b) / scale, 0.0)
        return bool(finite.sum() >= FEWEST_FINITE and apart.max(initial=0.0) < AGREEMENT)

    def _value(self, side: Expr, free: tuple[Idx, ...], trial: int) -> Any:
        key = side, free, trial
        if key not in self.values:
            env = self._environment(needed(side, side, self.model), trial)
            self.values[key] = evaluate(side, env, free, FLOAT64)
        return self.values[key]

    def _environment(self, wanted: set[str], trial: int) -> Environment:
        """The values so far, and those of the definitions that are wanted and were not before."""
        values = self.trials[trial]
        known = self.environments.get(trial)
        missing = [d for d in self.model.definitions if d.name in wanted and d.name not in values]
        for d in missing:
            env = environment(self.model.quantities.values(), sizes=self.sizes[trial], values=values)
            values[d.name] = evaluate(d.expr, env, d.quantity.axes, FLOAT64)
        if known is None or missing:
            known = environment(self.model.quantities.values(), sizes=self.sizes[trial], values=values)
            self.environments[trial] = known
        return known
