"""Data spread over workers: the same run as with all of it here, whoever holds the rows and whoever is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive.catalog import find
from lowering.cluster import Actors, connected, spread
from lowering.datasets.catalog import load
from lowering.datasets.matching import match
from lowering.datasets.rows import BLOCK
from lowering.epochs import samples
from lowering.history import EpochRecord, TrainingError, TrainingRun
from lowering.loading import loaded_source
from lowering.lower import lowering
from lowering.parts import Parts
from lowering.spread import Holder, Places, Spread, Work, bounds, stretch
from lowering.train import Settings, train

needs_dask = pytest.mark.skipif(find_spec("distributed") is None, reason="the extra dask is not installed")
RNG = np.random.default_rng(0)
X = np.hstack([np.ones((90, 1)), RNG.normal(size=(90, 3))])
DATA = {"x": X, "y": (X @ [0.2, 1, -1, 2] + RNG.normal(size=90) > 0).astype(float)}
PLANS = (
    Settings(optimizer="adam", batch_size=7, epochs=4),
    Settings(optimizer="momentum", epochs=4),
    Settings(optimizer="lbfgs", epochs=4),
)


@cache
def source(name: str) -> str:
    return lowering(find(name), dtype="float64", backend="numpy").source


@dataclass(frozen=True)
class Here:
    """Holders in this process."""

    held: tuple[Holder, ...]
    ends: list[int]

    def shares(self, work: Work, places: Places | None) -> Iterator[tuple[int, Any]]:
        for holder, (first, after) in zip(self.held, pairwise(self.ends), strict=True):
            own = None if places is None else places[(first <= places) & (places < after)]
            if own is None or len(own):
                found = holder.computed(work, own)
                assert isinstance(found, list), found
                yield after - first if own is None else len(own), found


def over(name: str, data: Any, count: int, parts: Parts) -> dict[str, Any]:
    rows, _ = samples(loaded_source(source(name)), data)
    ends = bounds(data[rows[0]], count)
    held = tuple(
        Holder(source(name), {n: stretch(a, first, after) for n, a in data.items()}, rows, first, parts)
        for first, after in pairwise(ends)
    )
    return {n: Spread(rows=a, holders=Here(held, ends)) for n, a in data.items()}


def trained(name: str, data: Any, plan: Settings, **more: Any) -> TrainingRun:
    model = find(name)
    parts = Parts(mean=model.mean, penalty=bool(model.penalty))
    held = {"lambda": 0.1} if name == "ridge" else {}
    return train(loaded_source(source(name)), data, settings=plan, parts=parts, held=held, **more)


def alike(first: TrainingRun, second: TrainingRun) -> None:
    for a, b in zip(first.history, second.history, strict=True):
        assert a.objective == pytest.approx(b.objective, rel=1e-9)
        assert (a.accuracy, a.validation_accuracy) == pytest.approx((b.accuracy, b.validation_accuracy))
    for name, array in first.params.items():
        np.testing.assert_allclose(array, second.params[name], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.optimizer)
@pytest.mark.parametrize("name", ["logistic-regression", "ridge"])
def test_rows_of_many_holders_train_as_rows_here(name: str, plan: Settings) -> None:
    model = find(name)
    parts = Parts(mean=model.mean, penalty=bool(model.penalty))
    whole = trained(name, DATA, plan, validation=DATA)
    for count in (1, 4):
        placed = partial(over, name, count=count, parts=parts)
        alike(trained(name, DATA, plan, validation=DATA, spread=placed), whole)


@pytest.mark.parametrize("rows", [1, 2, 5, 4096])
@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_bounds_are_even_and_hold_all_rows(rows: int, count: int) -> None:
    ends = bounds(np.zeros(rows), count)
    assert ends[0] == 0 and ends[-1] == rows and len(ends) - 1 == min(rows, count)
    assert max(np.diff(ends)) - min(np.diff(ends)) <= 1


@pytest.fixture
def files(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(5 * BLOCK + 77, 3))
    np.save(tmp_path / "X.npy", x)
    np.save(tmp_path / "y.npy", (x @ [1.0, -1, 2] + rng.normal(size=len(x)) > 0).astype(np.float64))
    return tmp_path


def test_holders_of_rows_in_a_file_read_their_own_blocks(files: Path) -> None:
    shapes = {"x": ("n", "m_x + 1"), "y": ("n",)}
    data = match(load(files), shapes).train
    plan = Settings(optimizer="sgd", batch_size=5000, epochs=2, step=0.5)
    found = trained("logistic-regression", data, plan, spread=lambda d: over("logistic-regression", d, 3, Parts()))
    alike(found, trained("logistic-regression", data, plan))


def test_what_goes_wrong_at_a_holder_is_an_answer() -> None:
    holder = Holder(source("logistic-regression"), DATA, ("x", "y"), 0, Parts())
    found = holder.computed(Work(module=None, params={"theta": np.zeros(3)}), None)
    assert isinstance(found, ValueError) and "theta" in str(found)


# -- a real cluster --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with connected(None, 2) as found:
        yield found


@needs_dask
@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_changes_nothing(client: Any) -> None:
    """Not a bit of the result: the shares are the same, and are added up in the same order."""
    spreading: list[Actors] = []

    def placed(data: Any) -> Any:
        found = spread(data, client=client, source=source("logistic-regression"), parts=Parts())
        spreading.append(found["x"].holders)
        return found

    def on_epoch(record: EpochRecord) -> None:
        if record.epoch == 2:
            pids = client.run(os.getpid)
            os.kill(next(iter(pids.values())), signal.SIGKILL)

    plan = PLANS[0]
    whole = trained("logistic-regression", DATA, plan)
    quiet = trained("logistic-regression", DATA, plan, spread=placed)
    struck = trained("logistic-regression", DATA, plan, spread=placed, on_epoch=on_epoch)
    assert spreading[0].lost == 0 and spreading[1].lost >= 1
    assert struck.history == quiet.history
    assert all(struck.params[k].tobytes() == quiet.params[k].tobytes() for k in quiet.params)
    alike(quiet, whole)


@needs_dask
@pytest.mark.filterwarnings("ignore")
def test_what_a_module_refuses_is_no_loss(client: Any) -> None:
    data = spread(DATA, client=client, source=source("logistic-regression"), parts=Parts())
    work = Work(module=None, params={"theta": np.zeros(3)})
    with pytest.raises(ValueError, match="theta"):
        list(data["x"].holders.shares(work, None))
    assert data["x"].holders.lost == 0


@needs_dask
def test_an_address_without_a_scheduler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lowering.cluster.PATIENCE", 8)  # s; what nobody answers takes a quarter of it
    with (
        pytest.raises(TrainingError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"),
        connected("tcp://127.0.0.1:9"),
    ):
        pass
