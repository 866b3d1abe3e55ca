"""Claims about one step of a recursion: their corrections are written where the author wrote them."""

from __future__ import annotations

import pytest

from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.fix import fixed
from verify.onestep.scripts import edit_without_labels, with_labels
from verify.results import Verdict

T = frozenset("t")
NOTES = (
    (
        r"$$ h_t = \tanh(a_t), \qquad a_t = w h_{t-1} + u x_{ t } + b $$"
        + "\n\nIts derivative by the state before is\n\n"
        r"$$ \frac{\partial h_t}{\partial h_{t-1}} = w @ $$",
        r"(1 + h_{ t }^2)",
        r"(1 - h_{ t }^2)",
    ),
    (
        r"$$ c^{(t)} = a^{(t)} (c^{(t-1)})^2 + b^{(t)} g^{(t)} $$" + "\n\nIts derivative by the cell before is\n\n"
        r"$$ \frac{\partial c^{(t)}}{\partial c^{(t-1)}} = @ $$",
        r"a^{(t)} c^{(t-1)}",
        r"2a^{(t)} c^{(t-1)}",
    ),
)


@pytest.mark.parametrize(("text", "wrong", "right"), NOTES)
def test_a_correction_is_written_into_the_note(text: str, wrong: str, right: str) -> None:
    file = check_document(read_markdown("note.md", text.replace("@", wrong)))
    claim = file.statements[-1]
    assert claim.verdict is Verdict.REFUTED
    assert claim.counterexample is not None
    assert not any("at" in name for name in claim.counterexample.values)
    assert fixed(file) == text.replace("@", right)


@pytest.mark.parametrize(("text", "wrong", "right"), NOTES)
def test_what_is_right_is_proved(text: str, wrong: str, right: str) -> None:
    file = check_document(read_markdown("note.md", text.replace("@", right)))
    assert file.statements[-1].verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("latex", "was", "should", "expected"),
    [
        (r"h_{t} + h_{t - 1}", r"+", r"-", r"h_{t} - h_{t - 1}"),
        (r"w h_t x_t", r"x_{\mathrm{att}}", r"x_{\mathrm{attlessone}}", r"w h_t x_{t-1}"),
        (r"w h_t x_t", r"attlessone", r"att", None),
        (r"w h_{t-1}", r"lessone", r"", None),
    ],
)
def test_edits_are_those_of_the_formula_itself(latex: str, was: str, should: str, expected: str | None) -> None:
    """An edit that cuts through an index, or is of nothing that stands there, is none."""
    labelled = with_labels(latex, T)
    assert labelled is not None
    start = labelled.find(was)
    found = edit_without_labels(latex, T, (start, start + len(was)), should) if start >= 0 else None
    assert (found and latex[: found[0][0]] + found[1] + latex[found[0][1] :]) == expected
