"""Training from end to end: a lowered model fitted to data, held against its proof, and kept in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.model import Model
    from lowering.datasets.dataset import DataSet
    from lowering.history import TrainingRun
    from lowering.lower import Lowered
    from lowering.spotcheck import SpotCheck

UNITS = 16  # of an axis that the data say nothing of, such as a hidden layer
BATCH = 32


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A finished training with all that it rests on."""

    lowered: Lowered
    dataset: DataSet
    sizes: dict[str, int]
    run: TrainingRun
    spot: SpotCheck


def train_model(model: Model, lowered: Lowered, data: str, *, optimizer: str, epochs: int, seed: int) -> Trained:
    """Train a lowered model on a data set.

    Args:
        model: for one data point.
        lowered: its module.
        data: the name of a data set, or a file.
        optimizer: the name of an update rule.
        epochs: passes over the data.
        seed: of every random choice.
    Raises: DataError, TrainingError: if the data do not fit, or training cannot go on.
    """
    from derive.quantities import Domain
    from lowering.datasets.catalog import load
    from lowering.datasets.matching import match
    from lowering.loading import loaded_source
    from lowering.optimizers import optimizer_named
    from lowering.progress import progress_bar
    from lowering.spotcheck import SpotCheck
    from lowering.train import Settings, train

    optimizer_named(optimizer)
    module = loaded_source(lowered.source)
    dataset = load(data, seed=seed)
    binary = [q.name for q in model.given if q.domain is Domain.BINARY]
    matched = match(dataset, module.DATA, binary=binary)
    sizes = {**_free_sizes(module.PARAMETERS), **matched.sizes}
    spot = SpotCheck(model=model.over_data(), module=module)
    settings = Settings(optimizer=optimizer, epochs=epochs, seed=seed, batch_size=BATCH)
    with progress_bar(epochs) as moved:
        run = train(
            module,
            matched.train,
            settings=settings,
            sizes={name: number for name, number in sizes.items() if name not in matched.sizes},
            validation=matched.test,
            on_epoch=moved,
            spot_check=spot,
        )
    return Trained(lowered=lowered, dataset=dataset, sizes=sizes, run=run, spot=spot)


def _free_sizes(shapes: dict[str, tuple[str, ...]]) -> dict[str, int]:
    from lowering.datasets.sizes import read_size

    return {name: UNITS for axes in shapes.values() for text in axes for name, _ in read_size(text).factors}


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
