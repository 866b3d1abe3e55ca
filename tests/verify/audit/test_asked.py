"""Targets that are shares in the code, and anything in the model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from derive.catalog import find
from derive.model import Model
from derive.quantities import Domain
from verify.audit.asked import audit
from verify.audit.calling import AuditError, Target
from verify.audit.shares import with_shares
from verify.audit.shown import as_text

SHARES = find("softmax-regression")
ANYTHING = replace(
    SHARES, given=tuple(replace(q, domain=Domain.REAL) if q.name == "y" else q for q in SHARES.given), questions=()
)
CODE = """import numpy as np


def rows(x, y, W):
    p = np.exp(x @ W)
    return x.T @ (y - p / p.sum(axis=1, keepdims=True))


def labels(x, y, W):
    p = np.exp(x @ W)
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return -x.T @ p


def weighed(x, y, W):
    p = np.exp(x @ W)
    return x.T @ (y - y.sum(axis=1, keepdims=True) * p / p.sum(axis=1, keepdims=True))


def cost(x, y, W):
    return -weighed(x, y, W) / len(y)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "student.py"
    path.write_text(CODE, encoding="utf-8")
    return path


@pytest.mark.parametrize(("function", "model"), [("rows", SHARES), ("labels", SHARES), ("weighed", ANYTHING)])
def test_code_is_right_for_what_the_model_says(function: str, model: Model, file: Path) -> None:
    assert not audit(Target(path=str(file), function=function), model).findings


@pytest.mark.parametrize("function", ["rows", "labels"])
def test_code_for_shares_is_not_judged_by_a_model_of_anything(function: str, file: Path) -> None:
    with pytest.raises(AuditError, match="takes y for shares that sum to one"):
        audit(Target(path=str(file), function=function), ANYTHING)


def test_only_what_weighs_logarithms_may_be_shares() -> None:
    found = {name: with_shares(find(name))[1] for name in ("softmax-regression", "deep", "logistic-regression")}
    assert found == {"softmax-regression": (), "deep": (), "logistic-regression": ()}
    assert with_shares(ANYTHING)[1] == ("y",)


def test_what_may_be_meant_so_is_told_how_to_say(file: Path, tmp_path: Path) -> None:
    target = Target(path=str(file), function="cost")
    assert "--mapping FILE.toml: [objective] negated = true, mean = true" in as_text(audit(target, SHARES))
    names = tmp_path / "names.toml"
    names.write_text("[objective]\nnegated = true\nmean = true\n", encoding="utf-8")
    assert not audit(target, SHARES, mapping=str(names)).findings
