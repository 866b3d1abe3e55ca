"""Values with their derivatives by one parameter."""

from __future__ import annotations

from dataclasses import dataclass

import mpmath


@dataclass(frozen=True, kw_only=True)
class Dual:
    """A value and its derivative by the parameter; None where that is not known."""

    value: mpmath.mpf
    slope: mpmath.mpf | None


def constant(value: mpmath.mpf) -> Dual:
    """A number, which no parameter changes."""
    return Dual(value=value, slope=mpmath.mpf(0))


def scaled(one: Dual, factor: int) -> Dual:
    """factor · a."""
    return Dual(value=factor * one.value, slope=None if one.slope is None else factor * one.slope)


def added(one: Dual, two: Dual) -> Dual:
    """a + b."""
    slope = None if one.slope is None or two.slope is None else one.slope + two.slope
    return Dual(value=one.value + two.value, slope=slope)


def multiplied(one: Dual, two: Dual) -> Dual:
    """a b, with a′b + a b′."""
    known = one.slope is not None and two.slope is not None
    return Dual(value=one.value * two.value, slope=one.slope * two.value + one.value * two.slope if known else None)


def divided(one: Dual, two: Dual) -> Dual:
    """a / b."""
    return multiplied(one, power(two, mpmath.mpf(-1)))


def power(base: Dual, exponent: mpmath.mpf) -> Dual:
    """a^c for a number c."""
    value = mpmath.power(base.value, exponent)
    return Dual(value=value, slope=None if base.slope is None else exponent * value / base.value * base.slope)
