"""Losses of one target and one prediction: one row each; gradients, checks and code follow from the expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Abs, Expr, Rational, exp, log, pi

from ..quantities import Domain

HALF = Rational(1, 2)


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss ℓ(target, prediction), to minimise.

    Attributes:
        name: the identifier.
        expr: the textbook form.
        prediction, target: where their values lie.
        kink: where the derivative by the prediction jumps, as a formula in t and p; "" if nowhere.
        source: key and place in reports/sources.bib.
    """

    name: str
    expr: Callable[[Expr, Expr], Expr]
    prediction: Domain = Domain.REAL
    target: Domain = Domain.REAL
    kink: str = ""
    source: str


LOSSES: tuple[Loss, ...] = (
    Loss(name="squared-error", expr=lambda t, p: (p - t) ** 2, source="bishop2006:3.12"),
    Loss(name="half-squared-error", expr=lambda t, p: HALF * (p - t) ** 2, source="bishop2006:5.14"),
    Loss(name="absolute-error", expr=lambda t, p: Abs(p - t), kink="p = t", source="hastie2009:10.6"),
    Loss(
        name="binary-cross-entropy",
        expr=lambda t, p: -t * log(p) - (1 - t) * log(1 - p),  # −log p^t (1−p)^{1−t}
        prediction=Domain.UNIT,
        target=Domain.BINARY,
        source="bishop2006:4.90",
    ),
    Loss(
        name="cross-entropy",
        expr=lambda t, p: -t * log(p),  # one class's term of −Σ t log p
        prediction=Domain.UNIT,
        target=Domain.BINARY,
        source="bishop2006:4.108",
    ),
    Loss(
        name="kullback-leibler",
        expr=lambda t, p: t * log(t / p),
        prediction=Domain.UNIT,
        target=Domain.UNIT,
        source="goodfellow2016:3.50",
    ),
    Loss(
        name="poisson",
        expr=lambda t, p: p - t * log(p),  # −log of e^{−p} p^t / t!, without log t!
        prediction=Domain.POSITIVE,
        target=Domain.NATURAL,
        source="murphy2012:2.36",
    ),
    Loss(
        name="gaussian-nll",
        expr=lambda t, p: HALF * (t - p) ** 2 + HALF * log(2 * pi),  # −log N(t; p, 1)
        source="bishop2006:3.11",
    ),
    Loss(name="log-cosh", expr=lambda t, p: log((exp(p - t) + exp(t - p)) / 2), source="hastie2009:10.6"),
)
