"""How models, derivations and answers look: every step is there, formulas are well formed, words are escaped."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from sympy import MatrixExpr

from derive.catalog import all_models, find
from derive.derivation import Derivation, Step
from derive.model import Model
from derive.notation.parser import parse
from derive.views import chains, outcome_words, rule_words, title_text

NETWORK = find("mlp").partial("LL", "theta_h[i,j]")
SMALL = [m for m in all_models() if m.objective and not m.questions][:12]


def gradient(model: Model) -> Derivation:
    given = next(q for q in (*model.parameters, *model.given) if model.depends(model.objective, q.name))
    return model.partial(model.objective, given.at())


@pytest.mark.parametrize("model", SMALL, ids=lambda m: m.name)
def test_html_is_well_formed_and_has_every_step(model: Model) -> None:
    derivation = gradient(model)
    page = ElementTree.fromstring(derivation._repr_html_())
    ElementTree.fromstring(model._repr_html_())
    steps = [step for top in derivation.chain for _, step in top.walk()]
    assert len(page.findall(".//li")) == len(steps)
    rules = ["".join(e.itertext()) for e in page.iter("em")]
    assert sorted(r.split()[0] for r in rules) == sorted(s.rule.split()[0] for s in steps)


@pytest.mark.parametrize("model", SMALL, ids=lambda m: m.name)
def test_the_tree_has_every_rule_and_the_verdict(model: Model) -> None:
    derivation = gradient(model)
    head, *lines = derivation.tree("full").splitlines()
    assert head.endswith("  [proved]")
    lecture = derivation.tree("lecture").splitlines()
    assert len(lecture) == 1 + len(derivation.chain)
    assert [line for line in lecture if line not in (head, *lines)] == []


def test_what_is_relied_on_stands_below_the_step_that_needs_it() -> None:
    lines = str(NETWORK).splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("├─ the local partials"))
    below = [line for line in lines[at + 1 :] if line.startswith("│  ")]
    assert [line.strip("│ ") for line in below if "─" not in line.partition("∂")[0]] == [
        "∂LL/∂ŷ = y/ŷ − (1 − y)/(1 − ŷ)",
        "∂ŷ/∂h_{j′} = ŷ (1 − ŷ) θ^(ŷ)_{j′}",
        "∂h_{j′}/∂θ^(h)_i,j = x_i h_{j′} (1 − h_{j′}) δ_{j,j′}",
    ]


def test_what_stands_above_is_not_written_out_again() -> None:
    last = NETWORK.chain[-1]
    twice = replace(last, steps=(*NETWORK.chain[1].steps, *NETWORK.chain[1].steps))
    text = str(replace(NETWORK, chain=(*NETWORK.chain[:1], twice)))
    assert text.count("(as above)") == 3
    assert text.count("definition of h_j") == 1


def test_chains_begin_where_a_step_does_not_go_on() -> None:
    steps = NETWORK.chain[1].steps
    found = list(chains(steps))
    assert tuple(step for chain in found for step in chain) == steps
    assert all(a.after == b.before for chain in found for a, b in pairwise(chain))
    assert len(found) == 3 and list(chains(())) == []


def test_a_step_without_a_proof_shows() -> None:
    first = NETWORK.chain[0]
    doubtful = replace(NETWORK, chain=(replace(first, proof=None), *NETWORK.chain[1:]))
    assert str(doubtful).splitlines()[0].endswith("[undecided]")
    assert str(doubtful).splitlines()[1].endswith("[undecided]") and "<small" in doubtful._repr_html_()
    assert "undecided" in doubtful._repr_html_()


def test_another_detail_is_refused() -> None:
    for ask in (NETWORK.steps, NETWORK.tree):
        with pytest.raises(ValueError, match="choose 'lecture' or 'full'"):
            ask("all")


def test_the_name_in_a_rule_is_a_formula() -> None:
    step = Step(rule="definition of yhat", before=NETWORK.target, after=NETWORK.result, proof=None)
    assert rule_words(step, NETWORK.model)[0] == "definition of " and len(rule_words(step, NETWORK.model)) == 2
    assert rule_words(replace(step, rule="definition of nothing"), NETWORK.model) == ("definition of nothing",)


def test_words_are_escaped() -> None:
    model = replace(find("mlp"), title="<b>x & y</b>", name="<i>")
    assert "<b>" not in model._repr_html_() and "&lt;b&gt;x &amp; y" in model._repr_html_()


def test_a_model_in_text_and_latex() -> None:
    model = find("rnn")
    assert str(model).splitlines()[0] == f"{model.title} (rnn)"
    assert len(str(model).splitlines()) == 1 + len(model.definitions) + 1  # h_0, the base of the recursion
    assert parse(model.latex()) and model._repr_latex_() == f"$\\displaystyle {model.latex()}$"
    assert repr(model) == f"<Model rnn: {', '.join(model.defined)}>"


def test_layouts_by_name() -> None:
    row, column = (NETWORK.matrix(layout) for layout in ("numerator", "gradient"))
    assert row is not None and column is not None and NETWORK.matrix() == column
    assert isinstance(row.expr, MatrixExpr) and isinstance(column.expr, MatrixExpr)
    assert row.expr.shape == column.expr.shape[::-1]
    with pytest.raises(ValueError, match="rows"):
        NETWORK.matrix("rows")


@pytest.mark.parametrize("name", ("logistic-regression", "softmax-regression"))
def test_answers(name: str) -> None:
    for answer in find(name).answers:
        ElementTree.fromstring(answer._repr_html_())
        lines = str(answer).splitlines()
        assert lines[0] == title_text(answer)
        assert len(lines) == 1 + sum(1 + bool(n.matrices) for n in answer.lines) + bool(outcome_words(answer))
