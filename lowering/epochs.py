"""One epoch of training: batches, steps, and what is measured afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .checkpoint import State
from .history import EpochRecord, TrainingError
from .metrics import accuracy
from .optimizers import Optimizer

Array = NDArray[Any]
Arrays = Mapping[str, Array]
SpotCheck = Callable[[Arrays, Arrays], None]

SIGNS: Mapping[str, float] = {"maximise": 1.0, "minimise": -1.0}


class LoweredModule(Protocol):
    """What a lowered module offers; arrays in, arrays out."""

    PARAMETERS: Mapping[str, tuple[str, ...]]
    DATA: Mapping[str, tuple[str, ...]]
    OBJECTIVE: tuple[str, str]

    def init(self, sizes: Mapping[str, int], rng: np.random.Generator) -> dict[str, Array]: ...
    def forward(self, params: Arrays, data: Arrays) -> dict[str, Array]: ...
    def value(self, params: Arrays, data: Arrays) -> Any: ...
    def value_and_grad(self, params: Arrays, data: Arrays) -> tuple[Any, dict[str, Array]]: ...


@dataclass(frozen=True, kw_only=True)
class Loop:
    """What stays the same during a run.

    Attributes:
        module: what is trained.
        data: all training data.
        validation: held-out data, if any.
        prediction: the names of prediction and target, if there is an accuracy.
        optimizer: how a gradient becomes a direction.
        step: the step size.
        batch_size: points a step; None for all.
        seed: of the order of the points.
        per_point: whether the gradient is divided by the number of points.
        spot_check: called with parameters and batch every `spot_every` steps.
        spot_every: see there.
    """

    module: LoweredModule
    data: Arrays
    validation: Arrays | None
    prediction: tuple[str, str] | None
    optimizer: Optimizer
    step: float
    batch_size: int | None
    seed: int
    per_point: bool
    spot_check: SpotCheck | None
    spot_every: int

    @property
    def sign(self) -> float:
        """1 to maximise, -1 to minimise."""
        return SIGNS[self.module.OBJECTIVE[1]]

    def first(self, params: Arrays) -> State:
        """The state before the first epoch."""
        slots = {name: {slot: np.zeros_like(array) for slot in self.optimizer.slots} for name, array in params.items()}
        record = self._measured(params, 0)
        return State(params=params, slots=slots, steps=0, records=(record,), best=params, best_epoch=0)

    def next(self, state: State) -> State:
        """The state after one more epoch.

        Raises:
            TrainingError: if a value, a gradient or a parameter is no longer finite.
        """
        epoch = state.epoch + 1
        for batch, points in self._batches(epoch):
            state = self._stepped(state, batch, points, epoch)
        record = self._measured(state.params, epoch)
        better = self._merit(record) > self._merit(state.records[state.best_epoch])
        return replace(
            state,
            records=(*state.records, record),
            best=state.params if better else state.best,
            best_epoch=epoch if better else state.best_epoch,
        )

    def _batches(self, epoch: int) -> Iterator[tuple[Arrays, int]]:
        """The data in pieces, in an order that depends on the seed and the epoch alone."""
        sampled, points = samples(self.module, self.data)
        if self.batch_size is None or self.batch_size >= points:
            yield self.data, points
            return
        order = np.random.default_rng((self.seed, epoch)).permutation(points)
        for start in range(0, points, self.batch_size):
            rows = order[start : start + self.batch_size]
            yield {name: a[rows] if name in sampled else a for name, a in self.data.items()}, len(rows)

    def _stepped(self, state: State, batch: Arrays, points: int, epoch: int) -> State:
        if self.spot_check is not None and state.steps % self.spot_every == 0:
            self.spot_check(state.params, batch)
        with np.errstate(all="ignore"):
            value, grads = self.module.value_and_grad(state.params, batch)
            self._check_finite(value, "gradient by", grads, epoch)
            params, slots = {}, {}
            for name, array in state.params.items():
                gradient = grads[name] / points if self.per_point else grads[name]
                direction, slots[name] = self.optimizer.direction(gradient, state.slots[name], state.steps + 1)
                params[name] = np.asarray(array + self.sign * self.step * direction, dtype=array.dtype)
            self._check_finite(value, "parameter", params, epoch)
        return replace(state, params=params, slots=slots, steps=state.steps + 1)

    def _check_finite(self, value: Any, what: str, arrays: Arrays, epoch: int) -> None:
        for name, array in arrays.items():
            bad = int(np.sum(~np.isfinite(array)))
            if bad:
                raise TrainingError(
                    f"epoch {epoch}: the {what} {name} has {bad} of {array.size} values that are not finite "
                    f"({self.module.OBJECTIVE[0]} = {float(value):g}); try a smaller step than {self.step:g}"
                )
        if not np.isfinite(value):
            largest = max(((float(np.max(np.abs(a), initial=0)), n) for n, a in arrays.items()), default=(0.0, "none"))
            raise TrainingError(
                f"epoch {epoch}: {self.module.OBJECTIVE[0]} is {float(value):g}, with the largest {what} {largest[1]} "
                f"up to {largest[0]:g}; try a smaller step than {self.step:g}"
            )

    def _merit(self, record: EpochRecord) -> float:
        """What early stopping goes by, the greater the better."""
        held_out = record.validation_objective
        return self.sign * (record.objective if held_out is None else held_out)

    def _measured(self, params: Arrays, epoch: int) -> EpochRecord:
        objective, right = self._performance(params, self.data, epoch)
        held_out = (None, None) if self.validation is None else self._performance(params, self.validation, epoch)
        return EpochRecord(
            epoch=epoch,
            objective=objective,
            accuracy=right,
            validation_objective=held_out[0],
            validation_accuracy=held_out[1],
        )

    def _performance(self, params: Arrays, data: Arrays, epoch: int) -> tuple[float, float | None]:
        with np.errstate(all="ignore"):
            value = float(self.module.value(params, data))
        self._check_finite(value, "parameter", params, epoch)
        if self.prediction is None:
            return value, None
        predicted, target = self.prediction
        return value, accuracy(np.asarray(self.module.forward(params, data)[predicted]), data[target])


def samples(module: LoweredModule, data: Arrays) -> tuple[tuple[str, ...], int]:
    """The arrays that have an entry a data point along their first axis, and the number of points.

    The first axis of the first array counts points, as does the first axis of any other with the same size name.
    """
    counted = next((axes[0] for axes in module.DATA.values() if axes), None)
    names = tuple(name for name, axes in module.DATA.items() if axes and axes[0] == counted)
    return names, len(data[names[0]]) if names else 1
