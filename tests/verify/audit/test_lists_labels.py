"""Gradients given as lists of arrays, one for each layer, and code that takes labels for one-hot rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from derive.catalog import find
from derive.rows.catalogue.networks import half_square, layer_of_any_width
from derive.rows.functions import tanh
from gradproof.cli import main
from lowering.program import LoweringError
from verify.audit.calling import Target
from verify.audit.judge import Case
from verify.audit.names import Names
from verify.audit.outcome import Audit
from verify.audit.proved import Proved
from verify.sandbox import Workers

LAYERS = """import numpy as np


def right(W, b, x, y):
    a = [x]
    for w, c in zip(W, b):
        a.append(np.tanh(a[-1] @ w.T + c))
    d = (a[-1] - y) * (1 - a[-1] ** 2)
    dW, db = [], []
    for l in range(len(W) - 1, -1, -1):
        dW.insert(0, d.T @ a[l])
        db.insert(0, d.sum(0))
        if l:
            d = (d @ W[l]) * (1 - a[l] ** 2)
    return dW, db


"""
LABELS = """import numpy as np


def shares(W, x):
    e = np.exp(x @ W - (x @ W).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


"""
BOTH = "def grad(W, b, x, y):\n    W, b = right(W, b, x, y)\n    "
LESS = "def grad(W, x, y):\n    p = shares(W, x)\n    p[np.arange(len(y)), y] -= "
OF_LAYERS = (
    ("", "grad = right"),
    ("", "def grad(params, data):\n    W, b = right(**params, **data)\n    return {'W': tuple(W), 'b': b}"),
    ("", "def grad(b, y, x, W):\n    W, b = right(W, b, x, y)\n    return b, W"),
    ("", f"{BOTH}return list(zip(W, b))"),
    ("", f"{BOTH}return tuple([c, w] for w, c in zip(W, b))"),
    ("", f"{BOTH}return [{{'dW': w, 'db': c}} for w, c in zip(W, b)]"),
    ("mean-for-sum: b", f"{BOTH}return [(w, c / len(x)) for w, c in zip(W, b)]"),
    ("shape: W", f"{BOTH}return [(w.T, c) for w, c in zip(W, b)]"),
    ("opposite-sign: W b", "def grad(W, b, x, y):\n    return tuple([-g for g in part] for part in right(W, b, x, y))"),
    ("mean-for-sum: b", f"{BOTH}return W, [g / len(x) for g in b]"),
    ("shape: W", f"{BOTH}return [g.T for g in W], b"),
    ("shape: b", f"{BOTH}return W, [g[None] for g in b]"),
    ("shape: b", f"{BOTH}return W, b[1:]"),
    (
        "shape: W",
        f"{BOTH}return [np.pad(g, ((0, 1), (0, 1))) for g in W], b",
    ),
    ("unexplained: W", f"{BOTH}W[-1] *= 1.0005\n    return W, b"),
    ("not-finite: W", f"{BOTH}W[0][0] = np.nan\n    return W, b"),
)
OF_LABELS = (
    ("", f"{LESS}1\n    return -x.T @ p"),
    ("", "def grad(W, x, y):\n    return x.T @ ((y[:, None] == np.arange(W.shape[1])) - shares(W, x))"),
    (
        "opposite-sign: W",
        f"{LESS}1\n    return x.T @ p",
    ),
    (
        "mean-for-sum: W",
        "def grad(params, data):\n    x, y = data['x'], data['y']\n    p = shares(params['W'], x)\n"
        "    p[np.arange(len(y)), y] -= 1\n    return -x.T @ p / len(y)",
    ),
    (
        "unexplained: W",
        f"{LESS}1.5\n    return -x.T @ p",
    ),
    (
        "scaled-term: W",
        f"{LESS}2\n    return -x.T @ p",
    ),
)


@cache
def proved(name: str) -> Proved:
    return Proved(layer_of_any_width(tanh, half_square) if name == "layers" else find(name))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(jobs=1, timeout=60, preload=("numpy",)) as pool:
        yield pool


def audited(name: str, code: str, workers: Workers, folder: Path) -> Audit:
    (folder / "student.py").write_text(code, encoding="utf-8")
    return Case(Target(path=str(folder / "student.py"), function="grad"), proved(name), Names(), workers).audit()


def told(found: Audit) -> str:
    return "; ".join(f"{f.rule}: {' '.join(sorted(f.parameters))}" for f in found.findings)


@pytest.mark.parametrize(("expected", "code"), OF_LAYERS)
def test_lists_of_arrays_are_judged(expected: str, code: str, workers: Workers, tmp_path: Path) -> None:
    found = audited("layers", f"{LAYERS}{code}\n", workers, tmp_path)
    assert told(found) == expected and found.judged == ("W", "b")


def test_shapes_are_those_of_the_arrays(workers: Workers, tmp_path: Path) -> None:
    found = audited("layers", f"{LAYERS}{BOTH}return [g.T for g in W], b\n", workers, tmp_path)
    assert found.findings[0].message.startswith("W has shapes ((4, 6), (6, 5)), expected ((6, 4), (5, 6)) at L = 2")


@pytest.mark.parametrize(("expected", "code"), OF_LABELS)
def test_code_may_take_labels(expected: str, code: str, workers: Workers, tmp_path: Path) -> None:
    found = audited("softmax-regression", f"{LABELS}{code}\n", workers, tmp_path)
    assert told(found) == expected and "it takes labels for y" in found.notes


def test_the_value_may_stand_before_the_layers(workers: Workers, tmp_path: Path) -> None:
    value = (
        "    a = x\n    for w, c in zip(W, b):\n        a = np.tanh(a @ w.T + c)\n    E = ((a - y) ** 2).sum() / 2\n"
    )
    layers = "    return E, [(w, c) for w, c in zip(*right(W, b, x, y))]\n"
    right = audited("layers", f"{LAYERS}def grad(W, b, x, y):\n{value}{layers}", workers, tmp_path)
    wrong = audited(
        "layers", f"{LAYERS}def grad(W, b, x, y):\n{value}{layers.replace('E,', '2 * E,')}", workers, tmp_path
    )
    assert told(right) == "" and right.judged == ("W", "b") and told(wrong) == "value: "


def test_functions_that_are_named_are_put_in_the_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = f"{LAYERS}def grad(W, b, x, y):\n    return [(w, c) for w, c in zip(*right(W, b, x, y))]\n"
    (tmp_path / "student.py").write_text(code, encoding="utf-8")
    target = ["audit", f"{tmp_path / 'student.py'}:grad", "layer-of-any-width", "--function", "f=tanh"]
    assert main([*target, "--function", "ell=loss-l2"]) == 1  # which has no half in front
    assert "half: W, b" in capsys.readouterr().out
    assert main(target) == 2
    assert "ell; an audit needs numbers" in capsys.readouterr().err


def test_layers_with_names_of_their_own_may_be_given_in_pairs(workers: Workers, tmp_path: Path) -> None:
    code = """import numpy as np
def grad(W_1, b_1, W_2, b_2, W_3, b_3, a_0, y):
    return [(np.ones_like(w), np.ones_like(b)) for w, b in ((W_1, b_1), (W_2, b_2), (W_3, b_3))]
"""
    (tmp_path / "student.py").write_text(code, encoding="utf-8")
    target = Target(path=str(tmp_path / "student.py"), function="grad")
    found = Case(target, Proved(find("deep")), Names(), workers).audit()
    assert found.judged == ("W_1", "b_1", "W_2", "b_2", "W_3", "b_3") and {f.rule for f in found.findings} != {"shape"}


def test_code_that_takes_rows_gets_rows(workers: Workers, tmp_path: Path) -> None:
    code = f"{LABELS}def grad(W, x, y):\n    return x.T @ (y - shares(W, x)) / len(x)\n"
    found = audited("softmax-regression", code, workers, tmp_path)
    assert told(found) == "mean-for-sum: W" and not found.notes


def test_functions_without_a_formula_are_refused() -> None:
    with pytest.raises(LoweringError, match="an audit needs numbers"):
        Proved(find("layer-of-any-width"))


TAKEN = """import numpy as np


def grad(W, b, x, y, f, df, ell, ell_prime=None):
    z, a = [], [x]
    for w, c in zip(W, b):
        z.append(a[-1] @ w.T + c)
        a.append(f(z[-1]))
    d = ell_prime(a[-1], y) * df(z[-1])
    dW, db = [], []
    for l in range(len(W) - 1, -1, -1):
        dW.insert(0, d.T @ a[l])
        db.insert(0, d.sum(0))
        if l:
            d = (d @ W[l]) * df(z[l - 1])
    return ell(a[-1], y).sum(), dW, db
"""
OTHER_WAY = "only if the arguments of functions such as ell are the other way round"
TAKING = (
    ("f=tanh ell=l2", "", "", 0, "W, b are right"),
    ("f=sigmoid ell=bce", "", "", 0, "W, b are right"),
    ("f=tanh ell=l2", "df(z", "f(z", 1, "function-for-derivative: W, b"),
    ("f=tanh ell=l2", "(a[-1], y) * df(z[-1])", "(a[-1], y)", 1, "a = tanh(z) at l = L is left out of ∂E/∂z"),
    ("f=sigmoid ell=bce", "dW, db = [], []", "d, dW, db = -d, [], []", 1, "opposite-sign: W, b"),
    ("f=sigmoid ell=bce", "(a[-1], y)", "(y, a[-1])", 2, OTHER_WAY),
    ("f=tanh ell=l2", "dW, db = [], []", "d, dW, db = -d, [], []", 2, OTHER_WAY),  # (a - y)^2 either way
)


@pytest.mark.parametrize(("functions", "before", "after", "code", "message"), TAKING)
def test_code_may_take_the_functions_as_arguments(
    functions: str, before: str, after: str, code: int, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "student.py").write_text(TAKEN.replace(before, after) if before else TAKEN, encoding="utf-8")
    options = [word for function in functions.split() for word in ("--function", function)]
    assert main(["audit", f"{tmp_path / 'student.py'}:grad", "layer-of-any-width", *options]) == code
    said = capsys.readouterr()
    assert message in said.out + said.err
