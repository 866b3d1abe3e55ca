"""Training from end to end: a lowered model fitted to data, held against its proof, and kept in a folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.model import Model
    from lowering.apart import Apart
    from lowering.datasets.dataset import DataSet
    from lowering.datasets.matching import Matched
    from lowering.hessian import ClosedHessian
    from lowering.history import TrainingRun
    from lowering.lower import Lowered
    from lowering.parts import Parts
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
    """A data set that fits a model, and how to train on it.

    Attributes:
        sizes: those that do not follow from the data.
        held: parameters that keep their values.
    """

    dataset: DataSet
    matched: Matched
    settings: Settings
    sizes: Mapping[str, int]
    held: Mapping[str, float]


def prepare(
    model: Model,
    data: str,
    *,
    settings: Settings,
    sizes: Mapping[str, int | tuple[int, ...]] | None = None,
    held: Mapping[str, float] | None = None,
) -> Prepared:
    """Everything that can be refused before any work is done.

    Args:
        model: for one data point.
        data: the name of a data set, or a file.
        settings: how to train.
        sizes: those that do not follow from the data; others have `UNITS`. For sizes n_l, all of them.
        held: parameters that keep a value.
    Raises: DataError, TrainingError: if the data do not fit the model, or something is not of the model; LoweringError:
        if the model has functions without a formula.
    """
    from derive.quantities import Domain, Kind
    from derive.vocabulary import length
    from lowering.apart import Apart, sizes_apart
    from lowering.datasets.catalog import load
    from lowering.datasets.matching import match
    from lowering.lists import by_letter
    from lowering.passed import check_formulas

    check_formulas(model, "training")
    over, fixed = model.over_data(), dict(held or {})
    known = {str(s) for q in over.given for i in q.axes for s in length(i).free_symbols - set(q.axes)}
    _refuse_unknown("size", sizes or {}, known | set(by_letter(over.given)))
    chosen = sizes_apart(over, sizes or {})
    apart = Apart(model=over, sizes=chosen)
    _refuse_unknown("parameter", fixed, apart.shapes(over.parameters))
    _refuse_weights(model, fixed)
    given = [q for q in over.given if q.kind is Kind.DATA]
    shapes = apart.shapes(given)
    numbers = any(q.domain is Domain.REAL and len(q.axes) == 1 for q in given)
    dataset = load(data, seed=settings.seed, labels=False if numbers else None)
    binary = [q.name for q in given if q.domain is Domain.BINARY]
    matched = match(dataset, shapes, binary=binary, labels=_labels(over), known=chosen)
    return Prepared(dataset=dataset, matched=matched, settings=settings, sizes=chosen, held=fixed)


def _labels(over: Model) -> Collection[str]:
    """The data that the module of a model takes as labels."""
    from derive.quantities import Domain
    from lowering.lower import lowering

    rows = any(q.domain is Domain.SIMPLEX and len(q.axes) == 2 for q in over.given)  # one-hot
    return lowering(over, dtype="float64", backend="numpy").program.labels if rows else ()


def _refuse_unknown(what: str, given: Iterable[str], known: Iterable[str]) -> None:
    from lowering.history import TrainingError

    listed = sorted(known)
    for name in given:
        if name not in listed:
            raise TrainingError(f"the model has no {what} {name!r}; it has {', '.join(listed) or 'none'}")


def _refuse_weights(model: Model, held: Mapping[str, float]) -> None:
    """Refuse to train what only weighs a penalty: less of it is always better, without a bound."""
    from lowering.history import TrainingError

    for q in model.parameters:
        alone = model.penalty and model.depends(model.penalty, q.name) and not model.depends(model.objective, q.name)
        if alone and q.name not in held:
            raise TrainingError(f"{q.name} weighs the penalty and cannot be trained; hold it: --hold {q.name}=0.1")


def train_model(
    model: Model,
    lowered: Lowered,
    prepared: Prepared,
    *,
    checkpoint: Path | None = None,
    resume: bool = False,
    client: Any = None,
) -> Trained:
    """Train a lowered model, with a bar on standard error if that is a terminal.

    Args:
        model: what was lowered.
        lowered: its module.
        prepared: data and settings.
        checkpoint: a file for the state of the run, if any.
        resume: go on from it, if it is there.
        client: of a cluster that holds the rows, if any.
    Raises: TrainingError: if training cannot go on, or a gradient does not agree with the proof.
    """
    from lowering.cluster import spread
    from lowering.domains import check_domains
    from lowering.progress import progress_bar
    from lowering.spotcheck import SpotCheck
    from lowering.train import train

    over, settings = model.over_data(), prepared.settings
    module, apart = _module(over, lowered, prepared, spread_out=client is not None)
    sizes = _chosen_sizes(module.PARAMETERS, prepared) | _counts(module, prepared.matched)
    spot, parts = SpotCheck(model=over, module=module, apart=apart), _parts(model)
    with progress_bar(settings.epochs) as on_epoch:
        run = train(
            module,
            prepared.matched.train,
            settings=settings,
            sizes=sizes,
            validation=prepared.matched.test,
            on_epoch=on_epoch,
            spot_check=spot,
            held=prepared.held,
            hessian=_hessian(over, module, prepared),
            allowed=lambda params: check_domains(over, params if apart is None else apart.lists(params)),
            parts=parts,
            spread=client and partial(spread, client=client, source=lowered.source, parts=parts),
            checkpoint=checkpoint,
            resume=resume,
        )
    return Trained(
        lowered=lowered, dataset=prepared.dataset, sizes={**prepared.matched.sizes, **sizes}, run=run, spot=spot
    )


def _module(over: Model, lowered: Lowered, prepared: Prepared, *, spread_out: bool) -> tuple[Any, Apart | None]:
    """The module that is trained; of a model with lists one of arrays, and how it names them."""
    from lowering.apart import Apart
    from lowering.history import TrainingError
    from lowering.lists import has_lists
    from lowering.loading import loaded_source

    module = loaded_source(lowered.source)
    if not has_lists(over):
        return module, None
    if prepared.settings.optimizer == "newton":
        raise TrainingError("newton has no Hessian by lists of arrays; take lbfgs")
    if spread_out:
        raise TrainingError("a model with lists of arrays is trained on one machine; leave out the scheduler")
    apart = Apart(model=over, sizes=prepared.sizes)
    return apart.module(module), apart


def _parts(model: Model) -> Parts:
    """How the objective over all points follows from that over some."""
    from lowering.parts import Parts

    return Parts(mean=model.mean, penalty=bool(model.penalty))


def _hessian(model: Model, module: Any, prepared: Prepared) -> ClosedHessian | None:
    """For an optimiser that asks for it, by the parameters that are not held."""
    from lowering.hessian import ClosedHessian

    moved, labels = [name for name in module.PARAMETERS if name not in prepared.held], getattr(module, "LABELS", {})
    return ClosedHessian(model, moved, labels) if prepared.settings.optimizer == "newton" else None


def _chosen_sizes(shapes: Mapping[str, tuple[str, ...]], prepared: Prepared) -> dict[str, int]:
    """The sizes that do not follow from the data: as given, else `UNITS`."""
    from lowering.datasets.sizes import read_size

    names = (name for axes in shapes.values() for text in axes for name in read_size(text).names)
    return {name: UNITS for name in names if name not in prepared.matched.sizes} | dict(prepared.sizes)


def _counts(module: Any, matched: Matched) -> dict[str, int]:
    """How many labels there are, which does not follow from the shape of their array."""
    short = [name for name in getattr(module, "LABELS", ()) if len(matched.train[name].shape) == 1]
    return {name: matched.sizes[name] for name in (module.DATA[n][1] for n in short)}


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
