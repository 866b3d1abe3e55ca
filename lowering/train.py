"""Training a lowered module, upwards or downwards, whichever its objective asks for.

The same seed gives the same numbers, bit by bit, also when a run is killed and goes on from its checkpoint: the
order of the points in an epoch depends on the seed and the epoch alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from .checkpoint import State, fingerprint, load_checkpoint, save_checkpoint
from .datasets.rows import tiles
from .datasets.sizes import read_size, solve_sizes
from .epochs import SIGNS, Arrays, Hessian, Loop, LoweredModule, SpotCheck, samples
from .history import EpochRecord, TrainingError, TrainingRun
from .labels import shapes_given
from .metrics import find_prediction, told_alone
from .optimizers import Optimizer, optimizer_named
from .parts import Parts, head
from .solvers import Solver

SOME = 1000  # points whose predictions are computed at once, and by which a prediction is told from others


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to train.

    Attributes:
        optimizer: a name in `METHODS`.
        step: the step size; None takes the optimiser's own. A solver finds its own.
        epochs: passes over the data.
        batch_size: points a step; None takes all, as a solver must.
        seed: of the first parameters and of the order of the points.
        per_point: divide the gradient, a sum over points, by their number, so that one step size suits all batches.
        running: record of the training data what the steps came to: the objective of each batch at the parameters that
            it met, and no share predicted right. Otherwise both are computed over all points after each epoch.
        patience: stop after so many epochs without a better objective, and keep the best parameters; None never.
        spot_every: steps from one spot check to the next.
        checkpoint_every: epochs from one checkpoint to the next.
    """

    optimizer: str = "adam"
    step: float | None = None
    epochs: int = 100
    batch_size: int | None = None
    seed: int = 0
    per_point: bool = True
    running: bool = False
    patience: int | None = None
    spot_every: int = 50
    checkpoint_every: int = 10

    def __post_init__(self) -> None:
        if self.step is not None and not (np.isfinite(self.step) and self.step > 0):
            raise TrainingError(f"the step must be a positive number, got {self.step}")
        least = {"epochs": 0, "seed": 0, "batch_size": 1, "patience": 1, "spot_every": 1, "checkpoint_every": 1}
        for name, bound in least.items():
            number = getattr(self, name)
            if number is not None and (not isinstance(number, int) or number < bound):
                raise TrainingError(f"{name} must be a whole number from {bound}, got {number!r}")
        if isinstance(optimizer_named(self.optimizer), Solver):
            for name in ("step", "batch_size"):
                if getattr(self, name) is not None:
                    raise TrainingError(f"{self.optimizer} finds its own steps, over all points; leave out {name}")


def train(
    module: LoweredModule,
    data: Arrays,
    *,
    settings: Settings | None = None,
    sizes: Mapping[str, int] | None = None,
    params: Arrays | None = None,
    validation: Arrays | None = None,
    prediction: tuple[str, str] | None = None,
    on_epoch: Callable[[EpochRecord], None] | None = None,
    spot_check: SpotCheck | None = None,
    held: Mapping[str, Any] | None = None,
    hessian: Hessian | None = None,
    allowed: Callable[[Arrays], None] | None = None,
    parts: Parts | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    spread: Callable[[Arrays], Arrays] | None = None,
) -> TrainingRun:
    """Train a module.

    Args:
        module: what is trained.
        data: the arrays that its `DATA` names, labels where its `LABELS` allows them.
        settings: how.
        sizes: those that do not follow from the data, `{"m_h": 16}`, such as how many labels there are.
        params: where to start; by default `module.init(sizes, rng)`.
        validation: held-out data.
        prediction: the names of prediction and target for the accuracy; found by `find_prediction` if not given.
        on_epoch: called with the record of each epoch, epoch 0 included.
        spot_check: called with parameters and batch every `settings.spot_every` steps; raises if a gradient is wrong.
        held: parameters that keep the values given here.
        hessian: for an optimiser of second order: parameters, data and names to the matrix of second derivatives.
        allowed: called with the parameters after each epoch; raises if they have left their domain.
        parts: how the objective is composed, for rows in a file; by default it is a sum over them.
        checkpoint: a file for the state, written every `settings.checkpoint_every` epochs and at the end.
        resume: go on from the checkpoint, if it exists.
        spread: puts the rows of data onto the workers that compute with them; by default all is computed here.
    Raises: DataError, TrainingError: if arrays do not fit, a size is missing, or a value stops being finite.
    """
    chosen = settings or Settings()
    start = _holding(_start(module, data, validation, sizes, params, chosen.seed), held or {})
    given = {"module": module, "data": data, "validation": validation, "held": frozenset(held or {})}
    model = {"spot_check": spot_check, "hessian": hessian, "allowed": allowed, "parts": parts or Parts()}
    loop = _loop(chosen, start, prediction, **given, **model)
    path = None if checkpoint is None else Path(checkpoint)
    mark = _mark(loop, chosen, start) if path else ""  # which reads all data
    loop = loop if spread is None else replace(loop, data=spread(data), validation=validation and spread(validation))
    first = _begun(loop, start, path if resume else None, mark)
    return _outcome(loop, chosen, _followed(loop, chosen, first, mark, path, on_epoch))


def _start(
    module: LoweredModule,
    data: Arrays,
    validation: Arrays | None,
    sizes: Mapping[str, int] | None,
    params: Arrays | None,
    seed: int,
) -> Arrays:
    """The first parameters, after everything that was given has been checked."""
    if module.OBJECTIVE[1] not in SIGNS:
        raise TrainingError(f"the sense of {module.OBJECTIVE[0]} is {module.OBJECTIVE[1]!r}, not maximise or minimise")
    for part in (data, validation or {}):
        for name, array in part.items():
            if not all(np.isfinite(tile).all() for tile in tiles(array)):
                raise TrainingError(f"{name} has values that are not finite; remove those points")
    known = {name: int(data[name]) for name, axes in module.DATA.items() if not axes and _is_whole(data.get(name))}
    labels = getattr(module, "LABELS", {})
    known = solve_sizes(shapes_given(module.DATA, labels, _shapes(data)), _shapes(data), {**known, **(sizes or {})})
    if not samples(module, data)[1]:
        raise TrainingError("there are no data points")
    if validation is not None:
        counts = {axes[0] for axes in module.DATA.values() if axes}
        held_out = shapes_given(module.DATA, labels, _shapes(validation))
        solve_sizes(held_out, _shapes(validation), {key: n for key, n in known.items() if key not in counts})
    needed = {name for axes in module.PARAMETERS.values() for text in axes for name in read_size(text).names}
    if params is None and needed - set(known):
        raise TrainingError(f"the size {', '.join(sorted(needed - set(known)))} does not follow from the data; give it")
    first = module.init(known, np.random.default_rng(seed)) if params is None else params
    for name, array in first.items():
        if not np.isfinite(array).all():
            raise TrainingError(f"the parameter {name} starts with values that are not finite; give others")
    solve_sizes(module.PARAMETERS, _shapes(first), known)
    _check_range(first, (data, validation or {}))
    return {name: np.array(first[name]) for name in module.PARAMETERS}


def _check_range(first: Arrays, parts: Iterable[Arrays]) -> None:
    """Refuse data that the number type of the parameters cannot hold."""
    narrow = np.result_type(*(np.asarray(array) for array in first.values()))
    if narrow.kind != "f" or narrow.itemsize >= 8:
        return
    most = np.finfo(narrow).max
    for name, array in (pair for part in parts for pair in part.items()):
        if any(np.abs(tile).max(initial=0) > most for tile in tiles(array)):
            raise TrainingError(
                f"{name} has values beyond {most:.3g}, the largest of {narrow}; scale them, or take float64"
            )


def _is_whole(value: Any) -> bool:
    """Whether what stands in the data may be a size that no array has."""
    return np.shape(value) == () and np.issubdtype(np.asarray(value).dtype, np.integer)


def _loop(chosen: Settings, start: Arrays, prediction: tuple[str, str] | None, **given: Any) -> Loop:
    """What stays the same during the run, as chosen."""
    optimizer = optimizer_named(chosen.optimizer)
    if chosen.running and chosen.patience is not None and given["validation"] is None:
        raise TrainingError("patience goes by the objective after each epoch; leave out running, or give held-out data")
    if isinstance(optimizer, Solver) and optimizer.second_order and given["hessian"] is None:
        raise TrainingError(f"{optimizer.name} needs the Hessian, which was not given; take lbfgs")
    module, data, parts = given["module"], given["data"], given["parts"]
    sampled, _ = samples(module, data)
    parts.check(data, sampled, lambda part: float(module.value(start, part)))
    some, found, alone = head(data, sampled, SOME), None, False
    if given["validation"] is not None or not chosen.running:
        found = prediction or find_prediction(_forward(module, start, some), some, getattr(module, "LABELS", ()))
        alone = found is not None and told_alone(lambda part: _forward(module, start, part), some, sampled, found[0])
    return Loop(
        optimizer=optimizer,
        running=chosen.running,
        prediction=found,
        piece=SOME if alone else None,
        step=chosen.step or (optimizer.step if isinstance(optimizer, Optimizer) else 1.0),
        batch_size=chosen.batch_size,
        seed=chosen.seed,
        per_point=chosen.per_point,
        spot_every=chosen.spot_every,
        **given,
    )


def _holding(start: Arrays, held: Mapping[str, Any]) -> Arrays:
    """The first parameters, with those that are held at their values."""
    for name, value in held.items():
        if name not in start:
            raise TrainingError(f"there is no parameter {name!r} to hold; the parameters are {', '.join(start)}")
        if np.shape(value) not in ((), np.shape(start[name])):
            raise TrainingError(f"{name} has shape {np.shape(start[name])}, but is held at shape {np.shape(value)}")
    if set(start) == set(held):
        raise TrainingError("all parameters are held; there is nothing to train")
    return {name: np.full_like(array, held[name]) if name in held else array for name, array in start.items()}


def _mark(loop: Loop, chosen: Settings, start: Arrays) -> str:
    """The fingerprint of the run; `epochs` may be raised later."""
    described = {**asdict(chosen), "epochs": None, "checkpoint_every": None, "spot_every": None, "step": loop.step}
    described["held"] = sorted(loop.held)
    module = loop.module
    statement = (dict(module.PARAMETERS), dict(module.DATA), module.OBJECTIVE)
    return fingerprint(described, statement, start, loop.data, loop.validation or {})


def _begun(loop: Loop, start: Arrays, path: Path | None, mark: str) -> State:
    """The first state, or that of the checkpoint."""
    return load_checkpoint(path, mark) if path is not None and path.exists() else loop.first(start)


def _followed(
    loop: Loop,
    chosen: Settings,
    state: State,
    mark: str,
    path: Path | None,
    on_epoch: Callable[[EpochRecord], None] | None,
) -> State:
    """The state after the last epoch; each epoch is reported, and some are written to the checkpoint before that."""
    if on_epoch is not None:
        on_epoch(state.records[-1])
    if _finished(state, chosen):
        return state
    last = state
    for last in loop.states(state):
        over = _finished(last, chosen)
        if path is not None and last.epoch % loop.every == 0 and (over or last.epoch % chosen.checkpoint_every == 0):
            save_checkpoint(path, last, mark)
        if on_epoch is not None:
            on_epoch(last.records[-1])
        if over:
            return last
    converged = replace(last, converged=True)
    if path is not None:
        save_checkpoint(path, converged, mark)
    return converged


def _outcome(loop: Loop, chosen: Settings, state: State) -> TrainingRun:
    objective, sense = loop.module.OBJECTIVE
    return TrainingRun(
        history=state.records,
        params=state.params if chosen.patience is None else state.best,
        objective=objective,
        sense=sense,
        settings={**asdict(chosen), "step": loop.step},
        best_epoch=state.best_epoch,
        stopped="converged" if state.converged else "patience" if _exhausted(state, chosen) else "epochs",
    )


def _forward(module: LoweredModule, params: Arrays, data: Arrays) -> Arrays:
    with np.errstate(all="ignore"):
        return {name: np.asarray(array) for name, array in module.forward(params, data).items()}


def _finished(state: State, chosen: Settings) -> bool:
    return state.converged or state.epoch >= chosen.epochs or _exhausted(state, chosen)


def _exhausted(state: State, chosen: Settings) -> bool:
    return chosen.patience is not None and state.epoch - state.best_epoch >= chosen.patience


def _shapes(arrays: Arrays) -> dict[str, tuple[int, ...]]:
    return {name: np.shape(array) for name, array in arrays.items()}
