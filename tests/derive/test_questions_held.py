"""A gradient with a quantity held fixed is the one of the model to which that quantity is given."""

from __future__ import annotations

import pytest

from derive.backprop import partial
from derive.catalog import find
from derive.model import ModelError
from derive.questions.held import Held, holding

CASES = [("bellman", "V_next", "w"), ("bellman", "V", "w"), ("mlp", "h", "theta_h"), ("residual", "f", "W")]


@pytest.mark.parametrize(("row", "fixed", "by"), CASES)
def test_the_two_gradients_differ_by_what_flows_through(row: str, fixed: str, by: str) -> None:
    answer = Held(fixed=fixed, by=by).answer(find(row))
    assert answer.verdict == "proved"
    assert answer.lines[-1].relation.right != 0


def test_the_row_of_the_semi_gradient_says_the_same() -> None:
    model = find("semi-gradient")
    objective, w = model.quantities["e"].at(), model.quantities["w"].at()
    semi = Held(fixed="V_next", by="w").answer(find("bellman")).lines[1]
    assert semi.relation.right == partial(model, objective, w).result


def test_what_is_held_is_given() -> None:
    held = holding(find("mlp"), "h")
    assert "h" not in held.defined and not held.depends("LL", "theta_h")


@pytest.mark.parametrize(("fixed", "by", "what"), [("w", "w", "defines no 'w'"), ("V", "b", "has no 'b'")])
def test_what_is_not_there_is_refused(fixed: str, by: str, what: str) -> None:
    with pytest.raises(ModelError, match=what):
        Held(fixed=fixed, by=by).answer(find("bellman"))
