"""Training from end to end: a lowered model fitted to data, held against its proof, and kept in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.model import Model
    from lowering.datasets.dataset import DataSet
    from lowering.datasets.matching import Matched
    from lowering.history import TrainingRun
    from lowering.lower import Lowered
    from lowering.spotcheck import SpotCheck
    from lowering.train import Settings

UNITS = 16  # of an axis that the data say nothing of, such as a hidden layer


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A finished training with all that it rests on."""

    lowered: Lowered
    dataset: DataSet
    sizes: dict[str, int]
    run: TrainingRun
    spot: SpotCheck


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A data set that fits a model, and how to train on it."""

    dataset: DataSet
    matched: Matched
    settings: Settings


def prepare(model: Model, data: str, *, optimizer: str, epochs: int, seed: int) -> Prepared:
    """Everything that can be refused before any work is done.

    Args:
        model: for one data point.
        data: the name of a data set, or a file.
        optimizer: the name of an update rule.
        epochs: passes over the data.
        seed: of every random choice.
    Raises: DataError, TrainingError: if the data do not fit the model, or a setting is none.
    """
    from derive.quantities import Domain, Kind
    from derive.vocabulary import length
    from lowering.datasets.catalog import load
    from lowering.datasets.matching import match
    from lowering.optimizers import optimizer_named
    from lowering.train import Settings

    optimizer_named(optimizer)
    settings = Settings(optimizer=optimizer, epochs=epochs, seed=seed)
    given = [q for q in model.over_data().given if q.kind is Kind.DATA]
    shapes = {q.name: tuple(str(length(i)) for i in q.axes) for q in given}
    dataset = load(data, seed=seed)
    matched = match(dataset, shapes, binary=[q.name for q in given if q.domain is Domain.BINARY])
    return Prepared(dataset=dataset, matched=matched, settings=settings)


def train_model(model: Model, lowered: Lowered, prepared: Prepared) -> Trained:
    """Train a lowered model, with a bar on standard error if that is a terminal.

    Raises: TrainingError: if training cannot go on, or a gradient does not agree with the proof.
    """
    from lowering.loading import loaded_source
    from lowering.progress import progress_bar
    from lowering.spotcheck import SpotCheck
    from lowering.train import train

    module = loaded_source(lowered.source)
    known = prepared.matched.sizes
    free = {name: number for name, number in _free_sizes(module.PARAMETERS).items() if name not in known}
    spot = SpotCheck(model=model.over_data(), module=module)
    with progress_bar(prepared.settings.epochs) as moved:
        run = train(
            module,
            prepared.matched.train,
            settings=prepared.settings,
            sizes=free,
            validation=prepared.matched.test,
            on_epoch=moved,
            spot_check=spot,
        )
    return Trained(lowered=lowered, dataset=prepared.dataset, sizes={**known, **free}, run=run, spot=spot)


def _free_sizes(shapes: dict[str, tuple[str, ...]]) -> dict[str, int]:
    from lowering.datasets.sizes import read_size

    return {name: UNITS for axes in shapes.values() for text in axes for name in read_size(text).names}


def module_name(model: Model) -> str:
    """A file name that Python can import."""
    plain = "".join(c if c.isalnum() else "_" for c in model.name)
    return f"{plain if plain.isidentifier() else f'model_{plain}'}.py"


def keep(trained: Trained, model: Model, folder: Path) -> tuple[Path, ...]:
    """Write module, certificate, parameters, history and curves into a folder that exists.

    Returns: the files.
    Raises: CannotWriteError: if one cannot be written.
    """
    from lowering.certificate import certificate_path
    from lowering.history import save_run
    from lowering.lower import write
    from reports.content.training import draw

    module = folder / module_name(model)
    write(trained.lowered, module)
    params, history = save_run(trained.run, folder)
    points = (len(trained.dataset.train.targets), len(trained.dataset.test.targets))
    curves = draw(trained.run, folder, None if model.mean else points)
    return (module, certificate_path(module), params, history, *curves)
