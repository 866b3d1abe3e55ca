# mypy: disable-error-code="no-untyped-call"
"""Lowered modules against the oracle, at ordinary and extreme points, for models of every shape that is supported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import log

from derive.catalog import find
from derive.model import Model, Sense
from derive.quantities import Definition, Kind, Quantity
from derive.rows.functions import softplus, tanh
from derive.rows.models import Y_HAT, I, J, X, Y, bernoulli, likelihood, logistic_regression, mlp
from derive.vocabulary import index, size, total
from lowering.audit import CertificateError, verify_certificate
from lowering.checks import checks
from lowering.loading import loaded, loaded_source
from lowering.lower import Lowered, Lowering, lower, lowering, write
from lowering.program import LoweringError
from lowering.trialpoints import random_point

GOLDEN = Path(__file__).parent / "golden"
K = index("k", 0, size("m_k"))


def parameter(name: str, *axes: Any) -> Quantity:
    return Quantity(name=name, latex=name, axes=axes, kind=Kind.PARAMETER)


def two_hidden_layers() -> Model:
    w1, w2, w3 = parameter("W1", I, J), parameter("W2", J, K), parameter("w3", K)
    h1, h2 = Quantity(name="h1", latex="h_1", axes=(J,)), Quantity(name="h2", latex="h_2", axes=(K,))
    return Model(
        name="two-hidden-layers",
        title="Two hidden layers",
        given=(X, Y, w1, w2, w3),
        definitions=(
            Definition(quantity=h1, expr=tanh(total(X.at() * w1.at(), I))),
            Definition(quantity=h2, expr=softplus(total(h1.at() * w2.at(), J))),
            Definition(quantity=Y_HAT, expr=mlp().defined["yhat"].expr.func(total(h2.at() * w3.at(), K))),
            *likelihood(bernoulli(Y_HAT.at(), Y.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
    )


def with_bias() -> Model:
    w, b, v, c = parameter("W", I, J), parameter("b", J), parameter("w", J), parameter("c")
    hidden = Quantity(name="h", latex="h", axes=(J,))
    return Model(
        name="with-bias",
        title="A hidden layer with offsets",
        given=(X, Y, w, b, v, c),
        definitions=(
            Definition(quantity=hidden, expr=tanh(total(X.at() * w.at(), I) + b.at())),
            Definition(quantity=Y_HAT, expr=mlp().defined["yhat"].expr.func(total(hidden.at() * v.at(), J) + c.at())),
            *likelihood(bernoulli(Y_HAT.at(), Y.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
    )


def squared_error() -> Model:
    theta, target = parameter("theta", I), Quantity(name="y", latex="y", kind=Kind.DATA)
    error = Quantity(name="E", latex="E")
    return Model(
        name="squared-error",
        title="Least squares",
        given=(X, target, theta),
        definitions=(
            Definition(quantity=Y_HAT, expr=total(X.at() * theta.at(), I)),
            Definition(quantity=error, expr=(Y_HAT.at() - target.at()) ** 2),
        ),
        objective="E",
        sense=Sense.MINIMISE,
        mean=True,
    )


MODELS: dict[str, Callable[[], Model]] = {
    "mlp": lambda: find("mlp"),
    "logistic-regression": logistic_regression,
    "mlp with tanh": lambda: mlp(tanh),
    "mlp with softplus": lambda: mlp(softplus),
    "two hidden layers": two_hidden_layers,
    "with bias": with_bias,
    "squared error": squared_error,
}
NAMES = tuple(MODELS)


@cache
def stages(name: str) -> Lowering:
    return lowering(MODELS[name](), dtype="float64", backend="numpy")


@cache
def module(name: str) -> ModuleType:
    return loaded_source(stages(name).source)


@cache
def lowered(name: str) -> Lowered:
    return lower(MODELS[name]())


def point(name: str, seed: int = 0, **sizes: int) -> tuple[dict[str, Any], dict[str, Any]]:
    chosen = {"n": 5, "m_x": 3, "m_h": 6, "m_k": 2, **sizes}
    found = random_point(stages(name).over_data, chosen, seed)
    return found.params, found.data


# -- what every module does ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_value_gradient_and_names_agree_with_the_definitions(name: str) -> None:
    found = checks(module(name), stages(name).computable.named)
    assert {check.what for check in found} == {"gradient", "value", "forward"}
    assert [check for check in found if not check.passed] == []
    ordinary = [check for check in found if check.logits is None]
    assert len({tuple(sorted(check.sizes.items())) for check in ordinary}) == 3
    assert {check.dtype for check in ordinary} == {"float32", "float64"}


@pytest.mark.parametrize("name", NAMES)
def test_dtype_is_kept_and_inputs_are_not_modified(name: str) -> None:
    for dtype in ("float32", "float64"):
        params, data = ({k: v.astype(dtype) for k, v in group.items()} for group in point(name))
        before = {k: v.copy() for k, v in (*params.items(), *data.items())}
        value, grads = module(name).value_and_grad(params, data)
        everything = {**module(name).forward(params, data), **grads, "value": value}
        assert {np.asarray(array).dtype for array in everything.values()} == {np.dtype(dtype)}
        assert all(np.array_equal(before[k], v) for k, v in (*params.items(), *data.items()))
        assert not any(np.shares_memory(g, a) for g in everything.values() for a in (*params.values(), *data.values()))


@pytest.mark.parametrize("name", NAMES)
def test_the_results_of_forward_do_not_share_memory(name: str) -> None:
    results = list(module(name).forward(*point(name)).values())
    for k, first in enumerate(results):
        assert not any(np.shares_memory(first, other) for other in results[k + 1 :])


@pytest.mark.parametrize("name", NAMES)
def test_the_gradient_is_keyed_and_shaped_like_the_parameters(name: str) -> None:
    params, data = point(name)
    _, grads = module(name).value_and_grad(params, data)
    assert {k: v.shape for k, v in grads.items()} == {k: v.shape for k, v in params.items()}
    assert all(isinstance(g, np.ndarray) for g in grads.values())


@pytest.mark.parametrize("name", NAMES)
def test_init_makes_what_value_takes(name: str) -> None:
    params = module(name).init({"m_x": 3, "m_h": 6, "m_k": 2, "n": 9}, np.random.default_rng(3))
    assert {k: tuple(v) for k, v in module(name).PARAMETERS.items()}.keys() == params.keys()
    assert {v.dtype for v in params.values()} == {np.dtype("float64")}
    _, data = point(name)
    assert np.isfinite(module(name).value(params, data))
    again = module(name).init({"m_x": 3, "m_h": 6, "m_k": 2}, 3)
    assert all(np.array_equal(params[k], again[k]) for k in params)


def test_offsets_start_at_zero_and_weights_do_not() -> None:
    params = module("with bias").init({"m_x": 3, "m_h": 6}, 0)
    assert not params["b"].any() and not params["c"].any()
    assert params["W"].all() and params["w"].all()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.integers(0, 5), st.integers(0, 5), st.integers(0, 10**6))
def test_any_sizes(n: int, m_x: int, m_h: int, seed: int) -> None:
    """The gradient at any sizes, also where axes agree or have one place, by the derivative along itself."""
    name = "with bias"
    params, data = point(name, seed, n=n, m_x=m_x, m_h=m_h)
    value, grads = module(name).value_and_grad(params, data)
    norm = sum(float(np.sum(g * g)) for g in grads.values())
    step = 1e-6

    def at(t: float) -> float:
        return float(module(name).value({k: params[k] + t * step * grads[k] for k in params}, data))

    assert (at(1) - at(-1)) / (2 * step) == pytest.approx(norm, rel=1e-5, abs=1e-7 * max(1.0, abs(float(value))))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("logit", [30.0, 745.0, 800.0, 1e4])
def test_saturated_logits_give_the_exact_limits(dtype: str, logit: float) -> None:
    """A right and a wrong label at each of ±logit: LL = −2 log(1 + e^z) − 2 log(1 + e^−z)."""
    model = module("logistic-regression")
    x = np.array([[logit], [logit], [-logit], [-logit]], dtype=dtype)
    y = np.array([1, 0, 1, 0], dtype=dtype)
    value, grads = model.value_and_grad({"theta": np.ones(1, dtype=dtype)}, {"x": x, "y": y})
    assert value == pytest.approx(-2 * logit - 4 * np.log1p(np.exp(-logit)), rel=1e-6)
    assert grads["theta"][0] == pytest.approx(-2 * logit, rel=1e-6)


# -- what cannot be used ---------------------------------------------------------------------------


BAD: dict[str, tuple[Callable[[dict[str, Any], dict[str, Any]], None], str]] = {
    "transposed data": (
        lambda p, d: d.update(x=d["x"].T),
        r"x has shape \(4, 5\), expected \(n, m_x \+ 1\), where m_x = 3 in theta_h",
    ),
    "too many labels": (lambda p, d: d.update(y=np.append(d["y"], 1.0)), r"y has shape \(6,\), expected \(n,\).*n = 5"),
    "labels in a column": (lambda p, d: d.update(y=d["y"][:, None]), r"y has shape \(5, 1\), expected \(n,\)"),
    "weights too short": (
        lambda p, d: p.update(theta_yhat=p["theta_yhat"][1:]),
        r"theta_yhat has shape \(6,\), expected \(m_h \+ 1,\), where m_h = 6 in theta_h",
    ),
    "no data": (lambda p, d: d.pop("x"), r"data has no 'x'; give an array of shape \(n, m_x \+ 1\)"),
    "no parameter": (lambda p, d: p.pop("theta_h"), r"params has no 'theta_h'"),
    "complex data": (lambda p, d: d.update(x=d["x"] * 1j), r"data\['x'\] has dtype complex128"),
    "text": (lambda p, d: d.update(y=np.array(["a"] * 5)), r"data\['y'\] has dtype <U1"),
    "whole parameters": (lambda p, d: p.update(theta_h=np.ones((4, 7), int)), r"params\['theta_h'\] has dtype int64"),
    "mixed parameters": (
        lambda p, d: p.update(theta_h=p["theta_h"].astype("float32")),
        r"theta_h float32, theta_yhat float64, expected float32 for all or float64 for all",
    ),
    "half precision": (lambda p, d: p.update({k: v.astype("float16") for k, v in p.items()}), "float16"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("function", ["forward", "value", "value_and_grad"])
def test_what_does_not_fit_is_refused_in_one_line(case: str, function: str) -> None:
    spoil, message = BAD[case]
    params, data = point("mlp")
    spoil(params, data)
    with pytest.raises(ValueError, match=message) as error:
        getattr(module("mlp"), function)(params, data)
    assert "\n" not in str(error.value)


def test_data_of_other_number_types_is_converted_to_the_type_of_the_parameters() -> None:
    params, data = point("mlp")
    narrow = {k: v.astype("float32") for k, v in params.items()}
    labels = {**data, "y": data["y"].astype(bool)}
    value, grads = module("mlp").value_and_grad(narrow, labels)
    assert {np.asarray(a).dtype for a in (value, *grads.values())} == {np.dtype("float32")}
    assert value == pytest.approx(module("mlp").value(params, data), rel=1e-5)


@pytest.mark.parametrize(
    "sizes", [{}, {"m_x": 3}, {"m_x": 3, "m_h": -1}, {"m_x": 3, "m_h": 2.5}, {"m_x": True, "m_h": 2}]
)
def test_init_refuses_sizes_that_are_none(sizes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="whole number of at least 0"):
        module("mlp").init(sizes, 0)


@pytest.mark.parametrize(("options", "message"), [({"dtype": "int8"}, "float64"), ({"backend": "abacus"}, "numpy")])
def test_unknown_options_are_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(LoweringError, match=message):
        lower(logistic_regression(), **options)


def test_a_formula_without_array_form_is_refused_with_its_place() -> None:
    w = parameter("w", I)
    backwards = Definition(quantity=Y_HAT, expr=total(w.at() * X.at(I.upper - I), I))
    model = Model(
        name="backwards",
        title="",
        given=(X, w),
        definitions=(backwards, Definition(quantity=Quantity(name="E", latex="E"), expr=Y_HAT.at() ** 2)),
        objective="E",
    )
    with pytest.raises(LoweringError, match=r"definition of (z_)?yhat reads x\[s, m_x - i\].*x"):
        lower(model)


def test_a_name_that_python_uses_is_a_key_all_the_same() -> None:
    weight = parameter("lambda", I)
    model = Model(
        name="keyword",
        title="",
        given=(X, weight),
        definitions=(
            Definition(quantity=Y_HAT, expr=total(X.at() * weight.at(), I)),
            Definition(quantity=Quantity(name="E", latex="E"), expr=Y_HAT.at() ** 2),
        ),
        objective="E",
    )
    found = loaded_source(lower(model).source)
    value, grads = found.value_and_grad({"lambda": np.array([2.0, 1.0])}, {"x": np.array([[1.0, 3.0]])})
    assert value == 25.0 and grads["lambda"].tolist() == [10.0, 30.0]


def test_a_logarithm_that_no_identity_covers_stays_as_it_is() -> None:
    w = parameter("w", I)
    rate = Quantity(name="rate", latex="r")
    model = Model(
        name="log-of-softplus",
        title="",
        given=(X, w),
        definitions=(
            Definition(quantity=rate, expr=softplus(total(X.at() * w.at(), I))),
            Definition(quantity=Quantity(name="E", latex="E"), expr=log(rate.at())),
        ),
        objective="E",
    )
    found = lowering(model, dtype="float64", backend="numpy")
    params = {"w": np.array([0.3, -0.2])}
    data = {"x": np.array([[1.0, 2.0], [0.5, -1.0], [2.0, 0.1]])}
    value = loaded_source(found.source).value(params, data)
    assert value == pytest.approx(np.log(np.log1p(np.exp(data["x"] @ params["w"]))).sum(), rel=1e-12)


# -- the source ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["mlp", "logistic-regression", "softmax-regression", "convolution-1d", "rnn", "gaussian-vector"]
)
def test_golden_source(name: str, golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / f"{name}.py.txt", lowering(find(name), dtype="float64", backend="numpy").source)


@pytest.mark.parametrize("name", NAMES)
def test_the_source_is_deterministic_and_has_no_loop_over_data(name: str) -> None:
    again = lowering(MODELS[name](), dtype="float64", backend="numpy").source
    assert again == stages(name).source
    computing = again[again.index("def forward") : again.index("def _arrays")]
    assert "for " not in computing and "while " not in computing and "einsum" not in computing


def test_a_module_needs_numpy_alone(tmp_path: Path) -> None:
    path = tmp_path / "mlp.py"
    path.write_text(stages("mlp").source, encoding="utf-8")
    code = (
        "import sys, runpy; runpy.run_path(sys.argv[1]); "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'sympy', 'derive', 'lowering', 'scipy', 'mpmath'}))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_write_names_the_certificate_beside_it(tmp_path: Path) -> None:
    write(lowered("logistic-regression"), tmp_path / "other_name.py")
    module = loaded(tmp_path / "other_name.py")
    assert module.CERTIFICATE == "other_name.certificate.json"
    assert (tmp_path / module.CERTIFICATE).is_file()
    assert verify_certificate(tmp_path / "other_name.py") == []


def test_a_missing_certificate_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "alone.py"
    path.write_text(stages("mlp").source, encoding="utf-8")
    with pytest.raises(CertificateError, match=r"alone\.certificate\.json cannot be read"):
        verify_certificate(path)
