"""Posteriors of several classes: softmaxes of scores, of the row and of models that are not in the catalogue."""

from __future__ import annotations

import pytest
from sympy import Expr, Rational, exp, log

from derive.analysis.symmetric import prove_values
from derive.calculus.normalform import is_zero
from derive.model import Model, ModelError
from derive.probability.classposterior import class_posterior
from derive.prove import prove
from derive.quantities import Domain, Quantity
from derive.questions.posterior import ClassScores
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.posteriors import several_classes
from derive.vocabulary import index, inverse, size, total

HALF = Rational(1, 2)
I, J, K, L = (index(n, 1, size(s)) for n, s in (("i", "d"), ("j", "d"), ("k", "K"), ("l", "K")))
X, COUNTS = data("x"), data("x", I, domain=Domain.NATURAL)
MEAN, SIGMA = parameter("m", K), parameter("s", K, domain=Domain.POSITIVE)
RATES, PRIOR = parameter("r", K, I, domain=Domain.POSITIVE), parameter("g", K, domain=Domain.POSITIVE)
BASE = data("h", domain=Domain.POSITIVE)


def classes(weight: Expr, *given: Quantity, share: Expr | None = None) -> Model:
    """p_k = q_k / Σ_l q_l with any weights."""
    joint = name("q", K, domain=Domain.POSITIVE)
    return Model(
        name="own",
        title="Own",
        given=given,
        definitions=(
            define(joint, weight),
            define(name("p", K, domain=Domain.UNIT), share or joint.at() / total(joint.at(L), L)),
        ),
        objective="",
    )


M, S = MEAN.at(), SIGMA.at()
COUNTING = classes(
    PRIOR.at() * BASE.at() * exp(total(COUNTS.at() * log(RATES.at()) - RATES.at(), I)), COUNTS, BASE, RATES, PRIOR
)
ONE_SPREAD = classes(exp(-HALF * (X.at() - M) ** 2), X, MEAN)
OWN_SPREAD = classes(exp(-HALF * ((X.at() - M) / S) ** 2) / S, X, MEAN, SIGMA)
KNOWN: tuple[tuple[str, Model, dict[int, Expr]], ...] = (  # by hand
    ("counts", COUNTING, {0: log(PRIOR.at()) - total(RATES.at(), I), 1: log(RATES.at())}),
    ("one spread", ONE_SPREAD, {0: -(M**2) / 2, 1: M}),
    ("own spreads", OWN_SPREAD, {0: -(M**2) / (2 * S**2) - log(S), 1: M / S**2, 2: -1 / (2 * S**2)}),
)


@pytest.mark.parametrize(("model", "expected"), [k[1:] for k in KNOWN], ids=[k[0] for k in KNOWN])
def test_the_scores_are_those_found_by_hand(model: Model, expected: dict[int, Expr]) -> None:
    found = class_posterior(model, "p", "x")
    assert found.derivation.verdict == "proved"
    assert found.linear == (2 not in expected)
    own = {degree: d.expr for degree, d in found.own}
    assert own.keys() == expected.keys()
    assert all(is_zero(own[degree] - value, model.facts) for degree, value in expected.items())


@pytest.mark.parametrize("model", [k[1] for k in KNOWN], ids=[k[0] for k in KNOWN])
def test_other_scores_are_not_proved(model: Model) -> None:
    found = class_posterior(model, "p", "x")
    wider, z = found.derivation.model, found.scores.target
    for wrong in (2 * z, -z, z + z**2):
        share = exp(wrong) / total(exp(wrong.subs(K, L)), L)
        assert prove(found.derivation.target, share, wider) is None
    shifted = exp(z + 3) / total(exp(z.subs(K, L) + 3), L)
    assert prove(found.derivation.target, shifted, wider) is not None


def test_several_classes_with_one_covariance_have_linear_scores() -> None:
    model = several_classes()
    answer = ClassScores(of="p", by="x").answer(model)
    assert answer.verdict == "proved" and "linear" in str(answer.conclusion[0])
    found = class_posterior(model, "p", "x")
    mean = model.quantities["mu"]
    own = {degree: d.expr for degree, d in found.own}
    weights = total(inverse("Sigma", I, J) * mean.at(K, J), J)
    square = total(mean.at(K, I) * inverse("Sigma", I, J) * mean.at(K, J), I, J)
    wider = found.derivation.model
    assert prove_values(own[1], weights, wider) is not None
    assert prove_values(own[0], log(model.quantities["pi"].at()) - HALF * square, wider) is not None
    assert prove_values(own[0], log(model.quantities["pi"].at()) + HALF * square, wider) is None


REFUSED: tuple[tuple[Model, str, str, str], ...] = (
    (ONE_SPREAD, "q", "x", "is no share"),
    (ONE_SPREAD, "p", "m2", "must be defined"),
    (ONE_SPREAD, "x", "x", "must be defined"),
    (classes(exp(-(X.at() ** 3) * M), X, MEAN), "p", "x", "not shown to be of degree two"),
    (classes(exp(-X.at() * M), X, MEAN, share=name("q", K).at() / (1 + X.at() ** 2)), "p", "x", "is no share"),
)


@pytest.mark.parametrize(("model", "of", "by", "reason"), REFUSED, ids=[str(k) for k in range(len(REFUSED))])
def test_what_is_no_softmax_of_scores_is_refused(model: Model, of: str, by: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        class_posterior(model, of, by)
