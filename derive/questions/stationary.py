"""Where the gradient of the objective over the data is zero, and what kind of point that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .answers import Answer, Line, Relation

if TYPE_CHECKING:
    from sympy import Expr

    from ..model import Model


@dataclass(frozen=True, kw_only=True)
class Stationary:
    """The stationary point of the objective over the data in one parameter, all others held fixed.

    Attributes:
        parameter: its name.
    """

    parameter: str

    def answer(self, model: Model) -> Answer:
        """The gradient, the equations it sets to zero, their solution, put back, and the sign of the curvature.

        Raises: NoStationaryPoint: if the equations were not solved.
        """
        return _answered(model, (self.parameter,), "Where the gradient is zero")


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """The stationary point in several parameters, one after the other, each at the solutions of those before it.

    Attributes:
        parameters: in an order in which the solution of each does not hold the later ones.
    """

    parameters: tuple[str, ...]

    def answer(self, model: Model) -> Answer:
        """For each parameter what `Stationary` says, with the earlier ones at their solutions.

        Raises: NoStationaryPoint: if the equations were not solved, or a solution holds what is to be solved later.
        """
        return _answered(model, self.parameters, "Where the gradient is zero, in all parameters")


def _answered(model: Model, parameters: tuple[str, ...], title: str) -> Answer:
    from ..solve.naming import with_solution
    from ..solve.solutions import root, solution
    from ..solve.stationary import NoStationaryPoint
    from ..vocabulary import name_of, names_in
    from .solved import told

    now = model.over_data() if model.sample is None else model
    lines: list[Line] = []
    said: list[str | Expr] = []
    conditions: list[Relation] = []
    for place, parameter in enumerate(parameters):
        found = solution(now, parameter)
        answer = told(found, now)
        lines += answer.lines
        opening = (now.quantities[parameter].at(), ": ") if len(parameters) > 1 else ()
        said += [*((" ",) if said else ()), *opening, answer.conclusion] if answer.conclusion else []
        conditions += [c for c in answer.conditions if c not in conditions]
        later = set(parameters[place + 1 :])
        if held := later & {name_of(a) for a in names_in(found.solution)}:
            raise NoStationaryPoint(f"the solution for {parameter} holds {', '.join(held)}; solve for these before it")
        now = with_solution(answer.model, parameter, root(found)) if later else answer.model
    return Answer(title=title, model=now, lines=tuple(lines), conclusion=tuple(said), conditions=tuple(conditions))
