"""Newton's step and reweighted least squares: proved to be one, measured to be one, and near misses are not proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sympy import Expr, Idx, exp

from derive.catalog import find
from derive.model import Model, ModelError
from derive.prove import prove
from derive.quantities import Domain
from derive.questions.newton import Newton
from derive.rows.building import data, define, name, parameter
from derive.solve.newton import newton, reweighted
from derive.solve.solving import solve
from derive.solve.stationary import NormalEquations, stationary
from derive.vocabulary import index, length, size, total
from lowering.numeric.arithmetic import Array, mpmath_arithmetic
from lowering.numeric.environment import environment, whole
from lowering.numeric.evaluate import evaluate

J = index("j", 1, size("d"))
SIZES = {"n": 8, "d": 2, "m_x": 1}


def counts() -> Model:
    """e = e^{Σ_j x_j θ_j} − y Σ_j x_j θ_j, the loss of a Poisson regression."""
    x, y, theta, score = data("x", J), data("y"), parameter("theta", J), name("z")
    return Model(
        name="counts",
        title="Counts",
        given=(x, y, theta),
        definitions=(
            define(score, total(x.at() * theta.at(), J)),
            define(name("e"), exp(score.at()) - y.at() * score.at()),
        ),
        objective="e",
    )


def weighted() -> Model:
    """e = w (y − Σ_j x_j θ_j)² with a weight for each point that may be zero."""
    x, y, w, theta = data("x", J), data("y"), data("w", domain=Domain.NONNEGATIVE), parameter("theta", J)
    square = (y.at() - total(x.at() * theta.at(), J)) ** 2
    return Model(
        name="weighted",
        title="Weighted",
        given=(x, y, w, theta),
        definitions=(define(name("e"), w.at() * square),),
        objective="e",
    )


MODELS = (find("logistic-regression"), counts(), weighted(), find("linear-regression"))


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_the_step_is_reweighted_least_squares(model: Model) -> None:
    answer = Newton(parameter="theta").answer(model)
    assert answer.verdict == "proved"
    assert "reweighted" in answer.title
    found = newton(model.over_data(), "theta")
    again = reweighted(found)
    assert again is not None and all(again.proofs) and again.certain == (model.name != "weighted")
    assert len(answer.conditions) == 1 + (not again.certain)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_near_misses_are_not_proved(model: Model) -> None:
    found = newton(model.over_data(), "theta")
    again = reweighted(found)
    assert again is not None
    assert prove(found.applied, -found.sign * found.gradient.target, found.model) is None
    assert prove(again.right.target, 2 * again.sum_of, again.model) is None
    assert prove(found.matrix.target, -again.gram, again.model) is None
    as_sum = replace(again.model, definitions=(*again.model.definitions[:-1], replace(again.right, expr=again.sum_of)))
    assert prove(found.step.target, again.solution, as_sum) is not None
    assert prove(found.step.target, 2 * again.solution, as_sum) is None


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_the_measured_step_is_the_measured_least_squares_solution(model: Model) -> None:
    found = newton(model.over_data(), "theta")
    again = reweighted(found)
    assert again is not None
    over = again.model
    rng = np.random.default_rng(2)
    given = {q.name: rng.uniform(0.2, 0.8, tuple(whole(length(i), SIZES) for i in q.axes)) for q in over.given}
    row, column = found.matrix.quantity.axes
    hessian = at(over, found.curved.hessian.result, (row, column), given)
    gradient = at(over, found.derivation.result, (row,), given)
    stepped = given["theta"] - np.linalg.solve(hessian, gradient)
    points = again.weights.quantity.axes
    weights, targets = (at(over, d.target, points, given) for d in (again.weights, again.working))
    roots = np.sqrt(weights)[:, None]
    least = np.linalg.lstsq(roots * given["x"], roots[:, 0] * targets, rcond=None)[0]
    assert np.allclose(stepped, least)
    matrix = at(over, found.matrix.expr, (row, column), given)
    assert np.allclose(at(over, found.step.expr, (row,), {**given, found.matrix.name: matrix}), stepped)


def test_one_step_solves_least_squares() -> None:
    """With a quadratic objective the weights are constant, z = y, and the step is the solution itself."""
    model = find("linear-regression").over_data()
    again = reweighted(newton(model, "theta"))
    assert again is not None
    y = model.quantities["y"].at(*again.working.quantity.axes)
    assert prove(again.working.target, y, again.model) is not None
    equations = stationary(model, "theta")
    assert isinstance(equations, NormalEquations) and solve(model, equations).verdict == "proved"


def test_a_penalty_has_a_step_but_is_no_reweighted_least_squares() -> None:
    model = find("ridge").over_data()
    found = newton(model, "theta")
    assert found.proof is not None and reweighted(found) is None
    assert Newton(parameter="theta").answer(find("ridge")).title == "Newton's step"


def test_only_a_vector_has_a_step() -> None:
    with pytest.raises(ModelError, match="needs a vector"):
        newton(find("softmax-regression").over_data(), "W")


def at(model: Model, expr: Expr, free: tuple[Idx, ...], given: dict[str, Array]) -> Array:
    """An expression with every name unfolded that is not given, at numbers."""
    for definition in reversed(model.definitions):
        expr = model.unfold(expr, definition.name) if definition.name not in given else expr
    known = tuple(model.quantities[n] for n in given)
    env = environment(known, sizes=SIZES, values={n: np.asarray(v)[None] for n, v in given.items()})
    return np.asarray(evaluate(expr, env, free, mpmath_arithmetic(40))[0], dtype=np.float64)
