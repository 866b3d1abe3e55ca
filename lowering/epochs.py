"""One epoch of training: batches, steps, and what is measured afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .checkpoint import State
from .history import EpochRecord, TrainingError
from .optimizers import Optimizer
from .parts import Parts, batches
from .solvers import Solver, Vector
from .spread import Work

Array = NDArray[Any]
Arrays = Mapping[str, Array]
SpotCheck = Callable[[Arrays, Arrays], None]
Hessian = Callable[[Arrays, Arrays, tuple[str, ...]], Array]

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
        piece: points whose predictions are computed at once; None for all.
        optimizer: how a gradient becomes a direction, or what solves for all points at once.
        held: the parameters that stay as they are.
        step: the step size.
        batch_size: points a step; None for all.
        seed: of the order of the points.
        per_point: whether the gradient is divided by the number of points.
        spot_check: called with parameters and batch every `spot_every` steps.
        spot_every: see there.
        hessian: of the objective by the flattened parameters of these names, for a solver of second order.
        allowed: called with the parameters after each epoch; raises if they have left their domain.
        parts: how the objective over all rows follows from that over some, for rows in a file or in batches.
        running: whether the objective of an epoch is added up from its batches, each at the parameters that it met.
    """

    module: LoweredModule
    data: Arrays
    validation: Arrays | None
    prediction: tuple[str, str] | None
    piece: int | None
    optimizer: Optimizer | Solver
    held: frozenset[str]
    step: float
    batch_size: int | None
    seed: int
    per_point: bool
    spot_check: SpotCheck | None
    spot_every: int
    hessian: Hessian | None
    allowed: Callable[[Arrays], None] | None
    parts: Parts
    running: bool

    @cached_property
    def sampled(self) -> tuple[tuple[str, ...], int]:
        """The names of the data that have an entry a data point, and the number of points."""
        return samples(self.module, self.data)

    @property
    def every(self) -> int:
        """Epochs after which a state holds all that the rest of the run depends on."""
        return self.optimizer.every if isinstance(self.optimizer, Solver) else 1

    @property
    def sign(self) -> float:
        """1 to maximise, -1 to minimise."""
        return SIGNS[self.module.OBJECTIVE[1]]

    def first(self, params: Arrays) -> State:
        """The state before the first epoch."""
        remembered = () if isinstance(self.optimizer, Solver) else self.optimizer.slots
        slots = {name: {slot: np.zeros_like(array) for slot in remembered} for name, array in params.items()}
        record = self._measured(params, 0)
        return State(params=params, slots=slots, steps=0, records=(record,), best=params, best_epoch=0)

    def states(self, state: State) -> Iterator[State]:
        """The states after each further epoch; they end where a solver finds nothing left to do.

        Raises:
            TrainingError: if a value, a gradient or a parameter is no longer finite, or leaves its domain.
        """
        if isinstance(self.optimizer, Solver):
            cost = _Cost(loop=self, params=state.params)
            for at, reached in self.optimizer.solve(cost, cost.flat(state.params)):
                self._spot_checked(state, self.data)
                state = self._recorded(replace(state, steps=state.steps + 1), cost.unpacked(at), reached / cost.scale)
                yield state
            return
        count = self.sampled[1]
        while True:
            stepped, objective = state, 0.0
            for batch, points in self._batches(state.epoch + 1):
                stepped, value = self._stepped(self.optimizer, stepped, batch, points, state.epoch + 1)
                objective += value * points / count if self.parts.mean else value
            state = self._recorded(stepped, stepped.params, objective if self.running else None)
            yield state

    def _recorded(self, state: State, params: Arrays, objective: float | None) -> State:
        """The state with these parameters after one more epoch, with the objective if it is known by now."""
        if self.allowed is not None:
            self.allowed(params)
        epoch = state.epoch + 1
        record = self._measured(params, epoch, objective)
        better = self._merit(record) > self._merit(state.records[state.best_epoch])
        return replace(
            state,
            params=params,
            records=(*state.records, record),
            best=params if better else state.best,
            best_epoch=epoch if better else state.best_epoch,
        )

    def _batches(self, epoch: int) -> Iterator[tuple[Arrays, int]]:
        """The data in pieces, in an order that depends on the seed and the epoch alone."""
        sampled, points = self.sampled
        if self.batch_size is None or self.batch_size >= points:
            yield self.data, points
        else:
            yield from batches(self.data, sampled, self.batch_size, (self.seed, epoch))

    def _spot_checked(self, state: State, batch: Arrays) -> None:
        if self.spot_check is not None and state.steps % self.spot_every == 0:
            self.spot_check(state.params, batch)

    def _stepped(
        self, optimizer: Optimizer, state: State, batch: Arrays, points: int, epoch: int
    ) -> tuple[State, float]:
        """The state after one step, and the objective of the batch before it."""
        self._spot_checked(state, batch)
        value, grads = self.gradient(state.params, batch, epoch)
        params, slots = dict(state.params), dict(state.slots)
        with np.errstate(all="ignore"):
            for name, array in state.params.items():
                if name not in self.held:
                    gradient = grads[name] / points if self.per_point else grads[name]
                    direction, slots[name] = optimizer.direction(gradient, state.slots[name], state.steps + 1)
                    params[name] = np.asarray(array + self.sign * self.step * direction, dtype=array.dtype)
        self._check_finite(value, "parameter", params, epoch)
        return replace(state, params=params, slots=slots, steps=state.steps + 1), float(value)

    def gradient(self, params: Arrays, batch: Arrays, epoch: int) -> tuple[Any, Arrays]:
        """Value and gradient, both finite."""
        work = Work(module=self.module, params=params, gradient=True)
        sampled, points = self.sampled
        with np.errstate(all="ignore"):
            value, *slopes = self.parts.of_batch(batch, sampled, work, points)
        grads = dict(zip(params, slopes, strict=True))
        self._check_finite(value, "gradient by", grads, epoch)
        return value, grads

    def _check_finite(self, value: Any, what: str, arrays: Arrays, epoch: int) -> None:
        advice = "" if isinstance(self.optimizer, Solver) else f"; try a smaller step than {self.step:g}"
        for name, array in arrays.items():
            if np.isfinite(np.add.reduce(array, axis=None)):  # which takes one pass, and no array more
                continue
            if bad := int(np.sum(~np.isfinite(array))):
                raise TrainingError(
                    f"epoch {epoch}: the {what} {name} has {bad} of {array.size} values that are not finite "
                    f"({self.module.OBJECTIVE[0]} = {float(value):g}){advice}"
                )
        if not np.isfinite(value):
            largest = max(((float(np.max(np.abs(a), initial=0)), n) for n, a in arrays.items()), default=(0.0, "none"))
            raise TrainingError(
                f"epoch {epoch}: {self.module.OBJECTIVE[0]} is {float(value):g}, with the largest {what} {largest[1]} "
                f"up to {largest[0]:g}{advice}"
            )

    def _merit(self, record: EpochRecord) -> float:
        """What early stopping goes by, the greater the better."""
        held_out = record.validation_objective
        return self.sign * (record.objective if held_out is None else held_out)

    def _measured(self, params: Arrays, epoch: int, known: float | None = None) -> EpochRecord:
        objective, right = self._performance(params, self.data, epoch, known)
        held_out = (None, None) if self.validation is None else self._performance(params, self.validation, epoch)
        return EpochRecord(
            epoch=epoch,
            objective=objective,
            accuracy=right,
            validation_objective=held_out[0],
            validation_accuracy=held_out[1],
        )

    def _performance(
        self, params: Arrays, data: Arrays, epoch: int, known: float | None = None
    ) -> tuple[float, float | None]:
        """The objective, unless it is known, and the share predicted right, unless training data go without."""
        sampled, _ = self.sampled if data is self.data else samples(self.module, data)
        work = Work(module=self.module, params=params)
        with np.errstate(all="ignore"):
            value = float(self.parts.total(data, sampled, work)[0]) if known is None else known
        self._check_finite(value, "parameter", params, epoch)
        if self.prediction is None or (self.running and data is self.data):
            return value, None
        work = replace(work, prediction=self.prediction, piece=self.piece)
        return value, float(work.parts(self.parts).total(data, sampled, work)[0])


@dataclass(frozen=True, kw_only=True)
class _Cost:
    """What a solver minimises, per point, at the flattened parameters that are not held.

    Attributes:
        loop: the run.
        params: the parameters it begins with, for their shapes and those that are held.
    """

    loop: Loop
    params: Arrays

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.params if name not in self.loop.held)

    @cached_property
    def scale(self) -> float:
        """What an objective is multiplied by: -1 to maximise, and one part per point."""
        points = self.loop.sampled[1] if self.loop.per_point else 1
        return -self.loop.sign / points

    def __call__(self, at: Vector) -> tuple[float, Vector]:
        """Cost and gradient."""
        value, grads = self.loop.gradient(self.unpacked(at), self.loop.data, 1)
        return self.scale * float(value), self.scale * self.flat(grads)

    def hessian(self, at: Vector) -> Vector:
        """The matrix of second derivatives."""
        hessian, params = self.loop.hessian, self.unpacked(at)
        assert hessian is not None  # refused when the run began
        (sampled, _), data = self.loop.sampled, self.loop.data
        (found,) = self.loop.parts.total(data, sampled, lambda part: [hessian(params, part, self.names)])
        return self.scale * found

    def flat(self, arrays: Arrays) -> Vector:
        """Arrays like the parameters as one vector."""
        return np.concatenate([np.asarray(arrays[name], np.float64).ravel() for name in self.names])

    def unpacked(self, at: Vector) -> dict[str, Array]:
        """All parameters, with those that are not held from a vector."""
        params, first = dict(self.params), 0
        for name in self.names:
            array = self.params[name]
            params[name] = np.asarray(at[first : first + array.size].reshape(array.shape), dtype=array.dtype)
            first += array.size
        return params


def samples(module: LoweredModule, data: Arrays) -> tuple[tuple[str, ...], int]:
    """The arrays that have an entry a data point along their first axis, and the number of points.

    The first axis of the first array counts points, as does the first axis of any other with the same size name.
    """
    counted = next((axes[0] for axes in module.DATA.values() if axes), None)
    names = tuple(name for name, axes in module.DATA.items() if axes and axes[0] == counted)
    return names, len(data[names[0]]) if names else 1
