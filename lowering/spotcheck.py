"""Gradients held against the proof while a module trains: the proved closed form, evaluated by the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from derive.backprop import partial
from derive.model import Model
from derive.quantities import Quantity
from derive.vocabulary import length

from .datasets.sizes import solve_sizes
from .epochs import Array, Arrays, LoweredModule, samples
from .gradcheck import worst_error
from .history import TrainingError
from .numeric.environment import Environment, environment
from .numeric.evaluate import evaluate

TOLERANCES = {"float64": 1e-9, "float32": 1e-3}
LEVEL = 1e4  # of the numbers that cancel in a gradient near its optimum: logits far from zero, points that weigh little
POINTS = 8  # data points of a batch that a check looks at: the closed form holds for any number of them


@dataclass
class SpotCheck:
    """A check to hand to `train`; it counts what it has seen.

    Attributes:
        model: over its data.
        module: its lowered form.
        done: how many gradients were checked.
        worst: the worst relative error over all of them.
    """

    model: Model
    module: LoweredModule
    done: int = 0
    worst: float = 0.0
    _gradients: Mapping[str, Quantity] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._gradients = {q.name: q for q in self.model.parameters}

    def __call__(self, params: Arrays, batch: Arrays) -> None:
        """Compare every component of the module's gradient at some points of the batch.

        Raises: TrainingError: if one is off by more than the tolerance, with its name.
        """
        points = self._first(batch)
        with np.errstate(all="ignore"):
            _, grads = self.module.value_and_grad(params, points)
        reference = self._reference(params, points)
        error, component = worst_error(grads, reference, LEVEL)
        dtype = next(iter(params.values())).dtype.name
        if not error <= TOLERANCES[dtype]:
            raise TrainingError(
                f"the gradient of the module does not agree with the proof: {component} is off by {error:.2g}, at "
                f"most {TOLERANCES[dtype]:g} is allowed; lower the model again"
            )
        self.done, self.worst = self.done + 1, max(self.worst, error)

    def _first(self, batch: Arrays) -> dict[str, Array]:
        names, _ = samples(self.module, batch)
        return {name: array[:POINTS] if name in names else array for name, array in batch.items()}

    def _reference(self, params: Arrays, points: Arrays) -> dict[str, Array]:
        """The proved gradient in the names of the model, the names by their definitions."""
        env = self._environment(params, points)
        objective = self.model.quantities[self.model.objective].at()
        found = {}
        for name, quantity in self._gradients.items():
            closed = partial(self.model, objective, quantity.at())
            found[name] = evaluate(closed.result, env, quantity.axes)[0]
        return found

    def _environment(self, params: Arrays, points: Arrays) -> Environment:
        arrays = {**params, **points}
        shapes = {q.name: tuple(str(length(i)) for i in q.axes) for q in self.model.given}
        sizes = solve_sizes(shapes, {name: np.shape(array) for name, array in arrays.items()})
        values = {name: np.asarray(arrays[name], np.float64)[None] for name in shapes}
        known = list(self.model.given)
        for definition in self.model.definitions:
            env = environment(known, sizes=sizes, values=values)
            values[definition.name] = evaluate(definition.expr, env, definition.quantity.axes)
            known.append(definition.quantity)
        return environment(known, sizes=sizes, values=values)
