"""Maxima over an index: values, derivatives and, where several entries are equally large, subgradients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from sympy import Expr

from derive.calculus.differentiate import differentiate
from derive.calculus.normalform import is_zero
from derive.catalog import find
from derive.model import Model, ModelError
from derive.questions.argmax import ArgMax
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import Maximum, Positive, index, maximum, scalar, size, tensor, total
from lowering.loading import loaded_source
from lowering.lower import lower
from lowering.numeric.arithmetic import FLOAT64
from lowering.numeric.environment import Environment
from lowering.numeric.evaluate import evaluate

N = size("n")
I, J, K, R = index("i", 1, N), index("j", 1, N), index("k", 1, N), index("r", 1, N)
X, W = tensor("x"), tensor("w")
LINEAR = (maximum(X[I], I), maximum(2 * X[I] - W[I], I), maximum(X[I] + X[J] * W[I], I, J), 3 * maximum(X[I], I) + X[K])
POINTS = ((0.3, -1.2, 2.0), (1.0, 1.0, -2.0), (0.5, 0.5, 0.5), (-1.0, 0.0, 0.0))  # all but the first have ties
WEIGHTS = np.array([[0.25, -0.5, 0.25]])


def at(expr: Expr, x: Any, free: tuple[Any, ...] = ()) -> Any:
    values = {"x": np.asarray([x], dtype=float), "w": WEIGHTS}
    lowers = {"x": (1,), "w": (1,)}
    return evaluate(expr, Environment(sizes={"n": 3}, values=values, lowers=lowers), free, FLOAT64)[0]


def is_subgradient(expr: Expr, slope: Expr, x: tuple[float, ...]) -> bool:
    """f(y) ≥ f(x) + g (y − x) on a grid around x, for an f that is convex in x; K is the free index of both."""
    k = () if not expr.has(K) else (K,)
    here, g = at(expr, x, k), at(slope, x, (*k, R))
    grid = [
        np.array(x) + step * d for d in np.vstack([np.eye(3), -np.eye(3), np.ones((1, 3))]) for step in (0.1, 1.0, 5.0)
    ]
    return all(np.all(at(expr, y, k) >= here + g @ (y - x) - 1e-12) for y in grid)


@pytest.mark.parametrize("x", POINTS)
@pytest.mark.parametrize("expr", LINEAR, ids=str)
def test_the_derivative_is_a_subgradient_also_where_entries_are_equal(expr: Expr, x: tuple[float, ...]) -> None:
    assert is_subgradient(expr, differentiate(expr, X[R]), x)


def wrong_slopes(expr: Any) -> Iterator[Expr]:
    """Without the division, for the least entry, negated, and the mean over all entries."""
    (limit,) = expr.limits
    right, body = differentiate(expr, X[R]), expr.function
    of_body = differentiate(body, X[R])
    gap = maximum(body.subs(limit[0], J), J) - body
    yield total((1 - Positive(gap)) * of_body, I)
    yield total(Positive(gap) * of_body, I)
    yield -right
    yield total(of_body, I) / N


def test_a_wrong_slope_is_no_subgradient_somewhere() -> None:
    expr = LINEAR[0]
    for slope in wrong_slopes(expr):
        assert not all(is_subgradient(expr, slope, x) for x in POINTS), slope


def test_where_one_entry_is_the_largest_it_has_the_whole_gradient() -> None:
    assert at(differentiate(LINEAR[0], X[R]), POINTS[0], (R,)).tolist() == [0, 0, 1]
    assert at(differentiate(LINEAR[0], X[R]), POINTS[1], (R,)).tolist() == [0.5, 0.5, 0]


def test_its_normal_form_does_not_depend_on_names() -> None:
    assert is_zero(maximum(X[I], I) - maximum(X[K], K))
    assert is_zero(maximum(2 * (X[I] - 1), I) - maximum(2 * X[J] - 2, J))
    assert not is_zero(maximum(X[I], I) - maximum(W[I], I))
    assert not is_zero(maximum(X[I], I) - X[K])
    assert not is_zero(maximum(X[I] + W[I], I) - maximum(X[I], I) - maximum(W[I], I))
    shifted = index("i", 0, N - 1)
    assert is_zero(maximum(X[I], I) - maximum(X[shifted + 1], shifted))


def test_an_empty_range_has_no_largest() -> None:
    empty = index("i", 1, 0)
    assert at(maximum(X[empty], empty), POINTS[0]) == -np.inf


@pytest.mark.parametrize("name", ["max-pooling", "max-pooling-2d"])
def test_pooling_gives_shares_that_are_proved(name: str) -> None:
    model = find(name)
    assert model.defined["z"].expr.has(Maximum)
    assert [answer.verdict for answer in model.answers] == ["proved"]


def test_only_a_maximum_has_an_arg_max() -> None:
    model: Model = find("average-pooling")
    with pytest.raises(ModelError, match="must be defined as a maximum"):
        ArgMax(of="z", wrt="x", shares="z").answer(model)


def test_a_name_below_a_maximum_is_replaced_without_capture() -> None:
    """The bound index of a maximum is renamed where a free one of the same name arrives."""
    outer: Expr = maximum(X[I] * scalar("c"), I)
    inserted = outer.subs(scalar("c"), scalar("d"))
    assert is_zero(inserted - maximum(X[J] * scalar("d"), J))
    moved = differentiate(maximum(X[I] * W[K], I), W[I])
    assert at(moved, POINTS[0], (I, K)).shape == (3, 3)


def test_it_is_lowered_and_the_gradient_goes_to_the_largest() -> None:
    """∂(max_i w_i x_i − y)²/∂w_j = 2 (z − y) x_j where j alone is the largest, and is shared where several are."""
    i = index("i", 1, size("d"))
    weights, inputs, target = parameter("w", i), data("x", i), data("y")
    model = Model(
        name="largest",
        title="largest",
        given=(weights, inputs, target),
        definitions=(
            define(name("z"), maximum(weights.at() * inputs.at(), i)),
            define(name("e"), (scalar("z") - target.at()) ** 2),
        ),
        objective="e",
    )
    module = loaded_source(lower(model).source)
    points = {"x": np.array([[1.0, 2.0, -1.0]]), "y": np.array([0.5])}
    for w, expected in (([1.0, 2.0, 0.0], [0.0, 14.0, 0.0]), ([4.0, 2.0, 0.0], [3.5, 7.0, 0.0])):
        _, gradient = module.value_and_grad({"w": np.array(w)}, points)
        assert np.allclose(gradient["w"], expected)
