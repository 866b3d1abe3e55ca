"""Integrals by numbers, of what is smooth between two numbers: by Gauss's rule at two orders, which have to agree.

Nothing in it takes a real part, so that a step along the imaginary axis goes through limits and integrands alike: the
derivative of ∫_0^x f(y) dy is f(x).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .values import NoValue, Value, is_number

ORDERS = (10, 16)
SETTLED = 1e-7


def integral(function: Callable[[Value], Value], lower: Value, upper: Value) -> Value:
    """∫ f(x) dx from a lower to an upper limit.

    Raises: NoValue: if a limit or a value is no number, or the function is not smooth enough between them.
    """
    if not is_number(lower) or not is_number(upper):
        raise NoValue("an integral of another kind")
    coarse, fine = (_by_gauss(function, lower, upper, order) for order in ORDERS)
    if not np.isfinite(fine) or abs(coarse - fine) > SETTLED * max(1.0, abs(fine)):
        raise NoValue("an integral of what is not smooth")
    return fine


def _by_gauss(function: Callable[[Value], Value], lower: Value, upper: Value, order: int) -> Value:
    """Σ w f(x) over the zeros of a Legendre polynomial, moved between the limits."""
    zeros, weights = np.polynomial.legendre.leggauss(order)
    middle, half = (lower + upper) / 2, (upper - lower) / 2
    values = [function(middle + half * x) for x in zeros]
    if not all(is_number(v) for v in values):
        raise NoValue("an integral of an array")
    return half * sum(w * v for w, v in zip(weights, values, strict=True))
