"""Functions of which a text says no more than that they are smooth, as random ones with their derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .values import Misfit, Value, is_column, is_number

WAVES = 2
SLOPE = 0.4


@dataclass(frozen=True, kw_only=True)
class Smooth:
    """c + b^T x + ½ x^T Q x + Σ_j a_j exp(w_j^T x), with its gradient and Hessian; of a number where n is 0.

    Attributes:
        n: how many entries its argument has; 0 for a number.
        constant, slope, curvature: c, b, Q.
        heights, waves: a and w.
    """

    n: int
    constant: float
    slope: Any
    curvature: Any
    heights: Any
    waves: Any

    def value(self, x: Value) -> Value:
        """f(x)."""
        at = self._at(x)
        bent = (at.T @ self.curvature @ at / 2)[0, 0]
        return self.constant + (self.slope.T @ at)[0, 0] + bent + np.sum(self.heights * np.exp(self.waves @ at))

    def gradient(self, x: Value) -> Value:
        """∇f(x), a column; of a number f′(x)."""
        at = self._at(x)
        found = self.slope + self.curvature @ at + self.waves.T @ (self.heights * np.exp(self.waves @ at))
        return found if self.n else found[0, 0]

    def hessian(self, x: Value) -> Value:
        """∇²f(x)."""
        at = self._at(x)
        found = self.curvature + self.waves.T @ (self.heights * np.exp(self.waves @ at) * self.waves)
        return found if self.n else found[0, 0]

    def _at(self, x: Value) -> Any:
        fits = is_number(x) if self.n == 0 else not is_number(x) and is_column(x) and len(x) == self.n
        if not fits:
            raise Misfit("an argument of another shape")
        return np.reshape(x, (-1, 1))


def any_smooth(n: int, generator: np.random.Generator, level: float = 0.0) -> Smooth:
    """A random smooth function of n numbers, or of one number for n = 0, about as large as a level."""
    m = max(n, 1)
    root = generator.normal(size=(m, m))
    return Smooth(
        n=n,
        constant=float(generator.normal()) + level,
        slope=generator.normal(size=(m, 1)),
        curvature=(root + root.T) / 2,
        heights=generator.uniform(0.3, 1.0, size=(WAVES, 1)),
        waves=SLOPE * generator.normal(size=(WAVES, m)),
    )


def quadratic(n: int, curvatures: Any, least: Value | None, generator: np.random.Generator) -> Smooth:
    """A quadratic function with given eigenvalues of its Hessian, least where it is said to be.

    Raises: Misfit: if that place has another shape than its argument.
    """
    m = max(n, 1)
    axes = np.linalg.qr(generator.normal(size=(m, m)))[0]
    curvature = axes @ np.diag(curvatures) @ axes.T
    slope = generator.normal(size=(m, 1))
    if least is not None:
        if np.size(least) != m:
            raise Misfit("a place of another shape")
        slope = -curvature @ np.reshape(least, (-1, 1))
    nothing = np.zeros((1, 1))
    return Smooth(
        n=n,
        constant=float(generator.normal()),
        slope=slope,
        curvature=curvature,
        heights=nothing,
        waves=np.zeros((1, m)),
    )
