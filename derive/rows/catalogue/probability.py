"""Probability models: Gaussians of one dimension, the ELBO's Kullback–Leibler term and mixtures."""

from __future__ import annotations

from sympy import Rational, exp, log, pi, sqrt

from ...model import Model, Sense
from ...quantities import Domain
from ...questions.derivative import Derivative
from ...questions.expected import Expected
from ...questions.fisher import Fisher, Natural
from ...questions.stationary import Fitted
from ...vocabulary import index, product, size, total
from ..building import data, define, name, parameter
from ..functions import sigmoid

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
            Fitted(parameters=("mu", "sigma")),
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
    """D = KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ_k (μ_k² + σ_k² − 1 − log σ_k²), the mean of R = log q(z) − log p(z) over q."""
    k = index("k", 1, size("K"))
    latent, mean = parameter("z", k), parameter("mu", k, latex=r"\mu")
    deviation = parameter("sigma", k, latex=r"\sigma", domain=Domain.POSITIVE)
    own, prior = name("l_q", latex=r"\ell_{q}"), name("l_p", latex=r"\ell_{p}")
    apart = (latent.at() - mean.at()) / deviation.at()
    body = mean.at() ** 2 + deviation.at() ** 2 - 1 - 2 * log(deviation.at())
    return Model(
        name="vae-kl",
        title="The Kullback–Leibler term of a variational autoencoder",
        given=(latent, mean, deviation),
        definitions=(
            define(own, -total(HALF * apart**2 + log(deviation.at()) + HALF * log(2 * pi), k)),
            define(prior, -total(HALF * latent.at() ** 2 + HALF * log(2 * pi), k)),
            define(name("q", domain=Domain.POSITIVE), exp(own.at())),
            define(name("R"), own.at() - prior.at()),
            define(name("D"), HALF * total(body, k)),
        ),
        objective="D",
        questions=(Expected(of="R", target="z", likelihood="q", equals="D"),),
    )


def vae() -> Model:
    """A variational autoencoder with z_k = μ_k + e^{v_k/2} ε_k, where v = log σ² and ε is drawn from N(0, 1).

    The evidence lower bound is E = R − D: R the log-likelihood of the bits x under the decoder at the sample z, D the
    divergence of N(μ, σ²) from N(0, 1). Encoder and decoder are linear.
    """
    i, k = index("i", 1, size("d")), index("k", 1, size("K"))
    bits, noise = data("x", i, latex=r"\mathbf{x}", domain=Domain.BINARY), data("epsilon", k, latex=r"\epsilon")
    to_mean, to_spread, decoder = parameter("A", i, k), parameter("B", i, k), parameter("V", k, i)
    mean, spread, latent = name("mu", k, latex=r"\mu"), name("v", k), name("z", k)
    output = name("xhat", i, latex=r"\hat{x}", domain=Domain.UNIT)
    fit = bits.at() * log(output.at()) + (1 - bits.at()) * log(1 - output.at())
    far = mean.at() ** 2 + exp(spread.at()) - 1 - spread.at()
    return Model(
        name="vae",
        title="The evidence lower bound of a variational autoencoder",
        given=(bits, noise, to_mean, to_spread, decoder),
        definitions=(
            define(mean, total(bits.at() * to_mean.at(), i)),
            define(spread, total(bits.at() * to_spread.at(), i)),
            define(latent, mean.at() + exp(HALF * spread.at()) * noise.at()),
            define(output, sigmoid(total(latent.at() * decoder.at(), k))),
            define(name("R"), total(fit, i)),
            define(name("D"), HALF * total(far, k)),
            define(name("ELBO", latex=r"\operatorname{ELBO}"), name("R").at() - name("D").at()),
        ),
        objective="ELBO",
        sense=Sense.MAXIMISE,
        questions=(Derivative(of="ELBO", by=("z", "mu", "v")),),
    )


def mixture() -> Model:
    """P = Σ_k π_k N(x; μ_k, σ²); the responsibilities r_k are the terms' shares."""
    k, j = index("k", 1, size("K")), index("l", 1, size("K"))
    shares = parameter("pi_k", k, latex=r"\pi", domain=Domain.POSITIVE)
    means = parameter("mu", k, latex=r"\mu")
    joint, share = name("q", k, domain=Domain.POSITIVE), name("r", k, domain=Domain.UNIT)
    density = exp(-((X.at() - means.at()) ** 2) / (2 * SIGMA.at() ** 2)) / (sqrt(2 * pi) * SIGMA.at())
    return Model(
        name="mixture",
        title="A mixture of Gaussians",
        given=(X, shares, means, SIGMA),
        definitions=(
            define(joint, shares.at() * density),
            define(share, joint.at() / total(joint.at(j), j)),
            define(name("LL"), log(total(joint.at(), k))),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        questions=(Derivative(of="LL", by=("mu", "pi_k", "sigma"), shares="r", over_data=True),),
    )


ROWS = (gaussian, categorical, vae_kl, vae, mixture)
