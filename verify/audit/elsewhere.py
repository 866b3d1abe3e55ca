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
from lowering.numeric.errors import EvaluationError
from lowering.program import LoweringError
from lowering.trialpoints import Arrays

from .numbers import Derived, number
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
    own = tuple(_derivations(model))
    for other in islice(other_models(model), MOST):
        for derivation, says in ((steps(other.model), ANOTHER), *((each, VALUES_ALONE) for each in own)):
            try:
                factor = _factor(Derived(other.model, derivation), seen, ((Integer(1), ""), *factors))
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


def _factor(derived: Derived, seen: Sequence[Seen], factors: Sequence[tuple[Expr, str]]) -> str | None:
    """How the factor is said by which the gradients are those of a model at all points."""
    left = list(factors)
    for s in seen:
        found = derived.gradient(derived.at(s.point))
        left = [(factor, says) for factor, says in left if _agree(s, found, number(factor, s.point.sizes))]
        if not left:
            return None
    return left[0][1] if left else None


def _agree(seen: Seen, found: Arrays, scale: float) -> bool:
    return set(seen.got) <= set(found) and all(same(got, scale * found[n]) for n, got in seen.got.items())
