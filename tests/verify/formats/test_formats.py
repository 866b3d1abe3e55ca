"""Every output format carries every finding, and `json` keeps the promised schema."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from verify.formats.as_text import as_text
from verify.formats.table import FORMATS
from verify.results import (
    CheckResult,
    Counterexample,
    FileResult,
    Severity,
    Statement,
    StatementKind,
    Suggestion,
    Verdict,
)

GOLDEN = Path(__file__).parent / "golden.txt"
FIELDS = (
    "line column end_line end_column latex kind verdict rule severity message reading because counterexample suggestion"
)
LATEX = "\\frac{\\partial h_j}{\\partial w_{i}} = h_j(1-h_j)x_j"
SOURCE = f"# Kopf\n\nDie Ableitung ist\n\n$${LATEX}$$\n\n$a\n= b$\n"
EXAMPLE = Counterexample(sizes={"m_x": 3}, values={"x[0]": "0.31"}, left="0.07", right="0.02")
WRONG = Statement(
    line=5, column=3, end_line=5, end_column=3 + len(LATEX), latex=LATEX,
    kind=StatementKind.CLAIM, verdict=Verdict.REFUTED, rule="GP201", severity=Severity.ERROR,
    message="x_j should be x_i", reading="h_j (1 - h_j) x_j", because="h_j is defined on line 2",
    counterexample=EXAMPLE, suggestion=Suggestion(latex="h_j(1-h_j)x_i", edit="x_j → x_i", verdict=Verdict.PROVED),
)  # fmt: skip
UNCLEAR = Statement(
    line=7, column=2, end_line=8, end_column=4, latex="a\n= b", kind=StatementKind.CLAIM,
    verdict=Verdict.UNREAD, severity=Severity.WARNING, because="a is not defined",
)  # fmt: skip
FINE = Statement(
    line=1, column=1, end_line=1, end_column=2, latex="x", kind=StatementKind.EXPRESSION, verdict=Verdict.DEFINED
)
RESULT = CheckResult(
    files=(
        FileResult(path="notes/week, 1:b.md", statements=(FINE, WRONG, UNCLEAR), source=SOURCE),
        FileResult(path="broken.md", error="byte 3 is not UTF-8"),
    )
)
EVERY = CheckResult(
    files=tuple(
        FileResult(
            path=f"{kind}.md",
            statements=tuple(
                Statement(
                    line=n, column=1, end_line=n, end_column=4, latex="a=b", kind=kind, verdict=verdict,
                    severity=severity, rule="GP100" if severity else None,
                )
                for n, (verdict, severity) in enumerate(itertools.product(Verdict, [None, *Severity]), 1)
            ),
        )
        for kind in StatementKind
    )
)  # fmt: skip


@pytest.mark.parametrize("result", [RESULT, EVERY, CheckResult()])
def test_json_keeps_the_schema(result: CheckResult) -> None:
    told = json.loads(FORMATS["json"](result))
    assert list(told) == ["schema", "files", "summary"]
    assert told["schema"] == "gradproof.check/1"
    for file, source in zip(told["files"], result.files, strict=True):
        assert list(file) == ["path", "error", "statements"]
        for got, given in zip(file["statements"], source.statements, strict=True):
            assert " ".join(got) == FIELDS
            assert got["kind"] in set(StatementKind)
            assert got["verdict"] in set(Verdict)
            assert got["severity"] == given.severity
            assert got["latex"] == given.latex


def test_json_carries_numbers_and_repair() -> None:
    statement = json.loads(FORMATS["json"](RESULT))["files"][0]["statements"][1]
    assert statement["counterexample"] == {
        "sizes": {"m_x": 3},
        "values": {"x[0]": "0.31"},
        "left": "0.07",
        "right": "0.02",
    }
    assert statement["suggestion"] == {"latex": "h_j(1-h_j)x_i", "edit": "x_j → x_i", "verdict": "proved"}


@pytest.mark.parametrize("result", [RESULT, EVERY, CheckResult()])
def test_the_summary_counts_every_statement_once(result: CheckResult) -> None:
    counts = dict(result.summary)
    assert list(counts) == ["statements", *Verdict]
    assert counts.pop("statements") == sum(counts.values()) == len(result.statements)


def test_the_words_of_the_enums_are_those_of_the_contract() -> None:
    assert [*StatementKind] == ["definition", "claim", "stationary", "update", "expression", "prose"]
    assert [*Verdict] == ["defined", "proved", "holds", "refuted", "conflict", "ambiguous", "undecided", "unread"]
    assert [*Severity] == ["error", "warning", "info"]


def test_text_is_golden(request: pytest.FixtureRequest) -> None:
    text = as_text(RESULT)
    if request.config.getoption("--update-golden", default=False):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_colour_changes_nothing_but_colour() -> None:
    coloured = as_text(EVERY, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == as_text(EVERY)
    assert "\x1b" not in as_text(EVERY)


def test_carets_stand_under_the_statement() -> None:
    lines = as_text(RESULT).splitlines()
    row = next(n for n, line in enumerate(lines) if "\\frac" in line)
    start, end = lines[row + 1].index("^"), lines[row + 1].rindex("^") + 1
    assert lines[row][start:end] == WRONG.latex


def test_quoted_source_steers_no_terminal() -> None:
    evil = Statement(
        line=1, column=2, end_line=1, end_column=9, latex="a\x1b]0;x\x07", message="m\x1b[2J", severity=Severity.ERROR,
        kind=StatementKind.CLAIM, verdict=Verdict.REFUTED,
    )  # fmt: skip
    for source in ("", "$a\x1b]0;x\x07$"):
        text = as_text(CheckResult(files=(FileResult(path="a\x1b.md", statements=(evil,), source=source),)))
        assert not re.search(r"[\x00-\x09\x0b-\x1f]", text)


def test_a_very_long_line_is_cut_around_the_statement() -> None:
    source = "w " * 3000 + "a=b" + " w" * 3000
    statement = Statement(
        line=1, column=6001, end_line=1, end_column=6004, latex="a=b", kind=StatementKind.CLAIM,
        verdict=Verdict.REFUTED, severity=Severity.ERROR,
    )  # fmt: skip
    text = as_text(CheckResult(files=(FileResult(path="a.md", statements=(statement,), source=source),)))
    assert max(map(len, text.splitlines())) < 130
    quoted, carets = text.splitlines()[1:3]
    assert quoted[carets.index("^") : carets.rindex("^") + 1] == "a=b"


def test_sarif_names_every_finding_and_every_unreadable_file() -> None:
    log = json.loads(FORMATS["sarif"](RESULT))
    run: dict[str, Any] = log["runs"][0]
    assert log["version"] == "2.1.0"
    assert [r["level"] for r in run["results"]] == ["error", "warning"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "notes/week%2C%201%3Ab.md"
    region = {k: v for k, v in place["region"].items() if k != "snippet"}
    assert region == {"startLine": 5, "startColumn": 3, "endLine": 5, "endColumn": 3 + len(LATEX)}
    rule = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
    assert (rule["id"], rule["name"]) == ("GP201", "swapped-index")
    assert rule["shortDescription"]["text"] and "## Example" in rule["help"]["markdown"]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "byte 3 is not UTF-8"


@pytest.mark.parametrize("result", [RESULT, EVERY])
def test_github_writes_one_line_a_finding(result: CheckResult) -> None:
    lines = FORMATS["github"](result).splitlines()
    wanted = [s for s in result.statements if s.severity] + [f for f in result.files if f.error]
    assert len(lines) == len(wanted)
    for line in lines:
        assert re.fullmatch(r"::(error|warning|notice) file=[^:,]+(,\w+=[^:,]+)*::[^\r\n]+", line)


def test_junit_counts_agree_with_its_cases() -> None:
    root = ElementTree.fromstring(FORMATS["junit"](RESULT))
    assert {k: root.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4", "failures": "1", "errors": "1", "skipped": "1",
    }  # fmt: skip
    failure = root.find(".//failure")
    assert failure is not None and failure.get("message") == "x_j should be x_i"


def test_junit_survives_characters_xml_cannot_carry() -> None:
    bad = Statement(
        line=1, column=1, end_line=1, end_column=2, latex="a\x00\ud800<&", message="\x08<b>&", rule="R<",
        severity=Severity.ERROR, kind=StatementKind.CLAIM, verdict=Verdict.REFUTED,
    )  # fmt: skip
    text = FORMATS["junit"](CheckResult(files=(FileResult(path="a\x01&.md", statements=(bad,)),)))
    ElementTree.fromstring(text.encode("utf-8"))
