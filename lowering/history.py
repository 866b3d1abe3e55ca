"""What a training run leaves behind: a record an epoch, the parameters, and the files they are kept in."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.files import write_bytes, write_text

Array = NDArray[Any]

SCHEMA = "gradproof.history/1"


class TrainingError(ValueError):
    """A run cannot start or go on; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class EpochRecord:
    """The state after an epoch; epoch 0 is the start.

    Attributes:
        epoch: how many passes over the training data.
        objective: the module's objective over the training data; of a running record, each batch before its step.
        validation_objective: the same over the held-out data.
        accuracy: the share of training points predicted right, for 0/1 and class targets.
        validation_accuracy: the same over the held-out data.
    """

    epoch: int
    objective: float
    validation_objective: float | None = None
    accuracy: float | None = None
    validation_accuracy: float | None = None


@dataclass(frozen=True, kw_only=True)
class TrainingRun:
    """A finished run.

    Attributes:
        history: a record for epoch 0 and for each epoch after it.
        params: the parameters, those of the best epoch if the run stops early by patience.
        objective: the name of the objective.
        sense: "maximise" or "minimise".
        settings: what it was run with.
        best_epoch: the epoch with the best (held-out, if there is any) objective.
        stopped: "epochs", "patience" where there was no improvement for so long, or "converged".
    """

    history: tuple[EpochRecord, ...]
    params: Mapping[str, Array]
    objective: str
    sense: str
    settings: Mapping[str, Any]
    best_epoch: int
    stopped: str


def save_run(run: TrainingRun, folder: str | Path) -> tuple[Path, Path]:
    """Write `params.npz` and `history.json` into a folder, which is made if need be; each file whole or not at all.

    Raises:
        TrainingError: if the folder cannot be made.
        CannotWriteError: if a file cannot be written.
    """
    place = Path(folder)
    make_folder(place)
    params, history = place / "params.npz", place / "history.json"
    write_bytes(params, packed(run.params))
    write_text(history, history_json(run))
    return params, history


def make_folder(place: Path) -> None:
    """Make a folder and those above it.

    Raises: TrainingError: if that cannot be done.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"the folder {place} cannot be made: {error.strerror or error}") from error


def history_json(run: TrainingRun) -> str:
    """The history as JSON: objective, sense, settings, and an entry an epoch; the same text for the same run."""
    content = {
        "schema": SCHEMA,
        "objective": run.objective,
        "sense": run.sense,
        "settings": dict(run.settings),
        "best_epoch": run.best_epoch,
        "stopped": run.stopped,
        "epochs": [asdict(record) for record in run.history],
    }
    return json.dumps(content, indent=1, allow_nan=False) + "\n"


def load_params(path: str | Path) -> dict[str, Array]:
    """The parameters that `save_run` wrote.

    Raises:
        TrainingError: if the file is missing or damaged.
    """
    return unpacked(path)


def packed(arrays: Mapping[str, Array]) -> bytes:
    """Arrays as the bytes of an NPZ file."""
    buffer = io.BytesIO()
    contents: dict[str, Any] = dict(arrays)
    np.savez(buffer, allow_pickle=False, **contents)
    return buffer.getvalue()


def unpacked(path: str | Path) -> dict[str, Array]:
    """The arrays of an NPZ file.

    Raises:
        TrainingError: if the file is missing or damaged.
    """
    try:
        content = io.BytesIO(Path(path).read_bytes())
        if not zipfile.is_zipfile(content):
            raise TrainingError(f"{path}: not a whole NPZ file of numbers")
        content.seek(0)
        with np.load(content, allow_pickle=False) as arrays:
            return {name: np.asarray(arrays[name]) for name in arrays.files}
    except FileNotFoundError as error:
        raise TrainingError(f"{path}: there is no such file") from error
    except (OSError, ValueError, EOFError, KeyError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise TrainingError(f"{path}: not a whole NPZ file of numbers ({error})") from error
