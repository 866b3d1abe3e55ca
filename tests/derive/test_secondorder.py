"""Second derivatives: symmetric, proved, and equal to what the oracle finds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from sympy import Expr, Idx

from derive.analysis.secondorder import NoClosedForm, second_partial
from derive.backprop import partial
from derive.catalog import find
from derive.model import Model
from derive.notation.plain import atom
from derive.prove import prove
from derive.vocabulary import indices_of, length, name_of
from lowering.numeric.arithmetic import Array, mpmath_arithmetic
from lowering.numeric.environment import environment, whole
from lowering.numeric.evaluate import evaluate

PAIRS = (
    ("logistic-regression", "theta[i]", "theta[j]"),
    ("mlp", "theta_yhat[j]", "theta_yhat[k]"),
    ("mlp", "theta_h[i,j]", "theta_yhat[k]"),
    ("mlp", "theta_h[i,j]", "theta_h[k,l]"),
)
STEP = 1e-4
SIZES = {"m_x": 2, "m_h": 1, "n": 3}


def entries(model: Model, *names: str) -> tuple[Expr, ...]:
    return tuple(atom(model, name) for name in names)


@pytest.mark.parametrize("over_data", (False, True), ids=("one point", "all points"))
@pytest.mark.parametrize(("name", "first", "second"), PAIRS)
def test_the_order_does_not_matter(name: str, first: str, second: str, over_data: bool) -> None:
    model = find(name).over_data() if over_data else find(name)
    of, a, b = entries(model, model.objective, first, second)
    one, other = second_partial(model, of, a, b), second_partial(model, of, b, a)
    assert one.verdict == other.verdict == "proved"
    assert prove(one.result, other.result, model) is not None
    assert prove(one.result, 2 * other.result, model) is None


@pytest.mark.parametrize(("name", "first", "second"), PAIRS)
def test_it_is_the_slope_of_the_gradient(name: str, first: str, second: str) -> None:
    model = find(name).over_data()
    of, a, b = entries(model, model.objective, first, second)
    rng = np.random.default_rng(0)
    given = {q.name: rng.uniform(0.2, 0.8, tuple(whole(length(i), SIZES) for i in q.axes)) for q in model.given}
    found = at(model, second_partial(model, of, a, b).result, (*axes(a), *axes(b)), given)
    gradient = partial(model, of, a).result
    wrt = name_of(b)
    slopes = found.reshape(-1, given[wrt].size)
    for k in range(given[wrt].size):
        shift = np.zeros_like(given[wrt])
        shift.flat[k] = STEP
        up, down = (at(model, gradient, axes(a), {**given, wrt: given[wrt] + s * shift}) for s in (1, -1))
        assert np.allclose(slopes[:, k], (up - down).ravel() / (2 * STEP), rtol=1e-6, atol=1e-8)


OPEN = (
    ("rnn", "W[i,k]", "W[j,l]"),
    ("generic-layer", "W[l,i,j]", "b[k,p]"),
    ("adam", "eta", "eta"),
    ("deep", "W_1[j,i]", "W_1[k,l]"),
)


@pytest.mark.parametrize(("name", "first", "second"), OPEN)
def test_what_has_no_closed_form_is_refused_in_one_line(name: str, first: str, second: str) -> None:
    model = find(name)
    with pytest.raises(NoClosedForm, match=r"only known by Partial.*Hessian-vector") as refused:
        second_partial(model, *entries(model, model.objective, first, second))
    assert len(str(refused.value).splitlines()) == 1


def axes(entry: Expr) -> tuple[Idx, ...]:
    return tuple(i for i in indices_of(entry) if isinstance(i, Idx))


def at(model: Model, expr: Expr, free: tuple[Idx, ...], given: Mapping[str, Array]) -> Array:
    """An expression with every name unfolded, at numbers."""
    for definition in reversed(model.definitions):
        expr = model.unfold(expr, definition.name)
    values = {name: array[None] for name, array in given.items()}
    env = environment(model.given, sizes=SIZES, values=values)
    return np.asarray(evaluate(expr, env, free, mpmath_arithmetic(40))[0], dtype=np.float64)
