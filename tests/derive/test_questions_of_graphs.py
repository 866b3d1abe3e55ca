"""Node by node: every number of a forward and a backward pass is what the graph gives when it is measured."""

from __future__ import annotations

import pytest
from measuring import Measurement, agrees
from sympy import Rational

from derive.catalog import find
from derive.model import Model, ModelError
from derive.questions.passes import Passes
from derive.rows.building import define, name, parameter
from derive.rows.functions import sigmoid, tanh
from derive.vocabulary import Partial, name_of


def crossing() -> Model:
    """A graph in which nodes are used twice, with functions that are not linear."""
    a, b = parameter("a"), parameter("b")
    c, d, e, f = (name(letter) for letter in "cdef")
    return Model(
        name="crossing",
        title="Crossing",
        given=(a, b),
        definitions=(
            define(c, a.at() * b.at() + a.at() ** 2),
            define(d, sigmoid(c.at())),
            define(e, d.at() * c.at() - tanh(b.at())),
            define(f, e.at() ** 2 / d.at()),
        ),
        objective="f",
        questions=(Passes(values=(("a", Rational(1, 3)), ("b", -2))),),
    )


@pytest.mark.parametrize("model", [find("computational-graph"), crossing()], ids=lambda m: m.name)
def test_every_number_is_what_is_measured(model: Model) -> None:
    answer = model.questions[0].answer(model)
    here = Measurement(model=answer.model, sizes={})
    backwards = 0
    for line in answer.lines:
        assert line.verdict == "proved"
        left, number = line.relation.left, here.of_result(line.relation.right, ())
        if isinstance(left, Partial):
            measured = here.by_entry(name_of(left.of), name_of(left.wrt))
            backwards += 1
        else:
            measured = here.environment.values[name_of(left)]
        assert agrees(number.reshape(-1), measured.reshape(-1)), line.relation
    assert backwards == len(model.quantities) - 1


def test_what_cannot_be_run_is_refused_in_one_line() -> None:
    with pytest.raises(ModelError, match="b has no value"):
        Passes(values=(("a", 1),)).answer(crossing())
    with pytest.raises(ModelError, match="over scalars"):
        Passes(values=()).answer(find("residual"))
