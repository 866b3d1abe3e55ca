"""`gradproof audit`: exit codes, one line for code that cannot be judged, mapping files, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradproof.cli import main

Capture = pytest.CaptureFixture[str]

RIGHT = "import numpy as np\n\n\ndef grad(x, y, theta):\n    return 2 * x.T @ (x @ theta - y) / len(y)\n"

CANNOT: tuple[tuple[str, str], ...] = (
    ("def grad(x, y, theta):\n    while True:\n        pass\n", "no answer within 1 s"),
    ("import sys\n\ndef grad(x, y, theta):\n    sys.exit(3)\n", "it calls exit(3) (line 4)"),
    ("import os\n\ndef grad(x, y, theta):\n    os._exit(4)\n", "the worker died (exit code 4)"),
    ("def grad(x, y, theta):\n    return x @ nothing\n", "NameError: name 'nothing' is not defined (line 2)"),
    ("def grad(x, y, theta):\n    return [0] * 10**10\n", "more memory needed than a worker may have"),
    ("def grad(x, y, theta):\n    return 'text'\n", "it returns a str that is no array of numbers"),
    ("def grad(x, y, theta):\n    return x @ theta + 1j\n", "it returns complex numbers"),
    ("def grad(x, y, theta):\n    return {}\n", "returns no gradient by theta"),
    ("def grad(x, y, theta):\n    return int(input())\n", "EOFError"),
    ("def grad(x, y, theta)\n    pass\n", "cannot be imported: SyntaxError"),
    ("import no_such_module\n", "cannot be imported: ModuleNotFoundError: No module named 'no_such_module'"),
    ("def slope(x):\n    pass\n", "has no grad; it defines slope"),
    ("grad = 3\n", "is a int; expected a function"),
    ("def grad(a, b, c, d, e):\n    return a\n", "it is not clear what a, b, c, d, e of"),
)


def audited(folder: Path, code: str, *words: str) -> int:
    (folder / "student.py").write_text(code, encoding="utf-8")
    return main(["audit", f"{folder / 'student.py'}:grad", "linear-regression", *words])


@pytest.mark.parametrize(("code", "reason"), CANNOT, ids=[reason for _, reason in CANNOT])
def test_code_that_cannot_be_judged_gets_one_line(code: str, reason: str, tmp_path: Path, capsys: Capture) -> None:
    assert audited(tmp_path, code, "--timeout", "1" if "while" in code else "60") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("gradproof: error: ") and err.count("\n") == 1
    assert reason in err


def test_right_code_is_right_whatever_it_prints_and_writes_to(tmp_path: Path, capsys: Capture) -> None:
    talking = RIGHT.replace("    return", "    print(x)\n    found =") + "    x *= 0\n    return found\n"
    assert audited(tmp_path, talking) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f"{tmp_path / 'student.py'}:grad: note: it writes to its arguments: x",
        f"{tmp_path / 'student.py'}:grad: theta is right (held against the proved gradient of e at 4 points)",
    ]
    assert err == ""


def test_a_mistake_is_shown_with_the_step_that_is_wrong(tmp_path: Path, capsys: Capture) -> None:
    assert audited(tmp_path, RIGHT.replace("x @ theta - y", "x @ theta + y")) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].endswith("grad: error sign-of-term: theta: in ∂e/∂yhat, -2*y[s] has the wrong sign")
    assert out[1:3] == [
        "  = it should be: ∂e/∂yhat[s] = 2*(-y[s] + yhat[s])/n",
        "  = it is taken for: ∂e/∂yhat[s] = 2*(y[s] + yhat[s])/n",
    ]


def test_a_mapping_says_what_the_code_calls_things(tmp_path: Path, capsys: Capture) -> None:
    code = "import numpy as np\n\ndef grad(A, t, w):\n    return {'g': (A @ (w.T @ A - t.T).T) / t.size * 2}\n"
    rows = '[arguments]\nA = "x.T"\nt = "y[:, None]"\nw = "theta[:, None]"\n[results]\ng = "theta[:, None]"\n'
    (tmp_path / "names.toml").write_text(rows, encoding="utf-8")
    assert audited(tmp_path, code, "--mapping", str(tmp_path / "names.toml"), "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["findings"], found["judged"]) == ("gradproof.audit/1", [], ["theta"])
    assert found["arguments"] == {"A": "x.T", "t": "y[:, None]", "w": "theta[:, None]"}


def test_a_mapping_says_what_the_code_is_the_gradient_of(tmp_path: Path) -> None:
    (tmp_path / "names.toml").write_text("[objective]\nnegated = true\n", encoding="utf-8")
    opposite = RIGHT.replace("2 * x.T", "-2 * x.T")
    assert audited(tmp_path, opposite, "--mapping", str(tmp_path / "names.toml")) == 0
    assert audited(tmp_path, RIGHT, "--mapping", str(tmp_path / "names.toml")) == 1


MAPPINGS: tuple[tuple[str, str], ...] = (
    ("[arguments", "is no TOML file"),
    ("[names]\n", "'names' is unknown"),
    ('[arguments]\nx = "z"\n', "[arguments] x = 'z'; expected NAME"),
    ('[arguments]\nX = "x"\n', "the mapping names an argument X, but"),
    ('[results]\nx = "x"\n', "[results] x = 'x'"),
    ("[objective]\nmean = 3\n", "[objective] has negated and mean"),
)


@pytest.mark.parametrize(("rows", "reason"), MAPPINGS)
def test_a_mapping_that_cannot_be_used_gets_one_line(rows: str, reason: str, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "names.toml").write_text(rows, encoding="utf-8")
    assert audited(tmp_path, RIGHT, "--mapping", str(tmp_path / "names.toml")) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and reason in err


@pytest.mark.parametrize(
    ("target", "reason"),
    (
        ("student.py", "expected FILE.py:FUNCTION"),
        ("none.py:grad", "none.py: no such file"),
        ("a:b c", "expected FILE"),
    ),
)
def test_a_target_that_is_none_gets_one_line(target: str, reason: str, capsys: Capture) -> None:
    assert main(["audit", target, "linear-regression"]) == 2
    assert reason in capsys.readouterr().err
