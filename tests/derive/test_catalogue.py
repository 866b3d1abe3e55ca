"""The laws of the catalogue: every partial of every row is proved, and is what numbers say it is.

Every partial means the objective by all that it depends on, and every name by all that stands in its definition.
"""

from __future__ import annotations

import numpy as np
import pytest
from concrete import all_models
from measuring import SIZES, Measurement, agrees, shape_of, sizes_of, upstream
from sympy import Float, Idx

from derive.backprop import partial
from derive.calculus.indices import fresh
from derive.catalog import find, names
from derive.derivation import Derivation
from derive.model import Model
from derive.quantities import Definition, Quantity

POINTS = 20


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_every_derivative_of_the_objective_is_proved(model: Model) -> None:
    objective = model.quantities[model.objective].at()
    for q in upstream(model):
        derivation = partial(model, objective, q.at())
        assert derivation.verdict == "proved", derivation.target
        assert all(s.verdict == "proved" for s in derivation.steps("full"))
        assert not any(s.after.has(Float) for s in derivation.steps("full")), "exact numbers only"


@pytest.mark.parametrize("choice", SIZES, ids=["different", "two", "three"])
@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_every_entry_is_what_numbers_say(model: Model, choice: dict[str, int]) -> None:
    here = Measurement(model=model, sizes=sizes_of(model, choice))
    for q in upstream(model):
        result = partial(model, model.quantities[model.objective].at(), q.at()).result
        exact, measured = here.of_result(result, q.axes), here.by_entry(model.objective, q.name)
        assert agrees(exact, measured), (q.name, exact, measured)


@pytest.mark.parametrize("choice", SIZES, ids=["different", "two", "three"])
@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_along_a_direction_it_is_what_numbers_say_at_twenty_points(model: Model, choice: dict[str, int]) -> None:
    here = Measurement(model=model, sizes=sizes_of(model, choice), points=POINTS, seed=7)
    for q in upstream(model):
        result = partial(model, model.quantities[model.objective].at(), q.at()).result
        directions = np.random.default_rng(5).uniform(0.1, 1, (POINTS, 1, *shape_of(q, here.sizes)))
        exact = here.of_result(result, q.axes) * directions[:, 0]
        measured = here.along(model.objective, q.name, directions)[:, 0]
        assert agrees(exact.reshape(POINTS, -1).sum(axis=1), measured), q.name


@pytest.mark.parametrize("name", names())
def test_over_data_every_gradient_is_proved(name: str) -> None:
    model = find(name).over_data()
    objective = model.quantities[model.objective].at()
    for q in model.parameters:
        assert partial(model, objective, q.at()).verdict == "proved", q.name


@pytest.mark.parametrize("choice", SIZES, ids=["different", "two", "three"])
@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_every_local_partial_is_proved_and_what_numbers_say(model: Model, choice: dict[str, int]) -> None:
    here = Measurement(model=model, sizes=sizes_of(model, choice))
    for definition, q in _neighbours(model):
        derivation, rows = _local(model, definition, q)
        assert derivation.verdict == "proved", derivation.target
        exact, measured = here.of_result(derivation.result, (*rows, *q.axes)), here.by_entry(definition.name, q.name)
        assert agrees(exact, measured), (derivation.target, exact, measured)


def _neighbours(model: Model) -> list[tuple[Definition, Quantity]]:
    """Each definition with each name in it; where a recursion stands between, no local partial ends."""
    plain = [d for d in model.definitions if d.name not in model.ancestors[d.name]]
    pairs = [(d, model.quantities[name]) for d in plain for name in model.parents[d.name]]
    return [(d, q) for d, q in pairs if q.name not in model.ancestors.get(q.name, ())]


def _local(model: Model, definition: Definition, q: Quantity) -> tuple[Derivation, tuple[Idx, ...]]:
    """The derivation of ∂v[K]/∂q[I] with indices that are all different, and K."""
    rows: list[Idx] = []
    for i in definition.quantity.axes:
        rows.append(fresh(i, {*q.axes, *rows}))
    return partial(model, definition.quantity.at(*rows), q.at()), tuple(rows)
