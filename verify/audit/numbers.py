"""The gradient as numbers, with a mistake in its derivation or without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from sympy import Add, Expr, Idx, Integer

from derive.calculus.indices import transform
from derive.mistakes.step import Slip, Step
from derive.model import Model
from derive.quantities import Definition
from derive.reach import Reach
from derive.vocabulary import Partial, indices_of, is_name, length, name_of, names_in, scalar, size, tensor
from lowering.cycles import Group, groups
from lowering.numeric.backward import Instead, backward
from lowering.numeric.environment import Environment
from lowering.numeric.errors import EvaluationError
from lowering.numeric.forward import forward
from lowering.program import LoweringError
from lowering.trialpoints import Arrays, Point

ADJOINT = "∂"  # in front of a name; no quantity begins with it


class Derived:
    """The derivation of a model's gradient, to be evaluated.

    Args:
        model: over its data, in closed forms, with pre-activations.
        steps: of its derivation, one for each quantity.
    """

    def __init__(self, model: Model, steps: Sequence[Step]) -> None:
        self.model, self.steps = model, tuple(steps)
        self.right = {step.quantity.name: _definition(step, step.expr, step.quantity.axes) for step in steps}
        reads = {n: tuple(name_of(a).removeprefix(ADJOINT) for a in _adjoints(d.expr)) for n, d in self.right.items()}
        self._reach = Reach(reads)
        self._needed = [n for n in model.defined if model.depends(model.objective, n)]

    def with_slips(self, slips: Sequence[Slip]) -> Derived:
        """The derivation with mistakes in several of its steps, one in each."""
        found = Derived(self.model, self.steps)
        found.right |= {slip.step.quantity.name: _definition(slip.step, slip.wrong, slip.axes) for slip in slips}
        return found

    @cached_property
    def _groups(self) -> tuple[Group, ...]:
        return tuple(groups(self.right.values()))

    def affected(self, slip: Slip) -> tuple[str, ...]:
        """The parameters whose gradients a mistake changes."""
        name = slip.step.quantity.name
        return tuple(
            q.name
            for q in self.model.parameters
            if q.name == name or (q.name in self.right and self._reach.depends(q.name, name))
        )

    def at(self, point: Point, known: Environment | None = None) -> Environment:
        """The values of all quantities, which may be known, and of the right adjoints."""
        with np.errstate(all="ignore"):
            return backward(self.right.values(), values(self.model, point) if known is None else known)

    def loops(self, sizes: Mapping[str, int]) -> int:
        """How many steps its recursions take, which is what its numbers cost."""
        return sum(int(number(length(g.over), sizes)) for g in self._groups if g.over is not None)

    def gradient(self, known: Environment, slip: Slip | None = None) -> Arrays:
        """The gradient by each parameter; with a mistake, by those alone that it changes.

        Args:
            known: from `at`.
            slip: the mistake.
        Raises: EvaluationError: if the mistaken formula has no value at these sizes.
        """
        if slip is None:
            return {q.name: known.values[ADJOINT + q.name][0] for q in self.model.parameters if q.name in self.right}
        return self.mistaken(known, [slip])[0] or {}  # which is not None: one alone raises

    def mistaken(self, known: Environment, slips: Sequence[Slip]) -> list[Arrays | None]:
        """The gradients by those parameters that mistakes in one step change, for each of the mistakes.

        They are carried on together, as points of their own: what comes after the step is computed once for all.

        Args:
            known: from `at`.
            slips: of the same step, with the same axes.
        Returns: None for a mistaken formula that has no value at these sizes.
        Raises: EvaluationError: if all of them have none, or they cannot be carried on together.
        """
        wrong = [_definition(slip.step, slip.wrong, slip.axes) for slip in slips]
        name, each = slips[0].step.quantity.name, tuple(d.expr for d in wrong)
        first = replace(wrong[0], expr=each[0] if len(each) == 1 else Add(*each, evaluate=False))
        again = [d for n, d in self.right.items() if n != name and self._reach.depends(n, name)]
        stripped = {first.name, *(d.name for d in again)}
        rest = replace(known, values={n: v for n, v in known.values.items() if n not in stripped})
        try:
            with np.errstate(all="ignore"):
                instead = Instead(name=first.name, exprs=each)
                found = backward((first, *again), rest, instead=instead).values
        except (LoweringError, ValueError, IndexError) as error:
            raise EvaluationError(str(error)) from None
        arrays = {n: found[ADJOINT + n] for n in self.affected(slips[0])}
        numbers = ({n: a[k if len(a) > 1 else 0] for n, a in arrays.items()} for k in range(len(slips)))
        return [None if k in instead.failed else of for k, of in enumerate(numbers)]


def values(model: Model, point: Point) -> Environment:
    """The values of all quantities of a model."""
    given = {k: np.asarray(v, np.float64)[None] for k, v in (*point.params.items(), *point.data.items())}
    with np.errstate(all="ignore"):
        return forward(model, point.sizes, given)


def number(factor: Expr, sizes: Mapping[str, int]) -> float:
    """The number that an expression in sizes comes to."""
    return float(factor.xreplace({size(name): Integer(k) for name, k in sizes.items()}))


def _definition(step: Step, expr: Expr, axes: tuple[Idx, ...]) -> Definition:
    """∂v[axes] = expr, with ∂L/∂c written as an entry of ∂c."""

    def entry(e: Expr) -> Expr | None:
        if not isinstance(e, Partial):
            return None
        name, where = ADJOINT + name_of(e.wrt), indices_of(e.wrt)
        return tensor(name)[where] if where else scalar(name)

    quantity = replace(step.quantity, name=ADJOINT + step.quantity.name, axes=axes)
    return Definition(quantity=quantity, expr=transform(expr, entry))


def _adjoints(expr: Expr) -> list[Expr]:
    return [a for a in names_in(expr) if is_name(a) and name_of(a).startswith(ADJOINT)]
