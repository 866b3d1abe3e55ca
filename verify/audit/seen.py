"""What code gave at one point, and when two arrays count as equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lowering.trialpoints import Arrays, Point

from .calling import Array

TOLERANCES = {"float64": 1e-8, "float32": 1e-4}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the code gave at one point, beside the truth.

    Attributes:
        point: sizes, parameters and data.
        truth: the proved gradient.
        got: the code's, by parameter; what it does not give is left out, as is what has the wrong shape in a list.
        misshapen: parameters whose lists have arrays of wrong shapes, or too few or too many, with a word about each.
        reshaped: parameters whose gradients have axes of length 1 too many or too few, with a word about each.
    """

    point: Point
    truth: Arrays
    got: Arrays
    misshapen: Mapping[str, str] = field(default_factory=dict)
    reshaped: Mapping[str, str] = field(default_factory=dict)


def same(got: Array, wanted: Array, level: float = 0.0) -> bool:
    """Whether two arrays are equal but for rounding, beside their largest component.

    Args:
        got: what is judged; its dtype says how far rounding goes.
        wanted: what it should be.
        level: the largest component of the whole gradient, beside which a part may vanish.
    """
    narrow = np.asarray(got).dtype.kind == "f" and np.asarray(got).dtype.itemsize < 8
    return error(got, wanted, level) <= TOLERANCES["float32" if narrow else "float64"]


def error(got: Array, wanted: Array, level: float = 0.0) -> float:
    """The largest difference, relative to the largest component; inf for another shape or where a number is none."""
    if np.shape(got) != np.shape(wanted):
        return np.inf
    with np.errstate(all="ignore"):
        scale = max(float(np.abs(wanted).max(initial=0.0)), 1e-6 * level, 1e-300)
        off = float(np.abs(np.asarray(got, np.float64) - wanted).max(initial=0.0)) / scale
    return off if np.isfinite(off) else np.inf


def proportional(got: Array, other: Array) -> bool:
    """Whether `same(got, f * other)` can hold for a factor f: beside the best one, little more than rounding is off."""
    if np.shape(got) != np.shape(other):
        return False
    with np.errstate(all="ignore"):
        g, m = np.asarray(got, np.float64).ravel(), np.asarray(other, np.float64).ravel()
        square = float(m @ m)
        off = g - (float(m @ g) / square if square > 0 else 0.0) * m
        most = 4 * max(TOLERANCES.values()) * float(np.sqrt(max(g.size, 1))) * float(np.abs(g).max(initial=0.0))
        return bool(np.abs(off).max(initial=0.0) <= most)
