"""Functions without a formula are given to a module with its data, and what it computes holds for each of them."""

from __future__ import annotations

import json
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
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.networks import generic_layer, half_square
from derive.rows.functions import tanh
from derive.rows.unnamed import unnamed
from derive.vocabulary import index, size, total
from lowering.audit import verify_certificate
from lowering.loading import loaded_source
from lowering.lower import lower, lowering, write
from lowering.passed import check_formulas
from lowering.program import LoweringError
from lowering.trialpoints import Point, random_point, trial_sizes

GOLDEN = Path(__file__).parent / "golden"
FUNCTIONS: dict[str, Any] = {
    "f": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "ell": (lambda a, y: (a - y) ** 2 / 2, lambda a, y: a - y),
}


@cache
def module(model: str = "generic-layer") -> ModuleType:
    return loaded_source(lowering(find(model), dtype="float64", backend="numpy").source)


def point(dtype: str = "float64") -> Point:
    over = find("generic-layer").over_data()
    return random_point(over, next(trial_sizes(over)), seed=1).cast(dtype)


def test_golden_source(golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "generic-layer.py.txt", lowering(find("generic-layer"), dtype="float64", backend="numpy").source)


def test_a_function_that_is_given_does_what_its_formula_does() -> None:
    written = loaded_source(lowering(generic_layer(tanh, half_square), dtype="float64", backend="numpy").source)
    at = point()
    value, grads = module().value_and_grad(at.params, {**at.data, **FUNCTIONS})
    wanted, exact = written.value_and_grad(at.params, at.data)
    assert value == pytest.approx(wanted, rel=1e-14)
    for key in exact:
        np.testing.assert_allclose(grads[key], exact[key], rtol=1e-12)


def test_the_certificate_names_the_stand_ins_and_can_be_recomputed(tmp_path: Path) -> None:
    write(lower(find("generic-layer")), tmp_path / "layer.py")
    checks = json.loads((tmp_path / "layer.certificate.json").read_text(encoding="utf-8"))["checks"]
    assert len({tuple(c["functions"].values()) for c in checks}) == 3 and all(c["logits"] is None for c in checks)
    assert verify_certificate(tmp_path / "layer.py") == []


def test_a_certificate_of_formulas_says_nothing_of_stand_ins() -> None:
    assert not any("functions" in c for c in lower(find("logistic-regression")).certificate.checks)


WRONG: tuple[tuple[str, Any, str], ...] = (
    ("missing", None, "expected \\(f, f_1\\)"),
    ("one alone", (np.tanh,), "expected \\(f, f_1\\)"),
    ("no functions", (1, 2), "expected \\(f, f_1\\)"),
    ("a function by itself", np.tanh, "expected \\(f, f_1\\)"),
    ("a number", (np.tanh, lambda z: 1.0), "f_1 gave an array of shape \\(\\)"),
    ("another shape", (lambda z: z[:1], np.tanh), "f gave an array of shape"),
    ("complex", (np.tanh, lambda z: z + 1j), "f_1 gave an array of shape .* dtype complex128"),
    ("text", (np.tanh, lambda z: z.astype(str)), "f_1 gave an array"),
)


@pytest.mark.parametrize(("what", "given", "message"), WRONG, ids=[w[0] for w in WRONG])
def test_what_is_no_function_of_arrays_is_refused(what: str, given: Any, message: str) -> None:
    at = point()
    with pytest.raises(ValueError, match=message):
        module().value_and_grad(at.params, {**at.data, **FUNCTIONS, "f": given})


def test_a_function_cannot_change_what_it_is_given() -> None:
    def spoils(z: Any) -> Any:
        z *= 2
        return z

    at = point()
    with pytest.raises(ValueError, match="read-only"):
        module().value_and_grad(at.params, {**at.data, **FUNCTIONS, "f": (spoils, np.tanh)})


def test_what_a_function_returns_is_not_written_to() -> None:
    """The identity returns its argument, and a remembered slope is the same array each time."""
    at = point()
    remembered: dict[tuple[int, ...], Any] = {}

    def slope(z: Any) -> Any:
        return remembered.setdefault(z.shape, np.ones(z.shape))

    same = (lambda z: z, slope)
    first, grads = module().value_and_grad(at.params, {**at.data, **FUNCTIONS, "f": same})
    again, others = module().value_and_grad(at.params, {**at.data, **FUNCTIONS, "f": same})
    assert first == again and all(np.array_equal(grads[k], others[k]) for k in grads)
    assert all((ones == 1).all() for ones in remembered.values())


def test_the_dtype_is_kept_whatever_a_function_returns() -> None:
    at = point("float32")
    wide = (lambda z: np.tanh(z.astype(np.float64)), lambda z: 1 - np.tanh(z.astype(np.float64)) ** 2)
    value, grads = module().value_and_grad(at.params, {**at.data, **FUNCTIONS, "f": wide})
    assert value.dtype == np.float32 and {g.dtype for g in grads.values()} == {np.dtype(np.float32)}


def single(made: Callable[[Expr], Expr], letter: str = "x") -> Model:
    i = index("i", 1, size("m"))
    given, weights = data(letter, i), parameter("w", i)
    return Model(
        name="single",
        title="One unit",
        given=(given, weights),
        definitions=(define(name("E"), made(total(given.at() * weights.at(), i))),),
        objective="E",
    )


def test_a_function_of_a_sum_has_its_pre_activation_named() -> None:
    source = lowering(single(unnamed("g")), dtype="float64", backend="numpy").source
    assert "z_E = x.dot(w)" in source and source.count("x.dot(w)") == 3  # once in each function
    assert lower(single(unnamed("g"))).certificate.proved


def test_a_second_derivative_is_asked_for_where_it_is_needed() -> None:
    g = unnamed("g", orders=(1,))
    found = lower(single(lambda z: g(z) ** 2))
    assert 'FUNCTIONS = {"g": ("g", "g_1", "g_2")}' in found.source and found.certificate.proved


@pytest.mark.parametrize("letter", ["x", "E", "d_w", "m"])
def test_a_function_with_the_name_of_something_else_is_refused(letter: str) -> None:
    with pytest.raises(LoweringError, match=f"{letter} is a function and a quantity or size"):
        lowering(single(unnamed(letter)), dtype="float64", backend="numpy")


def test_what_needs_numbers_says_which_functions_have_no_formula() -> None:
    with pytest.raises(LoweringError, match="ell and f; an audit needs numbers"):
        check_formulas(find("generic-layer"), "an audit")
    check_formulas(find("mlp"), "an audit")


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_the_other_back_ends_have_words_for_it(backend: str) -> None:
    source = lowering(find("generic-layer"), dtype="float64", backend=backend).source
    compile(source, "layer", "exec")
    assert " np.broadcast" not in source and "a[:, l] = f(" in source.replace("a = a.at[:, l].set(f(", "a[:, l] = f(")


def test_a_wrong_derivative_of_a_function_is_caught() -> None:
    stages = lowering(find("generic-layer"), dtype="float64", backend="numpy")
    wrong = replace(stages, source=stages.source.replace("f_1(z", "f(z"))
    from lowering.checks import checks

    failed = [c for c in checks(loaded_source(wrong.source), stages.computable.named) if not c.passed]
    assert {c.what for c in failed} >= {"gradient"}


def test_the_slope_of_the_loss_is_computed_once() -> None:
    """It enters the recursion backwards at the last layer alone."""
    met = []

    def slope(a: Any, y: Any) -> Any:
        met.append(a.shape)
        return a - y

    at = point()
    module().value_and_grad(at.params, {**at.data, **FUNCTIONS, "ell": (FUNCTIONS["ell"][0], slope)})
    assert at.params["W"].shape[0] > 1 and len(met) == 1
