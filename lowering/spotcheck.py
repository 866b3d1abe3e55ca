"""Gradients held against the proof while a module trains: the adjoints of its certificate, evaluated by the oracle.

They are in the names of the model, one step of the chain rule each, so recursions and saturated outputs are no special
case; they hold for any labels, also for those that do not sum to one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from derive.model import Model
from derive.quantities import Definition
from derive.vocabulary import name_of, names_in

from .adjoint import adjoint_name, adjoints
from .apart import Apart
from .datasets.sizes import solve_sizes
from .epochs import Array, Arrays, LoweredModule, samples
from .gradcheck import worst_error
from .history import TrainingError
from .labels import as_rows
from .numeric.backward import backward
from .numeric.forward import forward
from .padded import in_lists, padded
from .stabilise import computable

TOLERANCES = {"float64": 1e-9, "float32": 1e-3}
LEVEL = 1e4  # of the numbers that cancel in a gradient near its optimum: logits far from zero, points that weigh little
POINTS = 8  # data points of a batch that a check looks at: the derivation holds for any number of them


@dataclass
class SpotCheck:
    """A check to hand to `train`; it counts what it has seen.

    Attributes:
        model: over its data.
        module: its lowered form.
        apart: of a model with lists, how the module names their arrays.
        done: how many gradients were checked.
        worst: the worst relative error over all of them.
    """

    model: Model
    module: LoweredModule
    apart: Apart | None = None
    done: int = 0
    worst: float = 0.0
    _computed: Model = field(init=False, repr=False)
    _adjoints: tuple[Definition, ...] = field(init=False, repr=False)
    _needed: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        stages = computable(self.model)
        self._computed, self._adjoints = stages.model, adjoints(stages.model, stages.sums)
        read = {name_of(a) for d in self._adjoints for a in names_in(d.expr)}
        names = {
            name: name in read or any(stages.model.depends(r, name) for r in read) for name in stages.model.defined
        }
        self._needed = tuple(name for name, is_read in names.items() if is_read)

    def __call__(self, params: Arrays, batch: Arrays) -> None:
        """Compare every component of the module's gradient at some points of the batch.

        Raises: TrainingError: if one is off by more than the tolerance, with its name.
        """
        points = self._first(batch)
        with np.errstate(all="ignore"):
            _, grads = self.module.value_and_grad(params, points)
        reference = self._reference(params, as_rows(getattr(self.module, "LABELS", {}), params, points))
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
        """The proved gradient: each quantity by its definition, each adjoint by the one step of the chain rule."""
        given = {**params, **points}
        shapes = {name: axes for name, axes in {**self.module.PARAMETERS, **self.module.DATA}.items() if axes}
        whole = {
            name: int(points[name])
            for name, axes in self.module.DATA.items()
            if not axes and name not in self.model.quantities
        }
        stated = {**whole, **(self.apart.sizes if self.apart is not None else {})}
        sizes = solve_sizes(shapes, {name: np.shape(given[name]) for name in shapes}, stated)
        held = given if self.apart is None else padded(self.apart.lists(given), self.model, sizes)
        values = {q.name: np.asarray(held[q.name], np.float64)[None] for q in self.model.given}
        known = forward(self._computed, sizes, values, needed=self._needed)
        found = backward(self._adjoints, known).values
        exact = {q.name: found[adjoint_name(self._computed, q.name)][0] for q in self.model.parameters}
        return exact if self.apart is None else self.apart.arrays(in_lists(exact, self.model, sizes))
