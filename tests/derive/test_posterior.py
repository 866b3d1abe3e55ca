"""Posteriors: log-odds by powers of the features, on the rows and on models that are not in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sympy import Abs, Expr, Integer, Rational, exp, log, pi

from derive.analysis.symmetric import prove_values
from derive.calculus.normalform import is_zero
from derive.model import Model, ModelError
from derive.probability.posterior import Posterior, posterior
from derive.prove import prove
from derive.quantities import Domain, Quantity
from derive.questions.posterior import LogOdds
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.posteriors import ROWS, linear_discriminant, naive_bayes, quadratic_discriminant
from derive.rows.functions import sigmoid
from derive.vocabulary import Partial, index, inverse, size, tensor, total

HALF = Rational(1, 2)
I, J = index("i", 1, size("d")), index("j", 1, size("d"))
X, COUNTS = data("x"), data("x", I, domain=Domain.NATURAL)
PRIOR = parameter("pi_1", domain=Domain.UNIT)
MU = [parameter(f"mu_{c}") for c in (0, 1)]
SIGMAS = [parameter(f"sigma_{c}", domain=Domain.POSITIVE) for c in (0, 1)]
RATES = [parameter(f"r_{c}", domain=Domain.POSITIVE) for c in (0, 1)]
ROWS_OF_RATES = [parameter(f"r_{c}", I, domain=Domain.POSITIVE) for c in (0, 1)]
BASE = data("h", domain=Domain.POSITIVE)


def bayes(given: tuple[Quantity, ...], weights: tuple[Expr, Expr]) -> Model:
    """P = q_1 / (q_1 + q_0) with any two positive weights."""
    joint = [name(f"q_{c}", domain=Domain.POSITIVE) for c in (0, 1)]
    return Model(
        name="own",
        title="Own",
        given=given,
        definitions=(
            *(define(q, w) for q, w in zip(joint, weights, strict=True)),
            define(name("P", domain=Domain.UNIT), joint[1].at() / (joint[0].at() + joint[1].at())),
        ),
        objective="",
    )


def normal(mean: Quantity, deviation: Quantity) -> Expr:
    density: Expr = exp(-(((X.at() - mean.at()) / deviation.at()) ** 2) / 2) / deviation.at()
    return density


def poisson() -> Model:
    """Counts with Poisson rates, and a base measure h that both classes share."""
    weights = [BASE.at() * exp(total(COUNTS.at() * log(r.at()) - r.at(), I)) for r in ROWS_OF_RATES]
    return bayes((COUNTS, BASE, *ROWS_OF_RATES, PRIOR), ((1 - PRIOR.at()) * weights[0], PRIOR.at() * weights[1]))


def waiting() -> Model:
    """Exponential densities r e^{−r x}, equal priors."""
    return bayes(
        (X, *RATES), (RATES[0].at() * exp(-RATES[0].at() * X.at()), RATES[1].at() * exp(-RATES[1].at() * X.at()))
    )


def two_deviations() -> Model:
    """One feature, each class with its own deviation."""
    return bayes((X, *MU, *SIGMAS), (normal(MU[0], SIGMAS[0]), normal(MU[1], SIGMAS[1])))


def one_deviation() -> Model:
    """One feature, one deviation."""
    return bayes((X, *MU, SIGMAS[0]), (normal(MU[0], SIGMAS[0]), normal(MU[1], SIGMAS[0])))


def coefficients(found: Posterior) -> dict[int, Expr]:
    return {degree: d.expr for degree, d in found.collected.coefficients}


R0, R1 = (r.at() for r in RATES)
M0, M1 = (m.at() for m in MU)
S0, S1 = (s.at() for s in SIGMAS)
V0, V1 = (r.at() for r in ROWS_OF_RATES)
KNOWN = (  # by hand
    (poisson, {0: log(PRIOR.at() / (1 - PRIOR.at())) - total(V1 - V0, I), 1: log(V1 / V0)}),
    (waiting, {0: log(R1 / R0), 1: R0 - R1}),
    (one_deviation, {0: (M0**2 - M1**2) / (2 * S0**2), 1: (M1 - M0) / S0**2}),
    (
        two_deviations,
        {
            0: log(S0 / S1) + M0**2 / (2 * S0**2) - M1**2 / (2 * S1**2),
            1: M1 / S1**2 - M0 / S0**2,
            2: HALF / S0**2 - HALF / S1**2,
        },
    ),
)


@pytest.mark.parametrize(("build", "expected"), KNOWN, ids=[k[0].__name__ for k in KNOWN])
def test_the_coefficients_are_those_found_by_hand(build: Callable[[], Model], expected: dict[int, Expr]) -> None:
    model = build()
    found = posterior(model, "P", "x")
    assert found.derivation.verdict == "proved"
    assert found.linear == (2 not in expected)
    own = coefficients(found)
    assert own.keys() == expected.keys()
    for degree, value in expected.items():
        assert is_zero(own[degree] - value, model.facts), degree
    wrong = sigmoid(found.collected.expr + own[1] * X.at() if not own[1].has(V0) else found.collected.expr + 1)
    assert prove(found.derivation.target, wrong, found.derivation.model) is None


TWO_CLASSES = [row for row in ROWS if any(isinstance(q, LogOdds) for q in row().questions)]


@pytest.mark.parametrize("build", TWO_CLASSES, ids=lambda b: b.__name__)
def test_every_row_of_two_classes_is_a_logistic_function_of_a_polynomial(build: Callable[[], Model]) -> None:
    answer = LogOdds(of="p_1", by="x").answer(build())
    assert answer.verdict == "proved"
    assert ("quadratic" in str(answer.conclusion[0])) == (build is quadratic_discriminant)


def test_the_weights_of_naive_bayes_are_log_ratios() -> None:
    found = posterior(naive_bayes(), "p_1", "x")
    t0, t1 = (tensor(f"theta_{c}")[I] for c in (0, 1))
    weights = coefficients(found)[1]
    assert is_zero(weights - log(t1 * (1 - t0) / (t0 * (1 - t1))), naive_bayes().facts)
    assert not is_zero(weights - log(t1 / t0), naive_bayes().facts)


def test_with_one_covariance_the_weights_are_those_of_fisher() -> None:
    model = linear_discriminant()
    found = posterior(model, "p_1", "x")
    own, entry = coefficients(found), inverse("Sigma", I, J)
    m0, m1 = (parameter(f"mu_{c}", I).at for c in (0, 1))
    weights = total(entry * (m1(J) - m0(J)), J)
    prior = PRIOR.at()
    constant = HALF * total((m0(I) * m0(J) - m1(I) * m1(J)) * entry, I, J)
    assert found.linear and prove_values(own[1], weights, found.collected.model) is not None
    assert prove_values(own[0], constant + log(prior / (1 - prior)), found.collected.model) is not None
    assert prove_values(own[1], -weights, found.collected.model) is None
    assert any("Sigma symmetric" in c for c in found.collected.proof.conditions)


def test_without_symmetry_fisher_is_not_claimed() -> None:
    """Of a matrix that is not known to be symmetric the weights are Σ_j ½ (S_ij + S_ji)(μ_1 − μ_0)_j."""
    model = linear_discriminant()
    free = replace(model, given=tuple(replace(q, domain=Domain.REAL) if q.name == "Sigma" else q for q in model.given))
    found = posterior(free, "p_1", "x")
    mean = [tensor(f"mu_{c}")[J] for c in (0, 1)]
    weights = total(inverse("Sigma", I, J) * (mean[1] - mean[0]), J)
    assert found.linear and found.derivation.verdict == "proved"
    assert prove_values(coefficients(found)[1], weights, found.collected.model) is None
    even = HALF * weights + HALF * total(inverse("Sigma", J, I) * (mean[1] - mean[0]), J)
    assert prove_values(coefficients(found)[1], even, found.collected.model) is not None


def test_symmetry_is_of_values_never_of_derivatives() -> None:
    model = linear_discriminant()
    here, there = tensor("Sigma")[I, J], tensor("Sigma")[J, I]
    assert prove_values(here, there, model) is not None
    assert prove_values(inverse("Sigma", I, J), inverse("Sigma", J, I), model) is not None
    assert prove_values(Partial(here, here), Partial(there, here), model) is None
    assert prove_values(here, 2 * there, model) is None
    assert prove_values(here, tensor("Sigma")[I, I], model) is None


def laplace() -> Model:
    return bayes((X, *MU), (exp(-Abs(X.at() - M0)), exp(-Abs(X.at() - M1))))


def cubic() -> Model:
    return bayes((X, *MU), (exp(-(X.at() ** 3) * M0), exp(-(X.at() ** 2) * M1)))


def two_pi() -> Model:
    """A density over another: not both positive weights."""
    return bayes((X, *MU), (exp(X.at() * M0) / sigmoid(X.at()), exp(M1) * 2 * pi))


@pytest.mark.parametrize("build", [laplace, cubic, two_pi], ids=lambda b: b.__name__)
def test_what_is_no_polynomial_of_degree_two_is_refused(build: Callable[[], Model]) -> None:
    with pytest.raises(ModelError, match="not shown to be of degree two"):
        posterior(build(), "P", "x")


@pytest.mark.parametrize(("of", "by"), [("P", "y"), ("Q", "x"), ("P", "q_1"), ("P", "pi_2")])
def test_names_that_do_not_fit_are_refused(of: str, by: str) -> None:
    with pytest.raises(ModelError, match="must be defined"):
        posterior(waiting(), of, by)


def test_coefficients_that_are_zero_have_no_name() -> None:
    same = bayes((X, MU[0], RATES[0]), (exp(-M0 * X.at()), R0 * exp(-M0 * X.at())))
    with pytest.raises(ModelError):
        posterior(same, "P", "mu_1")
    found = posterior(same, "P", "x")
    assert [degree for degree, _ in found.collected.vanishing] == [1, 2]
    assert found.collected.expr != Integer(0) and coefficients(found).keys() == {0}
