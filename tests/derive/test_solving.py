"""Normal equations solved: proved at symbolic sizes, right at numbers, and nothing near the solution is proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sympy import Expr, Idx, Inverse, Rational, Symbol, Transpose

from derive.catalog import find
from derive.model import Model
from derive.prove import prove
from derive.quantities import Domain, Quantity
from derive.questions.answers import Sign
from derive.questions.stationary import Stationary
from derive.rows.building import data, define, name, parameter
from derive.solve.solving import LinearSolution, solve
from derive.solve.stationary import NormalEquations, NoStationaryPoint, stationary
from derive.vocabulary import index, length, name_of, size, total
from lowering.numeric.arithmetic import Array, mpmath_arithmetic
from lowering.numeric.environment import environment, whole
from lowering.numeric.evaluate import evaluate

D = size("d")
J, L, T = index("j", 1, D), index("l", 1, D), index("t", 1, size("m"))
SIZES = {"n": 7, "d": 3, "m": 2, "K": 2}
X, Y, THETA = data("x", J), data("y"), parameter("theta", J)


def one_point(title: str, objective: Expr, *given: Quantity, penalty: Expr | None = None) -> Model:
    """A model whose objective is one expression, with a penalty added once."""
    extra = () if penalty is None else (define(name("R"), penalty),)
    return Model(
        name=title,
        title=title,
        given=given,
        definitions=(*extra, define(name("e"), objective)),
        objective="e",
        penalty="R" if extra else "",
    )


def weighted() -> Model:
    """e = w (y − Σ_j x_j θ_j)² with a weight for each point."""
    w = data("w", domain=Domain.POSITIVE)
    return one_point("weighted", w.at() * (Y.at() - total(X.at() * THETA.at(), J)) ** 2, X, Y, w, THETA)


def generalised_ridge() -> Model:
    """e = ½ (y − Σ_j x_j θ_j)², and Σ_jl θ_j G_jl θ_l once, with G positive definite and not symmetric."""
    g = parameter("G", J, L, domain=Domain.POSITIVE_DEFINITE)
    square = Rational(1, 2) * (Y.at() - total(X.at() * THETA.at(), J)) ** 2
    return one_point("generalised", square, X, Y, g, THETA, penalty=total(THETA.at(J) * g.at(J, L) * THETA.at(L), J, L))


def two_targets() -> Model:
    """e = Σ_t (y_t − Σ_j x_j W_jt)², with a column of W for each target."""
    y, w = data("y", T), parameter("W", J, T)
    return one_point("targets", total((y.at() - total(X.at() * w.at(), J)) ** 2, T), X, y, w)


def transposed_targets() -> Model:
    """The same with a row of W for each target."""
    y, w = data("y", T), parameter("W", T, J)
    return one_point("rows", total((y.at() - total(X.at() * w.at(), J)) ** 2, T), X, y, w)


CASES: tuple[tuple[Model, str, bool], ...] = (
    (find("linear-regression"), "theta", False),
    (find("ridge"), "theta", True),
    (find("feature-regression"), "theta", False),
    (find("polynomial-regression"), "theta", False),
    (find("bellman"), "w", False),
    (weighted(), "theta", False),
    (generalised_ridge(), "theta", True),
    (two_targets(), "W", False),
    (transposed_targets(), "W", False),
)
NAMES = [model.name for model, _, _ in CASES]


def solved(model: Model, wrt: str) -> LinearSolution:
    model = model.over_data()
    found = stationary(model, wrt)
    assert isinstance(found, NormalEquations)
    return solve(model, found)


@pytest.mark.parametrize(("model", "wrt", "strict"), CASES, ids=NAMES)
def test_the_solution_is_proved_both_ways(model: Model, wrt: str, strict: bool) -> None:
    found = solved(model, wrt)
    assert found.verdict == "proved"
    assert not any(name_of(a) == wrt for a in found.model.unfold(found.solution, "A", "b").atoms(Symbol))


@pytest.mark.parametrize(("model", "wrt", "strict"), CASES, ids=NAMES)
def test_wrong_solutions_are_not_proved(model: Model, wrt: str, strict: bool) -> None:
    found = solved(model, wrt)
    right = found.right.target
    assert prove(found.product, right, found.model) is not None
    for wrong in (2 * right, -right, right + found.unknown):
        assert prove(found.product, wrong, found.model) is None
    gradient = found.equations.gradient.result
    for factor in (-1, 2):
        assert prove(gradient, factor * found.factored, found.model) is None


@pytest.mark.parametrize(("model", "wrt", "strict"), CASES, ids=NAMES)
def test_the_measured_gradient_is_zero_at_the_measured_solution(model: Model, wrt: str, strict: bool) -> None:
    found = solved(model, wrt)
    over = found.model
    rng = np.random.default_rng(3)
    given = {q.name: rng.uniform(0.2, 0.9, tuple(whole(length(i), SIZES) for i in q.axes)) for q in over.given}
    row, column = found.matrix.quantity.axes
    matrix = at(over, found.matrix.expr, (row, column), given)
    axes = over.quantities[wrt].axes
    right = at(over, found.right.expr, axes, given)
    solution = np.moveaxis(np.tensordot(np.linalg.inv(matrix), right, axes=(1, axes.index(row))), 0, axes.index(row))
    gradient = found.equations.gradient.result
    assert np.allclose(at(over, gradient, axes, {**given, wrt: solution}), 0, atol=1e-8)
    assert not np.allclose(at(over, gradient, axes, {**given, wrt: 1.1 * solution}), 0, atol=1e-8)


@pytest.mark.parametrize(("model", "wrt", "strict"), CASES, ids=NAMES)
def test_a_condition_stands_unless_the_matrix_is_definite(model: Model, wrt: str, strict: bool) -> None:
    answer = Stationary(parameter=wrt).answer(model)
    assert answer.verdict == "proved"
    assert [c.sign for c in answer.conditions] == ([] if strict else [Sign.UNEQUAL])
    assert "minimum" in str(answer.conclusion)
    assert ("positive definite" in str(answer.conclusion)) == strict


def test_least_squares_in_matrix_notation() -> None:
    """θ = (X^T X)^{-1} X^T y, and (X^T X + nλ I)^{-1} X^T y with a penalty; the rows of W have the mirror image."""
    shapes = {}
    for model, wrt in (("linear-regression", "theta"), ("ridge", "theta"), (weighted(), "theta")):
        found = solved(find(model) if isinstance(model, str) else model, wrt)
        sides = found.in_matrices()
        assert sides is not None and sides[1].verdict == "proved"
        shapes[found.model.name] = str(sides[1].expr)
    assert shapes["linear-regression"] == "(x.T*x)**(-1)*(x.T*y)"
    assert shapes["ridge"] == "((lambda*n)*I + x.T*x)**(-1)*(x.T*y)"
    mirrored = solved(transposed_targets(), "W").in_matrices()
    assert mirrored is not None and mirrored[1].verdict == "proved"
    assert mirrored[1].expr.has(Inverse) and mirrored[1].expr.has(Transpose)


def test_coefficients_that_differ_between_columns_have_no_single_matrix() -> None:
    """With a weight for each target there is one matrix a target, and two axes that are coupled have none at all."""
    y, w, c = data("y", T), parameter("W", J, T), data("c", T)
    apart = total(c.at() * (y.at() - total(X.at() * w.at(), J)) ** 2, T)
    coupled = (Y.at() - total(X.at() * w.at() * c.at(), J, T)) ** 2
    for model in (one_point("apart", apart, X, y, c, w), one_point("coupled", coupled, X, Y, c, w)):
        with pytest.raises(NoStationaryPoint, match="no single matrix"):
            solved(model, "W")


def test_without_its_penalty_nothing_says_that_the_solution_is_the_only_one() -> None:
    """Ridge with a λ of any sign keeps its equations, but loses the sign of the Hessian."""
    model = find("ridge")
    any_sign = tuple(replace(q, domain=Domain.REAL) if q.name == "lambda" else q for q in model.given)
    answer = Stationary(parameter="theta").answer(replace(model, given=any_sign))
    assert answer.verdict == "proved" and answer.conditions
    assert "minimum" not in str(answer.conclusion)


def at(model: Model, expr: Expr, free: tuple[Idx, ...], given: dict[str, Array]) -> Array:
    """An expression with every name unfolded, at numbers."""
    for definition in reversed(model.definitions):
        expr = model.unfold(expr, definition.name)
    env = environment(model.given, sizes=SIZES, values={n: np.asarray(v)[None] for n, v in given.items()})
    return np.asarray(evaluate(expr, env, free, mpmath_arithmetic(40))[0], dtype=np.float64)
