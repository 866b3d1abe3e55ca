"""The stationary point of an objective in one parameter, by whichever way its equations can be solved."""

from __future__ import annotations

from sympy import Expr

from ..model import Model
from ..quantities import Domain
from .solving import LinearSolution, solve
from .stationary import NormalEquations, StationaryPoint, stationary
from .throughinverse import MatrixPoint, through_inverse
from .unmixed import UnmixedSolution, unmixed

Solution = StationaryPoint | UnmixedSolution | LinearSolution | MatrixPoint


def solution(model: Model, parameter: str) -> Solution:
    """Where the gradient of the objective by a parameter is zero, all other parameters held fixed.

    Args:
        model: over the data, if it has any.
        parameter: the name of a quantity that the objective depends on.
    Returns: û = b/a where entries are not coupled, m where A θ = b is A (θ − m) = 0, A^{-1} b where it is not, and Ŝ
        where a matrix enters through its inverse.
    Raises: NoStationaryPoint: if the equations were not solved in any of these ways.
    """
    quantity = model.quantities.get(parameter)
    if quantity is not None and quantity.domain is Domain.POSITIVE_DEFINITE and len(quantity.axes) == 2:
        return through_inverse(model, parameter)
    found = stationary(model, parameter)
    if not isinstance(found, NormalEquations):
        return found
    return unmixed(model, found) or solve(model, found)


def root(found: Solution) -> Expr:
    """θ̂ itself, where the solution is of a power of a positive θ: σ = √(σ²)."""
    power = found.unknown.as_base_exp()[1]
    return found.solution if power == 1 else found.solution ** (1 / power)
