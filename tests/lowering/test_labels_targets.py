"""Labels as the targets of a softmax: the logarithms of shares at them, and gradients without rows of ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sympy import Rational, log

from derive.catalog import find
from derive.model import Model, Sense
from derive.quantities import Domain
from derive.rows.building import data, define
from derive.rows.building import name as quantity
from derive.vocabulary import total
from lowering.audit import verify_certificate
from lowering.checks import checks
from lowering.loading import loaded_source
from lowering.lower import lower, lowering, write
from lowering.trialpoints import Point, random_point, trial_sizes

SYSTEMS = (
    "softmax-regression",
    "convolutional-network",
    "lstm-classifier",
    "half as many",
    "weights of points",
    "weights of terms",
)
METHOD = "one-hot rows in the place of labels"


def made(name: str) -> Model:
    """A model of the catalogue; others minimise −LL/2, or −Σ_s w_s Σ_k y log p with w_s before either sum."""
    model = find(name if "-" in name else "softmax-regression")
    if name.startswith("weights"):
        return weighted(model, of_terms=name.endswith("terms"))
    if name != "half as many":
        return model
    whole = next(d for d in model.definitions if d.name == model.objective)
    halved = replace(whole, expr=-whole.expr * Rational(1, 2))
    return replace(
        model,
        definitions=tuple(halved if d is whole else d for d in model.definitions),
        sense=Sense.MINIMISE,
        questions=(),
    )


def weighted(model: Model, *, of_terms: bool) -> Model:
    w, (logits, shares, *_) = data("w", domain=Domain.POSITIVE), model.definitions
    y, k = next(q for q in model.given if q.name == "y"), shares.quantity.axes[0]
    logs = y.at() * log(shares.quantity.at())
    loss = -total(w.at() * logs, k) if of_terms else -w.at() * total(logs, k)
    whole = (logits, shares, define(quantity("E"), loss))
    sense = Sense.MINIMISE
    return Model(name="weighted", title="", given=(*model.given, w), definitions=whole, objective="E", sense=sense)


@cache
def module(name: str) -> ModuleType:
    return loaded_source(lowering(made(name), dtype="float64", backend="numpy").source)


def point(name: str) -> tuple[Point, dict[str, Any], dict[str, Any]]:
    """Parameters, with data that have labels and data that have the rows that they stand for."""
    over = lowering(made(name), dtype="float64", backend="numpy").over_data
    at = random_point(over, next(trial_sizes(over)), seed=1)
    sizes = {n: k for n, k in at.sizes.items() if n in module(name).DATA and n not in at.data}
    data: dict[str, Any] = {**at.data, **sizes}
    points, classes = data["y"].shape
    labels = np.arange(points) % classes
    return at, {**data, "y": labels}, {**data, "y": np.eye(classes)[labels]}


@pytest.mark.parametrize("kind", ["int64", "uint8"])
@pytest.mark.parametrize("name", SYSTEMS)
def test_labels_are_one_hot_rows(name: str, kind: str) -> None:
    at, short, rows = point(name)
    short["y"] = short["y"].astype(kind)
    value, grads = module(name).value_and_grad(at.params, short)
    wanted, exact = module(name).value_and_grad(at.params, rows)
    assert value == pytest.approx(wanted, rel=1e-13) == module(name).value(at.params, short)
    for key in exact:
        np.testing.assert_allclose(grads[key], exact[key], rtol=1e-10, atol=1e-14)
    named, written = module(name).forward(at.params, short), module(name).forward(at.params, rows)
    assert all(np.array_equal(named[key], written[key]) for key in written)


@pytest.mark.parametrize("dtype, least", [("float64", 1e-12), ("float32", 1e-5)])
@pytest.mark.parametrize("classes", [3, 40])
@pytest.mark.parametrize("points", [1, 50, 500])
@pytest.mark.parametrize("rows", [False, True])
def test_what_is_right_and_sure_has_all_digits(rows: bool, points: int, classes: int, dtype: str, least: float) -> None:
    weights, labels = np.array([[30.0, *[0.0] * (classes - 1)]], dtype), np.zeros(points, int)
    given = {"x": np.ones((points, 1), dtype), "y": np.eye(classes, dtype=dtype)[labels] if rows else labels}
    value, grads = module("softmax-regression").value_and_grad({"W": weights}, given)
    others = (classes - 1) * float(np.exp(-30.0))
    other = points * float(np.exp(-30.0)) / (1 + others)
    np.testing.assert_allclose(value, -points * np.log1p(others), rtol=least)
    np.testing.assert_allclose(grads["W"], [[(classes - 1) * other, *[-other] * (classes - 1)]], rtol=least)


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_masked_class_counts_for_nothing_in_any_order_of_memory(order: Any) -> None:
    own = module("softmax-regression")._log_likelihood
    plain = np.random.default_rng(0).normal(size=(50, 4)) * 20
    targets = np.eye(4)[np.arange(50) % 4]
    masked = np.asarray(np.column_stack([plain, np.full(50, -np.inf)]), order=order)
    wanted, exact = own(plain, targets, slopes=True)
    for y in (np.column_stack([targets, np.zeros(50)]), np.arange(50) % 4):
        value, slopes = own(masked, y, slopes=True, out=masked.copy(order="K"))
        assert value == pytest.approx(wanted, rel=1e-14) and not slopes[:, 4].any()
        np.testing.assert_allclose(slopes[:, :4], exact, rtol=1e-13)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_dtype_is_kept_and_nothing_is_changed(dtype: str) -> None:
    at, short, _ = point("softmax-regression")
    params = {k: v.astype(dtype) for k, v in at.params.items()}
    for array in (*params.values(), *short.values()):
        array.setflags(write=False)
    value, grads = module("softmax-regression").value_and_grad(params, short)
    assert value.dtype == grads["W"].dtype == np.dtype(dtype)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1, 9], r"labels from 0 to 9, expected 0 to \d+, since W has shape"),
        ([0, -1, 1], "labels from -1 to 1, expected 0 to"),
        ([0.0, 1.0, 1.0], "dtype float64, expected whole numbers, or one-hot rows"),
        ([True, False, True], "dtype bool, expected whole numbers"),
        ([0, 1], "n = "),
        ([[[0]], [[1]], [[0]]], "2 axes, not 3"),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels: Any, message: str) -> None:
    at, short, _ = point("softmax-regression")
    given = {"x": np.ones((3, short["x"].shape[1])), "y": np.asarray(labels)}
    with pytest.raises(ValueError, match=message):
        module("softmax-regression").value_and_grad(at.params, given)


def test_the_certificate_compares_them_with_rows_and_catches_what_is_wrong(tmp_path: Path) -> None:
    lowered = lower(find("softmax-regression"))
    write(lowered, tmp_path / "softmax.py")
    told = [c for c in lowered.certificate.checks if c["method"] == METHOD]
    assert {c["logits"] and c["logits"]["largest"] for c in told} >= {None, 30.0, -1e4}
    assert lowered.certificate.proved and verify_certificate(tmp_path / "softmax.py") == []
    named = lowering(find("softmax-regression"), dtype="float64", backend="numpy").computable.named
    wrong = (
        ("found.take(chosen) + 1)", "found.take(chosen) + 1.0005)"),
        ("count) + targets\n", "count) + targets[::-1]\n"),
        ("weights.dot(powers.take(chosen))", "-weights.dot(powers.take(chosen))"),
    )
    for old, new in wrong:
        assert old in lowered.source
        failed = [c.method for c in checks(loaded_source(lowered.source.replace(old, new)), named) if not c.passed]
        assert failed and set(failed) == {METHOD}


def test_labels_are_tiled_as_their_rows_would_be() -> None:
    x, labels = np.zeros((5000, 8)), np.zeros(5000, int)
    met: dict[str, list[int]] = {"labels": [], "rows": []}
    for which, targets in (("labels", labels), ("rows", np.zeros((5000, 400)))):
        sums = module("softmax-regression")._over_tiles
        sums(lambda x, y, seen=met[which]: (seen.append(len(x)) or 0.0,), x, targets, classes=400)
    assert met["labels"] == met["rows"] == [2048, 2048, 904]
