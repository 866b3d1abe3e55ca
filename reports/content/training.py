"""A training run as a figure and a few sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lowering.history import TrainingRun

from ..document import Block, Figure, Heading, Paragraph, Ref
from ..plots import Curve, History, training_curve
from .wording import scientific


@dataclass(frozen=True, kw_only=True)
class TrainingResult:
    """What a report tells of a run.

    Attributes:
        run: the run.
        description: of the data: "handwritten digits 1 and 2".
        train, held_out: how many points each part has.
        checked: how many gradients were held against the proof on the way.
        worst: the worst relative error of these.
        figure: the curve, drawn by `draw`.
    """

    run: TrainingRun
    description: str
    train: int
    held_out: int
    checked: int
    worst: float
    figure: Path


def _method(run: TrainingRun) -> str:
    """The update rule as a reader knows it."""
    rule = str(run.settings["optimizer"])
    ascent = "Gradient ascent" if run.sense == "maximise" else "Gradient descent"
    return ascent if rule == "sgd" else rule.capitalize()


def draw(run: TrainingRun, folder: Path, points: tuple[int, int] | None) -> tuple[Path, Path]:
    """Draw objective and accuracy by epoch as `curve.png` and `curve.pdf`.

    Args:
        run: what to draw.
        folder: where to.
        points: as for `history_of`.
    """
    paths = (folder / "curve.png", folder / "curve.pdf")
    training_curve(history_of(run, points), *paths)
    return paths


def history_of(run: TrainingRun, points: tuple[int, int] | None) -> History:
    """The curves of a run: objective and accuracy, each on the training data and on the points held out.

    Args:
        run: what to draw.
        points: how many are trained on and held out, to divide an objective by that is their sum; None for a mean.
    """
    name = run.objective if points is None else f"{run.objective} per data point"
    train, held_out = points or (1, 1)
    rows = (
        (name, "train", "objective", train),
        (name, "held out", "validation_objective", held_out),
        ("accuracy", "train", "accuracy", 1),
        ("accuracy", "held out", "validation_accuracy", 1),
    )
    curves = []
    for quantity, part, measured, count in rows:
        values = [getattr(record, measured) for record in run.history]
        if None not in values:
            curves.append(Curve(quantity=quantity, part=part, values=tuple(v / count for v in values)))
    return History(at=tuple(float(record.epoch) for record in run.history), curves=tuple(curves))


def training_blocks(result: TrainingResult) -> Iterator[Block]:
    """The section on training."""
    run, last = result.run, result.run.history[-1]
    yield Heading(text="Training")
    batch = run.settings["batch_size"]
    yield Paragraph(
        text=(
            f"The data are {result.description}: {result.train} points to train on and {result.held_out} held out. "
            f"{_method(run)} with step {run.settings['step']:g} goes through them "
            f"{last.epoch} times, {batch or 'all'} points a step, from seed {run.settings['seed']}. On the way, "
            f"{result.checked} gradients were compared with the closed forms above in every component; the largest "
            "relative difference was ",
            scientific(result.worst),
            ". ",
            Ref("training"),
            " shows the course",
            f", which ends at an accuracy of {last.validation_accuracy:.1%} on the points held out."
            if last.validation_accuracy is not None
            else ".",
        )
    )
    yield Figure(
        path=result.figure,
        caption=f"{run.objective}{' and accuracy' if last.accuracy is not None else ''} by epoch, "
        "on training (solid) and held-out points (dashed).",
        label="training",
        width=1.0,
        alt=_alt(run),
    )


def _alt(run: TrainingRun) -> str:
    first, last = run.history[0], run.history[-1]
    said = f"{run.objective} goes from {first.objective:.4g} to {last.objective:.4g} in {last.epoch} epochs"
    if last.validation_accuracy is None or first.validation_accuracy is None:
        return said
    return f"{said}; accuracy on held-out points from {first.validation_accuracy:.1%} to {last.validation_accuracy:.1%}"
