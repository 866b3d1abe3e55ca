# mypy: disable-error-code="no-untyped-call"
"""Certificates say what was done and no more, and seeded errors in a module do not get past them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from derive.catalog import find, names
from derive.quantities import Definition
from derive.rows.models import logistic_regression
from lowering.audit import CertificateError, verify_certificate
from lowering.certificate import certificate_path, digest
from lowering.checks import checks
from lowering.loading import loaded_source
from lowering.lower import Lowered, lower, lowering, proved_partials, write
from lowering.program import Elementwise, LoweringError
from lowering.record import RecordError, record, restored


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
    assert found == {(name, z) for name in ("z_h", "z_yhat") for z in (30.0, 745.0, 800.0, 1e4)}


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
def test_every_model_of_the_catalogue_is_certified_or_refused_in_one_line(name: str) -> None:
    try:
        certificate = lowered(name).certificate
    except LoweringError as error:
        assert "\n" not in str(error) and "fails its check" not in str(error)
        return
    assert certificate.proved
    assert restored(json.loads(certificate.text())["model"]["record"]).name == name


# -- what it catches -------------------------------------------------------------------------------

MUTATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("mlp", "sign of the residual", "y - yhat", "yhat - y"),
    ("mlp", "derivative of the activation lost", "    d_z_h *= h\n", ""),
    ("mlp", "half of it lost", "d_z_h = 1 - h\n", "d_z_h = np.ones_like(h)\n"),
    ("mlp", "weights lost", "    d_z_h *= theta_yhat\n", ""),
    ("mlp", "residual lost", "    d_z_h *= d_z_yhat[:, None]\n", ""),
    ("mlp", "stale activation", "d_theta_yhat = d_z_yhat @ h", "d_theta_yhat = d_z_yhat @ (x @ theta_h)"),
    ("mlp", "stale output", "    yhat = _sigmoid(z_yhat, out=z_yhat)\n    d_z", "    yhat = z_yhat\n    d_z"),
    ("mlp", "transpose lost", "x.T @ d_z_h", "x[: h.shape[1]].T @ d_z_h"),
    ("mlp", "gradients swapped", '"theta_yhat": d_theta_yhat}', '"theta_yhat": theta_yhat}'),
    ("mlp", "mean for sum", "np.logaddexp(0, z_yhat)).sum()", "np.logaddexp(0, z_yhat)).mean()"),
    ("mlp", "scaled by 1.0005", "d_theta_yhat = d_z_yhat @ h", "d_theta_yhat = 1.0005 * (d_z_yhat @ h)"),
    (
        "mlp",
        "off by 5e-6 in one component",
        "    d_theta_h = x.T @ d_z_h\n",
        "    d_theta_h = x.T @ d_z_h\n    d_theta_h[0, 0] += 5e-6\n",
    ),
    ("mlp", "ε in a denominator", "d_z_yhat = y - yhat", "d_z_yhat = (y - yhat) / (1 + 1e-7)"),
    ("mlp", "overflowing sigmoid", "    return out\n", "    return 1 / (1 + np.exp(-z))\n"),
    ("mlp", "overflowing softplus", "np.logaddexp(0, z_yhat)", "np.log(1 + np.exp(z_yhat))"),
    ("mlp", "wide result", "return LL, {", "return LL, {k: v.astype(float) for k, v in {"),
    ("mlp", "input overwritten", "d_z_yhat = y - yhat", "d_z_yhat = np.subtract(y, yhat, out=y)"),
    ("logistic-regression", "sign", "d_theta = d_z_yhat @ x", "d_theta = -(d_z_yhat @ x)"),
    ("logistic-regression", "factor", "d_theta = d_z_yhat @ x", "d_theta = d_z_yhat @ x / n"),
    ("logistic-regression", "value of another sign", "LL = (y", "LL = -(y"),
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


def test_a_seeded_error_with_a_matching_digest_is_still_caught(written: Path) -> None:
    path, beside = written, certificate_path(written)
    path.write_text(path.read_text(encoding="utf-8").replace("y - yhat", "yhat - y"), encoding="utf-8")
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
