"""Labels as the targets of a softmax behind layers of any widths, whose weights are lists of arrays."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sympy import exp, log

from derive.model import Model
from derive.quantities import Domain
from derive.rows.building import data, define, name, parameter
from derive.rows.functions import tanh
from derive.vocabulary import index, size, size_at, total
from gradproof.training import prepare, train_model
from lowering.checks import checks
from lowering.loading import loaded_source
from lowering.lower import Lowered, lower, lowering
from lowering.train import Settings

X = np.random.default_rng(0).normal(size=(6, 5))
LABELS = np.arange(6) % 3


def classifier() -> Model:
    """a^(l) = tanh(W^(l) a^(l−1) + b^(l)), p = softmax(V a^(L)), E = −Σ_k y_k log p_k."""
    last_layer = size("L")
    layer = index("l", 1, last_layer)
    i, j, first, last = (
        index(letter, 1, size_at("n", place))
        for letter, place in (("i", layer), ("j", layer - 1), ("i", 0), ("i", last_layer))
    )
    k, m = index("k", 1, size("K")), index("m", 1, size("K"))
    W, b, V = parameter("W", layer, i, j), parameter("b", layer, i), parameter("V", k, last)
    x, y = data("x", first), data("y", k, domain=Domain.SIMPLEX)
    z, a, q, p = name("z", layer, i), name("a", layer, i), name("q", k), name("p", k, domain=Domain.UNIT)
    return Model(
        name="classifier",
        title="Layers of any width and a softmax",
        given=(x, y, W, b, V),
        definitions=(
            define(z, total(W.at() * a.at(layer - 1, j), j) + b.at()),
            define(a, tanh(z.at()), over=layer, base=x.at(i)),
            define(q, total(V.at() * a.at(last_layer, last), last)),
            define(p, exp(q.at()) / total(exp(q.at(m)), m)),
            define(name("E"), -total(y.at() * log(p.at()), k)),
        ),
        objective="E",
    )


@cache
def lowered() -> Lowered:
    return lower(classifier())


def module() -> ModuleType:
    return loaded_source(lowered().source)


def test_labels_are_one_hot_rows_and_the_certificate_says_so() -> None:
    params = module().init({"L": 2, "n": [5, 4, 3], "K": 3}, 0)
    value, grads = module().value_and_grad(params, {"x": X, "y": LABELS})
    wanted, exact = module().value_and_grad(params, {"x": X, "y": np.eye(3)[LABELS]})
    assert value == pytest.approx(wanted, rel=1e-14) and module().LABELS == {"y": ("V", 0)}
    for key in grads:
        for a, b in zip(grads[key], exact[key], strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)
    assert lowered().certificate.proved
    assert any(c["method"] == "one-hot rows in the place of labels" for c in lowered().certificate.checks)


def test_wrong_code_for_labels_is_caught() -> None:
    stages = lowering(classifier(), dtype="float64", backend="numpy")
    old = "found.take(chosen) + 1)"
    assert old in stages.source
    spoiled = loaded_source(stages.source.replace(old, "found.take(chosen) + 1.0005)"))
    assert any(not check.passed for check in checks(spoiled, stages.computable.named))


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1, 2, 3, 0, 1], "labels from 0 to 3, expected 0 to 2, since V has shape"),
        ([0.5] * 6, "dtype float64, expected whole numbers, or one-hot rows"),
        ([0, 1], "where N = 2, but x has shape"),
        ([[0]] * 6, "where K = 1, but V has shape"),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels: Any, message: str) -> None:
    params = module().init({"L": 2, "n": [5, 4, 3], "K": 3}, 0)
    with pytest.raises(ValueError, match=message):
        module().value(params, {"x": X, "y": np.asarray(labels)})


def test_digits_are_trained_on_as_labels() -> None:
    settings = Settings(optimizer="adam", epochs=3, batch_size=64)
    prepared = prepare(classifier(), "digits", settings=settings, sizes={"n": (64, 16, 8)})
    assert prepared.matched.train["y"].shape == (len(prepared.matched.train["x"]),)
    done = train_model(classifier(), lowered(), prepared)
    assert done.run.history[-1].objective < done.run.history[0].objective / 2 and done.spot.done > 0
    assert done.run.params["V"].shape == (10, 8) and done.run.params["W_2"].shape == (8, 16)
