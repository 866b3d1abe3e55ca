"""Checkpoints and saved runs: whole or not there, and a killed run ends as an undisturbed one."""

from __future__ import annotations

import importlib.util
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lowering.history import SCHEMA, EpochRecord, TrainingError, TrainingRun, load_params, save_run
from lowering.progress import progress_bar
from lowering.train import Settings, train

PATH = Path(__file__).parent / "modules" / "network.py"
spec = importlib.util.spec_from_file_location("network", PATH)
assert spec is not None and spec.loader is not None
NETWORK: Any = importlib.util.module_from_spec(spec)
spec.loader.exec_module(NETWORK)

RNG = np.random.default_rng(0)
X = np.hstack([np.ones((40, 1)), RNG.normal(size=(40, 3))])
DATA = {"X": X, "y": (X @ [0.2, 1, -1, 2] + RNG.normal(size=40) > 0).astype(float)}


class Killed(Exception):
    """What ends a run at an arbitrary place."""


def run(epochs: int = 12, checkpoint: Path | None = None, kill_at: int | None = None, **chosen: Any) -> TrainingRun:
    def on_epoch(record: EpochRecord) -> None:
        if record.epoch == kill_at:
            raise Killed

    plan = Settings(**{"epochs": epochs, "batch_size": 7, "checkpoint_every": 3, "seed": 4, **chosen})
    return train(NETWORK, DATA, sizes={"m_h": 3}, settings=plan, checkpoint=checkpoint, resume=True, on_epoch=on_epoch)


def same(first: TrainingRun, second: TrainingRun) -> bool:
    bits = [first.params[name].tobytes() == second.params[name].tobytes() for name in first.params]
    return first.history == second.history and all(bits)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("kill_at", [1, 4, 6, 11])
def test_a_killed_run_ends_as_an_undisturbed_one(tmp_path: Path, optimizer: str, kill_at: int) -> None:
    path = tmp_path / "state.npz"
    with pytest.raises(Killed):
        run(checkpoint=path, kill_at=kill_at, optimizer=optimizer)
    assert path.exists() == (kill_at >= 3)
    resumed = run(checkpoint=path, optimizer=optimizer)
    assert same(resumed, run(optimizer=optimizer))
    assert [file.name for file in tmp_path.iterdir()] == ["state.npz"]


def test_early_stopping_survives_a_kill(tmp_path: Path) -> None:
    chosen: dict[str, Any] = {"epochs": 1000, "patience": 5, "optimizer": "sgd", "step": 2.0}
    path = tmp_path / "state.npz"
    whole = run(**chosen)
    assert whole.stopped == "patience"
    with pytest.raises(Killed):
        run(checkpoint=path, kill_at=len(whole.history) - 2, **chosen)
    resumed = run(checkpoint=path, **chosen)
    assert same(resumed, whole)
    assert (resumed.stopped, resumed.best_epoch) == ("patience", whole.best_epoch)


def test_a_finished_run_goes_on_when_asked_for_more(tmp_path: Path) -> None:
    path = tmp_path / "state.npz"
    run(5, path)
    assert same(run(9, path), run(9))
    assert len(run(3, path).history) == 10


@pytest.mark.parametrize("change", [{"seed": 5}, {"step": 0.5}, {"optimizer": "sgd"}, {"batch_size": 8}])
def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path, change: Any) -> None:
    path = tmp_path / "state.npz"
    run(3, path)
    with pytest.raises(TrainingError, match=r"state.npz belongs to a run with other settings or data"):
        run(3, path, **change)


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.5, 0.99])
def test_a_truncated_checkpoint_is_refused(tmp_path: Path, kept: float) -> None:
    path = tmp_path / "state.npz"
    run(3, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(TrainingError, match=r"state.npz"):
        run(3, path)


def test_another_npz_is_no_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "state.npz"
    np.savez(path, theta=np.zeros(3))
    with pytest.raises(TrainingError, match="is not a checkpoint"):
        run(3, path)


def test_a_saved_run_is_read_back(tmp_path: Path) -> None:
    finished = run(3)
    params, history = save_run(finished, tmp_path / "new" / "folder")
    loaded = load_params(params)
    assert loaded.keys() == finished.params.keys()
    assert all(loaded[name].tobytes() == array.tobytes() for name, array in finished.params.items())
    content = json.loads(history.read_text())
    assert (content["schema"], content["objective"], content["sense"]) == (SCHEMA, "LL", "maximise")
    assert tuple(EpochRecord(**entry) for entry in content["epochs"]) == finished.history
    assert content["settings"]["seed"] == 4 and content["settings"]["step"] == 0.01


def test_the_same_run_leaves_the_same_files(tmp_path: Path) -> None:
    first, second = (save_run(run(3), tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_files_that_cannot_be_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TrainingError, match="cannot be made"):
        save_run(run(1), tmp_path / "file" / "folder")
    with pytest.raises(TrainingError, match="there is no such file"):
        load_params(tmp_path / "missing.npz")
    with pytest.raises(TrainingError, match="not a whole NPZ file"):
        load_params(tmp_path / "file")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_the_bar_shows_on_a_terminal_only(stream: type[io.StringIO], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    shown, output = stream(), io.StringIO()
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setattr("sys.stdout", output)
    with progress_bar(3) as on_epoch:
        train(NETWORK, DATA, sizes={"m_h": 2}, settings=Settings(epochs=3), on_epoch=on_epoch)
    assert output.getvalue() == ""
    assert ("3/3" in shown.getvalue()) == (stream is Terminal)
    assert bool(shown.getvalue()) == (stream is Terminal)
