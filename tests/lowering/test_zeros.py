"""0 · log 0 = 0: shares of zero under p log p, and classes masked by a logit of −∞ that no label has."""

from __future__ import annotations

import warnings
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sympy import Expr, exp, log

from derive.catalog import find
from derive.model import Model
from derive.quantities import Domain
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import index, size, total
from lowering.loading import loaded_source
from lowering.lower import lower, lowering

DTYPES = ["float64", "float32"]


@cache
def module(model: str) -> ModuleType:
    return loaded_source(lowering(find(model), dtype="float64", backend="numpy").source)


def strictly(found: ModuleType, params: dict[str, Any], given: dict[str, Any]) -> Any:
    """The value and gradient, with warnings as errors."""
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        return found.value_and_grad(params, given)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_divergence_from_labels(dtype: str) -> None:
    """KL(p ‖ q) of one-hot p is −log q of that class."""
    z, p = np.array([0.3, -1.2, 2.0], dtype), np.eye(3, dtype=dtype)[[0, 2, 2]]
    q = np.exp(z - np.logaddexp.reduce(z))
    value, grads = strictly(module("cross-entropy"), {"z": z}, {"p": p})
    np.testing.assert_allclose(value, -np.log(q[[0, 2, 2]]).sum(), rtol=1e-6 if dtype == "float32" else 1e-14)
    np.testing.assert_allclose(grads["z"], 3 * q - p.sum(0), rtol=1e-5)
    assert value.dtype == np.dtype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("model", ["categorical", "cross-entropy"])
def test_a_masked_class_is_one_class_fewer(model: str, dtype: str) -> None:
    found, weights = module(model), np.array([[0.2, 0.0, 0.8], [1.0, 0.0, 0.0]], dtype)
    (target,) = found.DATA
    z = np.array([0.5, -np.inf, 1.5], dtype)
    value, grads = strictly(found, {"z": z}, {target: weights})
    wanted, exact = strictly(found, {"z": z[[0, 2]]}, {target: weights[:, [0, 2]]})
    assert np.isfinite(value) and value == wanted
    np.testing.assert_array_equal(grads["z"], [exact["z"][0], 0, exact["z"][1]])
    assert found.value({"z": z}, {target: weights}) == wanted


def test_a_masked_class_with_a_label_is_as_wrong_as_can_be() -> None:
    """The logarithm of its share is the lowest number there is."""
    value, grads = module("categorical").value_and_grad({"z": np.array([0.5, -np.inf])}, {"y": np.array([[0.0, 1.0]])})
    assert value == np.finfo(float).min and np.array_equal(grads["z"], [-1.0, 1.0])


@pytest.mark.parametrize("model", ["categorical", "cross-entropy"])
def test_what_is_no_number_stays_none(model: str) -> None:
    found = module(model)
    (target,) = found.DATA
    for z in ([np.nan, 0.0], [np.nan, -np.inf]):
        assert np.isnan(found.value({"z": np.array(z)}, {target: np.array([[0.5, 0.5]])}))
    with np.errstate(all="ignore"):
        assert np.isnan(module("cross-entropy").value({"z": np.zeros(2)}, {"p": np.array([[-0.5, 1.5]])}))


def masked_by_data() -> Model:
    """Logits Σ_i x_i W_{i,k} + m_k, with a mask m of zeros and −∞ for each point."""
    i, k, j = index("i", 1, size("d")), index("k", 1, size("C")), index("j", 1, size("C"))
    x, m, y, w = data("x", i), data("m", k), data("y", k, domain=Domain.SIMPLEX), parameter("W", i, k)
    z, p = name("z", k), name("p", k)
    return Model(
        name="masked",
        title="Softmax regression with masked classes",
        given=(x, m, y, w),
        definitions=(
            define(z, total(x.at() * w.at(), i) + m.at()),
            define(p, exp(z.at()) / total(exp(z.at(j)), j)),
            define(name("E"), -total(y.at() * log(p.at()), k)),
        ),
        objective="E",
    )


def test_a_mask_for_each_point() -> None:
    found = lower(masked_by_data())
    rng, own = np.random.default_rng(0), loaded_source(found.source)
    x, w = rng.standard_normal((5, 3)), rng.standard_normal((3, 4))
    labels = rng.integers(0, 4, 5)
    mask = np.where(rng.random((5, 4)) < 0.5, -np.inf, 0.0)
    mask[np.arange(5), labels] = 0
    value, grads = strictly(own, {"W": w}, {"x": x, "m": mask, "y": np.eye(4)[labels]})
    z = x @ w + mask
    powers = np.exp(z)
    p = powers / powers.sum(1, keepdims=True)
    np.testing.assert_allclose(value, -np.log(p[np.arange(5), labels]).sum(), rtol=1e-13)
    np.testing.assert_allclose(grads["W"], x.T @ (p - np.eye(4)[labels]), rtol=1e-12)
    assert found.certificate.proved


LOGARITHMS: tuple[tuple[str, Any, bool], ...] = (
    ("p log p", lambda p: p * log(p), True),
    ("p (log p + 1)", lambda p: p * (log(p) + 1), True),
    ("log p + 1", lambda p: log(p) + p, False),  # where the limit is not 0
    ("p / log p", lambda p: p / (log(p) - 1), False),
)


@pytest.mark.parametrize(("what", "made", "safe"), LOGARITHMS, ids=[w[0] for w in LOGARITHMS])
def test_only_a_logarithm_that_is_multiplied_by_its_argument_is_zero_there(what: str, made: Any, safe: bool) -> None:
    k = index("k", 1, size("K"))
    p, w = data("p", k, domain=Domain.SIMPLEX), parameter("w")
    body: Expr = total(made(p.at()), k) * w.at()
    model = Model(name="sum", title="A sum", given=(p, w), definitions=(define(name("E"), body),), objective="E")
    source = lowering(model, dtype="float64", backend="numpy").source
    assert ("_log(p)" in source) == safe


def test_softmax_regression_is_not_searched_for_masks() -> None:
    """Its logits are products of matrices: a pass over them would cost more than it gives."""
    assert "masked=True" not in lowering(find("softmax-regression"), dtype="float64", backend="numpy").source
