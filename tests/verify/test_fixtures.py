"""Notes with the expected verdict behind each formula, as a comment: every rule fires, and stays silent elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.results import FileResult, Statement, StatementKind, Verdict
from verify.rules import RULES
from verify.suppress import UNUSED  # has tests of its own

FOLDER = Path(__file__).parent / "fixtures"
NOTES = sorted(FOLDER.glob("*.md"))
COMMENT = re.compile(r"<!-- expect: (.*?) -->")
EXPECTED = re.compile(r"(?P<verdict>\w+)(?: (?P<rule>GP\d+))?(?: suggestion: (?P<suggestion>.+))?\Z")


@dataclass(frozen=True)
class Case:
    """A comment and the statements of the formula before it."""

    line: int
    wanted: tuple[str, ...]
    statements: tuple[Statement, ...]


def cases(path: Path) -> list[Case]:
    text = path.read_text(encoding="utf-8")
    document = read_markdown(str(path), text)
    statements = check_document(document, timeout=60).statements
    found = []
    for comment in COMMENT.finditer(text):
        formula = max((f for f in document.formulas if f.offset < comment.start()), key=lambda f: f.offset)
        inside = (formula.line, formula.column), (formula.end_line, formula.end_column)
        own = tuple(s for s in statements if inside[0] <= (s.line, s.column) < inside[1])
        found.append(Case(document.position(comment.start())[0], tuple(comment[1].split("; ")), own))
    return found


def unlike(case: Case) -> list[str]:
    """What is not as expected."""
    if len(case.wanted) != len(case.statements):
        return [f"line {case.line}: {len(case.wanted)} expectations, {len(case.statements)} statements"]
    found = []
    for wanted, s in zip(case.wanted, case.statements, strict=True):
        match = EXPECTED.match(wanted)
        assert match, wanted
        got = f"{s.verdict} {s.rule or ''} {s.suggestion.latex if s.suggestion else ''} ({s.because})"
        suggestion = s.suggestion.latex if s.suggestion else None
        same = s.verdict == match["verdict"] and match["rule"] in (None, s.rule)
        if not same or match["suggestion"] not in (None, suggestion):
            found.append(f"line {case.line}: {s.latex}\n    expected {wanted}\n    got {got}")
    return found


@pytest.mark.parametrize("path", NOTES, ids=lambda p: p.stem)
def test_every_formula_has_its_expected_verdict(path: Path) -> None:
    found = cases(path)
    assert found
    assert not [line for case in found for line in unlike(case)]


def test_every_rule_has_a_firing_and_a_silent_case() -> None:
    wanted = [w for path in NOTES for c in COMMENT.findall(path.read_text(encoding="utf-8")) for w in c.split("; ")]
    assert all(any(f" {code}" in w for w in wanted) for code in RULES if code != UNUSED)
    assert any(w == "proved" for w in wanted)


TRUE = sorted((FOLDER / "true").glob("*.md"))


def test_what_is_true_is_never_called_wrong_and_nearly_always_proved() -> None:
    statements = [s for path in TRUE for s in checked(path.read_text(encoding="utf-8")).statements]
    claims = [s for s in statements if s.kind is StatementKind.CLAIM]
    assert not [s for s in statements if s.severity is not None]
    assert len(claims) > 100
    assert sum(s.verdict is Verdict.PROVED for s in claims) > 0.95 * len(claims)


def checked(text: str) -> FileResult:
    return check_document(read_markdown("note.md", text), timeout=60)


def test_a_refutation_carries_numbers_a_rule_and_a_reading() -> None:
    result = checked(r"$L = (y - wx)^2$ and $\frac{\partial L}{\partial w} = 2x(y - wx)$")
    wrong = result.statements[-1]
    assert wrong.verdict is Verdict.REFUTED
    assert wrong.rule in RULES and wrong.reading and wrong.counterexample
    assert float(wrong.counterexample.left) != float(wrong.counterexample.right)
