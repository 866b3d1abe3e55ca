"""Training: it climbs or descends, it is the same for the same seed, and it stops with a reason."""

from __future__ import annotations

import importlib.util
import types
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowering.datasets.catalog import load
from lowering.datasets.errors import DataError
from lowering.datasets.matching import match
from lowering.epochs import SIGNS
from lowering.history import EpochRecord, TrainingError, TrainingRun
from lowering.metrics import accuracy, find_prediction
from lowering.optimizers import OPTIMIZERS, Optimizer, optimizer_named
from lowering.train import Settings, train


def module(name: str) -> Any:
    path = Path(__file__).parent / "modules" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


NETWORK, LOGISTIC = module("network"), module("logistic")
SIZES = {"m_h": 16}


def quadratic(sense: str = "minimise") -> Any:
    """f = ½ Σ_s Σ_i (θ_i - X_{s,i})², or its negative: the best θ is the mean of X."""
    sign = -SIGNS[sense]
    return types.SimpleNamespace(
        PARAMETERS={"theta": ("m",)},
        DATA={"X": ("n", "m")},
        OBJECTIVE=("f", sense),
        init=lambda sizes, rng: {"theta": rng.normal(size=sizes["m"])},
        forward=lambda params, data: {"f": 0.5 * sign * np.sum((params["theta"] - data["X"]) ** 2)},
        value=lambda params, data: 0.5 * sign * np.sum((params["theta"] - data["X"]) ** 2),
        value_and_grad=lambda params, data: (
            0.5 * sign * np.sum((params["theta"] - data["X"]) ** 2),
            {"theta": sign * np.sum(params["theta"] - data["X"], axis=0)},
        ),
    )


POINTS = {"X": np.random.default_rng(0).normal(size=(7, 3))}


def digits(seed: int = 0) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    fitted = match(load("digits-1-vs-2", seed=seed), NETWORK.DATA, binary=("y",))
    return fitted.train, fitted.test


def trained(**chosen: Any) -> TrainingRun:
    data, held_out = digits()
    return train(NETWORK, data, sizes=SIZES, validation=held_out, settings=Settings(**{"epochs": 6, **chosen}))


def same(first: TrainingRun, second: TrainingRun) -> bool:
    arrays = [(first.params[name], second.params[name]) for name in first.params]
    return first.history == second.history and all(a.tobytes() == b.tobytes() for a, b in arrays)


@pytest.mark.parametrize("name", ["logistic", "network"])
@pytest.mark.parametrize("seed", range(4))
def test_one_against_two_is_learnt_by_gradient_ascent(name: str, seed: int) -> None:
    chosen = module(name)
    fitted = match(load("digits-1-vs-2", seed=seed), chosen.DATA, binary=("y",))
    plan = Settings(optimizer="sgd", epochs=300, seed=seed)
    run = train(chosen, fitted.train, sizes=SIZES, validation=fitted.test, settings=plan)
    last = run.history[-1]
    assert last.validation_accuracy is not None and last.validation_accuracy >= 0.98
    assert last.accuracy is not None and last.accuracy >= 0.98
    objectives = [record.objective for record in run.history]
    assert objectives[0] < objectives[-1] <= 0
    assert [record.epoch for record in run.history] == list(range(301))


@pytest.mark.parametrize("row", OPTIMIZERS, ids=lambda row: row.name)
@pytest.mark.parametrize("sense", SIGNS)
@pytest.mark.parametrize("batch_size", [None, 2])
def test_every_optimizer_finds_the_optimum_in_the_sense_of_the_module(row: Any, sense: str, batch_size: Any) -> None:
    step = 0.05 if batch_size is None else 0.01
    chosen = Settings(optimizer=row.name, step=step, epochs=600, batch_size=batch_size, seed=1)
    run = train(quadratic(sense), POINTS, settings=chosen)
    tolerance = 1e-3 if batch_size is None else 0.15
    np.testing.assert_allclose(run.params["theta"], POINTS["X"].mean(axis=0), atol=tolerance)


def step_by_step(name: str) -> Optimizer:
    found = optimizer_named(name)
    assert isinstance(found, Optimizer)
    return found


def test_the_formulas_of_the_optimizers() -> None:
    g = np.array([0.5, -2.0])
    assert step_by_step("sgd").direction(g, {}, 1)[0] is g
    v = np.array([1.0, 1.0])
    np.testing.assert_allclose(step_by_step("momentum").direction(g, {"v": v}, 1)[0], [1.4, -1.1])
    zero = {"m": np.zeros(2), "v": np.zeros(2)}
    direction, slots = step_by_step("adam").direction(g, zero, 1)
    np.testing.assert_allclose(direction, [1, -1], rtol=1e-7)
    direction, _ = step_by_step("adam").direction(-g, slots, 2)
    np.testing.assert_allclose(direction, (0.09 - 0.1) / (1 - 0.81) * np.sign(g) / 1.0, rtol=1e-6)


@pytest.mark.parametrize("row", OPTIMIZERS, ids=lambda row: row.name)
def test_directions_keep_their_dtype_and_leave_their_arguments(row: Any) -> None:
    g = np.array([0.5, -2.0], dtype=np.float32)
    slots = {name: np.ones_like(g) for name in row.slots}
    direction, after = row.direction(g, slots, 3)
    assert {direction.dtype} | {array.dtype for array in after.values()} == {np.dtype(np.float32)}
    assert set(after) == set(row.slots)
    assert all((array == 1).all() for array in slots.values()) and (g == [0.5, -2.0]).all()


@given(st.integers(0, 5), st.sampled_from([None, 1, 64, 100, 10_000]), st.sampled_from([o.name for o in OPTIMIZERS]))
@settings(max_examples=12, deadline=None)
def test_the_same_seed_gives_the_same_bits(seed: int, batch_size: int | None, name: str) -> None:
    chosen = {"seed": seed, "batch_size": batch_size, "optimizer": name, "epochs": 2}
    assert same(trained(**chosen), trained(**chosen))
    assert not same(trained(**chosen), trained(**{**chosen, "seed": seed + 1}))


def test_an_epoch_visits_every_point_once() -> None:
    seen: list[Any] = []
    chosen = Settings(batch_size=3, epochs=2, spot_every=1)
    train(quadratic(), POINTS, settings=chosen, spot_check=lambda params, batch: seen.append(batch["X"]))
    assert [len(batch) for batch in seen] == [3, 3, 1] * 2
    epochs = [np.concatenate(seen[:3]), np.concatenate(seen[3:])]
    assert all(sorted(map(tuple, rows)) == sorted(map(tuple, POINTS["X"])) for rows in epochs)
    assert not np.array_equal(epochs[0], epochs[1])


def test_the_step_does_not_depend_on_the_number_of_points() -> None:
    twice = {"X": np.concatenate([POINTS["X"]] * 2)}
    once, doubled = (train(quadratic(), data, settings=Settings(optimizer="sgd", epochs=3)) for data in (POINTS, twice))
    np.testing.assert_allclose(once.params["theta"], doubled.params["theta"])
    summed = Settings(optimizer="sgd", step=1 / 7, epochs=1, per_point=False)
    np.testing.assert_allclose(train(quadratic(), POINTS, settings=summed).params["theta"], POINTS["X"].mean(axis=0))


def test_inputs_are_left_alone_and_single_precision_is_kept() -> None:
    data = {name: array.astype(np.float32) for name, array in digits()[0].items()}
    start = {
        name: array.astype(np.float32)
        for name, array in NETWORK.init({"m_x": 64, "m_h": 3}, np.random.default_rng(0)).items()
    }
    before = {name: array.copy() for name, array in (*data.items(), *start.items())}
    run = train(NETWORK, data, params=start, sizes={"m_h": 3}, settings=Settings(epochs=2))
    assert all(np.array_equal(array, before[name]) for name, array in (*data.items(), *start.items()))
    assert {array.dtype for array in run.params.values()} == {np.dtype(np.float32)}


def test_the_history_is_what_the_module_says() -> None:
    data, held_out = digits()
    run = trained()
    last = run.history[-1]
    assert last.objective == float(NETWORK.value(run.params, data))
    assert last.validation_objective == float(NETWORK.value(run.params, held_out))
    right = (NETWORK.forward(run.params, held_out)["yhat"] > 0.5) == (held_out["y"] == 1)
    assert last.validation_accuracy == right.mean()
    assert (run.objective, run.sense, run.stopped) == ("LL", "maximise", "epochs")


def test_a_running_objective_is_that_of_the_batches_as_they_were_met() -> None:
    data, held_out = digits()
    exact, running = trained(batch_size=50), trained(batch_size=50, running=True)
    assert all(np.array_equal(exact.params[name], running.params[name]) for name in exact.params)
    assert [r.validation_objective for r in exact.history] == [r.validation_objective for r in running.history]
    values: list[float] = []

    def value_and_grad(params: Any, batch: Any) -> Any:
        value, grads = NETWORK.value_and_grad(params, batch)
        values.append(float(value))
        return value, grads

    watched: Any = types.SimpleNamespace(**{**vars(NETWORK), "value_and_grad": value_and_grad})
    plan = Settings(epochs=6, batch_size=50, running=True)
    again = train(watched, data, sizes=SIZES, validation=held_out, settings=plan)
    steps = len(values) // 6
    sums = [sum(values[k : k + steps]) for k in range(0, len(values), steps)]
    assert [record.objective for record in again.history[1:]] == pytest.approx(sums, rel=1e-12)
    assert {record.accuracy for record in again.history} == {None}


def test_a_solver_knows_the_objective_of_its_steps() -> None:
    data, _ = digits()
    plan = Settings(optimizer="lbfgs", epochs=7)
    run = train(LOGISTIC, data, settings=plan)
    assert run.history[-1].objective == pytest.approx(float(LOGISTIC.value(run.params, data)), rel=1e-12)
    quick = train(LOGISTIC, data, settings=replace(plan, running=True))
    assert [r.objective for r in quick.history] == [r.objective for r in run.history]


def test_patience_needs_the_objective_after_each_epoch() -> None:
    with pytest.raises(TrainingError, match="leave out running"):
        train(quadratic(), POINTS, settings=Settings(running=True, patience=3))


def test_every_epoch_is_reported() -> None:
    seen: list[EpochRecord] = []
    run = train(quadratic(), POINTS, settings=Settings(epochs=5), on_epoch=seen.append)
    assert tuple(seen) == run.history
    assert {record.accuracy for record in seen} == {None}


def test_patience_stops_and_keeps_the_best() -> None:
    data, held_out = {"X": np.array([[0.0], [1.0]])}, {"X": np.array([[0.2]])}
    chosen = Settings(optimizer="sgd", step=0.1, epochs=500, patience=3)
    start = {"theta": np.array([-1.0])}
    run = train(quadratic(), data, params=start, validation=held_out, settings=chosen)
    merits = [record.validation_objective for record in run.history]
    assert run.stopped == "patience"
    assert len(merits) == run.best_epoch + 4
    assert merits[run.best_epoch] == min(m for m in merits if m is not None)
    assert float(quadratic().value(run.params, held_out)) == merits[run.best_epoch]


def test_a_spot_check_is_called_every_so_many_steps_and_may_object() -> None:
    calls: list[Any] = []

    def check(params: Any, batch: Any) -> None:
        calls.append((params, batch))
        if len(calls) == 3:
            raise ValueError("the gradient by theta[1] is wrong")

    with pytest.raises(ValueError, match=r"theta\[1\]"):
        train(quadratic(), POINTS, settings=Settings(epochs=50, spot_every=4), spot_check=check)
    reached = train(quadratic(), POINTS, settings=Settings(epochs=8))
    np.testing.assert_array_equal(calls[2][0]["theta"], reached.params["theta"])


@pytest.mark.parametrize(
    ("step", "scale", "message"),
    [
        (
            1e100,
            1,
            r"epoch 2: f is inf, with the largest parameter theta up to 8.\d+e\+199; try a smaller step than 1e",
        ),
        (1e160, 1, "epoch 1: f is inf, with the largest parameter theta"),
        (1e308, 1e3, "epoch 1: the parameter theta has 3 of 3 values that are not finite"),
    ],
)
def test_what_is_no_longer_finite_names_the_parameter(step: float, scale: float, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        train(quadratic(), {"X": scale * POINTS["X"]}, settings=Settings(optimizer="sgd", step=step))


def test_data_beyond_the_numbers_of_the_parameters_are_refused_before_any_work() -> None:
    narrow = {"theta": np.zeros(3, np.float32)}
    with pytest.raises(TrainingError, match=r"X has values beyond 3.4e\+38, the largest of float32; scale them"):
        train(quadratic(), {"X": 1e300 * POINTS["X"]}, params=narrow)


def test_a_nan_gradient_is_named() -> None:
    broken = quadratic()
    broken.value_and_grad = lambda params, data: (1.0, {"theta": np.array([0.0, np.nan, 0.0])})
    with pytest.raises(TrainingError, match="epoch 1: the gradient by theta has 1 of 3 values that are not finite"):
        train(broken, POINTS)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"step": 0.0}, "the step must be a positive number, got 0.0"),
        ({"step": float("nan")}, "step must be"),
        ({"epochs": -1}, "epochs must be a whole number from 0, got -1"),
        ({"batch_size": 0}, "batch_size must be a whole number from 1"),
        ({"patience": 0}, "patience must"),
        ({"seed": 1.5}, "seed must be a whole number from 0, got 1.5"),
    ],
)
def test_senseless_settings_are_refused(chosen: Any, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        Settings(**chosen)


def test_an_unknown_optimizer_lists_those_there_are() -> None:
    with pytest.raises(ValueError, match="no optimizer 'lion'; there are sgd, momentum, adam"):
        train(quadratic(), POINTS, settings=Settings(optimizer="lion"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data": {"X": np.zeros((3, 65))}}, "y is missing"),
        ({"data": {"X": np.zeros((3, 65)), "y": np.zeros(4)}}, "y, axis 1: expected n = 3"),
        ({"data": {"X": np.full((3, 65), np.nan), "y": np.zeros(3)}}, "X has values that are not finite"),
        ({"params": {"theta": np.full(65, np.inf)}}, "the parameter theta starts with values that are not finite"),
        ({"data": {"X": np.zeros((0, 65)), "y": np.zeros(0)}}, "no whole positive solution for n|no data points"),
        ({"sizes": {}}, "the size m_h does not follow from the data; give it"),
        ({"sizes": {"m_h": 3, "m_x": 9}}, r"X, axis 2: expected m_x \+ 1 = 10"),
        ({"validation": {"X": np.zeros((3, 60)), "y": np.zeros(3)}}, r"X, axis 2: expected m_x \+ 1 = 65"),
        (
            {"params": {"theta_h": np.zeros((65, 3)), "theta_y": np.zeros(4)}, "sizes": {}},
            "theta_y, axis 1: expected m_h = 3",
        ),
    ],
)
def test_data_that_do_not_fit_are_refused_before_any_work(changes: Any, message: str) -> None:
    arguments: dict[str, Any] = {"data": digits()[0], "sizes": SIZES, **changes}
    with pytest.raises((DataError, TrainingError), match=message):
        train(NETWORK, arguments.pop("data"), **arguments)


def test_a_module_without_a_sense_is_refused() -> None:
    aimless = quadratic()
    aimless.OBJECTIVE = ("f", "up")
    with pytest.raises(TrainingError, match="the sense of f is 'up'"):
        train(aimless, POINTS)


Y = np.array([1.0, 0.0, 1.0])


@pytest.mark.parametrize(
    ("named", "data", "expected"),
    [
        ({"h": np.full((3, 2), 0.5), "yhat": Y, "LL": np.array(-1.0)}, {"y": Y}, ("yhat", "y")),
        ({"p": Y}, {"y": Y}, ("p", "y")),
        ({"p": Y}, {"x": np.array([1e300, 1.0, 2.0]), "y": Y}, ("p", "y")),  # whole, but no labels
        ({"p": Y, "yhat": Y}, {"y": Y}, ("yhat", "y")),
        ({"p": Y, "q": Y}, {"y": Y}, None),
        ({"yhat": Y - 1}, {"y": Y}, None),
        ({"yhat": Y}, {"y": Y + 0.5}, None),
        ({"probs": np.full((3, 4), 0.25)}, {"c": np.array([0.0, 3.0, 1.0])}, ("probs", "c")),
        ({"probs": np.full((3, 3), 0.25)}, {"c": np.array([0.0, 3.0, 1.0])}, None),
        ({"probs": np.full((3, 2), 0.5)}, {"t": np.eye(2)[[0, 1, 1]]}, ("probs", "t")),
    ],
)
def test_predictions_are_found_where_there_is_no_doubt(named: Any, data: Any, expected: Any) -> None:
    assert find_prediction(named, data) == expected


def test_accuracy_of_every_form_of_target() -> None:
    probs = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]])
    labels = np.array([0, 1, 1, 1])
    assert accuracy(probs, labels) == accuracy(probs, np.eye(2)[labels]) == accuracy(probs[:, 1], labels) == 0.75
