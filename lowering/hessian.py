"""The Hessian of an objective that is proved convex or concave in its one parameter, evaluated from its closed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from derive.analysis.curvature import Curvature, Definiteness, curvature
from derive.model import Model, Sense
from derive.vocabulary import length

from .datasets.sizes import solve_sizes
from .epochs import Array, Arrays
from .history import TrainingError
from .labels import Counted, as_rows
from .numeric.evaluate import evaluate
from .numeric.forward import forward
from .oracle import bends

ASKED = {Sense.MINIMISE: Definiteness.POSITIVE, Sense.MAXIMISE: Definiteness.NEGATIVE}


class ClosedHessian:
    """∂²objective/∂θ∂θ' for parameters and data, as a matrix over the flattened θ.

    Args:
        model: over its data.
        parameters: the names of those that are trained; there must be one, θ.
        labels: data that may be labels, as the module says.
    Raises: TrainingError: unless the objective is smooth, and proved convex (to minimise) or concave (to maximise).
    """

    def __init__(self, model: Model, parameters: Sequence[str], labels: Mapping[str, Counted] | None = None) -> None:
        if len(parameters) != 1:
            raise TrainingError(
                f"newton trains one parameter, here are {', '.join(parameters)}; hold others, or take lbfgs"
            )
        self.model, self.curvature, self.labels = model, _proved(model, parameters[0]), labels or {}

    def __call__(self, params: Arrays, data: Arrays, names: tuple[str, ...]) -> Array:
        """The matrix."""
        arrays: dict[str, Any] = {**params, **as_rows(self.labels, params, data)}
        shapes = {q.name: tuple(str(length(i)) for i in q.axes) for q in self.model.given}
        sizes = solve_sizes(shapes, {name: np.shape(arrays[name]) for name in shapes})
        given = {name: np.asarray(arrays[name], np.float64)[None] for name in shapes}
        hessian = self.curvature.hessian.result
        needed = [n for n in self.model.defined if self.model.depends(self.model.objective, n)]
        env = forward(self.model, sizes, given, needed=needed)
        count = sum(int(np.size(params[name])) for name in names)
        found: Array = evaluate(hessian, env, self.curvature.axes)[0]
        return found.reshape(count, count)


def _proved(model: Model, parameter: str) -> Curvature:
    if bends(model):
        raise TrainingError(f"newton needs an objective without kinks, which {model.objective} has; take lbfgs")
    try:
        found = curvature(model, model.objective, parameter)
    except ValueError as error:
        raise TrainingError(f"newton needs a Hessian in closed form ({error}); take lbfgs") from error
    wanted = ASKED[model.sense]
    if found.definiteness is not wanted:
        raise TrainingError(
            f"newton needs a Hessian of {model.objective} by {parameter} that is proved {wanted.value}; "
            f"here it is {found.definiteness.value}; take lbfgs"
        )
    return found
