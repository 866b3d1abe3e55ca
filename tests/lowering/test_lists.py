"""Layers that differ in width: lists of arrays, with the same gradient as layers with names of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from sympy import Expr

from derive.catalog import find
from derive.model import Model
from derive.quantities import Domain, Quantity
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.networks import deep, half_square, layer_of_any_width
from derive.rows.functions import sigmoid, tanh
from derive.vocabulary import index, product, size, size_at, total
from lowering.audit import verify_certificate
from lowering.checks import checks
from lowering.loading import loaded_source
from lowering.lower import lower, lowering, proved_partials, write
from lowering.operations import Contraction
from lowering.program import Loop, LoweringError

GOLDEN = Path(__file__).parent / "golden"
WIDTHS = [3, 5, 2, 4]


@cache
def module(activation: Any = sigmoid, layers: int = 0) -> ModuleType:
    """Of layers of any width, or of so many with names of their own."""
    model = deep(layers) if layers else layer_of_any_width(activation, half_square)
    return loaded_source(lowering(model, dtype="float64", backend="numpy").source)


def arrays(points: int = 7, widths: list[int] = WIDTHS) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters and data."""
    rng = np.random.default_rng(1)
    params = module().init({"L": len(widths) - 1, "n": widths}, rng)
    params["b"] = [rng.standard_normal(b.shape) for b in params["b"]]
    return params, {"x": rng.standard_normal((points, widths[0])), "y": rng.standard_normal((points, widths[-1]))}


def test_golden_source(golden: Callable[[Path, str], None]) -> None:
    source = lowering(find("layer-of-any-width"), dtype="float64", backend="numpy").source
    golden(GOLDEN / "layer-of-any-width.py.txt", source)


def test_a_list_of_layers_is_the_network_with_a_name_for_each() -> None:
    params, data = arrays()
    by_name = {f"{letter}_{k + 1}": a for letter in "Wb" for k, a in enumerate(params[letter])}
    value, grads = module().value_and_grad(params, data)
    wanted, exact = module(layers=3).value_and_grad(by_name, {"a_0": data["x"], "y": data["y"]})
    assert value == pytest.approx(wanted, rel=1e-14)
    for letter in "Wb":
        assert isinstance(grads[letter], list) and len(grads[letter]) == 3
        for k, gradient in enumerate(grads[letter]):
            np.testing.assert_allclose(gradient, exact[f"{letter}_{k + 1}"], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("widths", [[1, 1], [2, 3], [4, 1, 6], [3, 3, 3, 3, 3]])
def test_any_number_of_layers_of_any_width(widths: list[int]) -> None:
    """The derivative along a direction is that by differences."""
    params, data = arrays(5, widths)
    direction = {k: [np.cos(np.arange(a.size)).reshape(a.shape) for a in v] for k, v in params.items()}

    def at(t: float) -> float:
        moved = {k: [a + t * d for a, d in zip(v, direction[k], strict=True)] for k, v in params.items()}
        return float(module(tanh).value(moved, data))

    _, grads = module(tanh).value_and_grad(params, data)
    pairs = [(g, d) for k in grads for g, d in zip(grads[k], direction[k], strict=True)]
    assert sum(float(np.sum(g * d)) for g, d in pairs) == pytest.approx((at(1e-6) - at(-1e-6)) / 2e-6, rel=1e-7)


def test_forward_gives_lists_and_nothing_that_was_passed_in_is_changed() -> None:
    params, data = arrays()
    for array in (*params["W"], *params["b"], *data.values()):
        array.setflags(write=False)
    found = module().forward(params, data)
    assert [a.shape for a in found["z"]] == [a.shape for a in found["a"]] == [(7, 5), (7, 2), (7, 4)]
    module().value_and_grad({k: tuple(v) for k, v in params.items()}, data)  # tuples will do


def test_the_dtype_is_kept() -> None:
    params, data = arrays()
    narrow = {k: [a.astype(np.float32) for a in v] for k, v in params.items()}
    value, grads = module().value_and_grad(narrow, data)
    assert value.dtype == np.float32 and {g.dtype for v in grads.values() for g in v} == {np.dtype(np.float32)}


WRONG: tuple[tuple[str, Callable[[dict[str, Any], dict[str, Any]], Any], str], ...] = (
    ("no list", lambda p, d: p.update(W=p["W"][0]), r"params\['W'\] is no list; give a list of arrays, one for each l"),
    ("an empty list", lambda p, d: p.update(W=[]), "is no list"),
    ("missing", lambda p, d: p.pop("b"), "params has no 'b'; give a list of arrays, one for each l, of shapes"),
    ("a layer too few", lambda p, d: p.update(b=p["b"][:2]), r"b has 2 arrays, where L = 2, but W has 3 arrays"),
    (
        "another width",
        lambda p, d: p.update(b=[*p["b"][:2], np.zeros(9)]),
        r"b\[2\] has shape \(9,\), where n\[3\] = 9",
    ),
    ("a width that breaks", lambda p, d: p["W"].reverse(), r"W\[1\] has shape \(2, 5\), where n\[1\] = 5, but W\[0\]"),
    ("too many axes", lambda p, d: p.update(b=[a[None] for a in p["b"]]), r"b\[0\] has shape \(1, 5\), expected"),
    ("other inputs", lambda p, d: d.update(x=d["x"][:, :2]), r"x has shape \(7, 2\), where n\[0\] = 2, but W\[0\]"),
    ("other outputs", lambda p, d: d.update(y=d["y"][:, :2]), r"y has shape \(7, 2\), where n\[3\] = 2"),
    ("other points", lambda p, d: d.update(y=d["y"][:3]), r"y has shape \(3, 4\), where N = 3, but x has shape"),
    ("whole numbers", lambda p, d: p.update(W=[a.astype(int) for a in p["W"]]), "dtype int64, expected float32 or"),
    ("text", lambda p, d: d.update(x=d["x"].astype(str)), r"data\['x'\] has dtype"),
    ("mixed dtypes", lambda p, d: p.update(b=[a.astype(np.float32) for a in p["b"]]), "float32, float64, expected"),
)


@pytest.mark.parametrize(("what", "spoil", "message"), WRONG, ids=[w[0] for w in WRONG])
def test_what_does_not_fit_is_refused(what: str, spoil: Callable[..., Any], message: str) -> None:
    params, data = arrays()
    spoil(params, data)
    with pytest.raises(ValueError, match=message):
        module().value_and_grad(params, data)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"L": 2}, r"sizes\['n'\] is None, expected a list of 3 whole numbers, n\[0\] to n\[2\]"),
        ({"L": 2, "n": [3, 4]}, "expected a list of 3 whole numbers"),
        ({"L": 2, "n": 4}, "expected a list of 3 whole numbers"),
        ({"L": 2, "n": [3, 0, 4]}, r"n\[1\]'\] is 0, expected a whole number of at least 1"),
        ({"n": [3, 4]}, "sizes has no 'L'"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(sizes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        module().init(sizes, 0)


def test_the_certificate_can_be_recomputed(tmp_path: Path) -> None:
    model = layer_of_any_width(tanh, half_square)
    lowered = lower(model)
    write(lowered, tmp_path / "layers.py")
    assert lowered.certificate.proved and verify_certificate(tmp_path / "layers.py") == []
    assert {c["logits"]["largest"] for c in lowered.certificate.checks if c["logits"]} >= {30.0, -1e4}


def test_another_matrix_in_the_program_is_not_proved_and_fails_the_checks() -> None:
    stages = lowering(layer_of_any_width(tanh, half_square), dtype="float64", backend="numpy")
    loops = [s for s in stages.program.operations if isinstance(s, Loop)]
    body = tuple(
        replace(o, left=-o.left) if isinstance(o, Contraction) and o.out.name == "d_W" else o for o in loops[-1].body
    )
    wrong = replace(stages.program, operations=(*stages.program.operations[:-1], replace(loops[-1], body=body)))
    partials = {str(e.left): e.proof for e in proved_partials(replace(stages, program=wrong))}
    assert partials["Partial(E, W[l, i, j])"] is None and partials["Partial(E, b[l, i])"] is not None
    spoiled = loaded_source(stages.source.replace("d_z[l - 1].T @ a[l - 1]", "d_z[l - 1].T @ a[l - 1] * 1.0005"))
    assert any(not check.passed for check in checks(spoiled, stages.computable.named))


# -- what is added up over all layers --------------------------------------------------------------


def decayed() -> Model:
    """Layers of any width, with R = λ/2 Σ_l ‖W^(l)‖² beside the loss."""
    model = layer_of_any_width(tanh, half_square)
    weights = next(q for q in model.given if q.name == "W")
    layer, i, j = weights.axes
    rate = parameter("lambda", domain=Domain.POSITIVE)
    whole = total(total(total(weights.at() ** 2, j), i), layer)
    return replace(
        model,
        name="decayed",
        given=(*model.given, rate),
        definitions=(*model.definitions, define(name("R"), rate.at() * whole / 2)),
        penalty="R",
        questions=(),
    )


def test_a_penalty_over_all_layers() -> None:
    own, (params, given) = loaded_source(lowering(decayed(), dtype="float64", backend="numpy").source), arrays()
    value, grads = own.value_and_grad({**params, "lambda": np.array(0.3)}, given)
    plain, without = module(tanh).value_and_grad(params, given)
    squares = sum(float((w**2).sum()) for w in params["W"])
    assert value == pytest.approx(plain + 0.15 * squares) and grads["lambda"] == pytest.approx(squares / 2)
    assert own.forward({**params, "lambda": np.array(0.3)}, given)["R"] == pytest.approx(0.15 * squares)
    for k, w in enumerate(params["W"]):
        np.testing.assert_allclose(grads["W"][k], without["W"][k] + 0.3 * w, rtol=1e-12)
        np.testing.assert_allclose(grads["b"][k], without["b"][k], rtol=1e-12)


def test_a_penalty_over_all_layers_is_proved_and_a_wrong_one_is_caught() -> None:
    lowered = lower(decayed())
    assert lowered.certificate.proved
    named = lowering(decayed(), dtype="float64", backend="numpy").computable.named
    for old, new in (("lambda_ * W[l - 1]", "1.0005 * lambda_ * W[l - 1]"), ("(W[l - 1]**2).sum()", "W[l - 1].sum()")):
        assert old in lowered.source
        assert any(not check.passed for check in checks(loaded_source(lowered.source.replace(old, new)), named))


def over_layers(body: Callable[[Quantity], Expr]) -> Model:
    """y times what is made of all b_{l,i}."""
    layer = index("l", 1, size("L"))
    units, target = parameter("b", layer, index("i", 1, size_at("n", layer))), data("y")
    return Model(
        name="over-layers",
        title="All layers at once",
        given=(target, units),
        definitions=(define(name("E"), target.at() * body(units)),),
        objective="E",
    )


def test_sums_of_lists_alone_have_a_loop_of_their_own() -> None:
    model = over_layers(lambda b: total(total(b.at(), b.axes[1]), b.axes[0]))
    own = loaded_source(lowering(model, dtype="float64", backend="numpy").source)
    value, grads = own.value_and_grad({"b": [np.arange(3.0), np.ones(2)]}, {"y": np.array([2.0, 3.0])})
    assert value == 25 and [g.tolist() for g in grads["b"]] == [[5.0] * 3, [5.0] * 2]
    assert lower(model).certificate.proved


def pairs(b: Quantity) -> Expr:
    """Σ over the units of two layers, of all pairs of layers."""
    m = index("m", 1, size("L"))
    k = index("k", 1, size_at("n", m))
    return total(total(total(total(sigmoid(b.at() * b.at(m, k)), b.axes[1]), b.axes[0]), k), m)


@pytest.mark.parametrize("body", [lambda b: product(product(b.at(), b.axes[1]), b.axes[0]), pairs])
def test_what_has_no_loop_is_refused_with_the_reason(body: Callable[[Quantity], Expr]) -> None:
    with pytest.raises(LoweringError, match="over arrays of different lengths"):
        lowering(over_layers(body), dtype="float64", backend="numpy")
