"""Answers on a page: every line with its sign, steps and verdict, then the conclusion and what it takes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from derive.catalog import find
from derive.derivation import Derivation
from derive.notation.equations import SIGNS, relation_layout
from derive.notation.parser import parse
from derive.notation.renderers import to_latex, to_text
from derive.questions.answers import Answer, Line, Relation, Sign
from derive.views import outcome_words
from reports.content.answers import answer_blocks, matrix_verdict
from reports.content.as_json import to_json
from reports.content.as_text import to_text_page
from reports.content.report import build
from reports.content.results import Results
from reports.document import Badge, Callout, Heading, Report, Steps
from reports.formats import FORMATS, Format
from reports.lines import plain

MODEL = find("logistic-regression").over_data()
THETA = MODEL.quantities["theta"].at()
GRADIENT = MODEL.partial("LL", "theta[i]")


def gradient_line(derivation: Derivation = GRADIENT) -> Line:
    form = derivation.matrix()
    assert form is not None
    return replace(Line.of(derivation, "the gradient"), matrices=(form, form))


ANSWER = Answer(
    title="What was asked",
    model=MODEL,
    lines=(
        gradient_line(),
        *(Line(relation=Relation(left=THETA, sign=s, right=THETA**2), label=s.name, verdict="proved") for s in Sign),
    ),
    conclusion=("So ", THETA, " is <small> & tidy."),
    conditions=(Relation(left=THETA, sign=Sign.GREATER, right=THETA**3),),
)
RESULTS = Results(model=find("logistic-regression"), answers=(ANSWER,))


@pytest.mark.parametrize("sign", Sign)
def test_each_sign_is_set_and_read_again(sign: Sign) -> None:
    formula = relation_layout(Relation(left=THETA, sign=sign, right=THETA**2), MODEL)
    assert to_text(formula) == f"θ_i {sign.value} θ_i²"
    assert SIGNS[sign] in to_latex(formula) and parse(to_latex(formula))


def test_the_blocks_of_an_answer() -> None:
    heading, *steps, callout = answer_blocks(ANSWER)
    assert isinstance(heading, Heading) and plain(heading.text) == ANSWER.title
    assert isinstance(callout, Callout)
    first, others = steps
    assert isinstance(first, Steps) and isinstance(others, Steps)
    assert plain(first.title) == "The gradient"
    assert len(first.steps) == len(GRADIENT.chain) + 1  # and the matrix form
    assert [step.relation for step in others.steps] == list(SIGNS.values())
    assert {step.badge for step in (*first.steps, *others.steps)} == {Badge.PROVED}


def test_the_conclusion_comes_with_its_conditions() -> None:
    assert plain(outcome_words(ANSWER)) == "So θ_i is <small> & tidy. This holds where θ_i > θ_i³."
    assert outcome_words(replace(ANSWER, conclusion=(), conditions=())) == ()


def test_a_matrix_form_without_a_proof_is_undecided() -> None:
    form = GRADIENT.matrix()
    assert form is not None
    line = gradient_line()
    assert matrix_verdict(line) == "proved"
    assert matrix_verdict(replace(line, matrices=(form, replace(form, proof=None)))) == "undecided"


def test_steps_that_stop_short_of_what_is_said_are_followed_by_it() -> None:
    short = replace(gradient_line(), chain=GRADIENT.chain[:-1], matrices=None)
    (_, steps) = answer_blocks(Answer(title="", model=MODEL, lines=(short,)))
    assert isinstance(steps, Steps)
    assert steps.steps[-1].rule == "the gradient" and len(steps.steps) == len(GRADIENT.chain)


def test_text() -> None:
    page = to_text_page(RESULTS)
    section = page[page.index("What was asked") :].splitlines()
    assert "  The gradient:" in section
    assert [line for line in section if "chain rule" in line and "✓ proved" in line]
    assert [line for line in section if "in matrix notation" in line] and "≤" in page and "∈" in page
    assert section[-1] == "  So θ_i is <small> & tidy. This holds where θ_i > θ_i³."


def test_matrix_notation_alone() -> None:
    page = to_text_page(RESULTS, matrix_only=True)
    assert "Xᵀ (y − ŷ) = Xᵀ (y − ŷ)   the gradient" in page and "chain rule" not in page
    (_, steps, _) = answer_blocks(ANSWER, matrix_only=True)
    assert isinstance(steps, Steps) and len(steps.steps) == len(ANSWER.lines)


def test_json() -> None:
    (answer,) = json.loads(to_json(RESULTS))["answers"]
    assert set(answer) == {"title", "verdict", "conclusion", "conditions", "lines"}
    assert (answer["title"], answer["verdict"]) == ("What was asked", "proved")
    assert all(parse(latex) for latex in answer["conditions"]) and len(answer["conditions"]) == 1
    for line in answer["lines"]:
        assert set(line) == {"label", "latex", "matrix_latex", "verdict", "steps"}
        assert parse(line["latex"]) and line["verdict"] == "proved"
    first, *others = answer["lines"]
    assert first["matrix_latex"] and [step["rule"] for step in first["steps"]][-1] == GRADIENT.chain[-1].rule
    assert all(line["steps"] == [] and line["matrix_latex"] is None for line in others)


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_every_format_sets_an_answer(known: Format) -> None:
    content = known.emit(Report(title="Page", blocks=tuple(answer_blocks(ANSWER))))
    assert content and (isinstance(content, bytes) or "What was asked" in content)


def test_what_is_undecided_shows() -> None:
    doubtful = replace(ANSWER, lines=(replace(ANSWER.lines[1], verdict="undecided"),))
    report = build(replace(RESULTS, answers=(doubtful,)))
    words = " ".join(str(getattr(block, "text", "")) for block in report.blocks)
    assert "could not be proved" in words
    assert "? undecided" in to_text_page(replace(RESULTS, answers=(doubtful,)))
