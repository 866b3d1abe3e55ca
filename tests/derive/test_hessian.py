"""Hessian-vector products: proved, and what second differences of the objective alone say, at several sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from measuring import ARITHMETIC, SIZES, STEP, Measurement, agrees, shape_of, sizes_of
from sympy import Expr, Sum

from derive.analysis.hessian import HessianError, HessianVector, hessian_vector
from derive.analysis.secondorder import second_partial
from derive.calculus.indices import fresh
from derive.catalog import find
from derive.model import Model
from derive.prove import prove
from derive.rows.catalogue.networks import deep
from lowering.numeric.forward import forward

Case = tuple[Model, str, tuple[str, ...]]

CASES: tuple[Case, ...] = (
    (find("logistic-regression"), "theta", ()),
    (find("logistic-regression").over_data(), "theta", ()),
    (find("ridge").over_data(), "theta", ()),
    (find("mlp").over_data(), "theta_h", ()),
    (find("mlp"), "theta_yhat", ("theta_h", "theta_yhat")),
    (find("mlp"), "theta_h", ("x",)),
    (find("softmax-regression").over_data(), "W", ()),
    (deep(3), "W_1", ()),
    (deep(3), "W_2", ("W_1", "b_2", "W_3")),
    (deep(7), "b_2", ("W_1", "W_6")),
    (find("layer-norm"), "x", ()),
    (find("attention"), "K", ("Q",)),
    (find("gaussian"), "sigma", ("mu", "sigma")),
    (find("mixture"), "mu", ()),
    (find("embedding"), "M", ()),
)
IDS = [f"{model.name} {wrt} along {' '.join(along) or wrt}" for model, wrt, along in CASES]


def derived(case: Case) -> HessianVector:
    model, wrt, along = case
    return hessian_vector(model, model.objective, wrt, along)


def measured(model: Model, wrt: str, found: HessianVector, here: Measurement, moved: tuple[str, ...]) -> Any:
    """(f(++) − f(+−) − f(−+) + f(−−)) / 4h² for the objective f, along each entry of wrt and along v."""
    shape = shape_of(model.quantities[wrt], here.sizes)
    count = int(np.prod(shape, dtype=int))
    units = np.eye(count).reshape(count, 1, *shape)
    ends = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]).reshape(1, 4, 2)
    nudges: dict[str, Any] = {}
    for name, v in zip(moved, found.directions, strict=True):
        along = here.given[v.name][:, None] * ends[:, :, 1].reshape(1, 4, *[1] * len(v.axes))
        nudges[name] = np.repeat(along, count, axis=0)
    own = units * ends[:, :, 0].reshape(1, 4, *[1] * len(shape))
    nudges[wrt] = nudges[wrt] + own if wrt in nudges else own
    steps = {name: ARITHMETIC.convert(n.reshape(4 * count, *n.shape[2:])) * STEP for name, n in nudges.items()}
    tiled = {q.name: np.repeat(here.given[q.name], 4 * count, axis=0) for q in model.given}
    values = forward(model, here.sizes, tiled, ARITHMETIC, nudges=steps).values[model.objective].reshape(count, 4)
    return (values @ np.array([1, -1, -1, 1]) / (4 * STEP * STEP)).reshape(1, *shape)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_it_is_proved_and_what_second_differences_say(case: Case) -> None:
    model, wrt, along = case
    found = derived(case)
    assert found.verdict == "proved"
    for choice in SIZES:
        here = Measurement(model=found.model, sizes=sizes_of(found.model, choice))
        exact = here.environment.values[found.product.name]
        assert agrees(exact, measured(model, wrt, found, here, along or (wrt,))), choice


NEAR = [case for case in CASES if case[0].name in ("logistic-regression", "softmax-regression", "ridge", "gaussian")]


@pytest.mark.parametrize("case", NEAR, ids=lambda c: f"{c[0].name} {c[0].sample}")
def test_it_is_the_second_derivative_times_the_direction(case: Case) -> None:
    model, wrt, along = case
    found = derived(case)
    whole: Expr = found.product.at()
    for definition in reversed(found.model.definitions[len(model.definitions) :]):
        whole = found.model.unfold(whole, definition.name)
    terms: Expr = 0 * whole
    for name, v in zip(along or (wrt,), found.directions, strict=True):
        slots = [fresh(i, {*v.axes, *found.product.axes}) for i in v.axes]
        there = model.quantities[name].at(*slots)
        second = second_partial(model, model.quantities[model.objective].at(), model.quantities[wrt].at(), there)
        assert second.verdict == "proved"
        body = second.result * v.at(*slots)
        terms += Sum(body, *[(i, i.lower, i.upper) for i in slots]) if slots else body
    assert prove(whole, terms, found.model) is not None
    assert prove(whole, 2 * terms, found.model) is None


@pytest.mark.parametrize(
    ("name", "of", "wrt", "said"),
    (
        ("rnn", "E", "W", "recursion of 'h'"),
        ("adam", "E", "eta", "recursion of"),
        ("mlp", "h", "theta_h", "expected a defined scalar"),
        ("mlp", "LL", "h", "expected a given quantity"),
        ("mlp", "LL", "nothing", "expected a given quantity"),
    ),
)
def test_what_cannot_be_derived_is_refused_in_one_line(name: str, of: str, wrt: str, said: str) -> None:
    with pytest.raises(HessianError, match=said) as refused:
        hessian_vector(find(name), of, wrt)
    assert len(str(refused.value).splitlines()) == 1


def test_names_that_are_taken_are_left_alone() -> None:
    """The product of a product: the model of the first has v_theta, theta_bar and its slope already."""
    first = derived(CASES[0])
    model = first.model
    again = hessian_vector(model, model.objective, "theta")
    names = [q.name for q in again.model.quantities.values()]
    assert again.verdict == "proved" and len(set(names)) == len(names)
    assert again.product.name not in model.quantities


def test_it_grows_with_depth_as_the_gradient_does() -> None:
    counts = [len(hessian_vector(deep(layers), "E", "W_1").model.definitions) for layers in (4, 5, 6)]
    assert counts[1] - counts[0] == counts[2] - counts[1]
