"""The same network written in Python and read from LaTeX: the same definitions, derivations and results."""

from __future__ import annotations

import pytest
from networks import two_hidden_layers

from derive.model import Model
from derive.notation.definitions import read_model
from derive.rows.functions import tanh
from derive.rows.models import mlp

OUTPUT = r"\hat{y} = \sigma\Big( \sum_{j=0}^{m_h} h_j \, \theta^{(\hat{y})}_j \Big)"
LIKELIHOOD = r"P(Y = y \mid x) = \hat{y}^{\,y} (1 - \hat{y})^{1 - y}"
NETWORK = (r"h_j = \sigma\left( \sum_{i=0}^{m_x} x_i \theta^{(h)}_{i,j} \right)", OUTPUT, LIKELIHOOD)
WITH_TANH = (r"h_j = \tanh\left( \sum_{i=0}^{m_x} x_i \theta^{(h)}_{i,j} \right)", OUTPUT, LIKELIHOOD)
DEEPER = (
    r"g_k = \sigma\left( \sum_{i=0}^{m_x} x_i \theta^{(g)}_{i,k} \right)",
    r"h_j = \sigma\left( \sum_{k=0}^{m_g} g_k \theta^{(h)}_{k,j} \right)",
    OUTPUT,
    LIKELIHOOD,
)
PAIRS = {
    "one hidden layer": (NETWORK, mlp()),
    "tanh for the sigmoid": (WITH_TANH, mlp(tanh)),
    "two hidden layers": (DEEPER, two_hidden_layers()),
}


@pytest.fixture(params=PAIRS, ids=str)
def pair(request: pytest.FixtureRequest) -> tuple[Model, Model]:
    formulas, written = PAIRS[request.param]
    return read_model(formulas, "read")[0], written


def test_the_definitions_are_the_same(pair: tuple[Model, Model]) -> None:
    read, written = pair
    assert [(d.target, d.expr) for d in read.definitions] == [(d.target, d.expr) for d in written.definitions]
    assert (read.objective, read.likelihood, read.sense) == (written.objective, written.likelihood, written.sense)


@pytest.mark.parametrize("over_data", [False, True], ids=["point", "data"])
def test_everything_derived_is_the_same(pair: tuple[Model, Model], over_data: bool) -> None:
    read, written = (m.over_data() if over_data else m for m in pair)
    for parameter in written.parameters:
        ours, theirs = (m.partial("LL", parameter.at()) for m in (read, written))
        assert ours.result == theirs.result
        assert ours.verdict == "proved"
        assert [s.rule for s in ours.steps("full")] == [s.rule for s in theirs.steps("full")]
        forms = ours.matrix(), theirs.matrix()
        assert [f and f.expr for f in forms] == [forms[0] and forms[0].expr] * 2
