"""Questions asked of classifiers and of others: parts, Jacobians, invariance, closed forms; and what they refuse."""

from __future__ import annotations

import pytest
from sympy import Expr, exp, log

from derive.calculus.normalform import is_zero
from derive.catalog import find
from derive.model import Model, ModelError
from derive.quantities import Domain
from derive.questions.answers import Question
from derive.questions.derivative import Derivative
from derive.questions.invariance import Change, Invariant
from derive.questions.recognised import Recognised
from derive.questions.split import Split
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import index, size, total

J, K = index("j", 1, size("d")), index("k", 1, size("d"))


def of_vector(definition: Expr, *axes: object) -> Model:
    """A model of x with one definition, u."""
    x = parameter("x", J)
    u = name("u", J) if axes else name("u")
    return Model(name="own", title="Own", given=(x,), definitions=(define(u, definition),), objective="")


X = parameter("x", J)
MEAN = total(X.at(K), K) / size("d")
CENTRED = X.at() - MEAN
SHARE = X.at() ** 2 / total(X.at(K) ** 2, K)

INVARIANT = ((CENTRED, Change.SHIFT), (SHARE, Change.SCALE))


@pytest.mark.parametrize(("definition", "change"), INVARIANT, ids=str)
def test_what_is_invariant_is_proved_to_be_and_to_nothing_else(definition: Expr, change: Change) -> None:
    model = of_vector(definition, J)
    for tried in Change:
        answer = Invariant(of="u", to="x", change=tried).answer(model)
        assert (answer.verdict == "proved") == (tried is change)


def test_names_between_are_looked_through() -> None:
    scores, shares = name("a", J), name("u", J)
    model = Model(
        name="own",
        title="Own",
        given=(X,),
        definitions=(
            define(scores, 3 * X.at()),
            define(shares, exp(scores.at()) / total(exp(scores.at(K)), K)),
        ),
        objective="",
    )
    assert Invariant(of="u", to="x").answer(model).verdict == "proved"
    assert Invariant(of="a", to="x").answer(model).verdict == "undecided"


def test_the_parts_that_move_are_told_from_those_that_stay() -> None:
    weights, outcome = data("y", J, domain=Domain.SIMPLEX), parameter("z", J)
    logs = total(weights.at() * log(weights.at()), J)
    squares = total(outcome.at() ** 2, J)
    model = Model(
        name="own",
        title="Own",
        given=(weights, outcome),
        definitions=(
            define(name("A"), logs),
            define(name("B"), squares),
            define(name("S"), logs + 2 * squares),
        ),
        objective="S",
    )
    answer = Split(of="S", by="z").answer(model)
    assert answer.verdict == "proved"
    assert [str(line.relation.left) for line in answer.lines] == ["S", "Partial(A, z[j])"]
    assert not answer.conclusion  # S is A + 2 B, so that the derivatives of S and B differ


def test_the_divergence_is_smallest_where_the_cross_entropy_is() -> None:
    answer = Split(of="D", by="z").answer(find("cross-entropy"))
    assert answer.verdict == "proved" and answer.conclusion
    divergence, cross = (find("cross-entropy").quantities[n].at() for n in ("D", "C_E"))
    assert answer.conclusion[0] == divergence and cross in answer.conclusion


def test_the_jacobian_of_the_softmax_is_in_its_values() -> None:
    model = find("softmax-regression")
    (line,) = Derivative(of="p", by=("z",)).answer(model).lines
    assert line.verdict == "proved" and line.chain
    assert {str(a.base.label) for a in line.relation.right.atoms() if hasattr(a, "base")} <= {"p"}
    assert not is_zero(line.relation.right)


REFUSED: tuple[tuple[Question, str], ...] = (
    (Recognised(names=("Q",)), "does not define 'Q'"),
    (Recognised(names=("p",)), "none of p"),
    (Split(of="Q"), "has no 'Q'"),
    (Split(of="LL"), "no part of LL"),
    (Derivative(of="p", by=("Q",)), "has no 'Q'"),
    (Invariant(of="p", to="y"), "not defined in terms of y"),
    (Invariant(of="x", to="z"), "not defined in terms of z"),
)


@pytest.mark.parametrize(("question", "reason"), REFUSED, ids=str)
def test_what_cannot_be_asked_is_refused_in_one_line(question: Question, reason: str) -> None:
    with pytest.raises(ModelError, match=reason) as refused:
        question.answer(find("softmax-regression"))
    assert "\n" not in str(refused.value)
