"""Classes by Bayes' rule: Gaussian densities with one covariance and with two, and naive Bayes."""

from __future__ import annotations

from sympy import Expr, Rational, exp, log, pi

from ...model import Model, Sense
from ...quantities import Definition, Domain, Quantity
from ...questions.posterior import ClassScores, LogOdds
from ...questions.stationary import Stationary
from ...vocabulary import index, inverse, logdet, size, total
from ..building import data, define, name, parameter

HALF = Rational(1, 2)
D = size("d")
I, J = index("i", 1, D), index("j", 1, D)
X, Y = data("x", I, latex=r"\mathbf{x}"), data("y", domain=Domain.BINARY)
MEANS = tuple(parameter(f"mu_{c}", I, latex=rf"\mu_{{{c}}}") for c in (0, 1))
PRIOR = parameter("pi_1", latex=r"\pi_{1}", domain=Domain.UNIT)


def _covariance(text: str, latex: str) -> Quantity:
    return parameter(text, I, J, latex=latex, domain=Domain.POSITIVE_DEFINITE)


def _gaussian(mean: Quantity, covariance: Quantity) -> Expr:
    """log N(x; μ, Σ) = −½ ((x−μ)^T Σ^{-1} (x−μ) + log|Σ| + d log 2π)."""
    apart, other = X.at(I) - mean.at(I), X.at(J) - mean.at(J)
    square = total(apart * inverse(covariance.name, I, J) * other, I, J)
    return -HALF * (square + logdet(covariance.name, I) + D * log(2 * pi))


def _two_classes(
    text: str, title: str, given: tuple[Quantity, ...], densities: tuple[Expr, Expr], counted: tuple[str, ...] = ()
) -> Model:
    """q_1 = π_1 e^{l_1}, q_0 = (1 − π_1) e^{l_0}, p_1 = q_1/(q_1 + q_0), and P(x, y) = q_1^y q_0^{1−y} to be maximised.

    Args:
        text: the name of the model.
        title: of the model.
        given: the parameters of the densities.
        densities: the logarithms l_0 and l_1 of the densities of x.
        counted: the parameters, besides the prior, whose likeliest values are means over a class.
    """
    logs = tuple(name(f"l_{c}", latex=rf"\ell_{{{c}}}") for c in (0, 1))
    joint = tuple(name(f"q_{c}", latex=f"q_{{{c}}}", domain=Domain.POSITIVE) for c in (0, 1))
    none, one = (q.at() for q in joint)
    point = name("P", domain=Domain.POSITIVE)
    definitions: tuple[Definition, ...] = (
        define(logs[0], densities[0]),
        define(logs[1], densities[1]),
        define(joint[0], (1 - PRIOR.at()) * exp(logs[0].at())),
        define(joint[1], PRIOR.at() * exp(logs[1].at())),
        define(name("p_1", latex="p_{1}", domain=Domain.UNIT), one / (one + none)),
        define(point, one ** Y.at() * none ** (1 - Y.at())),
        define(name("LL"), log(point.at())),
    )
    return Model(
        name=text,
        title=title,
        given=(X, Y, *given, PRIOR),
        definitions=definitions,
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
        questions=(LogOdds(of="p_1", by="x"), *(Stationary(parameter=p) for p in (PRIOR.name, *counted))),
    )


def linear_discriminant() -> Model:
    """Two Gaussian classes with one covariance Σ."""
    shared = _covariance("Sigma", r"\Sigma")
    return _two_classes(
        "linear-discriminant",
        "Two Gaussian classes with one covariance",
        (*MEANS, shared),
        (_gaussian(MEANS[0], shared), _gaussian(MEANS[1], shared)),
    )


def quadratic_discriminant() -> Model:
    """Two Gaussian classes, each with its own covariance."""
    first, second = _covariance("Sigma_0", r"\Sigma_{0}"), _covariance("Sigma_1", r"\Sigma_{1}")
    return _two_classes(
        "quadratic-discriminant",
        "Two Gaussian classes, each with its covariance",
        (*MEANS, first, second),
        (_gaussian(MEANS[0], first), _gaussian(MEANS[1], second)),
    )


def naive_bayes() -> Model:
    """Independent features of 0 and 1: log P(x | y) = Σ_i x_i log θ_i + (1 − x_i) log(1 − θ_i), with θ_0 or θ_1."""
    bits = data("x", I, latex=r"\mathbf{x}", domain=Domain.BINARY)
    rates = tuple(parameter(f"theta_{c}", I, latex=rf"\theta_{{{c}}}", domain=Domain.UNIT) for c in (0, 1))
    densities = [total(bits.at() * log(r.at()) + (1 - bits.at()) * log(1 - r.at()), I) for r in rates]
    counted = tuple(r.name for r in rates)
    return _two_classes("naive-bayes", "Naive Bayes with binary features", rates, (densities[0], densities[1]), counted)


def gaussian_naive_bayes() -> Model:
    """Independent Gaussian features, the deviation of each the same in both classes."""
    deviation = parameter("sigma", I, latex=r"\sigma", domain=Domain.POSITIVE)
    densities = [
        -total(HALF * ((X.at() - m.at()) / deviation.at()) ** 2 + log(deviation.at()) + HALF * log(2 * pi), I)
        for m in MEANS
    ]
    return _two_classes(
        "gaussian-naive-bayes",
        "Naive Bayes with Gaussian features",
        (*MEANS, deviation),
        (densities[0], densities[1]),
        tuple(m.name for m in MEANS),
    )


def several_classes() -> Model:
    """K Gaussian classes with one covariance: q_k = π_k N(x; μ_k, Σ), p_k = q_k / Σ_l q_l, LL = Σ_k y_k log q_k."""
    k, other = index("k", 1, size("K")), index("l", 1, size("K"))
    one_hot, priors = data("y", k, domain=Domain.SIMPLEX), parameter("pi", k, latex=r"\pi", domain=Domain.UNIT)
    means, covariance = parameter("mu", k, I, latex=r"\mu"), _covariance("Sigma", r"\Sigma")
    joint, logs = name("q", k, domain=Domain.POSITIVE), name("l_k", k, latex=r"\ell")
    apart, across = X.at(I) - means.at(k, I), X.at(J) - means.at(k, J)
    square = total(apart * inverse("Sigma", I, J) * across, I, J)
    return Model(
        name="linear-discriminant-classes",
        title="Several Gaussian classes with one covariance",
        given=(X, one_hot, means, covariance, priors),
        definitions=(
            define(logs, -HALF * (square + logdet("Sigma", I) + D * log(2 * pi))),
            define(joint, priors.at() * exp(logs.at())),
            define(name("p", k, domain=Domain.UNIT), joint.at() / total(joint.at(other), other)),
            define(name("LL"), total(one_hot.at() * log(joint.at()), k)),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        questions=(ClassScores(of="p", by="x"),),
    )


ROWS = (linear_discriminant, quadratic_discriminant, naive_bayes, gaussian_naive_bayes, several_classes)
