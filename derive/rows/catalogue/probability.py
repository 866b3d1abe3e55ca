"""Probability models: Gaussians of one dimension, the ELBO's Kullback–Leibler term and mixtures."""

from __future__ import annotations

from sympy import Rational, exp, log, pi, sqrt

from ...model import Model, Sense
from ...quantities import Domain
from ...questions.fisher import Fisher, Natural
from ...vocabulary import index, product, size, total
from ..building import data, define, name, parameter

HALF = Rational(1, 2)
X = data("x")
MU = parameter("mu", latex=r"\mu")
SIGMA = parameter("sigma", latex=r"\sigma", domain=Domain.POSITIVE)


def gaussian() -> Model:
    """P = e^{−(x−μ)²/2σ²} / (√(2π) σ), whose logarithm is maximised."""
    point = name("P", domain=Domain.POSITIVE)
    density = exp(-((X.at() - MU.at()) ** 2) / (2 * SIGMA.at() ** 2)) / (sqrt(2 * pi) * SIGMA.at())
    return Model(
        name="gaussian",
        title="Maximum likelihood of a Gaussian",
        given=(X, MU, SIGMA),
        definitions=(define(point, density), define(name("LL"), log(point.at()))),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
        questions=(
            Fisher(parameter="mu", target="x"),
            Fisher(parameter="sigma", target="x"),
            Natural(parameter="mu", target="x"),
        ),
    )


def categorical() -> Model:
    """p_k = e^{z_k} / Σ_l e^{z_l}, P = Π_k p_k^{y_k}: a one-hot outcome with its logits as parameters."""
    k, j = index("k", 1, size("C")), index("l", 1, size("C"))
    outcome, logits = data("y", k, domain=Domain.SIMPLEX), parameter("z", k)
    probs, point = name("p", k, domain=Domain.UNIT), name("P", domain=Domain.POSITIVE)
    return Model(
        name="categorical",
        title="One of several outcomes",
        given=(outcome, logits),
        definitions=(
            define(probs, exp(logits.at()) / total(exp(logits.at(j)), j)),
            define(point, product(probs.at() ** outcome.at(), k)),
            define(name("LL"), log(point.at())),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        likelihood="P",
        questions=(Fisher(parameter="z", target="y"), Natural(parameter="z", target="y")),
    )


def vae_kl() -> Model:
    """KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ_k (μ_k² + σ_k² − 1 − log σ_k²), the ELBO's second term."""
    k = index("k", 1, size("K"))
    mean = parameter("mu", k, latex=r"\mu")
    deviation = parameter("sigma", k, latex=r"\sigma", domain=Domain.POSITIVE)
    body = mean.at() ** 2 + deviation.at() ** 2 - 1 - 2 * log(deviation.at())
    return Model(
        name="vae-kl",
        title="The Kullback–Leibler term of a variational autoencoder",
        given=(mean, deviation),
        definitions=(define(name("D"), HALF * total(body, k)),),
        objective="D",
    )


def mixture() -> Model:
    """P = Σ_k π_k e^{−(x−μ_k)²/2}/√2π; the responsibilities r_k are the terms' shares."""
    k, j = index("k", 1, size("K")), index("l", 1, size("K"))
    shares = parameter("pi_k", k, latex=r"\pi", domain=Domain.POSITIVE)
    means = parameter("mu", k, latex=r"\mu")
    joint, share = name("q", k, domain=Domain.POSITIVE), name("r", k, domain=Domain.UNIT)
    return Model(
        name="mixture",
        title="A mixture of Gaussians",
        given=(X, shares, means),
        definitions=(
            define(joint, shares.at() * exp(-HALF * (X.at() - means.at()) ** 2) / sqrt(2 * pi)),
            define(share, joint.at() / total(joint.at(j), j)),
            define(name("LL"), log(total(joint.at(), k))),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
    )


ROWS = (gaussian, categorical, vae_kl, mixture)
