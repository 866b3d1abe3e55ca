"""The gradient as numbers, with a mistake in its derivation or without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from sympy import Expr, Idx, Integer

from derive.calculus.indices import transform
from derive.mistakes.step import Slip, Step
from derive.model import Model
from derive.quantities import Definition
from derive.reach import Reach
from derive.vocabulary import Partial, indices_of, is_name, name_of, names_in, scalar, size, tensor
from lowering.numeric.backward import backward
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

    def affected(self, slip: Slip) -> tuple[str, ...]:
        """The parameters whose gradients a mistake changes."""
        name = slip.step.quantity.name
        return tuple(
            q.name
            for q in self.model.parameters
            if q.name == name or (q.name in self.right and self._reach.depends(q.name, name))
        )

    def at(self, point: Point) -> Environment:
        """The values of all quantities, and of the right adjoints."""
        given = {k: np.asarray(v, np.float64)[None] for k, v in (*point.params.items(), *point.data.items())}
        with np.errstate(all="ignore"):
            values = forward(self.model, point.sizes, given)
            return backward(self.right.values(), values)

    def gradient(self, known: Environment, slip: Slip | None = None) -> Arrays:
        """The gradient by each parameter; with a mistake, by those alone that it changes.

        Args:
            known: from `at`.
            slip: the mistake.
        Raises: EvaluationError: if the mistaken formula has no value at these sizes.
        """
        if slip is None:
            return {q.name: known.values[ADJOINT + q.name][0] for q in self.model.parameters if q.name in self.right}
        wrong = _definition(slip.step, slip.wrong, slip.axes)
        name = slip.step.quantity.name
        again = [d for n, d in self.right.items() if n != name and self._reach.depends(n, name)]
        stripped = {n for n in known.values if n in {wrong.name, *(d.name for d in again)}}
        rest = replace(known, values={n: v for n, v in known.values.items() if n not in stripped})
        try:
            with np.errstate(all="ignore"):
                found = backward((wrong, *again), rest)
        except (LoweringError, ValueError, IndexError) as error:
            raise EvaluationError(str(error)) from None
        return {n: found.values[ADJOINT + n][0] for n in self.affected(slip)}


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
