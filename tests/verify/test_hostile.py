"""Formulas made to exhaust a checker leave what stands beside them as it is."""

from __future__ import annotations

import pytest

from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.results import Verdict

HOSTILE = (
    "(" * 3000 + "x" + ")" * 3000 + " = 1",
    "x+" * 8000 + "x = 1",
    "x = " + "9^{" * 50 + "9" + "}" * 50,
    r"\newcommand{\a}{\a\a}\a = 1",
    "1000000! = 3",
    "(1/2)^{1000000000} = 0",
    r"\binom{10^9}{10^8} = 2",
    r"\Gamma(10^{12}) = 1",
    r"\frac{x}{y = 1",
    "{{{{",
)


@pytest.mark.parametrize("formula", HOSTILE, ids=lambda f: f[:12])
def test_what_stands_beside_a_hostile_formula_is_judged(formula: str) -> None:
    found = check_document(read_markdown("note.md", f"# A\n\n$$2 \\cdot 3 = 7$$\n\n$${formula}$$\n"), timeout=20)
    first, *rest = found.statements
    assert first.verdict is Verdict.REFUTED
    assert rest
    assert all(s.verdict not in (Verdict.REFUTED, Verdict.PROVED) and "longer" not in (s.because or "") for s in rest)
