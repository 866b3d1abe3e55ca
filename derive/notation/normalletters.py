"""Φ and φ as the distribution function and the density of the standard normal, where a text says that they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sympy import Expr, erf, exp, pi, sqrt

from ..calculus.indices import substitute
from ..vocabulary import scalar

FUNCTIONS: Mapping[str, Callable[[Expr], Expr]] = {
    "Phi": lambda z: (1 + erf(z / sqrt(2))) / 2,
    "phi": lambda z: exp(-(z**2) / 2) / sqrt(2 * pi),
    "varphi": lambda z: exp(-(z**2) / 2) / sqrt(2 * pi),
}
NORMAL = re.compile(r"\b(?:standard (?:normal|Gaussian)|probit|GELU|normal (?:cdf|distribution function))\b", re.I)
DENSITY = re.compile(r"\b(?:densit(?:y|ies)|pdf)\b", re.I)


def normal_function(letter: str, primes: int, prose: str) -> Callable[[Expr], Expr] | None:
    """The function that a letter is, or its derivative; φ stands for features where no density is spoken of."""
    function = FUNCTIONS.get(letter)
    if function is None or not NORMAL.search(prose) or r"\Phi" not in prose:
        return None
    if letter != "Phi" and not DENSITY.search(prose):
        return None
    slot = scalar("_")
    value: Expr = function(slot).diff(*[slot] * primes) if primes else function(slot)
    return lambda z: substitute(value, {slot: z})
