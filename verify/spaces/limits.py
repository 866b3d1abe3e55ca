"""Limits by numbers: values at ever smaller steps, extrapolated to none."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from .values import NoValue, Value, is_number

WIDEST = 0.05
STEPS = 8
SETTLED = 1e-7


def limit(function: Callable[[float], Value], end: float, side: int = 0) -> Value:
    """What a function tends to.

    Args:
        function: of a number.
        end: where that number goes, ±∞ too.
        side: 1 if from above, −1 if from below, 0 from both.
    Raises: NoValue: if it is no number, or tends to nothing.
    """
    if math.isinf(end):
        return _settled(lambda h: function(math.copysign(1 / h, end)))
    found = [_settled(partial(_moved, function, end, s)) for s in ((1, -1) if side == 0 else (side,))]
    if abs(found[0] - found[-1]) > 10 * SETTLED * max(1.0, abs(found[0])):
        raise NoValue("a limit that is another one from the other side")
    return found[0]


def _moved(function: Callable[[float], Value], end: float, side: int, h: float) -> Value:
    return function(end + side * h)


def _settled(function: Callable[[float], Value]) -> Value:
    """The value at step 0 of the polynomial through values at small steps. Raises: NoValue: if it does not settle."""
    steps = [WIDEST / 2**k for k in range(STEPS)]
    values = [function(h) for h in steps]
    if not all(is_number(v) and np.isfinite(v) and not np.imag(v) for v in values):
        raise NoValue("a limit of what is no number")
    row = [float(np.real(v)) for v in values]
    before = row[-1]
    for order in range(1, STEPS):
        row = [b + (b - a) / (2**order - 1) for a, b in pairwise(row)]
        before, last = row[-1], before
    if abs(before - last) > SETTLED * max(1.0, abs(before)):
        raise NoValue("a limit that does not settle")
    return before
