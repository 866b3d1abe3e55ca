"""Data in NPY files: read a tile at a time, they train as the same numbers in memory do."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lowering.datasets.catalog import load
from lowering.datasets.errors import DataError
from lowering.datasets.matching import match
from lowering.datasets.rows import BLOCK, Rows
from lowering.history import TrainingError
from lowering.parts import Parts, batches
from lowering.train import Settings, train

POINTS = 2 * BLOCK + 1000
SHAPES = {"x": ("n", "d"), "y": ("n",)}


def written(folder: Path, labels: bool = False) -> Path:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(POINTS, 3))
    y = X @ [1.0, -2.0, 0.5] + rng.normal(size=POINTS)
    np.save(folder / "X.npy", X.astype(np.float32))
    np.save(folder / "y.npy", (y > 0).astype(np.uint8) if labels else y)
    return folder


def least_squares(mean: bool, penalty: bool) -> Any:
    """f = w Σ_s (x_s·θ − y_s)²/2 with w = 1 or 1/n, and beside it 3 |θ|²."""

    def value_and_grad(params: Any, data: Any) -> tuple[Any, Any]:
        theta, x, y = params["theta"], data["x"], data["y"]
        weight, error, much = (1 / len(y) if mean else 1.0), x @ theta - y, (3.0 if penalty else 0.0)
        value = weight * error @ error / 2 + much * theta @ theta
        return value, {"theta": weight * error @ x + 2 * much * theta}

    return SimpleNamespace(
        PARAMETERS={"theta": ("d",)},
        DATA=SHAPES,
        OBJECTIVE=("f", "minimise"),
        init=lambda sizes, rng: {"theta": rng.normal(size=sizes["d"])},
        forward=lambda params, data: {"f": value_and_grad(params, data)[0]},
        value=lambda params, data: value_and_grad(params, data)[0],
        value_and_grad=value_and_grad,
    )


def in_memory(data: Any) -> dict[str, Any]:
    return {name: rows[:] for name, rows in data.items()}


@pytest.mark.parametrize("mean", [False, True])
@pytest.mark.parametrize("penalty", [False, True])
@pytest.mark.parametrize("optimizer", ["sgd", "lbfgs"])
def test_tiles_add_up(
    mean: bool, penalty: bool, optimizer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lowering.datasets.rows.TILE_BYTES", 24 * 700)
    matched = match(load(written(tmp_path)), SHAPES)
    assert isinstance(matched.train["x"], Rows) and matched.train["x"].tile == 700
    module, plan = least_squares(mean, penalty), Settings(optimizer=optimizer, epochs=5, per_point=not mean)
    kept = in_memory(matched.train)
    run = train(module, matched.train, settings=plan, parts=Parts(mean=mean, penalty=penalty), validation=matched.test)
    known = train(module, kept, settings=plan, validation=in_memory(matched.test))
    np.testing.assert_allclose(run.params["theta"], known.params["theta"], rtol=1e-9)
    for a, b in zip(run.history, known.history, strict=True):
        assert a.validation_objective is not None and b.validation_objective is not None
        assert a.objective == pytest.approx(b.objective, rel=1e-9)
        assert a.validation_objective == pytest.approx(b.validation_objective, rel=1e-9)


@pytest.mark.parametrize("mean", [False, True])
def test_a_penalty_beside_a_sum_is_shared_out_over_the_batches(mean: bool) -> None:
    """Steps over batches go where steps over all points go: a penalty counted whole for each would lead elsewhere."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 3))
    data = {"x": x, "y": x @ [1.0, -2.0, 0.5] + 0.01 * rng.normal(size=60)}
    module, parts = least_squares(mean, True), Parts(mean=mean, penalty=True)
    ends = [
        train(
            module,
            data,
            settings=Settings(optimizer="sgd", epochs=200, step=0.02, batch_size=size, per_point=not mean),
            parts=parts,
        ).params["theta"]
        for size in (None, 12)
    ]
    np.testing.assert_allclose(ends[1], ends[0], rtol=0.1)


@pytest.mark.parametrize(("mean", "penalty"), [(True, False), (False, True)])
def test_an_objective_that_is_no_such_sum_is_refused(mean: bool, penalty: bool, tmp_path: Path) -> None:
    matched = match(load(written(tmp_path)), SHAPES)
    with pytest.raises(TrainingError, match="cannot be added up"):
        train(least_squares(mean, penalty), matched.train)


def test_an_epoch_visits_every_row_once_and_the_seed_decides_the_order(tmp_path: Path) -> None:
    data = match(load(written(tmp_path)), SHAPES).train
    seen = [np.concatenate([b["y"] for b, _ in batches(data, ("x", "y"), 300, (0, e))]) for e in (1, 1, 2)]
    np.testing.assert_array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[0], seen[2])
    np.testing.assert_array_equal(np.sort(seen[0]), np.sort(data["y"][:]))


def test_the_blocks_are_a_partition_that_the_seed_decides(tmp_path: Path) -> None:
    sets = [load(written(tmp_path), seed=seed) for seed in (0, 0, 1, 2, 3)]
    halves = [np.sort(np.concatenate([s.train.targets[:], s.test.targets[:]])) for s in sets]
    for both in halves:
        np.testing.assert_array_equal(both, np.sort(np.load(tmp_path / "y.npy")))
    np.testing.assert_array_equal(sets[0].test.targets[:], sets[1].test.targets[:])
    assert len({s.test.targets[:].tobytes() for s in sets}) > 1


def test_rows_are_changed_as_they_are_read(tmp_path: Path) -> None:
    data = load(written(tmp_path, labels=True), bias=True)
    assert data.classes == ("0", "1")
    train = match(data, {"x": ("n", "m_x + 1"), "y": ("n", "K")}).train
    assert train["x"].shape == (len(data.train.targets), 4) and train["y"].shape[1] == 2
    some = np.array([5, 1, BLOCK + 3])
    np.testing.assert_array_equal(train["x"][some][:, 0], 1)
    np.testing.assert_array_equal(train["y"][some].argmax(axis=1), data.train.targets[some])
    np.testing.assert_array_equal(train["x"][some], train["x"][:][some])


def test_a_streamed_run_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    data = match(load(written(tmp_path)), SHAPES).train
    module, file = least_squares(False, False), tmp_path / "state.npz"
    plans = [Settings(epochs=n, batch_size=500) for n in (2, 4)]
    train(module, data, settings=plans[0], checkpoint=file)
    parts = train(module, data, settings=plans[1], checkpoint=file, resume=True)
    whole = train(module, data, settings=plans[1])
    assert parts.history == whole.history


def fewer(folder: Path, points: int) -> None:
    for name in ("X", "y"):
        np.save(folder / f"{name}.npy", np.load(folder / f"{name}.npy")[:points])


def damaged(name: str, folder: Path) -> None:
    """Make one thing wrong with the data."""
    X, y = np.load(folder / "X.npy"), np.load(folder / "y.npy")
    content = (folder / "X.npy").read_bytes()
    X[BLOCK + 7, 1] = np.nan
    changes: dict[str, Any] = {
        "truncated": lambda: (folder / "X.npy").write_bytes(content[:-5]),
        "longer": lambda: (folder / "X.npy").write_bytes(content + b"12345"),
        "no array": lambda: (folder / "X.npy").write_bytes(b"X = 3"),
        "nan": lambda: np.save(folder / "X.npy", X),
        "unlike lengths": lambda: np.save(folder / "y.npy", y[1:]),
        "by columns": lambda: np.save(folder / "X.npy", np.asfortranarray(np.nan_to_num(X))),
        "complex": lambda: np.save(folder / "y.npy", y + 1j),
        "empty": lambda: np.save(folder / "X.npy", X[:0]),
        "few": lambda: fewer(folder, 9),
        "objects": lambda: np.save(folder / "y.npy", np.array([None] * POINTS), allow_pickle=True),
    }
    changes[name]()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("truncated", r"X.npy: the header promises .* bytes, but \d+ follow"),
        ("longer", r"X.npy: the header promises"),
        ("no array", r"X.npy: not an NPY file"),
        ("nan", "NaN or infinite"),
        ("unlike lengths", r"expected features of shape \(n, m\)"),
        ("by columns", "stored by columns"),
        ("complex", "expected real numbers"),
        ("empty", "is empty"),
        ("few", "put so few into an NPZ file"),
        ("objects", "expected real numbers"),
    ],
)
def test_damaged_files_are_refused_by_name(name: str, said: str, tmp_path: Path) -> None:
    damaged(name, written(tmp_path))
    with pytest.raises(DataError, match=said):
        load(tmp_path)


def test_memory_does_not_grow_with_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As NumPy allocates it, from the first look at the files to the end of an epoch."""
    monkeypatch.setattr("lowering.datasets.rows.TILE_BYTES", 2**18)
    peaks = []
    for blocks in (30, 60):  # more than are shuffled together
        folder = tmp_path / str(blocks)
        folder.mkdir()
        x = np.random.default_rng(0).normal(size=(blocks * BLOCK, 8))
        np.save(folder / "X.npy", x)
        np.save(folder / "y.npy", x @ np.arange(8.0))
        del x
        tracemalloc.start()
        matched = match(load(folder, labels=False), SHAPES)
        plan = Settings(optimizer="sgd", epochs=1, batch_size=512, step=0.01)
        run = train(least_squares(False, False), matched.train, settings=plan, validation=matched.test)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert run.history[-1].objective < run.history[0].objective
    assert peaks[1] < 1.1 * peaks[0]
