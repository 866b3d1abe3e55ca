"""Code as students write it: what is right passes, and what is wrong is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from derive.catalog import find
from verify.audit.calling import Target
from verify.audit.judge import Case
from verify.audit.names import Names
from verify.audit.proved import Proved
from verify.sandbox import Workers

HEAD = "import numpy as np\n\n\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\n\n"
TEXT = (Path(__file__).parent / "students.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
STUDENTS = [(m, *b) for m, s in SECTIONS for b in re.findall(r"```python\n# (.*?)\n(.*?)```", s, re.DOTALL)]


@cache
def proved(model: str) -> Proved:
    return Proved(find(model))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(jobs=1, timeout=60, preload=("numpy",)) as pool:
        yield pool


@pytest.mark.parametrize(("model", "expected", "code"), STUDENTS, ids=[f"{m}-{e}" for m, e, _ in STUDENTS])
def test_what_is_wrong_is_named(model: str, expected: str, code: str, workers: Workers, tmp_path: Path) -> None:
    file = tmp_path / "student.py"
    file.write_text(HEAD + code, encoding="utf-8")
    found = Case(Target(path=str(file), function="grad"), proved(model), Names(), workers).audit()
    rules, _, parameters = expected.partition(": ")
    assert [f.rule for f in found.findings] == ([] if rules == "right" else rules.split(", "))
    shown = {n for f in found.findings for n in f.parameters}
    assert shown == (set(parameters.split(", ")) if parameters and rules != "value" else set())


STRAINED = (
    ("", "where z reaches 800, its gradient by W is not finite"),
    ("z = z - z.max(axis=1, keepdims=True)", ""),
)


@pytest.mark.parametrize(("shift", "told"), STRAINED, ids=["naive", "shifted"])
def test_right_code_that_overflows_is_told_so(shift: str, told: str, workers: Workers, tmp_path: Path) -> None:
    """A note, for it is right wherever it has a value."""
    file = tmp_path / "student.py"
    lines = ("z = x @ W", shift or "pass", "e = np.exp(z)", "p = e / e.sum(axis=1, keepdims=True)")
    body = "\n    ".join((*lines, "return {'W': x.T @ (y - y.sum(axis=1, keepdims=True) * p)}"))
    file.write_text(f"{HEAD}def grad(x, y, W):\n    {body}\n", encoding="utf-8")
    found = Case(Target(path=str(file), function="grad"), proved("softmax-regression"), Names(), workers).audit()
    assert not found.findings
    assert [told in note for note in found.notes if "reaches" in note] == ([True] if told else [])
