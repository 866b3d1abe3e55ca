"""The laws of the questions: each row's questions are answered, and every line of every answer is proved."""

from __future__ import annotations

import pytest

from derive.catalog import all_models
from derive.model import Model

ASKED = [(model, k) for model in all_models() for k in range(len(model.questions))]


@pytest.mark.parametrize(("model", "k"), ASKED, ids=[f"{m.name}-{type(m.questions[k]).__name__}" for m, k in ASKED])
def test_every_line_of_every_answer_is_proved(model: Model, k: int) -> None:
    answer = model.questions[k].answer(model)
    assert answer.lines
    for line in answer.lines:
        assert line.verdict == "proved", line.relation
        assert all(step.verdict == "proved" for step in line.chain)
