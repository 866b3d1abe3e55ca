"""Losses of targets and predictions: one row each; gradient, domain, kinks, code and checks follow from its terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sympy import Abs, Expr, Max, Rational, exp, log, pi

from ..quantities import Domain
from ..vocabulary import Positive

HALF = Rational(1, 2)


class Over(StrEnum):
    """What a loss runs over."""

    ONE = "one number"
    SUM = "the sum over the entries of a vector"
    MEAN = "the mean over the entries of a vector"


@dataclass(frozen=True, kw_only=True)
class Constant:
    """A number that a loss needs besides, such as the width of Huber's.

    Attributes:
        name, latex: as in `Quantity`.
        domain: where it lies.
        predicted: whether the model gives it too, so that the loss is asked as a function of it.
    """

    name: str
    latex: str
    domain: Domain = Domain.POSITIVE
    predicted: bool = False


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss ℓ(target, prediction), to minimise.

    Attributes:
        name: of its model in the catalogue.
        title: as a heading.
        term: of target, prediction and the constants, for one entry. It is the single truth.
        over: whether that is the loss, or is summed or averaged over the entries of two vectors.
        prediction, target: where their values lie.
        constants: the other arguments of `term`, in order.
        entries: whether `term` takes the number of entries as its last argument.
        source: key and place in reports/sources.bib.
    """

    name: str
    title: str
    term: Callable[..., Expr]
    over: Over = Over.ONE
    prediction: Domain = Domain.REAL
    target: Domain = Domain.REAL
    constants: tuple[Constant, ...] = ()
    entries: bool = False
    source: str


def huber(t: Expr, p: Expr, delta: Expr) -> Expr:
    """½ e² for |e| ≤ δ, and the line δ(|e| − δ/2) beyond."""
    far = Positive(Abs(p - t) - delta)
    return HALF * (p - t) ** 2 * (1 - far) + delta * (Abs(p - t) - HALF * delta) * far


LOSSES: tuple[Loss, ...] = (
    Loss(name="loss-l1", title="L1 loss", term=lambda t, p: Abs(p - t), over=Over.SUM, source="hastie2009:10.6"),
    Loss(name="loss-l2", title="L2 loss", term=lambda t, p: (p - t) ** 2, over=Over.SUM, source="bishop2006:3.12"),
    Loss(
        name="loss-mse",
        title="Mean squared error",
        term=lambda t, p: (p - t) ** 2,
        over=Over.MEAN,
        source="goodfellow2016:5.4",
    ),
    Loss(
        name="loss-bce",
        title="Binary cross entropy",
        term=lambda t, p: -t * log(p) - (1 - t) * log(1 - p),  # −log p^t (1−p)^{1−t}
        prediction=Domain.UNIT,
        target=Domain.BINARY,
        source="bishop2006:4.90",
    ),
    Loss(
        name="loss-ce",
        title="Cross entropy",
        term=lambda t, p: -t * log(p),
        over=Over.SUM,
        prediction=Domain.UNIT,
        target=Domain.SIMPLEX,
        source="bishop2006:4.108",
    ),
    Loss(
        name="loss-label-smoothing",
        title="Cross entropy with smoothed labels",
        term=lambda t, p, epsilon, count: -((1 - epsilon) * t + epsilon / count) * log(p),
        over=Over.SUM,
        prediction=Domain.UNIT,
        target=Domain.SIMPLEX,
        constants=(Constant(name="epsilon", latex=r"\varepsilon", domain=Domain.UNIT),),
        entries=True,
        source="goodfellow2016:7.5.1",
    ),
    Loss(
        name="loss-kl",
        title="Kullback–Leibler divergence",
        term=lambda t, p: t * log(t / p),
        over=Over.SUM,
        prediction=Domain.UNIT,
        target=Domain.UNIT,
        source="goodfellow2016:3.50",
    ),
    Loss(
        name="loss-hinge",
        title="Hinge loss",
        term=lambda t, p: Max(0, 1 - t * p),
        target=Domain.SIGN,
        source="hastie2009:12.25",
    ),
    Loss(
        name="loss-perceptron",
        title="Perceptron loss",
        term=lambda t, p: Max(0, -t * p),
        target=Domain.SIGN,
        source="bishop2006:4.54",
    ),
    Loss(
        name="loss-huber",
        title="Huber loss",
        term=huber,
        constants=(Constant(name="delta", latex=r"\delta"),),
        source="huber1964:3",
    ),
    Loss(
        name="loss-poisson",
        title="Poisson loss",
        term=lambda t, p: p - t * log(p),  # −log of e^{−p} p^t / t!, without log t!
        prediction=Domain.POSITIVE,
        target=Domain.NATURAL,
        source="murphy2012:2.36",
    ),
    Loss(
        name="loss-gaussian-nll",
        title="Gaussian negative log-likelihood",
        term=lambda t, p, v: HALF * (t - p) ** 2 / v + HALF * log(2 * pi * v),  # −log N(t; p, v)
        constants=(Constant(name="v", latex="v", predicted=True),),
        source="bishop2006:3.11",
    ),
    Loss(
        name="loss-log-cosh",
        title="Log-cosh loss",
        term=lambda t, p: log((exp(p - t) + exp(t - p)) / 2),
        source="hastie2009:10.6",
    ),
)
