"""Whether numbers that no mistake in the derivation explains are the gradient of another model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from sympy import Expr, Integer

from derive.mistakes.fused import fused
from derive.mistakes.models import OtherModel, other_models
from derive.mistakes.step import Step, steps
from derive.model import Model
from lowering.numeric.environment import Environment
from lowering.numeric.errors import EvaluationError
from lowering.program import LoweringError
from lowering.trialpoints import Arrays

from .numbers import Derived, number, values
from .seen import Seen, same

MOST = 150
ANOTHER = "it is the gradient of another model: {}"
VALUES_ALONE = "{}, where it is computed; the derivatives are those of the model"


def another_model(
    model: Model, seen: Sequence[Seen], factors: Sequence[tuple[Expr, str]]
) -> tuple[OtherModel, str] | None:
    """The model whose gradient, times a factor, the numbers are at all points, and how the factor is said.

    Args:
        model: as it should be: over its data, in closed forms, with pre-activations.
        seen: the numbers.
        factors: to try besides 1.
    """
    own = [Derived(model, derivation) for derivation in _derivations(model)]
    cheap_first = sorted(seen, key=lambda s: own[0].loops(s.point.sizes))
    every = ((Integer(1), ""), *factors)
    for other in islice(other_models(model), MOST):
        known: dict[int, Environment] = {}  # the other model's values, which both kinds of derivation start from
        for derived, says in ((None, ANOTHER), *((each, VALUES_ALONE) for each in own)):
            try:
                of_other = derived or Derived(other.model, steps(other.model))
                factor = _factor(of_other, other.model, cheap_first, every, known)
            except (EvaluationError, LoweringError, ValueError):  # it has no gradient, or none at these sizes
                continue
            if factor is not None:
                return replace(other, says=says.format(other.says)), factor
    return None


def _derivations(model: Model) -> Iterator[tuple[Step, ...]]:
    """That of the model step by step, and with two steps taken at once, such as ∂L/∂z = p − y."""
    whole = steps(model)
    yield whole
    for at_once in fused(model):
        if not at_once.is_parameter:
            yield tuple(at_once if step.quantity == at_once.quantity else step for step in whole)


def _factor(
    derived: Derived,
    model: Model,
    seen: Sequence[Seen],
    factors: Sequence[tuple[Expr, str]],
    known: dict[int, Environment],
) -> str | None:
    """How the factor is said by which the gradients are those of a model at all points, whose values are kept."""
    left = list(factors)
    for k, s in enumerate(seen):
        if k not in known:
            known[k] = values(model, s.point)
        found = derived.gradient(derived.at(s.point, known[k]))
        left = [(factor, says) for factor, says in left if _agree(s, found, number(factor, s.point.sizes))]
        if not left:
            return None
    return left[0][1] if left else None


def _agree(seen: Seen, found: Arrays, scale: float) -> bool:
    return set(seen.got) <= set(found) and all(same(got, scale * found[n]) for n, got in seen.got.items())
