"""Stationary points: the solutions make the measured gradient zero, and nothing near them is proved."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from sympy import Expr, Idx, KroneckerDelta, Symbol, exp, log

from derive.calculus.indices import transform
from derive.catalog import find
from derive.model import Model
from derive.prove import prove
from derive.quantities import Domain, Quantity
from derive.rows.building import data, define, name, parameter
from derive.solve.stationary import Extremum, NormalEquations, NoStationaryPoint, StationaryPoint, stationary
from derive.vocabulary import index, is_name, length, name_of, size, total
from lowering.numeric.arithmetic import Array, mpmath_arithmetic
from lowering.numeric.environment import environment, whole
from lowering.numeric.evaluate import evaluate

J = index("j", 1, size("d"))
SIZES: tuple[Mapping[str, int], ...] = ({"n": 1, "d": 1}, {"n": 3, "d": 2}, {"n": 5, "d": 3})


def one_point(title: str, objective: Expr, *given: Quantity) -> Model:
    """A model whose objective is one expression."""
    return Model(name=title, title=title, given=given, definitions=(define(name("e"), objective),), objective="e")


def bernoulli() -> Model:
    """LL = y log p + (1 − y) log(1 − p)."""
    y, p = data("y", domain=Domain.UNIT), parameter("p", domain=Domain.UNIT)
    return one_point("bernoulli", y.at() * log(p.at()) + (1 - y.at()) * log(1 - p.at()), y, p)


def poisson() -> Model:
    """LL = y log λ − λ, up to what does not hold λ."""
    y, rate = data("y", domain=Domain.POSITIVE), parameter("rate", domain=Domain.POSITIVE)
    return one_point("poisson", y.at() * log(rate.at()) - rate.at(), y, rate)


def exponential() -> Model:
    """LL = log λ − λ y."""
    y, rate = data("y", domain=Domain.POSITIVE), parameter("rate", domain=Domain.POSITIVE)
    return one_point("exponential", log(rate.at()) - rate.at() * y.at(), y, rate)


def centre() -> Model:
    """e = w Σ_j (x_j − m_j)², with a weight for each point: every entry has its own equation."""
    x, w, m = data("x", J), data("w", domain=Domain.POSITIVE), parameter("m", J)
    return one_point("centre", w.at() * total((x.at() - m.at()) ** 2, J), x, w, m)


def slope() -> Model:
    """e = (y − a x)², through the origin."""
    x, y, a = data("x"), data("y"), parameter("a")
    return one_point("slope", (y.at() - a.at() * x.at()) ** 2, x, y, a)


MAXIMUM, MINIMUM = Extremum.MAXIMUM, Extremum.MINIMUM
POINTS: tuple[tuple[Model, str, Extremum], ...] = (
    (find("gaussian"), "mu", MAXIMUM),
    (find("gaussian"), "sigma", MAXIMUM),
    (bernoulli(), "p", MAXIMUM),
    (poisson(), "rate", MAXIMUM),
    (exponential(), "rate", MAXIMUM),
    (centre(), "m", MINIMUM),
    (slope(), "a", MINIMUM),  # on condition that Σ x² is not zero
)
EQUATIONS = (("linear-regression", "theta"), ("ridge", "theta"), ("bellman", "w"), ("polynomial-regression", "theta"))
NAMES = [f"{model.name}, {wrt}" for model, wrt, _ in POINTS]


def solved(model: Model, wrt: str) -> tuple[Model, StationaryPoint]:
    model = model.over_data()
    found = stationary(model, wrt)
    assert isinstance(found, StationaryPoint)
    return model, found


def coupled(name: str, wrt: str) -> tuple[Model, NormalEquations]:
    model = find(name).over_data()
    found = stationary(model, wrt)
    assert isinstance(found, NormalEquations)
    return model, found


@pytest.mark.parametrize(("model", "wrt", "extremum"), POINTS, ids=NAMES)
def test_the_solution_is_proved(model: Model, wrt: str, extremum: Extremum) -> None:
    model, found = solved(model, wrt)
    assert found.verdict == "proved"
    assert found.extremum is extremum
    assert not any(name_of(a) == wrt for a in found.solution.atoms(Symbol))
    assert bool(found.conditions) == (wrt in ("sigma", "p", "a"))


@pytest.mark.parametrize(("model", "wrt", "extremum"), POINTS, ids=NAMES)
def test_wrong_solutions_and_factors_are_not_proved(model: Model, wrt: str, extremum: Extremum) -> None:
    model, found = solved(model, wrt)
    right = found.factored
    assert prove(found.gradient.result, right, model) is not None
    for wrong in (-right, 2 * right, right + found.unknown, right * found.unknown):
        assert prove(found.gradient.result, wrong, model) is None
    if found.unknown == model.quantities[wrt].at():
        there = {False: at_the_point(found, found.solution), True: at_the_point(found, 2 * found.solution)}
        assert prove(there[False], 0 * right, model) is not None
        assert prove(there[True], 0 * right, model) is None


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize(("model", "wrt", "extremum"), POINTS, ids=NAMES)
def test_the_gradient_at_the_solution_is_zero_and_the_objective_extreme(
    model: Model, wrt: str, extremum: Extremum, sizes: Mapping[str, int]
) -> None:
    model, found = solved(model, wrt)
    quantity, given = model.quantities[wrt], numbers(model, sizes)
    power = found.unknown.as_base_exp()[1]
    root = at(model, found.solution, quantity.axes, given, sizes) ** (1 / float(power))
    there = {**given, wrt: root}
    slope_there = at(model, found.gradient.result, quantity.axes, there, sizes)
    assert np.allclose(slope_there, 0, atol=1e-9)
    assert not np.allclose(at(model, found.gradient.result, quantity.axes, {**given, wrt: 1.1 * root}, sizes), 0)
    objective = model.quantities[model.objective].at()
    best, *others = (at(model, objective, (), {**given, wrt: f * root}, sizes) for f in (1, 0.98, 1.02))
    assert all(value < best for value in others) == (extremum is MAXIMUM)


@pytest.mark.parametrize(("model", "wrt"), EQUATIONS)
def test_the_normal_equations_are_proved_and_their_variants_are_not(model: str, wrt: str) -> None:
    over, found = coupled(model, wrt)
    assert found.verdict == "proved"
    assert wrt not in {name_of(a) for a in (found.matrix + found.right).atoms(Expr) if is_name(a)}
    assert not {a for a in found.factor.atoms(Symbol) if not a.is_integer}
    gradient = found.gradient.result
    for left, right in ((found.left, 2 * found.right), (found.left, -found.right), (2 * found.left, found.right)):
        assert prove(gradient, found.factor * (left - right), over) is None


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize(("model", "wrt"), EQUATIONS)
def test_what_solves_the_normal_equations_makes_the_gradient_zero(
    model: str, wrt: str, sizes: Mapping[str, int]
) -> None:
    over, found = coupled(model, wrt)
    sizes = {**sizes, "K": 1}
    (row,) = over.quantities[wrt].axes
    given = numbers(over, sizes)
    matrix = at(over, found.matrix, (row, *found.columns), given, sizes)
    right = at(over, found.right, (row,), given, sizes)
    theta = np.linalg.lstsq(matrix, right, rcond=None)[0]
    assert np.allclose(at(over, found.gradient.result, (row,), {**given, wrt: theta}, sizes), 0, atol=1e-8)
    assert np.allclose(matrix @ given[wrt], at(over, found.left, (row,), given, sizes))


def test_least_squares_in_matrix_form() -> None:
    """X^T X θ = X^T y, and n λ θ + X^T X θ = X^T y with a penalty."""
    for model, left in (("linear-regression", "x.T*x*theta"), ("ridge", "(lambda*n)*theta + x.T*x*theta")):
        _, found = coupled(model, "theta")
        assert found.left_matrix is not None and found.right_matrix is not None
        assert (str(found.left_matrix.expr), str(found.right_matrix.expr)) == (left, "x.T*y")
        assert found.left_matrix.verdict == found.right_matrix.verdict == "proved"
    assert found.matrix.has(KroneckerDelta)


@pytest.mark.parametrize(
    ("model", "wrt"), (("logistic-regression", "theta"), ("lasso", "theta"), ("mlp", "theta_h"), ("gaussian", "theta"))
)
def test_what_is_not_linear_is_refused(model: str, wrt: str) -> None:
    with pytest.raises(NoStationaryPoint):
        stationary(find(model).over_data(), wrt)


def test_two_roots_are_refused() -> None:
    """e = θ³/3 − θ has its stationary points at ±1: one root for θ > 0, none is named for a real θ."""
    for domain in (Domain.POSITIVE, Domain.REAL):
        theta = parameter("theta", domain=domain)
        model = one_point("cubic", theta.at() ** 3 / 3 - theta.at(), theta)
        if domain is Domain.REAL:
            with pytest.raises(NoStationaryPoint, match="one root"):
                stationary(model, "theta")
        else:
            found = stationary(model, "theta")
            assert isinstance(found, StationaryPoint)
            assert (str(found.solution), found.verdict, found.extremum) == ("1", "proved", MINIMUM)


def test_an_exponential_of_the_unknown_is_refused() -> None:
    theta = parameter("theta")
    with pytest.raises(NoStationaryPoint, match="linear"):
        stationary(one_point("growth", exp(theta.at()) - theta.at(), theta), "theta")


def at_the_point(found: StationaryPoint, value: Expr) -> Expr:
    """The factored gradient with the unknown at a value."""
    return transform(found.factored, lambda e: value if e == found.unknown else None)


def numbers(model: Model, sizes: Mapping[str, int]) -> dict[str, Array]:
    rng = np.random.default_rng(4)
    return {q.name: rng.uniform(0.2, 0.8, tuple(whole(length(i), sizes) for i in q.axes)) for q in model.given}


def at(model: Model, expr: Expr, free: tuple[Idx, ...], given: Mapping[str, Array], sizes: Mapping[str, int]) -> Array:
    """An expression with every name unfolded, at numbers."""
    for definition in reversed(model.definitions):
        expr = model.unfold(expr, definition.name)
    env = environment(model.given, sizes=sizes, values={n: np.asarray(v)[None] for n, v in given.items()})
    return np.asarray(evaluate(expr, env, free, mpmath_arithmetic(40))[0], dtype=np.float64)
