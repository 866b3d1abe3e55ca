"""What is best under a constraint: the principal component, and the shares of classes."""

from __future__ import annotations

from sympy import log

from ...model import Model, Sense
from ...quantities import Domain
from ...questions.constrained import Constrained
from ...vocabulary import index, size, total
from ..building import data, define, name, parameter

I, K = index("i", 1, size("d")), index("k", 1, size("C"))


def principal_component() -> Model:
    """V = (Σ_i w_i (x_i − μ_i))², averaged: the variance along w, for w of length one."""
    x, mean, w = data("x", I), parameter("mu", I, latex=r"\mu"), parameter("w", I)
    apart, score = name("r", I), name("z")
    return Model(
        name="principal-component",
        title="Principal component analysis",
        given=(x, mean, w),
        definitions=(
            define(apart, x.at() - mean.at()),
            define(score, total(w.at() * apart.at(), I)),
            define(name("c"), total(w.at() ** 2, I)),
            define(name("V"), score.at() ** 2),
        ),
        objective="V",
        sense=Sense.MAXIMISE,
        mean=True,
        questions=(Constrained(parameter="w", constraint="c"),),
    )


def class_shares() -> Model:
    """LL = Σ_k y_k log π_k for one-hot labels, with Σ_k π_k = 1."""
    label, share = data("y", K, domain=Domain.SIMPLEX), parameter("pi", K, latex=r"\pi", domain=Domain.POSITIVE)
    return Model(
        name="class-shares",
        title="The shares of classes",
        given=(label, share),
        definitions=(
            define(name("c"), total(share.at(), K)),
            define(name("LL"), total(label.at() * log(share.at()), K)),
        ),
        objective="LL",
        sense=Sense.MAXIMISE,
        questions=(Constrained(parameter="pi", constraint="c"),),
    )


ROWS = (principal_component, class_shares)
