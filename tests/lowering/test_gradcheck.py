# mypy: disable-error-code="no-untyped-call"
"""Numerical derivatives pass right gradients to rounding, and catch every seeded error."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import Abs, Expr, Heaviside, Integer, Max, Piecewise, log

from derive.rows.functions import sigmoid
from derive.vocabulary import index, scalar, size, tensor, total
from lowering.gradcheck import (
    METHODS,
    GradientError,
    check_gradient,
    objective,
    together,
    worst_error,
)
from lowering.numeric.arithmetic import FLOAT64
from lowering.numeric.environment import Environment

LOWERS = {"X": (1, 0), "y": (1,), "theta_h": (0, 1), "theta_y": (1,), "theta": (0,)}


def module(name: str) -> Any:
    path = Path(__file__).parent / "modules" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def log_likelihood(name: str) -> Expr:
    """The textbook form of the objective of a module."""
    s, i = index("s", 1, size("n")), index("i", 0, size("m_x"))
    j = index("j", 1, size("m_h"))
    x, y, theta = tensor("X"), tensor("y"), tensor("theta")
    hidden = sigmoid(total(x[s, i] * tensor("theta_h")[i, j], i))
    inner = {"logistic": total(x[s, i] * theta[i], i), "network": total(hidden * tensor("theta_y")[j], j)}[name]
    yhat = sigmoid(inner)
    return total(y[s] * log(yhat) + (1 - y[s]) * log(1 - yhat), s)


def case(name: str, seed: int = 0, scale: float = 1.0) -> tuple[Any, dict[str, Any], dict[str, Any], Any]:
    """A module, a point, data, and the objective by the oracle."""
    rng = np.random.default_rng(seed)
    sizes = {"n": 5, "m_x": 2, "m_h": 4}
    loaded = module(name)
    params = {key: scale * array for key, array in loaded.init(sizes, rng).items()}
    data = {"X": rng.normal(size=(5, 3)), "y": rng.integers(0, 2, size=5).astype(float)}
    values = {key: array[None] for key, array in data.items()}
    env = Environment(sizes=sizes, values=values, lowers=LOWERS)
    return loaded, params, data, objective(log_likelihood(name), env)


@pytest.mark.parametrize("name", ["logistic", "network"])
@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("method", METHODS)
def test_right_gradients_agree_to_rounding(name: str, seed: int, method: str) -> None:
    loaded, params, data, value = case(name, seed)
    check = check_gradient(value, loaded.value_and_grad(params, data)[1], params, method=method)
    assert check.passed
    assert check.worst_relative_error < 2e-14


@pytest.mark.parametrize("logit", [30.0, 450.0, 745.0, 800.0])
def test_differences_judge_saturated_logits(logit: float) -> None:
    loaded = module("logistic")
    data = {"X": np.array([[1.0, 0.5, -1.0], [1.0, -0.5, 1.0]] * 2), "y": np.array([1.0, 1.0, 0.0, 0.0])}
    params = {"theta": np.array([0.0, logit, -logit / 2])}
    assert sorted(data["X"] @ params["theta"]) == [-logit] * 2 + [logit] * 2
    values = {key: array[None] for key, array in data.items()}
    value = objective(log_likelihood("logistic"), Environment(sizes={"n": 4, "m_x": 2}, values=values, lowers=LOWERS))
    grads = loaded.value_and_grad(params, data)[1]
    assert check_gradient(value, grads, params, method="differences").passed
    wrong = {"theta": grads["theta"] + np.array([0.0, 0.0, 1e-4])}
    assert not check_gradient(value, wrong, params, method="differences").passed


def test_a_value_that_is_nowhere_finite_is_refused() -> None:
    value, point = objective(log(b), Environment()), {"b": np.array(-1.0)}
    with pytest.raises(GradientError, match="not finite around b"):
        check_gradient(value, point, point, method="differences")


def damaged(params: Any, data: Any, loaded: Any, kind: str) -> dict[str, Any]:
    """The gradient of the network with one mistake in it."""
    grads = loaded.value_and_grad(params, data)[1]
    named = loaded.forward(params, data)
    h, yhat, y, x = named["h"], named["yhat"], data["y"], data["X"]
    rest = {key: array[:-1] for key, array in data.items()}
    bumped = grads["theta_h"].copy()
    bumped[1, 2] += 5e-6
    guarded = (y - yhat) / (yhat * (1 - yhat) + 1e-7) * yhat * (1 - yhat)
    square = np.outer(y - yhat, params["theta_y"]) * h
    mistakes: dict[str, Callable[[], dict[str, Any]]] = {
        "factor": lambda: {**grads, "theta_h": 1.0005 * grads["theta_h"]},
        "bumped": lambda: {**grads, "theta_h": bumped},
        "epsilon": lambda: {**grads, "theta_y": h.T @ guarded},
        "sample": lambda: dict(loaded.value_and_grad(params, rest)[1]),
        "transposed": lambda: {**grads, "theta_h": x.T @ (square @ (np.eye(4) - params["theta_y"]))},
        "sign": lambda: {**grads, "theta_y": -grads["theta_y"]},
        "local": lambda: {**grads, "theta_h": x.T @ (square * (1 + h))},
        "missing": lambda: {"theta_h": grads["theta_h"]},
        "shape": lambda: {**grads, "theta_h": grads["theta_h"].T},
        "nan": lambda: {**grads, "theta_y": grads["theta_y"] * np.nan},
    }
    return mistakes[kind]()


KINDS = ("factor", "bumped", "epsilon", "sample", "transposed", "sign", "local", "missing", "shape", "nan")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", METHODS)
def test_every_seeded_error_is_caught(kind: str, method: str) -> None:
    loaded, params, data, value = case("network", 4)
    check = check_gradient(value, damaged(params, data, loaded, kind), params, method=method)
    assert not check.passed
    assert check.worst_component.startswith("theta_")


def test_the_bumped_component_is_named() -> None:
    loaded, params, data, value = case("network", 4)
    check = check_gradient(value, damaged(params, data, loaded, "bumped"), params)
    assert check.worst_component == "theta_h[1, 2]"


def test_a_plain_complex_function_will_do() -> None:
    at = {"b": np.array(0.7)}
    check = check_gradient(lambda params, _: np.sin(params["b"]) ** 2, {"b": np.sin(1.4)}, at, sizes={"n": 1})
    assert check.passed
    assert (check.sizes, check.worst_component) == ({"n": 1}, "b")


b = scalar("b")
NOT_HOLOMORPHIC = (
    (Max(0, b) ** 2, 2 * Max(0, b)),
    (Abs(b) ** 3, 3 * b * Abs(b)),
    (Piecewise((b**2, b > 1), (2 * b - 1, True)), Piecewise((2 * b, b > 1), (Integer(2), True))),
    (Max(0, b), Heaviside(b)),
)


@pytest.mark.parametrize(("expr", "derivative"), NOT_HOLOMORPHIC, ids=str)
@pytest.mark.parametrize("at", [-1.7, 0.3, 2.1])
@pytest.mark.parametrize("method", METHODS)
def test_kinked_functions_off_their_kinks(expr: Expr, derivative: Expr, at: float, method: str) -> None:
    value, slope = (objective(e, Environment()) for e in (expr, derivative))
    point = {"b": np.array(at)}
    assert check_gradient(value, {"b": slope(point, FLOAT64)}, point, method=method).passed


@pytest.mark.parametrize("expr", [Abs(b), Max(b, 0), Heaviside(b), Piecewise((b, b > 0), (1 - b, True))], ids=str)
def test_differences_refuse_a_kink(expr: Expr) -> None:
    with pytest.raises(GradientError, match="not smooth or not finite around b"):
        check_gradient(objective(expr, Environment()), {"b": np.array(0.5)}, {"b": np.array(0.0)}, method="differences")


def test_small_components_neither_hide_nor_explode() -> None:
    reference = {"w": np.array([1.0, 1e-9, 0.0]), "v": np.array([0.0])}
    rounding = {"w": np.array([1.0, 1e-9 + 1e-17, 1e-17]), "v": np.array([1e-17])}
    assert worst_error(rounding, reference)[0] < 1e-10
    for wrong in ({"w": np.array([1.0, 2e-9, 0.0])}, {"w": np.array([1.0, 1e-9, 1e-10])}, {"v": np.array([1e-12])}):
        assert worst_error({**reference, **wrong}, reference)[0] > 1e-8


def test_single_precision_is_judged_by_its_own_tolerance() -> None:
    loaded, params, data, value = case("network", 5)
    narrow = {key: array.astype(np.float32) for key, array in loaded.value_and_grad(params, data)[1].items()}
    assert check_gradient(value, narrow, params).passed
    assert not check_gradient(value, narrow, params, tolerance=1e-8).passed
    assert not check_gradient(value, {**narrow, "theta_y": narrow["theta_y"] * np.float32(1.01)}, params).passed


def test_checks_at_several_points_are_as_bad_as_the_worst() -> None:
    loaded, params, data, value = case("network", 6)
    good = check_gradient(value, loaded.value_and_grad(params, data)[1], params)
    bad = check_gradient(value, damaged(params, data, loaded, "sign"), params)
    both = together((good, bad))
    assert (both.points, both.passed, both.worst_component) == (2, False, bad.worst_component)
    assert together((good, good)).passed
