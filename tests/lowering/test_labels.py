"""Labels in the place of one-hot rows: rows are looked up and added, with the same value and gradient."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from derive.catalog import find
from derive.model import Model
from derive.quantities import Domain
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import index, size, total
from lowering.audit import verify_certificate
from lowering.checks import checks
from lowering.loading import loaded_source
from lowering.lower import lower, lowering, write

GOLDEN = Path(__file__).parent / "golden"


@cache
def module() -> ModuleType:
    return loaded_source(lowering(find("embedding"), dtype="float64", backend="numpy").source)


def point(points: int = 50, dtype: str = "float64") -> tuple[dict[str, Any], dict[str, Any]]:
    rng = np.random.default_rng(0)
    table, given = rng.standard_normal((7, 4)), rng.standard_normal((points, 4))
    return {"M": table.astype(dtype)}, {"u": rng.integers(0, 7, points), "g": given.astype(dtype)}


def test_golden_source(golden: Callable[[Path, str], None]) -> None:
    golden(GOLDEN / "embedding.py.txt", lowering(find("embedding"), dtype="float64", backend="numpy").source)


@pytest.mark.parametrize("kind", ["uint8", "int8", "int32", "uint64"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_labels_are_one_hot_rows(dtype: str, kind: str) -> None:
    """Narrow whole numbers too, which must not overflow where places in the table are computed."""
    params, given = point(dtype=dtype)
    params["M"], given["g"] = (np.concatenate([a] * 100, axis=1) for a in (params["M"], given["g"]))
    rows = {**given, "u": np.eye(7, dtype=dtype)[given["u"]]}
    value, grads = module().value_and_grad(params, {**given, "u": given["u"].astype(kind)})
    wanted, exact = module().value_and_grad(params, rows)
    assert value == pytest.approx(wanted, rel=1e-5 if dtype == "float32" else 1e-13)
    np.testing.assert_allclose(grads["M"], exact["M"], rtol=1e-5, atol=1e-5)
    assert value.dtype == grads["M"].dtype == np.dtype(dtype)
    assert module().value(params, given) == value
    np.testing.assert_array_equal(module().forward(params, given)["e"], params["M"][given["u"]])


def test_rows_that_no_label_has_get_no_gradient_and_no_points_get_zeros() -> None:
    params, given = point()
    _, grads = module().value_and_grad(params, {"u": np.full(50, 3), "g": given["g"]})
    assert not np.delete(grads["M"], 3, axis=0).any()
    np.testing.assert_allclose(grads["M"][3], given["g"].sum(0))
    value, grads = module().value_and_grad(params, {"u": np.zeros(0, int), "g": given["g"][:0]})
    assert value == 0 and not grads["M"].any()


def test_what_is_passed_in_is_not_changed_and_lists_will_do() -> None:
    params, given = point()
    for array in (*params.values(), *given.values()):
        array.setflags(write=False)
    value, _ = module().value_and_grad(params, given)
    assert module().value(params, {"u": given["u"].tolist(), "g": given["g"].astype(np.float32)}) == pytest.approx(
        value, rel=1e-6
    )


WRONG: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("too large", {"u": np.full(50, 7)}, "labels from 7 to 7, expected 0 to 6, since M has shape \\(7, 4\\)"),
    ("negative", {"u": np.full(50, -1)}, "labels from -1 to -1, expected 0 to 6"),
    ("no whole numbers", {"u": np.full(50, 1.0)}, "dtype float64, expected whole numbers, or one-hot rows"),
    ("truth values", {"u": np.full(50, True)}, "dtype bool, expected whole numbers"),
    ("too few", {"u": np.zeros(3, int)}, "n = "),
    ("rows of another length", {"u": np.zeros((50, 6))}, "V = "),
    ("three axes", {"u": np.zeros((50, 7, 1))}, "2 axes, not 3"),
)


@pytest.mark.parametrize(("what", "given", "message"), WRONG, ids=[w[0] for w in WRONG])
def test_labels_that_do_not_fit_are_refused(what: str, given: dict[str, Any], message: str) -> None:
    params, right = point()
    with pytest.raises(ValueError, match=message):
        module().value_and_grad(params, {**right, **given})
    with pytest.raises(ValueError, match="data has no 'u'"):
        module().value_and_grad(params, {"g": right["g"]})


def test_the_certificate_tells_of_labels_and_wrong_sums_of_rows_are_caught(tmp_path: Path) -> None:
    lowered = lower(find("embedding"))
    write(lowered, tmp_path / "embedding.py")
    told = [c for c in lowered.certificate.checks if c["method"] == "one-hot rows in the place of labels"]
    assert lowered.certificate.proved and len(told) == 3 and verify_certificate(tmp_path / "embedding.py") == []
    named = lowering(find("embedding"), dtype="float64", backend="numpy").computable.named
    for old, new in (("table[u]", "table[u - 1]"), ("places, rows.ravel()", "places[::-1], rows.ravel()")):
        assert old in lowered.source
        found = checks(loaded_source(lowered.source.replace(old, new)), named)
        assert [c.method for c in found if not c.passed] == ["one-hot rows in the place of labels"] * 3


def used_otherwise() -> Model:
    """Σ_v u_v M_{v,a} beside Σ_v u_v², which labels would not do for."""
    v, a = index("v", 1, size("V")), index("a", 1, size("d"))
    word, table = data("u", v, domain=Domain.SIMPLEX), parameter("M", v, a)
    row = name("e", a)
    body = total(row.at() ** 2, a) + total(word.at() ** 2, v)
    definitions = (define(row, total(word.at() * table.at(), v)), define(name("E"), body))
    return Model(name="both", title="Both", given=(word, table), definitions=definitions, objective="E")


def test_only_data_that_are_multiplied_with_tables_alone_may_be_labels() -> None:
    for model in (used_otherwise(), find("gaussian-classes"), find("loss-ce"), find("mlp")):
        assert "LABELS" not in lowering(model, dtype="float64", backend="numpy").source
