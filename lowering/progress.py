"""A progress bar for a terminal; the library itself prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .history import EpochRecord


@contextmanager
def progress_bar(epochs: int) -> Iterator[Callable[[EpochRecord], None]]:
    """A bar on standard error, moved by calling what is given with each epoch's record; nothing off a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    figures = TextColumn("{task.fields[text]}")
    columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), figures)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("training", total=epochs, text="")
        yield lambda record: bar.update(task, completed=record.epoch, text=_text(record))


def _text(record: EpochRecord) -> str:
    shown = f"objective {record.objective:.4g}"
    return shown if record.validation_accuracy is None else f"{shown}, held out {record.validation_accuracy:.1%}"
