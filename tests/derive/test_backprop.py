"""Laws of derivations: every partial of every model is proved, and agrees with differences at high precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from networks import squared_error, two_hidden_layers
from sympy import Expr, Idx

from derive.backprop import closed_form, partial
from derive.model import Model
from derive.rows.functions import FUNCTIONS, Unary, function, softplus, tanh
from derive.rows.models import MODELS, mlp
from derive.vocabulary import Partial, indices_of, name_of, names_in
from lowering.numeric.arithmetic import Array, mpmath_arithmetic
from lowering.numeric.environment import environment, whole
from lowering.numeric.evaluate import evaluate
from lowering.numeric.forward import Values

VARIANTS: tuple[Model, ...] = (*MODELS, mlp(tanh), mlp(softplus), two_hidden_layers(), squared_error())
EVERYTHING = tuple(m for model in VARIANTS for m in (model, model.over_data()))
SIZES = {"n": 3, "m_x": 2, "m_h": 1, "m_g": 3}
DIGITS, STEP = 50, 10


def named(model: Model) -> str:
    return f"{model.name}{'-over-data' if model.sample else ''}"


@pytest.mark.parametrize("model", EVERYTHING, ids=named)
def test_every_gradient_is_proved(model: Model) -> None:
    """The objective by every parameter: the whole, every step and every step relied on."""
    objective = model.quantities[model.objective].at()
    for parameter in model.parameters:
        derivation = partial(model, objective, parameter.at())
        assert derivation.verdict == "proved", derivation.target
        assert all(step.rule and step.proof is not None for step in derivation.steps("full"))
        assert not derivation.result.has(Partial)


@pytest.mark.parametrize("model", EVERYTHING, ids=named)
def test_steps_join(model: Model) -> None:
    """Each step begins where the one before ended, from the target to the result."""
    objective = model.quantities[model.objective].at()
    for parameter in model.parameters:
        derivation = partial(model, objective, parameter.at())
        ends = [derivation.target, *(s.after for s in derivation.chain)]
        assert [s.before for s in derivation.chain] == ends[:-1]
        assert derivation.result == ends[-1]


@pytest.mark.parametrize("model", EVERYTHING, ids=named)
def test_gradients_agree_with_differences(model: Model) -> None:
    """Every component of every gradient against central differences with 50 digits."""
    generator = np.random.default_rng(7)
    given = {q.name: _draw(q.name, q.axes, generator) for q in model.given}
    objective = model.quantities[model.objective].at()
    for parameter in model.parameters:
        exact = _value(model, partial(model, objective, parameter.at()).result, given, parameter.axes)
        for where in np.ndindex(*exact.shape[1:]):
            difference = _difference(model, objective, given, parameter.name, where)
            assert abs(exact[(0, *where)] - difference) < 1e-15 * (1 + abs(difference)), (parameter.name, where)


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
def test_any_activation_may_be_put_in(row: Unary) -> None:
    """Nothing is stored: the same model with another hidden function derives and proves."""
    model = mlp(function(row))
    derivation = model.partial("LL", "theta_h[i,j]")
    assert derivation.verdict == "proved"
    sigmoid_result = mlp().partial("LL", "theta_h[i,j]").result
    assert (derivation.result == sigmoid_result) is (model.definitions == mlp().definitions)


def test_local_partials_stay_in_the_names_of_the_network() -> None:
    """∂h_k/∂θ_{i,j} = δ_{j,k} h_k (1 − h_k) x_i: no exponential, no sum."""
    result = mlp().partial("h[k]", "theta_h[i,j]").result
    assert {name_of(a) for a in names_in(result)} == {"h", "x"}
    assert mlp(tanh).partial("h[k]", "theta_h[i,j]").result != result


def test_the_likelihood_becomes_a_sum() -> None:
    """LL = log Π_s P^{(s)} is derived, in steps that name the logarithm's rules."""
    derivation = closed_form(mlp().over_data(), "LL")
    assert derivation.verdict == "proved"
    assert "logarithm of a product" in {s.rule for s in derivation.chain}
    assert {name_of(a) for a in names_in(derivation.result)} == {"y", "yhat"}


def test_a_wrong_definition_changes_the_result() -> None:
    """The derivation follows the definitions: a network with another output gives another gradient."""
    one, two = mlp(), two_hidden_layers()
    assert one.partial("LL", "theta_h").result != two.partial("LL", "theta_h").result


def _draw(name: str, axes: tuple[Idx, ...], generator: np.random.Generator) -> Array:
    shape = (1, *(whole(i.upper - i.lower + 1, SIZES) for i in axes))
    if name == "y":
        return generator.integers(0, 2, shape).astype(float)
    return np.round(generator.normal(size=shape), 3)


def _value(model: Model, expr: Expr, given: Values, free: tuple[Idx, ...]) -> Array:
    """An expression in the names of the model, evaluated forwards with 50 digits."""
    arithmetic = mpmath_arithmetic(DIGITS)
    values = {n: arithmetic.convert(v) for n, v in given.items()}
    for d in model.definitions:
        env = environment(model.quantities.values(), sizes=SIZES, values=values)
        values[d.name] = evaluate(d.expr, env, d.quantity.axes, arithmetic)
    return evaluate(expr, environment(model.quantities.values(), sizes=SIZES, values=values), free, arithmetic)


def _difference(model: Model, objective: Expr, given: Values, name: str, where: tuple[int, ...]) -> Any:
    """(f(θ + h) − f(θ − h)) / 2h with h = 10^-10; the error is of the order of h²."""
    assert not indices_of(objective)
    arithmetic = mpmath_arithmetic(DIGITS)
    h = arithmetic.convert(1) / arithmetic.convert(10**STEP)
    ends = []
    for sign in (1, -1):
        moved = {n: arithmetic.convert(v) for n, v in given.items()}
        moved[name] = moved[name].copy()
        moved[name][(0, *where)] += sign * h
        ends.append(_value(model, objective, moved, ())[0])
    return (ends[0] - ends[1]) / (2 * h)
