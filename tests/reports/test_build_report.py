"""The one report: what it says follows from what was derived, proved, measured and found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Idx

from derive.catalog import find
from derive.notation.equations import matrix_latex, model_names
from derive.quantities import Quantity
from derive.vocabulary import index, size
from lowering.history import EpochRecord, TrainingRun
from reports.content.code import function
from reports.content.derivation import derivation_blocks
from reports.content.note import note_blocks
from reports.content.report import build
from reports.content.results import Results, all_results
from reports.content.training import history_of
from reports.document import Badge, Block, Callout, Display, Finding, Paragraph, Steps, Tone
from reports.formats import FORMATS, Format
from verify.results import FileResult, Severity, Statement, StatementKind, Suggestion, Verdict

Golden = Callable[[Path, str], None]


@pytest.fixture(scope="module", params=("logistic-regression", "mlp"))
def results(request: pytest.FixtureRequest) -> Results:
    return all_results(find(request.param))


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
@pytest.mark.parametrize("full", (False, True))
def test_a_derivation_in_every_format(results: Results, known: Format, full: bool) -> None:
    assert known.emit(build(results, full=full))


def test_every_step_carries_its_verdict(results: Results) -> None:
    steps = [step for block in derivation_blocks(results) if isinstance(block, Steps) for step in block.steps]
    assert steps and {step.badge for step in steps} == {Badge.PROVED}


def test_a_step_without_a_proof_shows_and_the_report_says_so(results: Results) -> None:
    last = results.point[-1]
    chain = (*last.derivation.chain[:-1], replace(last.derivation.chain[-1], proof=None))
    doubtful = replace(last, derivation=replace(last.derivation, chain=chain))
    blocks = derivation_blocks(replace(results, point=(*results.point[:-1], doubtful)))
    steps = [step for block in blocks if isinstance(block, Steps) for step in block.steps]
    assert [step.badge for step in steps].count(Badge.UNDECIDED) == 1
    words = " ".join(str(block.text) for block in blocks if isinstance(block, Paragraph))
    assert "could not be proved" in words and "Every equality" not in words


@pytest.mark.parametrize(
    ("name", "condition"),
    (("perceptron", "off the kinks of $\\hat{y}$"), ("linear-discriminant", "with $\\Sigma$ symmetric")),
)
def test_the_closing_sentence_says_what_the_proofs_leave_out(name: str, condition: str) -> None:
    markdown = next(known for known in FORMATS if known.name == "md")
    page = markdown.emit(build(all_results(find(name))))
    assert f"allows, {condition}" in (page if isinstance(page, str) else page.decode())


def test_each_parameter_has_a_result_over_the_data_in_both_notations(results: Results) -> None:
    blocks = derivation_blocks(replace(results, answers=()))
    boxes = [b for b in blocks if isinstance(b, Callout) and b.tone is Tone.RESULT]
    assert len(boxes) == len(results.model.parameters)
    assert all(isinstance(b, Display) and len(b.lines) == 2 for box in boxes for b in box.blocks)


def test_local_partials_have_indices_of_their_own() -> None:
    found = {(r.of, r.wrt) for r in all_results(find("mlp")).local}
    assert found == {
        ("LL", "yhat"),
        ("yhat", "theta_yhat[j]"),
        ("yhat", "h[j]"),
        ("h[k]", "theta_h[i,j]"),
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    (("rnn", {("E", "h[t,i]")}), ("generic-layer", {("E", "a[l,i]"), ("E", "z[l,i]")})),
)
def test_through_a_recursion_the_objective_is_passed_back(name: str, expected: set[tuple[str, str]]) -> None:
    found = all_results(find(name))
    assert {(r.of, r.wrt) for r in found.local} == expected
    assert {r.verdict for r in found.partials} == {"proved"}


ROW, COLUMN = index("i", 1, size("m")), index("j", 1, size("k"))


@pytest.mark.parametrize(
    ("latex", "axes", "expected"),
    (
        (r"\mathbf{x}", (ROW, COLUMN), r"\mathbf{X}"),
        ("x", (ROW,), r"\mathbf{x}"),
        ("y", (), "y"),
        (r"\hat{y}", (ROW,), r"\hat{\mathbf{y}}"),
        (r"\hat{\mathbf{y}}", (ROW, COLUMN), r"\hat{\mathbf{Y}}"),
        ("W^{(1)}", (ROW, COLUMN), r"\mathbf{W}^{(1)}"),
        (r"\theta^{(h)}", (ROW, COLUMN), r"\theta^{(h)}"),
        ("LL", (), "LL"),
    ),
)
def test_how_a_matrix_is_set(latex: str, axes: tuple[Idx, ...], expected: str) -> None:
    assert matrix_latex(Quantity(name="q", latex=latex, axes=axes)) == expected


def statement(verdict: Verdict, suggestion: Suggestion | None = None) -> Statement:
    wrong = verdict is Verdict.REFUTED
    return Statement(
        line=3,
        column=5,
        end_line=3,
        end_column=9,
        latex="h_j = x_j",
        kind=StatementKind.CLAIM,
        verdict=verdict,
        rule="GP201" if wrong else None,
        severity=Severity.ERROR if wrong else None,
        suggestion=suggestion,
    )


def test_findings_are_what_is_not_fine() -> None:
    repair = Suggestion(latex="x_i", edit="x_j → x_i", verdict=Verdict.PROVED)
    statements = [statement(v, repair if v is Verdict.REFUTED else None) for v in Verdict]
    result = FileResult(path="note.md", statements=tuple(statements))
    blocks: list[Block] = list(note_blocks(result, model_names(find("mlp"))))
    findings = [b for b in blocks if isinstance(b, Finding)]
    fine = {Verdict.DEFINED, Verdict.PROVED, Verdict.HOLDS}
    assert [str(f.verdict) for f in findings] == [str(v) for v in Verdict if v not in fine]
    refuted = next(f for f in findings if f.verdict is Badge.REFUTED)
    assert (refuted.rule, refuted.suggestion) == ("GP201 swapped-index", "h_j = x_i")
    assert f"{len(Verdict)} formulas" in str(blocks[1])


def test_a_sum_is_drawn_per_data_point_and_a_mean_as_it_is() -> None:
    records = tuple(
        EpochRecord(epoch=k, objective=-10.0 * k, validation_objective=-4.0 * k, accuracy=0.5, validation_accuracy=1.0)
        for k in range(3)
    )
    run = TrainingRun(
        history=records, params={}, objective="LL", sense="maximise", settings={}, best_epoch=2, stopped="epochs"
    )
    per_point = {(c.quantity, c.part): c.values for c in history_of(run, (10, 4)).curves}
    assert per_point["LL per data point", "train"] == per_point["LL per data point", "held out"] == (0, -1, -2)
    assert {c.quantity for c in history_of(run, None).curves} == {"LL", "accuracy"}


def test_a_function_is_listed_without_its_docstring() -> None:
    source = 'X = 1\n\n\ndef f(a):\n    """Says\n    much."""\n    b = a\n    return b\n\n\ndef g():\n    return 2\n'
    assert function(source, "f") == "def f(a):\n    b = a\n    return b"
    assert function(source, "g") == "def g():\n    return 2"
