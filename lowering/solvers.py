"""Optimisers that take all points at every step, one row each: L-BFGS and Newton's method.

Both minimise a cost c, the objective per point with the sign that makes less of it better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Reached = tuple[Vector, float]

ROUND = 50
LBFGS = {"maxiter": ROUND, "maxfun": 20 * ROUND, "ftol": 0.0, "gtol": 1e-10}
ROUNDING = 1e-15  # of the cost: what Newton's step still promises where it has converged
HALVINGS = 40
SUFFICIENT = 1e-4  # of the promised decrease that a shortened step must bring


class Cost(Protocol):
    """What is minimised, at a vector of all parameters that are not held."""

    def __call__(self, at: Vector) -> tuple[float, Vector]: ...
    def hessian(self, at: Vector) -> NDArray[np.float64]: ...


@dataclass(frozen=True, kw_only=True)
class Solver:
    """An optimiser over all points.

    Attributes:
        name: what it is chosen by.
        formula: its step, in LaTeX.
        solve: from a cost and a start to one vector after the other, each with its cost; it ends where no step is left
            to take.
        every: iterations after which nothing but the parameters is remembered.
        second_order: whether it asks for the Hessian.
        source: key and place in reports/sources.bib.
    """

    name: str
    formula: str
    solve: Callable[[Cost, Vector], Iterator[Reached]]
    every: int = 1
    second_order: bool = False
    source: str


def _lbfgs(cost: Cost, start: Vector) -> Iterator[Reached]:
    """SciPy's L-BFGS, in rounds: its memory begins anew, so that a run can go on from the parameters alone."""
    from scipy.optimize import minimize

    at = start
    while True:
        found: list[Reached] = []
        keep = _keeper(found)
        outcome: Any = minimize(cost, at, jac=True, method="L-BFGS-B", callback=keep, options=LBFGS)
        yield from found
        if len(found) < ROUND or outcome.success:
            return
        at = found[-1][0]


def _keeper(found: list[Reached]) -> Callable[[Any], None]:
    def keep(intermediate_result: Any) -> None:  # by this name SciPy gives the cost along with the vector
        found.append((intermediate_result.x.copy(), float(intermediate_result.fun)))

    return keep


def _newton(cost: Cost, start: Vector) -> Iterator[Reached]:
    """θ ← θ − t d with H d = ∇c, of least length where H is singular; t is halved until c falls."""
    at, (value, gradient) = start, cost(start)
    while True:
        step = np.linalg.lstsq(cost.hessian(at), gradient, rcond=None)[0]
        promised = float(gradient @ step)
        if not promised > ROUNDING * max(1.0, abs(value)):
            if promised > 0:
                yield at - step, cost(at - step)[0]
            return
        for halved in range(HALVINGS):
            reached, slope = cost(at - step / 2**halved)
            if reached <= value - SUFFICIENT * promised / 2**halved:
                break
        else:
            return
        at, value, gradient = at - step / 2**halved, reached, slope
        yield at, value


SOLVERS: tuple[Solver, ...] = (
    Solver(
        name="lbfgs",
        formula=r"d = B\,g, \quad B \approx H^{-1} \text{ from the last ten steps}",
        solve=_lbfgs,
        every=ROUND,
        source="nocedal2006:algorithm 7.5",
    ),
    Solver(
        name="newton",
        formula=r"H\,d = g",
        solve=_newton,
        second_order=True,
        source="boyd2004:9.5",
    ),
)
