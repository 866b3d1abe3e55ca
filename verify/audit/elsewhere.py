"""Whether numbers that no mistake in the derivation explains are the gradient of another model."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from sympy import Expr, Integer

from derive.mistakes.models import OtherModel, other_models
from derive.mistakes.step import steps
from derive.model import Model
from lowering.numeric.errors import EvaluationError
from lowering.program import LoweringError
from lowering.trialpoints import Arrays

from .numbers import Derived, number
from .seen import Seen, same

MOST = 150


def another_model(
    model: Model, seen: Sequence[Seen], factors: Sequence[tuple[Expr, str]]
) -> tuple[OtherModel, str] | None:
    """The model whose gradient, times a factor, the numbers are at all points, and how the factor is said.

    Args:
        model: as it should be: over its data, in closed forms, with pre-activations.
        seen: the numbers.
        factors: to try besides 1.
    """
    for other in islice(other_models(model), MOST):
        try:
            factor = _factor(Derived(other.model, steps(other.model)), seen, ((Integer(1), ""), *factors))
        except (EvaluationError, LoweringError, ValueError):  # it has no gradient, or none at these sizes
            continue
        if factor is not None:
            return other, factor
    return None


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
