# mypy: disable-error-code="no-untyped-call"
"""Certificates say what was done and no more, and seeded errors in a module do not get past them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derive.catalog import find, names
from derive.model import Model
from derive.quantities import Definition
from derive.rows.models import logistic_regression
from lowering.audit import CertificateError, verify_certificate
from lowering.certificate import certificate_path, digest
from lowering.checks import called, checks, ordinary
from lowering.loading import loaded_source
from lowering.lower import Lowered, lower, lowering, proved_partials, write
from lowering.numeric.arithmetic import Arithmetic
from lowering.operations import Elementwise
from lowering.oracle import Oracle
from lowering.padded import on_padded
from lowering.record import RecordError, record, restored
from lowering.standins import StandIns, with_stand_ins
from lowering.trialpoints import Point, random_point, trial_sizes


@cache
def lowered(name: str) -> Lowered:
    return lower(find(name))


@cache
def source(name: str) -> str:
    return lowering(find(name), dtype="float64", backend="numpy").source


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "logistic.py"
    write(lowered("logistic-regression"), path)
    return path


# -- what it says ----------------------------------------------------------------------------------


def test_every_partial_is_proved_and_every_check_passed() -> None:
    data = lowered("mlp").certificate.as_data()
    assert [(p["of"], p["wrt"], p["verdict"]) for p in data["partials"]][-2:] == [
        ("LL", "theta_yhat[j]", "proved"),
        ("LL", "theta_h[i, j]", "proved"),
    ]
    assert {e["verdict"] for key in ("values", "partials", "rewrites") for e in data[key]} == {"proved"}
    assert lowered("mlp").certificate.proved
    assert all(c["passed"] and c["worst_relative_error"] <= c["tolerance"] for c in data["checks"])
    assert {"python", "sympy", "numpy", "gradproof"} <= set(data["versions"])
    assert data["sha256"] == digest(lowered("mlp").source)
    assert any(r"\theta^{(h)}" in latex for latex in data["model"]["definitions"])


def test_every_logit_is_pushed_to_every_extreme() -> None:
    found = {(c["logits"]["name"], c["logits"]["largest"]) for c in lowered("mlp").certificate.checks if c["logits"]}
    levels = (30.0, 745.0, 800.0, 1e4)
    assert found == {(name, sign * z) for name in ("z_h", "z_yhat") for z in levels for sign in (1, -1)}


def test_the_file_is_json_with_the_sha256_of_the_module(written: Path) -> None:
    data = json.loads(certificate_path(written).read_text(encoding="utf-8"))
    assert data["schema"] == "gradproof.certificate/1"
    assert data["sha256"] == digest(written.read_bytes())
    assert verify_certificate(written) == []


def test_a_program_that_computes_something_else_is_not_proved() -> None:
    """The proofs are about the operations: with another program under the same names they fail."""
    stages = lowering(logistic_regression(), dtype="float64", backend="numpy")
    operations = list(stages.program.operations)
    for k, operation in enumerate(operations):
        if isinstance(operation, Elementwise) and operation.out.name == "d_z_yhat":
            operations[k] = replace(operation, expr=-operation.expr)
    wrong = replace(stages, program=replace(stages.program, operations=tuple(operations)))
    verdicts = {str(e.left): e.proof is not None for e in proved_partials(wrong)}
    assert verdicts["LL"] and not verdicts["Partial(LL, theta[i])"] and not verdicts["Partial(LL, z_yhat[s])"]


@pytest.mark.parametrize("name", names())
def test_every_model_of_the_catalogue_is_certified(name: str) -> None:
    certificate = lowered(name).certificate
    assert certificate.proved
    assert restored(json.loads(certificate.text())["model"]["record"]).name == name


# -- what it catches -------------------------------------------------------------------------------

BOTH = "LL, d_z_yhat = _binary_log_likelihood(z_yhat, y, slopes=True)\n"
MUTATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("mlp", "sign of the residual", BOTH, f"{BOTH}        d_z_yhat = -d_z_yhat\n"),
    ("mlp", "derivative of the activation lost", "        d_z_h *= h\n", ""),
    ("mlp", "half of it lost", "d_z_h = 1 - h\n", "d_z_h = np.ones_like(h)\n"),
    ("mlp", "weights lost", "        d_z_h *= theta_yhat\n", ""),
    ("mlp", "residual lost", "        d_z_h *= d_z_yhat[:, None]\n", ""),
    ("mlp", "stale activation", "d_theta_yhat = d_z_yhat.dot(h)", "d_theta_yhat = d_z_yhat.dot(x @ theta_h)"),
    ("mlp", "stale output", BOTH, f"{BOTH}        d_z_yhat = y - z_yhat\n"),
    ("mlp", "transpose lost", "x.T.dot(d_z_h)", "x[: h.shape[1]].T.dot(d_z_h)"),
    ("mlp", "gradients swapped", '"theta_yhat": d_theta_yhat}', '"theta_yhat": theta_yhat}'),
    ("mlp", "mean for sum", BOTH, f"{BOTH}        LL = LL / len(y)\n"),
    ("mlp", "scaled by 1.0005", "d_theta_yhat = d_z_yhat.dot(h)", "d_theta_yhat = 1.0005 * d_z_yhat.dot(h)"),
    (
        "mlp",
        "off by 5e-6 in one component",
        "        d_theta_h = x.T.dot(d_z_h)\n",
        "        d_theta_h = x.T.dot(d_z_h)\n        d_theta_h[0, 0] += 5e-6\n",
    ),
    ("mlp", "ε in a denominator", "decay /= ones + decay", "decay /= ones + decay + 1e-7"),
    ("mlp", "overflowing sigmoid", "    out *= 0.5\n    return out\n", "    return 1 / (1 + np.exp(-z))\n"),
    (
        "mlp",
        "overflowing softplus",
        "value = off.dot(z) - ones.dot(np.log1p(decay))",
        "value = ones.dot(y * z - np.log(1 + np.exp(z)))",
    ),
    ("mlp", "wide result", "return LL, {", "return LL, {k: v.astype(float) for k, v in {"),
    ("mlp", "input overwritten", "off = y - ~np.signbit(z)", "off = np.subtract(y, ~np.signbit(z), out=y)"),
    ("logistic-regression", "sign", "d_theta = d_z_yhat.dot(x)", "d_theta = -d_z_yhat.dot(x)"),
    ("logistic-regression", "factor", "d_theta = d_z_yhat.dot(x)", "d_theta = d_z_yhat.dot(x) / n"),
    ("logistic-regression", "value of another sign", BOTH, f"{BOTH}        LL = -LL\n"),
)


def mutated(name: str, old: str, new: str) -> str:
    text = source(name)
    assert old in text, f"the generated source has no {old!r} any more; mutate what it has"
    changed = text.replace(old, new)
    return changed.replace("d_theta_yhat}\n", "d_theta_yhat}.items()}\n") if "astype(float)" in new else changed


@pytest.mark.parametrize(("name", "what", "old", "new"), MUTATIONS, ids=[f"{m[0]}: {m[1]}" for m in MUTATIONS])
def test_a_seeded_error_is_caught(name: str, what: str, old: str, new: str) -> None:
    named = lowering(find(name), dtype="float64", backend="numpy").computable.named
    assert [check for check in checks(loaded_source(mutated(name, old, new)), named) if not check.passed]


SEEDED = {  # what a wrong gradient would be, put after the right one
    "scaled by 1.0005": "grads = {k: each(g, lambda a: a * 1.0005) for k, g in grads.items()}",
    "off by 5e-6 in one component": (
        "grads = {k: each(g, lambda a: a + 5e-6 * np.eye(1, a.size).reshape(a.shape)) for k, g in grads.items()}"
    ),
    "1e-7 in a denominator": "grads = {k: each(g, lambda a: a / (1 + 1e-7)) for k, g in grads.items()}",
    "a sign": "grads = {k: each(g, lambda a: -a) for k, g in grads.items()}",
    "a factor the wrong way round": (
        "grads = {k: each(g, lambda a: a[..., ::-1] if a.ndim else a) for k, g in grads.items()}"
    ),
    "a missing sample": (
        "grads = _right(params, {k: v[1:] if DATA.get(k, ())[:1] == _POINTS else v for k, v in data.items()})[1]"
    ),
}
WRAPPED = """
_right, _POINTS = value_and_grad, next((axes[:1] for axes in DATA.values() if axes), ())


def each(gradient, change):
    return [change(a) for a in gradient] if isinstance(gradient, list) else change(gradient)


def value_and_grad(params, data):
    value, grads = _right(params, data)
    {wrong}
    return value, grads
"""


@pytest.mark.parametrize("name", names())
def test_a_seeded_error_is_caught_in_every_model_of_the_catalogue(name: str) -> None:
    """Each wrong gradient that differs from the right one fails the check of the gradient, and the right one passes."""
    named = lowering(find(name), dtype="float64", backend="numpy").computable.named
    model = measured(lowered(name).source, named).model
    oracle, point = Remembered(model), random_point(model, next(trial_sizes(model)), seed=3)
    right = measured(lowered(name).source, named).module
    assert all(check.passed for check in ordinary(right, oracle, [point], "float64"))
    _, grads, _ = called(right, point)
    for what, wrong in SEEDED.items():
        if what == "a missing sample" and model.sample is None:
            continue
        module = measured(lowered(name).source + WRAPPED.format(wrong=wrong), named).module
        _, other, _ = called(module, point)
        if any(not np.array_equal(grads[k], other[k]) for k in grads):
            failed = {check.what for check in ordinary(module, oracle, [point], "float64") if not check.passed}
            assert "gradient" in failed, what


def measured(source: str, model: Model) -> StandIns:
    """A module and its model, with a formula for each function that has none and arrays in the place of lists."""
    found = next(with_stand_ins(loaded_source(source), model))
    return replace(found, module=on_padded(found.module, found.model, next(trial_sizes(model))))


class Remembered(Oracle):
    """An oracle that is asked about one point only, and computes each answer once."""

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.answers: dict[str, Any] = {}

    def once(self, what: str, answer: Callable[[], Any]) -> Any:
        if what not in self.answers:
            self.answers[what] = answer()
        return self.answers[what]

    def complex_step(self, points: Sequence[Point]) -> list[Any]:
        return list(self.once("complex step", lambda: super(Remembered, self).complex_step(points)))

    def named(self, points: Sequence[Point]) -> list[Any]:
        return list(self.once("named", lambda: super(Remembered, self).named(points)))

    def slope(self, point: Point, direction: dict[str, Any]) -> float:
        return float(self.once("slope", lambda: super(Remembered, self).slope(point, direction)))

    def value(self, points: Sequence[Point], arithmetic: Arithmetic, moved: Any = None) -> Any:
        if moved is not None:
            return super().value(points, arithmetic, moved)
        return self.once(arithmetic.name, lambda: super(Remembered, self).value(points, arithmetic))


def test_a_seeded_error_with_a_matching_digest_is_still_caught(written: Path) -> None:
    path, beside = written, certificate_path(written)
    right = path.read_text(encoding="utf-8")
    path.write_text(right.replace(BOTH, f"{BOTH}        d_z_yhat = -d_z_yhat\n"), encoding="utf-8")
    data = json.loads(beside.read_text(encoding="utf-8"))
    beside.write_text(json.dumps({**data, "sha256": digest(path.read_bytes())}), encoding="utf-8")
    problems = verify_certificate(path)
    assert any("the gradient is wrong" in p and "theta[" in p for p in problems)
    assert any("not what the certificate's model is lowered to" in p for p in problems)
    assert not any("SHA-256" in p for p in problems)


def changed(data: dict[str, Any], key: str, place: int, **entries: Any) -> dict[str, Any]:
    listed = list(data[key])
    listed[place] = {**listed[place], **entries}
    return {**data, key: listed}


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], str]] = {
    "digest": (lambda d: {**d, "sha256": "0" * 64}, "SHA-256"),
    "another equation": (lambda d: changed(d, "partials", -1, latex="0 = 0"), "recomputed"),
    "a proof left out": (lambda d: {**d, "partials": d["partials"][:-1]}, "list of partials"),
    "an undecided proof": (lambda d: changed(d, "partials", -1, verdict="undecided"), "recomputed"),
    "a tolerance": (lambda d: changed(d, "checks", 0, tolerance=1.0), "list of numerical checks"),
    "an error too large": (lambda d: changed(d, "checks", 0, worst_relative_error=0.5), "error of 0.5"),
    "a check left out": (lambda d: {**d, "checks": d["checks"][1:]}, "list of numerical checks"),
    "a check by nobody": (lambda d: {**d, "crosschecks": [{"method": "by abacus"}]}, "list of numerical checks"),
    "no checks at all": (lambda d: {**d, "crosschecks": 1}, "list of numerical checks"),
    "a definition": (lambda d: {**d, "model": {**d["model"], "definitions": []}}, "definitions"),
}


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forged_certificate_is_caught(case: str, written: Path) -> None:
    forge, message = FORGERIES[case]
    beside = certificate_path(written)
    beside.write_text(json.dumps(forge(json.loads(beside.read_text(encoding="utf-8")))), encoding="utf-8")
    assert any(message in problem for problem in verify_certificate(written))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": "gradproof.certificate/2"}', '{"schema": "gradproof.certificate/1"}']
)
def test_what_is_no_certificate_is_refused(text: str, written: Path) -> None:
    certificate_path(written).write_text(text, encoding="utf-8")
    with pytest.raises(CertificateError):
        verify_certificate(written)


# -- the record of the model -----------------------------------------------------------------------


@pytest.mark.parametrize("name", names())
def test_a_model_survives_its_record(name: str) -> None:
    model = find(name)
    again = restored(json.loads(json.dumps(record(model))))
    for field in fields(model):  # every one, also those that models may get later
        if field.name == "questions":  # what is asked of a model is no part of it
            continue
        assert getattr(again, field.name) == getattr(model, field.name)


@pytest.mark.parametrize(
    "expr",
    [["__import__", "os"], ["row", "nothing", 1], ["Sum"], "exp(1)", ["entry", 3], [[]], None, 1.5, [["exp"]] * 3],
)
def test_a_record_of_anything_else_is_refused(expr: Any) -> None:
    data = record(logistic_regression())
    definition = {**data["definitions"][0], "expr": expr}
    with pytest.raises(ValueError):
        restored({**data, "definitions": [definition, *data["definitions"][1:]]})


def test_a_record_nested_too_deeply_is_refused() -> None:
    expr: Any = 1
    for _ in range(5000):
        expr = ["exp", expr]
    data = record(logistic_regression())
    with pytest.raises(RecordError):
        restored({**data, "definitions": [{**data["definitions"][0], "expr": expr}]})


def test_a_definition_is_recorded_with_what_it_was() -> None:
    model = logistic_regression()
    again = restored(record(model)).definitions[0]
    assert isinstance(again, Definition) and again.expr == model.definitions[0].expr
