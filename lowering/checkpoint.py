"""The state of a training run, and the file from which a killed run goes on as if nothing had happened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.files import write_bytes

from .datasets.rows import Rows, tiles
from .history import EpochRecord, TrainingError, make_folder, packed, unpacked

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True)
class State:
    """All that the rest of a run depends on.

    Attributes:
        params: the parameters.
        slots: what the optimiser remembers, parameter to slot to array.
        steps: how many steps have been taken.
        records: the history so far, epoch 0 included.
        best: the parameters of the best epoch.
        best_epoch: the epoch with the best objective.
        converged: whether a solver found nothing left to do.
    """

    params: Mapping[str, Array]
    slots: Mapping[str, Mapping[str, Array]]
    steps: int
    records: tuple[EpochRecord, ...]
    best: Mapping[str, Array]
    best_epoch: int
    converged: bool = False

    @property
    def epoch(self) -> int:
        """The last epoch that is finished."""
        return self.records[-1].epoch


def fingerprint(*parts: Any) -> str:
    """A digest of settings and arrays: the same for the same run."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Mapping) and all(isinstance(value, np.ndarray | Rows) for value in part.values()):
            for name, array in sorted(part.items()):
                for tile in tiles(array):
                    digest.update(f"{name}:{tile.dtype}:{tile.shape};".encode())
                    digest.update(np.ascontiguousarray(tile).tobytes())
        else:
            digest.update(repr(part).encode())
    return digest.hexdigest()


def save_checkpoint(path: Path, state: State, run: str) -> None:
    """Write the state whole or not at all.

    Args:
        path: an NPZ file; its folder is made if need be.
        state: the state after an epoch.
        run: the fingerprint of the run.
    """
    note = {
        "run": run,
        "steps": state.steps,
        "best_epoch": state.best_epoch,
        "converged": state.converged,
        "records": [asdict(record) for record in state.records],
    }
    arrays = {f"params.{name}": array for name, array in state.params.items()}
    arrays |= {f"best.{name}": array for name, array in state.best.items()}
    arrays |= {f"slots.{slot}.{name}": a for name, slots in state.slots.items() for slot, a in slots.items()}
    arrays["note"] = np.frombuffer(json.dumps(note).encode(), dtype=np.uint8)
    make_folder(path.parent)
    write_bytes(path, packed(arrays))


def load_checkpoint(path: Path, run: str) -> State:
    """The state that was saved.

    Raises:
        TrainingError: if the file is damaged or belongs to a run with other settings or data.
    """
    arrays = unpacked(path)
    try:
        note = json.loads(arrays.pop("note").tobytes())
        if note["run"] != run:
            raise TrainingError(f"{path} belongs to a run with other settings or data; start anew or name another file")
        groups: dict[str, dict[str, Array]] = {"params": {}, "best": {}}
        slots: dict[str, dict[str, Array]] = {}
        for key, array in arrays.items():
            group, _, rest = key.partition(".")
            if group == "slots":
                slot, _, name = rest.partition(".")
                slots.setdefault(name, {})[slot] = array
            else:
                groups[group][rest] = array
        records = tuple(EpochRecord(**record) for record in note["records"])
        return State(
            params=groups["params"],
            best=groups["best"],
            slots={name: slots.get(name, {}) for name in groups["params"]},
            steps=note["steps"],
            records=records,
            best_epoch=note["best_epoch"],
            converged=note["converged"],
        )
    except (KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise TrainingError(f"{path} is not a checkpoint ({error!r}); start anew or name another file") from error
