"""`gradproof train`: train a model, held against the proof as it trains."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ..command import Command, argument, at_least_one, number_by_name, positive, whole_by_name
from ..errors import UsageError
from ..functions import OPTION, with_functions
from ..models import find_model
from ..output import check_folder, make_folder
from ..training import Trained, keep, prepare, train_model

CHECKPOINT = "checkpoint.npz"


def run(args: Namespace) -> int:
    """Train the model, check its gradient on the way, and plot both into the folder `args.output`."""
    folder = check_folder(args.output)
    from lowering.lower import lower
    from lowering.train import Settings

    settings = Settings(
        optimizer=args.optimizer,
        epochs=args.epochs,
        seed=args.seed,
        step=args.step,
        batch_size=args.batch,
        patience=args.patience,
        running=args.running,
    )
    model = with_functions(find_model(args.model), dict(args.function or ()))
    prepared = prepare(model, args.data, settings=settings, sizes=dict(args.size or ()), held=dict(args.hold or ()))
    with cluster(args) as client:
        lowered, kept = lower(model, dtype=args.dtype), folder / CHECKPOINT
        trained = train_model(model, lowered, prepared, checkpoint=kept, resume=args.resume, client=client)
    files = keep(trained, model, make_folder(folder))
    print(*summary(trained), *(f"wrote {file}" for file in files), sep="\n")
    return 0


def cluster(args: Namespace) -> AbstractContextManager[Any]:
    """The cluster that is asked for.

    Raises: UsageError: if an address is given without a scheduler.
    """
    if args.scheduler is None:
        if args.address is not None or args.workers is not None:
            raise UsageError("--address and --workers are about a cluster; add --scheduler dask")
        return nullcontext()
    from lowering.cluster import connected

    return connected(args.address, args.workers)


def summary(trained: Trained) -> Iterator[str]:
    """What the run came to, line by line."""
    run, data = trained.run, trained.dataset
    first, last = run.history[0], run.history[-1]
    sizes = ", ".join(f"{name} = {number}" for name, number in trained.sizes.items())
    counts = f"{len(data.train.targets)} to train on, {len(data.test.targets)} held out"
    yield f"data: {data.description}; {counts} ({sizes})"
    ended = {"patience": ", best at {run.best_epoch}", "converged": ", converged"}.get(run.stopped, "")
    at_last = f"{last.objective:.6g} after {last.epoch} epochs{ended.format(run=run)}"
    yield f"{run.objective}: {first.objective:.6g} at first, {at_last}"
    kept = last if run.settings["patience"] is None else run.history[run.best_epoch]
    if kept.validation_objective is not None:
        at_last = "at last" if kept is last else "at best"
        held_out = f"{first.validation_objective:.6g} at first, {kept.validation_objective:.6g} {at_last}"
        yield f"{run.objective} held out: {held_out}"
    if kept.validation_accuracy is not None:
        yield f"accuracy held out: {kept.validation_accuracy:.1%}"
    yield f"gradients held against the proof: {trained.spot.done}, worst relative difference {trained.spot.worst:.1e}"


COMMAND = Command(
    name="train",
    summary="train a model, check its gradient against the proof as it trains, and plot it",
    arguments=(
        argument("model", metavar="MODEL", help="a catalogue name, a .tex or .md file, or module:attribute"),
        argument(
            "--data", metavar="NAME|PATH", default="digits-1-vs-2", help="a data set's name or file (%(default)s)"
        ),
        argument("--optimizer", metavar="NAME", default="sgd", help="sgd, momentum, adam, lbfgs, newton (%(default)s)"),
        argument("--epochs", metavar="N", type=at_least_one, default=300, help="passes over the data (%(default)s)"),
        argument("--batch", metavar="N", type=at_least_one, help="points a step (all)"),
        argument("--step", metavar="X", type=positive, help="size of a step (the optimizer's own)"),
        argument(
            "--dtype", metavar="TYPE", default="float64", help="of the parameters: float64, float32 (%(default)s)"
        ),
        argument("--patience", metavar="N", type=at_least_one, help="stop after N epochs that are no better held out"),
        argument("--running", action="store_true", help="record the objective as the steps meet it: no pass more"),
        argument("--size", metavar="NAME=N", type=whole_by_name, action="append", help="m_h=64; of layers n=64,32,10"),
        OPTION,
        argument("--hold", metavar="NAME=X", type=number_by_name, action="append", help="keep a parameter at a value"),
        argument("--resume", action="store_true", help=f"go on from {CHECKPOINT} in DIR, as if never interrupted"),
        argument("--scheduler", choices=("dask",), help="spread the data over the workers of a cluster"),
        argument("--address", metavar="URL", help="of its scheduler; without it a cluster is started on this machine"),
        argument("--workers", metavar="N", type=at_least_one, help="of a cluster on this machine (one a processor)"),
        argument("--seed", metavar="N", type=int, default=0, help="of every random choice (%(default)s)"),
        argument("-o", "--output", metavar="DIR", default="gradproof-train", help="folder to write to (%(default)s)"),
    ),
    run=run,
)
