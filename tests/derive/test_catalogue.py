"""The laws of the catalogue: every derivative of every objective is proved, and is what numbers say it is.

A derivative is measured by nudging a quantity where it is computed, with 60 digits; what a result leaves in terms
of other derivatives, along a recursion, is filled in with measured ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sympy import Expr, IndexedBase, Symbol

from derive.backprop import partial
from derive.calculus.indices import transform
from derive.catalog import all_models, find, names
from derive.model import Model
from derive.quantities import Domain, Quantity
from derive.vocabulary import Partial, indices_of, name_of
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import Environment, whole
from lowering.numeric.evaluate import evaluate
from lowering.numeric.forward import forward

ARITHMETIC = mpmath_arithmetic(60)
STEP = ARITHMETIC.convert(1) / ARITHMETIC.convert(10**15)
TOLERANCE = 1e-12
SIZES: tuple[dict[str, int], ...] = ({}, {"default": 2}, {"default": 3, "S": 2})
FIRST = {"n": 2, "m_x": 1, "m_h": 2, "d": 3, "C": 3, "T": 3, "H": 2, "L": 3, "P": 2, "F": 2, "R": 3, "O": 2, "S": 1}


def sizes_of(model: Model, choice: dict[str, int]) -> dict[str, int]:
    """The first sizes, or one for all."""
    symbols = {s.name for q in model.quantities.values() for i in q.axes for s in (i.lower + i.upper).free_symbols}
    symbols |= {s.name for d in model.definitions for s in d.expr.atoms(Symbol) if s.is_integer and s.is_positive}
    default = choice.get("default")
    return {n: choice.get(n, default or FIRST.get(n, 2)) for n in symbols}


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_every_derivative_of_the_objective_is_proved(model: Model) -> None:
    objective = model.quantities[model.objective].at()
    for q in _upstream(model):
        derivation = partial(model, objective, q.at())
        assert derivation.verdict == "proved", derivation.target
        assert all(s.verdict == "proved" for s in derivation.steps("full"))


@pytest.mark.parametrize("choice", SIZES, ids=["different", "two", "three"])
@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_every_derivative_is_what_numbers_say(model: Model, choice: dict[str, int]) -> None:
    sizes = sizes_of(model, choice)
    given = _given(model, sizes)
    environment = forward(model, sizes, given, ARITHMETIC)
    measured = {q.name: _measured(model, sizes, given, q) for q in _upstream(model)}
    for q in _upstream(model):
        result = partial(model, model.quantities[model.objective].at(), q.at()).result
        exact = _value(result, environment, measured, q, sizes)
        difference = np.abs(exact - measured[q.name])
        scale = 1 + np.abs(measured[q.name])
        assert (difference <= TOLERANCE * scale).all(), (q.name, exact, measured[q.name])


@pytest.mark.parametrize("name", names())
def test_over_data_every_gradient_is_proved(name: str) -> None:
    model = find(name).over_data()
    objective = model.quantities[model.objective].at()
    for q in model.parameters:
        assert partial(model, objective, q.at()).verdict == "proved", q.name


def _upstream(model: Model) -> list[Quantity]:
    """The quantities that the objective depends on, given or defined."""
    return [q for q in model.quantities.values() if q.name in model.ancestors[model.objective]]


def _given(model: Model, sizes: dict[str, int]) -> dict[str, Any]:
    generator = np.random.default_rng(3)
    return {q.name: _draw(q, sizes, generator) for q in model.given}


def _draw(q: Quantity, sizes: dict[str, int], generator: np.random.Generator) -> Any:
    shape = (1, *(whole(i.upper - i.lower + 1, sizes) for i in q.axes))
    if q.domain in (Domain.POSITIVE, Domain.UNIT):
        return np.round(generator.uniform(0.2, 0.9, shape), 3)
    if q.domain is Domain.SIMPLEX:  # eighths that sum to one exactly
        counts = generator.multinomial(8, np.full(shape[-1], 1 / shape[-1]), shape[:-1])
        return counts / 8
    if q.domain is Domain.POSITIVE_DEFINITE:
        root = np.round(generator.uniform(-0.8, 0.8, shape), 1)
        return root @ np.swapaxes(root, -1, -2) + np.eye(shape[-1])
    return np.round(generator.uniform(-0.8, 0.8, shape), 3)


def _measured(model: Model, sizes: dict[str, int], given: dict[str, Any], q: Quantity) -> Any:
    """∂objective/∂q at every entry, by central differences of a nudge where q is computed."""
    shape = (1, *(whole(i.upper - i.lower + 1, sizes) for i in q.axes))
    result = ARITHMETIC.convert(np.zeros(shape))
    for where in np.ndindex(*shape):
        ends = []
        for sign in (1, -1):
            nudge = ARITHMETIC.convert(np.zeros(shape))
            nudge[where] = nudge[where] + sign * STEP
            moved = forward(model, sizes, given, ARITHMETIC, nudges={q.name: nudge})
            ends.append(moved.values[model.objective][0])
        result[where] = (ends[0] - ends[1]) / (2 * STEP)
    return result


def _value(expr: Expr, environment: Environment, measured: dict[str, Any], q: Quantity, sizes: dict[str, int]) -> Any:
    """The result evaluated, with the derivatives left in it replaced by measured ones."""

    def filled(e: Expr) -> Expr | None:
        if not isinstance(e, Partial):
            return None
        where = indices_of(e.args[1])
        base = f"measured_{name_of(e.args[1])}"
        return IndexedBase(Symbol(base, real=True))[where] if where else Symbol(base, real=True)

    values = {**environment.values, **{f"measured_{n}": v for n, v in measured.items()}}
    lowers = {**environment.lowers}
    lowers |= {f"measured_{n}": environment.lowers[n] for n in measured}
    for name in measured:  # a recursion stores its base first, which is not differentiated by
        if values[name].shape != measured[name].shape:
            lowers[f"measured_{name}"] = (environment.lowers[name][0] + 1, *environment.lowers[name][1:])
    env = Environment(sizes=sizes, values=values, lowers=lowers)
    return evaluate(transform(expr, filled), env, q.axes, ARITHMETIC)
