"""Maximum likelihood: means without an inverse and covariances through theirs, proved, and right at numbers."""

from __future__ import annotations

import numpy as np
import pytest
from sympy import Expr, Idx, Rational, log, pi

from derive.catalog import find
from derive.model import Model, Sense
from derive.prove import prove
from derive.quantities import Domain
from derive.questions.stationary import Fitted, Stationary
from derive.rows.building import data, define, name, parameter
from derive.solve.naming import with_solution
from derive.solve.neat import neat
from derive.solve.solutions import root, solution
from derive.solve.solving import LinearSolution
from derive.solve.stationary import NoStationaryPoint
from derive.solve.throughinverse import MatrixPoint
from derive.solve.unmixed import UnmixedSolution
from derive.vocabulary import index, inverse, length, logdet, size, total
from lowering.numeric.arithmetic import Array, mpmath_arithmetic
from lowering.numeric.environment import environment, whole
from lowering.numeric.evaluate import evaluate

D = size("d")
I, J = index("i", 1, D), index("j", 1, D)
SIZES = {"n": 9, "d": 2, "C": 2}
HALF = Rational(1, 2)


def weighted() -> Model:
    """A Gaussian with a weight for each point, as the M-step of a mixture has it."""
    x, w, mean = data("x", I), data("w", domain=Domain.POSITIVE), parameter("mu", I)
    spread, r = parameter("Sigma", I, J, domain=Domain.POSITIVE_DEFINITE), name("r", I)
    square = total(r.at(I) * inverse("Sigma", I, J) * r.at(J), I, J)
    return Model(
        name="weighted",
        title="A weighted Gaussian",
        given=(x, w, mean, spread),
        definitions=(
            define(r, x.at() - mean.at()),
            define(name("LL"), -HALF * w.at() * (square + logdet("Sigma", I) + D * log(2 * pi))),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
    )


def ratio() -> Model:
    """LL = −½ (tr Σ^{-1}Ψ + log|Σ|) with a matrix Ψ that is given, not made of squares: e is ½ (Ψ_ba − Σ_ba)."""
    psi = parameter("Psi", I, J)
    spread = parameter("Sigma", I, J, domain=Domain.POSITIVE_DEFINITE)
    trace = total(inverse("Sigma", I, J) * psi.at(J, I), I, J)
    return Model(
        name="trace",
        title="Trace and determinant",
        given=(psi, spread),
        definitions=(define(name("LL"), -HALF * (trace + logdet("Sigma", I))),),
        objective="LL",
        sense=Sense.MAXIMISE,
    )


FITS: tuple[tuple[Model, tuple[str, ...]], ...] = (
    (find("gaussian-vector"), ("mu", "Sigma")),
    (find("two-gaussians"), ("pi_1", "mu_0", "mu_1", "Sigma")),
    (find("gaussian"), ("mu", "sigma")),
    (find("two-gaussians-scalar"), ("pi_1", "mu_0", "mu_1", "sigma")),
    (weighted(), ("mu", "Sigma")),
    (find("gaussian-classes"), ("mu", "Sigma")),
)
NAMES = [model.name for model, _ in FITS]


@pytest.mark.parametrize(("model", "wrt"), FITS, ids=NAMES)
def test_the_fit_is_proved(model: Model, wrt: tuple[str, ...]) -> None:
    answer = Fitted(parameters=wrt).answer(model)
    assert answer.verdict == "proved"
    assert answer.conditions


@pytest.mark.parametrize(("model", "wrt"), FITS, ids=NAMES)
def test_every_measured_gradient_is_zero_at_the_measured_fit(model: Model, wrt: tuple[str, ...]) -> None:
    fitted = now = model.over_data()
    gradients = {each: now.partial(now.objective, now.quantities[each].at()).result for each in wrt}
    for each in wrt:
        fitted = with_solution(fitted, each, root(solution(fitted, each))) if each != wrt[-1] else fitted
    last = root(solution(fitted, wrt[-1]))
    rng = np.random.default_rng(5)
    given = {q.name: rng.uniform(0.1, 0.9, tuple(whole(length(i), SIZES) for i in q.axes)) for q in fitted.given}
    if "y" in given:
        labels = np.array([0, 1, 0, 1, 1, 0, 0, 1, 0])
        given["y"] = np.eye(2)[labels] if given["y"].ndim == 2 else 1.0 * labels
    values = {each: at(fitted, fitted.quantities[each].at(), fitted.quantities[each].axes, given) for each in wrt[:-1]}
    values[wrt[-1]] = at(fitted, last, fitted.quantities[wrt[-1]].axes, given)
    for each, gradient in gradients.items():
        slope = at(now, gradient, now.quantities[each].axes, {**given, **values})
        assert np.allclose(slope, 0, atol=1e-8), each
        moved = {**given, **values, each: 1.1 * values[each]}
        assert not np.allclose(at(now, gradient, now.quantities[each].axes, moved), 0, atol=1e-8), each


@pytest.mark.parametrize("model", [m for m, wrt in FITS if "Sigma" in wrt], ids=lambda m: m.name)
def test_no_wrong_covariance_is_proved(model: Model) -> None:
    model = model.over_data()
    found = solution(model, "Sigma")
    assert isinstance(found, MatrixPoint) and found.verdict == "proved"
    for wrong in (-found.turned_back, 2 * found.turned_back):
        assert prove(found.gradient.result, wrong, model) is None


def test_the_mean_needs_no_inverse_and_least_squares_does() -> None:
    vector, line = find("gaussian-vector").over_data(), find("linear-regression").over_data()
    mean = solution(vector, "mu")
    assert isinstance(mean, UnmixedSolution) and mean.verdict == "proved"
    assert prove(vector.partial("LL", "mu[i]").result, 2 * mean.factored, mean.model) is None
    assert isinstance(solution(line, "theta"), LinearSolution)


def test_a_matrix_that_is_not_symmetric_is_not_called_a_covariance() -> None:
    """Σ̂_{ij} = Ψ_{ij} is the stationary point, and nothing is said of its definiteness."""
    answer = Stationary(parameter="Sigma").answer(ratio())
    assert answer.verdict == "proved"
    assert not any("direction" in line.label or "symmetric" in line.label for line in answer.lines)
    assert "definite" not in str(answer.conclusion)


def test_what_is_not_linear_between_its_inverses_is_refused() -> None:
    """With ½ Σ Σ_{ij}² added the inverse does not go away."""
    spread = parameter("Sigma", I, J, domain=Domain.POSITIVE_DEFINITE)
    objective = logdet("Sigma", I) + HALF * total(spread.at(I, J) ** 2, I, J)
    model = Model(name="m", title="m", given=(spread,), definitions=(define(name("e"), objective),), objective="e")
    with pytest.raises(NoStationaryPoint, match="between its inverses"):
        solution(model, "Sigma")


def test_an_order_that_needs_what_comes_later_is_refused() -> None:
    with pytest.raises(NoStationaryPoint, match="solve for these before it"):
        Fitted(parameters=("sigma", "mu")).answer(find("gaussian"))


def test_the_classes_are_pooled() -> None:
    """Of the two classes each mean is over its own points, and the covariance over all of them."""
    model = find("two-gaussians").over_data()
    shown = {wrt: str(solution(model, wrt).solution) for wrt in ("pi_1", "mu_1", "mu_0", "Sigma")}
    assert shown["pi_1"] == "Sum(y[s], (s, 1, n))/n"
    assert shown["mu_1"] == "Sum(x[s, i]*y[s], (s, 1, n))/Sum(y[s], (s, 1, n))"
    assert shown["mu_0"] == "Sum((1 - y[s])*x[s, i], (s, 1, n))/Sum(1 - y[s], (s, 1, n))"
    assert shown["Sigma"] == "Sum((1 - y[s])*r_0[s, i]*r_0[s, j] + r_1[s, i]*r_1[s, j]*y[s], (s, 1, n))/n"


def test_any_number_of_classes() -> None:
    """μ_k is the mean of its own points, and one-hot labels make the number of all points the divisor of Σ."""
    model = find("gaussian-classes").over_data()
    assert str(solution(model, "mu").solution) == "Sum(x[s, i]*y[s, k], (s, 1, n))/Sum(y[s, k], (s, 1, n))"
    y, r, points = model.quantities["y"], model.quantities["r"], model.quantities["y"].axes[0]
    pooled = total(y.at() * r.at() * r.at(points, *y.axes[1:], J), *y.axes) / points.upper
    assert prove(solution(model, "Sigma").solution, pooled, model) is not None


def test_a_fit_holds_no_unknown() -> None:
    fitted = find("gaussian-vector").over_data()
    fitted = with_solution(fitted, "mu", solution(fitted, "mu").solution)
    assert "mu" not in {q.name for q in fitted.given} and "mu" in fitted.defined


def test_neat_changes_the_shape_alone() -> None:
    """½ r − ½ y r + ½ y q is written as ½ ((1 − y) r + y q)."""
    r, y, q = data("r", I), data("y"), data("q", I)
    body = HALF * r.at() - HALF * y.at() * r.at() + HALF * y.at() * q.at()
    objective = define(name("e"), total(body, I))
    model = Model(name="m", title="m", given=(r, y, q), definitions=(objective,), objective="e")
    shown = neat(total(body, I), {I})
    assert str(shown) == "Sum(y*q[i] + (1 - y)*r[i], (i, 1, d))/2"
    assert prove(shown, total(body, I), model) is not None


def at(model: Model, expr: Expr, free: tuple[Idx, ...], given: dict[str, Array]) -> Array:
    """An expression with every name unfolded, at numbers; an inverse is that of its matrix."""
    for definition in reversed(model.definitions):
        expr = model.unfold(expr, definition.name)
    env = environment(model.given, sizes=SIZES, values={n: np.asarray(v)[None] for n, v in given.items()})
    return np.asarray(evaluate(expr, env, free, mpmath_arithmetic(40))[0], dtype=np.float64)
