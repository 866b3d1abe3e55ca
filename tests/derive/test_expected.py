"""Expected values under Gaussians found by their densities, and mixtures written by their responsibilities."""

from __future__ import annotations

import pytest
from sympy import Expr, Rational, Symbol, exp, integrate, log, oo, pi, sqrt

from derive.backprop import partial
from derive.catalog import find
from derive.model import Model, ModelError
from derive.probability.expectations import law_of
from derive.probability.gaussianlaw import Gaussians
from derive.prove import prove
from derive.quantities import Domain
from derive.questions.expected import Expected
from derive.rows.building import define, name, parameter
from derive.solve.shares import in_shares
from derive.vocabulary import index, name_of, names_in, size, total

HALF = Rational(1, 2)
K, L = index("k", 1, size("K")), index("l", 1, size("K"))
Z, MU, NU = parameter("z", K), parameter("mu", K), parameter("nu", K)
SIGMA, TAU = (parameter(n, K, domain=Domain.POSITIVE) for n in ("sigma", "tau"))


def log_normal(mean: Expr, deviation: Expr) -> Expr:
    square = ((Z.at() - mean) / deviation) ** 2
    return -total(HALF * square + log(deviation) + HALF * log(2 * pi), K)


def model(log_q: Expr, ratio: Expr, divergence: Expr) -> Model:
    return Model(
        name="own",
        title="Own",
        given=(Z, MU, NU, SIGMA, TAU),
        definitions=(
            define(name("q", domain=Domain.POSITIVE), exp(log_q)),
            define(name("R"), ratio),
            define(name("D"), divergence),
        ),
        objective="D",
    )


OWN, OTHER = log_normal(MU.at(), SIGMA.at()), log_normal(NU.at(), TAU.at())
M, N, S, T = (q.at() for q in (MU, NU, SIGMA, TAU))
DIVERGENCE = total(log(T / S) + (S**2 + (M - N) ** 2) / (2 * T**2) - HALF, K)
ENTROPY = total(log(S) + HALF * log(2 * pi) + HALF, K)
KNOWN: tuple[tuple[Expr, Expr], ...] = (  # by hand
    (OWN - OTHER, DIVERGENCE),
    (-OWN, ENTROPY),
    (total(Z.at(), K) ** 2, total(M, K) ** 2 + total(S**2, K)),
    (total(Z.at() * Z.at(L), K, L), total(M, K) ** 2 + total(S**2, K)),
    (total(Z.at() ** 2, K), total(M**2 + S**2, K)),
    (3 * total(Z.at() * N, K) + 1, 3 * total(M * N, K) + 1),
)


@pytest.mark.parametrize(
    ("ratio", "divergence"), KNOWN, ids=["divergence", "entropy", "(Σz)²", "ΣΣzz", "Σz²", "linear"]
)
def test_the_mean_is_the_one_found_by_hand(ratio: Expr, divergence: Expr) -> None:
    asked = Expected(of="R", target="z", likelihood="q", equals="D")
    assert asked.answer(model(OWN, ratio, divergence)).verdict == "proved"
    for wrong in (2 * divergence, divergence + total(S, K), divergence - total(M, K)):
        assert asked.answer(model(OWN, ratio, wrong)).verdict == "undecided"


def test_mean_and_variance_are_read_off_the_density() -> None:
    law = law_of(model(OWN, OWN, OWN), "z", "q")
    assert isinstance(law, Gaussians)
    assert prove(law.expectation, M, model(OWN, OWN, OWN)) and prove(law.variance, S**2, model(OWN, OWN, OWN))


def test_one_coordinate_against_the_integral() -> None:
    x, m, n = (Symbol(letter, real=True) for letter in "xmn")
    s, t = (Symbol(letter, positive=True) for letter in "st")
    own = -(((x - m) / s) ** 2) / 2 - log(s) - log(2 * pi) / 2
    other = -(((x - n) / t) ** 2) / 2 - log(t) - log(2 * pi) / 2
    density = exp(-(((x - m) / s) ** 2) / 2) / (sqrt(2 * pi) * s)
    exact = integrate((density * (own - other)).expand(), (x, -oo, oo))
    body = log(t / s) + (s**2 + (m - n) ** 2) / (2 * t**2) - HALF
    point = {m: Rational(3, 10), n: Rational(-1, 5), s: Rational(7, 10), t: Rational(11, 10)}
    assert abs((exact - body).subs(point).evalf(30)) < 1e-25


CORRELATED = -HALF * total(Z.at(), K) ** 2 - HALF * total(Z.at() ** 2, K)
UNNORMALISED = -total(HALF * (Z.at() - M) ** 2, K)
GROWING = total(HALF * (Z.at() - M) ** 2, K)
LINEAR = -total(Z.at() * M, K)


@pytest.mark.parametrize("log_q", [CORRELATED, UNNORMALISED, GROWING, LINEAR], ids=str)
def test_what_is_no_independent_gaussian_is_refused(log_q: Expr) -> None:
    with pytest.raises(ModelError, match="nor Gaussian"):
        law_of(model(log_q, OWN, OWN), "z", "q")


def test_what_has_no_known_mean_is_refused() -> None:
    with pytest.raises(ModelError, match="is not known"):
        Expected(of="R", target="z", likelihood="q").answer(model(OWN, total(exp(Z.at()), K), OWN))
    with pytest.raises(ModelError, match="has no 'Q'"):
        Expected(of="Q", target="z", likelihood="q").answer(model(OWN, OWN, OWN))


def test_the_bound_of_an_autoencoder_pulls_back_to_its_sample() -> None:
    """∂ELBO/∂μ_k = ∂R/∂z_k − μ_k and ∂ELBO/∂v_k = ½ e^{v_k/2} ε_k ∂R/∂z_k − ½ (e^{v_k} − 1)."""
    vae = find("vae")
    bound, mean, spread, latent, noise = (vae.quantities[n].at() for n in ("ELBO", "mu", "v", "z", "epsilon"))
    fit = partial(vae, vae.quantities["R"].at(), latent).result
    by_mean, by_spread = (partial(vae, bound, e).result for e in (mean, spread))
    assert prove(by_mean, fit - mean, vae) is not None
    assert prove(by_spread, HALF * exp(spread / 2) * noise * fit - HALF * (exp(spread) - 1), vae) is not None
    assert prove(by_mean, fit + mean, vae) is None


@pytest.mark.parametrize("over_data", [False, True])
@pytest.mark.parametrize("by", ["mu", "pi_k", "sigma"])
def test_a_mixture_is_pulled_by_its_responsibilities(by: str, over_data: bool) -> None:
    mixture = find("mixture").over_data() if over_data else find("mixture")
    found = partial(mixture, mixture.quantities["LL"].at(), mixture.quantities[by].at())
    short = in_shares(found.result, "r", mixture)
    assert "q" not in {name_of(a) for a in names_in(short)}
    assert "r" in {name_of(a) for a in names_in(short)}
    assert prove(found.target, short, mixture) is not None
    assert prove(found.target, 2 * short, mixture) is None


def test_the_gradient_by_a_mean_is_the_share_times_the_distance() -> None:
    mixture = find("mixture")
    x, share, mean, sigma = (mixture.quantities[n].at() for n in ("x", "r", "mu", "sigma"))
    own = in_shares(partial(mixture, mixture.quantities["LL"].at(), mean).result, "r", mixture)
    assert prove(own, share * (x - mean) / sigma**2, mixture) is not None


@pytest.mark.parametrize("share", ["q", "LL", "x", "nothing"])
def test_what_is_no_share_is_refused(share: str) -> None:
    with pytest.raises(ModelError, match="is no share"):
        in_shares(find("mixture").quantities["q"].at(), share, find("mixture"))


def test_without_the_name_nothing_changes() -> None:
    mixture = find("mixture")
    mean = mixture.quantities["mu"].at()
    assert in_shares(mean, "r", mixture) == mean
    lone = mixture.quantities["q"].at()  # would be r Σ q, and the sum would stay
    assert in_shares(lone, "r", mixture) == lone
