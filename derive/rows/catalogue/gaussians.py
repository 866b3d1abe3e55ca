"""Gaussians in several dimensions, with the inverse of the covariance and its log-determinant as names."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Idx, Rational, log, pi

from ...model import Model, Sense
from ...quantities import Definition, Domain, Quantity
from ...questions.constrained import Constrained
from ...questions.curved import Curved
from ...questions.stationary import Fitted
from ...vocabulary import index, inverse, logdet, size, total
from ..building import data, define, name, parameter

D = size("d")
I, J, K = index("i", 1, D), index("j", 1, D), index("k", 1, size("C"))
X = data("x", I)
MU = parameter("mu", I, latex=r"\mu")
SIGMA = parameter("Sigma", I, J, latex=r"\Sigma", domain=Domain.POSITIVE_DEFINITE)


def log_density(apart: Quantity) -> Expr:
    """−½ (r^T Σ^{-1} r + log|Σ| + d log 2π) for the distance r from the mean."""
    square = total(apart.at(I) * inverse("Sigma", I, J) * apart.at(J), I, J)
    return _normalised(square)


def _normalised(square: Expr) -> Expr:
    """−½ (q + log|Σ| + d log 2π) for the quadratic form q."""
    return -Rational(1, 2) * (square + logdet("Sigma", I) + D * log(2 * pi))


def gaussian_vector() -> Model:
    """LL = −½ ((x − μ)^T Σ^{-1} (x − μ) + log|Σ| + d log 2π), the entries of Σ independent of each other."""
    apart = name("r", I)
    return Model(
        name="gaussian-vector",
        title="Log-likelihood of a Gaussian in several dimensions",
        given=(X, MU, SIGMA),
        definitions=(define(apart, X.at() - MU.at()), define(name("LL"), log_density(apart))),
        objective="LL",
        sense=Sense.MAXIMISE,
        questions=(Curved(parameter="mu"), Fitted(parameters=("mu", "Sigma"))),
    )


def two_gaussians() -> Model:
    """Two classes with one covariance: LL = y (log π + log N(x; μ_1, Σ)) + (1 − y)(log(1 − π) + log N(x; μ_0, Σ))."""
    means = _means(I)
    aparts = [name(f"r_{c}", I, latex=f"r_{c}") for c in (0, 1)]
    distances = tuple(define(r, X.at() - m.at()) for r, m in zip(aparts, means, strict=True))
    model = _two_classes("two-gaussians", X, (*means, SIGMA), distances, [log_density(r) for r in aparts])
    return replace(model, title="Two classes, Gaussian with one covariance")


def two_gaussians_scalar() -> Model:
    """The same in one dimension, with one variance: log N(x; μ_c, σ²) = −(x − μ_c)²/2σ² − log σ − ½ log 2π."""
    x, sigma, means = data("x"), parameter("sigma", latex=r"\sigma", domain=Domain.POSITIVE), _means()
    squares = [(x.at() - m.at()) ** 2 / (2 * sigma.at() ** 2) for m in means]
    logs = [-square - log(sigma.at()) - Rational(1, 2) * log(2 * pi) for square in squares]
    return _two_classes("two-gaussians-scalar", x, (*means, sigma), (), logs)


def gaussian_classes() -> Model:
    """Any number of classes with one covariance: LL = Σ_k y_k (log π_k + log N(x; μ_k, Σ)), y one-hot."""
    label, share = data("y", K, domain=Domain.SIMPLEX), parameter("pi", K, latex=r"\pi", domain=Domain.POSITIVE)
    means, apart, part = parameter("mu", K, I, latex=r"\mu"), name("r", K, I), name("l", K, latex=r"\ell")
    square = total(apart.at(K, I) * inverse("Sigma", I, J) * apart.at(K, J), I, J)
    return Model(
        name="gaussian-classes",
        title="Classes, Gaussian with one covariance",
        given=(X, label, share, means, SIGMA),
        definitions=(
            define(apart, X.at() - means.at()),
            define(part, _normalised(square)),
            define(name("c"), total(share.at(), K)),
            define(name("LL"), total(label.at() * (log(share.at()) + part.at()), K)),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        questions=(Constrained(parameter="pi", constraint="c"), Fitted(parameters=("mu", "Sigma"))),
    )


def _means(*axes: Idx) -> list[Quantity]:
    return [parameter(f"mu_{c}", *axes, latex=rf"\mu_{c}") for c in (0, 1)]


def _two_classes(
    model: str, x: Quantity, shapes: tuple[Quantity, ...], before: tuple[Definition, ...], logs: list[Expr]
) -> Model:
    """The likelihood of points with labels, given log N for each class; the last of the shapes is shared."""
    label, share = data("y", domain=Domain.BINARY), parameter("pi_1", latex=r"\pi", domain=Domain.UNIT)
    parts = [name(f"l_{c}", latex=rf"\ell_{c}") for c in (0, 1)]
    weighed = label.at() * (log(share.at()) + parts[1].at()) + (1 - label.at()) * (log(1 - share.at()) + parts[0].at())
    densities = (define(part, expr) for part, expr in zip(parts, logs, strict=True))
    return Model(
        name=model,
        title="Two classes, Gaussian with one variance",
        given=(x, label, share, *shapes),
        definitions=(*before, *densities, define(name("LL"), weighed)),
        objective="LL",
        sense=Sense.MAXIMISE,
        questions=(Fitted(parameters=("pi_1", "mu_0", "mu_1", shapes[-1].name)),),
    )


ROWS = (gaussian_vector, two_gaussians, two_gaussians_scalar, gaussian_classes)
