"""Code whose arrays lie otherwise than those of the model: points as columns, biases as columns, W transposed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from derive.catalog import find
from gradproof.functions import with_functions
from verify.audit.calling import AuditError, Target
from verify.audit.judge import Case
from verify.audit.names import Names
from verify.audit.outcome import Audit
from verify.audit.proved import Proved
from verify.sandbox import Workers

DEEP = Proved(find("deep"))
SOFTMAX = Proved(find("softmax-regression"))
MLP = Proved(find("mlp"))
COLUMNS = """import numpy as np


def s(z):
    return 1 / (1 + np.exp(-z))


def grad(X, Y, W1, b1, W2, b2, W3, b3):
    A1 = s(W1 @ X + {b1})
    A2 = s(W2 @ A1 + {b2})
    A3 = s(W3 @ A2 + {b3})
    D3 = (A3 - Y) * A3 * (1 - A3)
    D2 = (W3.T @ D3) * {slope}
    D1 = (W2.T @ D2) * A1 * (1 - A1)
    return {{
        "dW1": D1 @ X.T, "db1": D1.sum(1, keepdims=True), "dW2": D2 @ A1.T, "db2": D2.sum(1, keepdims=True),
        "dW3": D3 @ A2.T, "db3": {db3}
    }}
"""
B3 = "D3.sum(1, keepdims=True)"
AS_COLUMNS = {"b1": "b1", "b2": "b2", "b3": "b3", "slope": "A2 * (1 - A2)", "db3": B3}
AS_VECTORS = {**AS_COLUMNS, "b1": "b1[:, None]", "b2": "b2[:, None]", "b3": "b3[:, None]"}
TURNED = "b_1[:, None], b_2[:, None], b_3[:, None], a_0.T, y.T"


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(jobs=1, timeout=60, preload=("numpy",)) as pool:
        yield pool


def audited(model: Proved, code: str, workers: Workers, folder: Path) -> Audit:
    (folder / "student.py").write_text(code, encoding="utf-8")
    return Case(Target(path=str(folder / "student.py"), function="grad"), model, Names(), workers).audit()


def told(found: Audit) -> list[str]:
    return [f"{f.rule}: {' '.join(f.parameters)}" for f in found.findings]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"slope": "1"}, ["forgotten-derivative: W_1 b_1 W_2 b_2"]),
        ({"db3": "D3.mean(1, keepdims=True)"}, ["mean-for-sum: b_3"]),
        ({"db3": "D3.sum(1)"}, ["shape: b_3"]),
    ],
)
def test_points_and_biases_may_be_columns(
    changed: dict[str, str], expected: list[str], workers: Workers, tmp_path: Path
) -> None:
    found = audited(DEEP, COLUMNS.format(**{**AS_COLUMNS, **changed}), workers, tmp_path)
    assert told(found) == expected
    assert any(note.endswith(TURNED) for note in found.notes)


def test_a_gradient_with_an_axis_too_many_is_wrong_by_that_alone(workers: Workers, tmp_path: Path) -> None:
    code = COLUMNS.format(**{**AS_VECTORS, "db3": "D3.mean(1, keepdims=True)"})
    code = code.replace("grad(X, Y,", "grad(a_0, y,").replace("    A1 =", "    X, Y = a_0.T, y.T\n    A1 =")
    found = audited(DEEP, code, workers, tmp_path)
    assert told(found) == ["mean-for-sum: b_3", "shape: b_1", "shape: b_2", "shape: b_3"]
    numbers = [f.message.endswith("the numbers are right") for f in found.findings]
    assert numbers == [False, True, True, False]


TRANSPOSED = """import numpy as np


def grad(W, X, y):
    p = np.exp(X @ W.T)
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] {sign}= 1
    return -p.T @ X
"""


def test_a_matrix_may_be_transposed_throughout(workers: Workers, tmp_path: Path) -> None:
    found = audited(SOFTMAX, TRANSPOSED.format(sign="-"), workers, tmp_path)
    assert not found.findings and any(note.endswith("model: W.T") for note in found.notes)
    found = audited(SOFTMAX, TRANSPOSED.format(sign="+"), workers, tmp_path)
    assert told(found) == ["sign-of-term: W"]


def test_code_that_is_transposed_in_one_place_is_wrong(workers: Workers, tmp_path: Path) -> None:
    code = TRANSPOSED.format(sign="-").replace("-p.T @ X", "-X.T @ p")
    assert [f.rule for f in audited(SOFTMAX, code, workers, tmp_path).findings] != []


OUTPUTS = """import numpy as np


def s(z):
    return 1 / (1 + np.exp(-z))


def grad(X, y, W1, W2):
    H = s(X @ W1)
    D = y - s(H @ W2)
    return X.T @ ((D @ W2.T) * H * (1 - H)), {of_W2}
"""


@pytest.mark.parametrize(("of_W2", "expected"), [("H.T @ D", []), ("H.T @ D / len(X)", ["mean-for-sum: theta_yhat"])])
def test_one_output_may_be_a_column(of_W2: str, expected: list[str], workers: Workers, tmp_path: Path) -> None:
    found = audited(MLP, OUTPUTS.format(of_W2=of_W2), workers, tmp_path)
    assert told(found) == expected
    assert any(note.endswith("theta_yhat[:, None], y[:, None]") for note in found.notes)


ONE = """import numpy as np


def grad(W, b, x, y):
    a = [x]
    for w, c in zip(W, b):
        a.append(np.tanh(w @ a[-1] + c))
    d, of_W, of_b = 2 * (a[-1] - y) * (1 - a[-1] ** 2), [], []
    for l in reversed(range(len(W))):
        of_W.insert(0, d @ a[l].T)
        of_b.insert(0, d{summed})
        d = (W[l].T @ d) * (1 - a[l] ** 2)
    return of_W, of_b
"""


def test_columns_of_one_point_or_of_several_are_told_apart(workers: Workers, tmp_path: Path) -> None:
    """Where biases are not summed, code may be meant for one point, or be wrong for several: neither is said."""
    model = Proved(with_functions(find("layer-of-any-width"), {"f": "tanh", "ell": "loss-l2"}))
    found = audited(model, ONE.format(summed=".sum(1, keepdims=True)"), workers, tmp_path)
    assert not found.findings and any(note.endswith("b[:, None], x.T, y.T") for note in found.notes)
    with pytest.raises(AuditError, match="with one data point, a column, and with several"):
        audited(model, ONE.format(summed=""), workers, tmp_path)
