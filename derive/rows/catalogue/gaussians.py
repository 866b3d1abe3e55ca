"""Gaussians in several dimensions, with the inverse of the covariance and its log-determinant as names."""

from __future__ import annotations

from sympy import Rational, log, pi

from ...model import Model, Sense
from ...quantities import Domain
from ...vocabulary import index, inverse, logdet, size, total
from ..building import data, define, name, parameter

D = size("d")
I, J = index("i", 1, D), index("j", 1, D)
X = data("x", I)
MU = parameter("mu", I, latex=r"\mu")
SIGMA = parameter("Sigma", I, J, latex=r"\Sigma", domain=Domain.POSITIVE_DEFINITE)


def gaussian_vector() -> Model:
    """LL = −½ ((x − μ)^T Σ^{-1} (x − μ) + log|Σ| + d log 2π), the entries of Σ independent of each other."""
    apart = name("r", I)
    square = total(apart.at(I) * inverse("Sigma", I, J) * apart.at(J), I, J)
    return Model(
        name="gaussian-vector",
        title="Log-likelihood of a Gaussian in several dimensions",
        given=(X, MU, SIGMA),
        definitions=(
            define(apart, X.at() - MU.at()),
            define(name("LL"), -Rational(1, 2) * (square + logdet("Sigma", I) + D * log(2 * pi))),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
    )


ROWS = (gaussian_vector,)
