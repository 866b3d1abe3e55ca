"""Solutions that are known from elsewhere are reached: scikit-learn's and LAPACK's."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_diabetes, load_iris
from sklearn.linear_model import LogisticRegression, Ridge

from derive.catalog import find
from derive.model import Model
from lowering.domains import check_domains
from lowering.hessian import ClosedHessian
from lowering.history import EpochRecord, TrainingError, TrainingRun
from lowering.loading import loaded_source
from lowering.lower import lowering
from lowering.train import Settings, train

Array = NDArray[Any]
SOLVERS = ("newton", "lbfgs")


def over_data(name: str) -> Model:
    return find(name).over_data()


@pytest.fixture(scope="module")
def modules() -> dict[str, Any]:
    names = ("logistic-regression", "linear-regression", "ridge")
    return {n: loaded_source(lowering(find(n), dtype="float64", backend="numpy").source) for n in names}


def solved(module: Any, name: str, data: dict[str, Array], optimizer: str, **more: Any) -> TrainingRun:
    plan = Settings(optimizer=optimizer, epochs=500)
    hessian = ClosedHessian(over_data(name), ["theta"]) if optimizer == "newton" else None
    return train(module, data, settings=plan, hessian=hessian, **more)


def two_irises() -> tuple[Array, Array]:
    """Versicolor (0) and virginica (1), which no plane separates."""
    X, y = load_iris(return_X_y=True)
    X, y = X[y > 0], y[y > 0] - 1.0
    return np.hstack([np.ones((len(X), 1)), (X - X.mean(axis=0)) / X.std(axis=0)]), y


@pytest.mark.parametrize("optimizer", SOLVERS)
def test_logistic_regression_reaches_the_solution_of_scikit_learn(modules: dict[str, Any], optimizer: str) -> None:
    X, y = two_irises()
    run = solved(modules["logistic-regression"], "logistic-regression", {"x": X, "y": y}, optimizer)
    known = LogisticRegression(C=np.inf, fit_intercept=False, solver="newton-cholesky", tol=1e-12).fit(X, y).coef_[0]
    assert run.stopped == "converged"
    np.testing.assert_allclose(run.params["theta"], known, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("optimizer", SOLVERS)
def test_least_squares_reach_the_solution_of_lapack(modules: dict[str, Any], optimizer: str) -> None:
    X, y = load_diabetes(return_X_y=True)
    run = solved(modules["linear-regression"], "linear-regression", {"x": X, "y": y}, optimizer)
    known = np.linalg.lstsq(X, y, rcond=None)[0]
    np.testing.assert_allclose(run.params["theta"], known, rtol=0, atol=1e-6 * np.abs(known).max())
    assert run.stopped == "converged"


@pytest.mark.parametrize("optimizer", SOLVERS)
@pytest.mark.parametrize("weight", [1e-4, 0.1])
def test_ridge_reaches_the_solution_of_scikit_learn(modules: dict[str, Any], optimizer: str, weight: float) -> None:
    """(1/n) |y − Xθ|² + λ|θ|² is scikit-learn's objective with alpha = n λ, divided by n."""
    X, y = load_diabetes(return_X_y=True)
    run = solved(modules["ridge"], "ridge", {"x": X, "y": y}, optimizer, held={"lambda": weight})
    known = Ridge(alpha=len(y) * weight, fit_intercept=False, solver="cholesky", tol=1e-12).fit(X, y).coef_
    np.testing.assert_allclose(run.params["theta"], known, rtol=0, atol=1e-6 * np.abs(known).max())
    assert run.params["lambda"] == weight


@pytest.mark.parametrize("optimizer", SOLVERS)
@pytest.mark.parametrize("kill_at", [2, 60])
def test_a_solver_goes_on_as_if_never_interrupted(
    modules: dict[str, Any], optimizer: str, kill_at: int, tmp_path: Path
) -> None:
    X, y = two_irises()
    name, data = "logistic-regression", {"x": X ** np.arange(1, 6), "y": y}
    whole = solved(modules[name], name, data, optimizer)

    def killed(record: EpochRecord) -> None:
        if record.epoch == kill_at:
            raise KeyboardInterrupt

    kept = {"checkpoint": tmp_path / "state.npz", "resume": True}
    try:
        solved(modules[name], name, data, optimizer, on_epoch=killed, **kept)
    except KeyboardInterrupt:
        assert len(whole.history) > kill_at
    again = solved(modules[name], name, data, optimizer, **kept)
    assert again.history == whole.history and again.stopped == whole.stopped
    assert again.params["theta"].tobytes() == whole.params["theta"].tobytes()


@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("lasso", ["theta"], "without kinks"),
        ("mlp", ["theta_h", "theta_yhat"], "one parameter"),
        ("mlp", ["theta_h"], "proved negative semidefinite"),
        ("rnn", ["U"], "take lbfgs"),
    ],
)
def test_newton_is_refused_where_nothing_proves_it_right(name: str, parameters: list[str], said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        ClosedHessian(over_data(name), parameters)


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"nu": 1.0}, "no parameter 'nu'"),
        ({"lambda": np.ones(3)}, r"lambda has shape \(\)"),
        ({"lambda": 1.0, "theta": 0.0}, "nothing to train"),
    ],
)
def test_what_cannot_be_held_is_refused(modules: dict[str, Any], held: dict[str, Any], said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        train(modules["ridge"], {"x": np.ones((3, 2)), "y": np.ones(3)}, held=held)


def test_solvers_refuse_what_they_have_no_use_for() -> None:
    for given in ({"step": 0.1}, {"batch_size": 8}):
        with pytest.raises(TrainingError, match="finds its own steps"):
            Settings(optimizer="lbfgs", **given)
    with pytest.raises(TrainingError, match="needs the Hessian"):
        module = SimpleNamespace(
            PARAMETERS={"theta": ("d",)},
            DATA={"x": ("n", "d")},
            OBJECTIVE=("f", "minimise"),
            init=lambda sizes, rng: {"theta": np.zeros(sizes["d"])},
        )
        train(module, {"x": np.ones((3, 2))}, settings=Settings(optimizer="newton"))


@pytest.mark.parametrize(
    ("name", "params", "said"),
    [
        ("ridge", {"theta": np.ones(2), "lambda": np.array(-0.5)}, "lambda must be positive and came to -0.5"),
        (
            "naive-bayes",
            {"theta_0": np.array([0.5, 1.0]), "theta_1": np.array([0.5]), "pi_1": np.array(0.5)},
            "theta_0",
        ),
        (
            "gaussian-vector",
            {"mu": np.ones(2), "Sigma": np.array([[1.0, 2], [2, 1]])},
            "Sigma must be positive definite",
        ),
    ],
)
def test_parameters_that_leave_their_domain_are_named(name: str, params: dict[str, Array], said: str) -> None:
    with pytest.raises(TrainingError, match=said):
        check_domains(over_data(name), params)


def test_parameters_within_their_domain_pass() -> None:
    check_domains(over_data("gaussian-vector"), {"mu": np.ones(2), "Sigma": np.eye(2)})
    check_domains(over_data("ridge"), {"theta": -np.ones(2), "lambda": np.array(1e-9)})
