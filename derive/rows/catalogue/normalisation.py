"""Normalisation: by the mean and variance of a batch, or of a layer."""

from __future__ import annotations

from sympy import Expr, Idx, sqrt

from ...model import Model
from ...quantities import Domain
from ...questions.errors import Errors
from ...vocabulary import index, length, size, total
from ..building import data, define, name, parameter

I, B = index("i", 1, size("d")), index("b", 1, size("B"))


def _normalised(model: str, title: str, over: Idx, *kept: Idx) -> Model:
    """y = γ (x − μ) / √(v + ε) + β with μ and v the mean and variance over an axis; E = Σ g y for a given g = ∂E/∂y."""

    def mean_of(e: Expr) -> Expr:
        average: Expr = total(e, over) / length(over)
        return average

    axes = (*kept, over) if over == I else (over, *kept)
    before, upstream = data("x", *axes), data("g", *axes)
    scale, shift = parameter("gamma", I, latex=r"\gamma"), parameter("beta", I, latex=r"\beta")
    small = parameter("epsilon", latex=r"\epsilon", domain=Domain.POSITIVE)
    mean, variance = name("mu", *kept, latex=r"\mu"), name("v", *kept, domain=Domain.NONNEGATIVE)
    normal, after = name("xhat", *axes, latex=r"\hat{x}"), name("y", *axes)
    return Model(
        name=model,
        title=title,
        given=(before, upstream, scale, shift, small),
        definitions=(
            define(mean, mean_of(before.at())),
            define(variance, mean_of((before.at() - mean.at()) ** 2)),
            define(normal, (before.at() - mean.at()) / sqrt(variance.at() + small.at())),
            define(after, scale.at() * normal.at() + shift.at()),
            define(name("E"), total(upstream.at() * after.at(), *axes)),
        ),
        objective="E",
        questions=(Errors(logits=("mu", "v", "xhat"), inputs=("x",)),),
    )


def batch_norm() -> Model:
    """Each feature i by its mean and variance over the points b of a batch."""
    return _normalised("batch-norm", "Batch normalisation", B, I)


def layer_norm() -> Model:
    """Each point by the mean and variance over its features i."""
    return _normalised("layer-norm", "Layer normalisation", I)


ROWS = (batch_norm, layer_norm)
