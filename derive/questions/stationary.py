"""Where the gradient of the objective over the data is zero, and what kind of point that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Determinant, Ge, Gt, Integer, Lt, Ne

from .answers import Answer, Line, Relation, Sign
from .curved import along_any_direction
from .short import for_short

if TYPE_CHECKING:
    from sympy import Basic

    from ..model import Model
    from ..solving import LinearSolution
    from ..stationary import StationaryPoint

TITLE = "Where the gradient is zero"
ZERO = Integer(0)
SIGNS: dict[type[Basic], Sign] = {Ne: Sign.UNEQUAL, Gt: Sign.GREATER, Ge: Sign.AT_LEAST, Lt: Sign.LESS}


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
        from ..solving import solve
        from ..stationary import NormalEquations, stationary

        whole = model.over_data() if model.sample is None else model
        found = stationary(whole, self.parameter)
        if isinstance(found, NormalEquations):
            return _of_equations(solve(whole, found), self.parameter)
        return _of_point(whole, found)


# -- equations that couple the entries ----------------------------------------------------------------


def _of_equations(found: LinearSolution, parameter: str) -> Answer:
    from ..calculus.matrixform import symbol_of
    from ..curvature import Definiteness, curvature

    curved = curvature(found.model, found.model.objective, parameter)
    regular = Relation(left=Determinant(symbol_of(found.matrix.quantity)), sign=Sign.UNEQUAL, right=ZERO)
    kind = {Definiteness.POSITIVE: "minimum", Definiteness.NEGATIVE: "maximum"}.get(curved.definiteness)
    says = f"The Hessian is {curved.words}: the solution is the only {kind}." if kind else "There is no other solution."
    return Answer(
        title=TITLE,
        model=found.model,
        lines=(*_equations(found), *along_any_direction(curved)),
        conclusion=(says,),
        conditions=() if curved.strict else (regular,),
    )


def _equations(found: LinearSolution) -> Iterator[Line]:
    equations, right = found.equations, found.right
    yield Line.of(equations.gradient, "the gradient")
    yield for_short(found.matrix, found.model)
    yield for_short(right, found.model)
    yield Line.equal(equations.gradient.target, found.factored, found.proofs[0], "with these names")
    left, known = equations.left_matrix, equations.right_matrix
    yield Line(
        relation=Relation(left=found.applied, right=right.target),
        label="where it is zero",
        verdict=equations.verdict,
        matrices=(left, known) if left is not None and known is not None else None,
    )
    yield Line(
        relation=Relation(left=found.unknown, right=found.solution),
        label="solved",
        verdict=found.verdict,
        matrices=found.in_matrices(),
    )
    yield Line.equal(found.product, right.target, found.proofs[2], "put back")


# -- one unknown, or entries that are not coupled -----------------------------------------------------


def _of_point(model: Model, found: StationaryPoint) -> Answer:
    from ..stationary import Extremum

    says = f"The point is a {found.extremum.value}." if found.extremum is not Extremum.UNDECIDED else ""
    return Answer(
        title=TITLE,
        model=model,
        lines=tuple(_point(model, found)),
        conclusion=(says,) if says else (),
        conditions=tuple(Relation(left=c.lhs, sign=SIGNS[type(c)], right=c.rhs) for c in found.conditions),
    )


def _point(model: Model, found: StationaryPoint) -> Iterator[Line]:
    from ..calculus.indices import transform
    from ..prove import prove
    from ..stationary import Extremum

    yield Line.of(found.gradient, "the gradient")
    yield Line.equal(found.gradient.target, found.factored, found.proofs[0], "with the unknown apart")
    yield Line(
        relation=Relation(left=found.unknown, right=found.solution), label="where it is zero", verdict=found.verdict
    )
    there = transform(found.factored, lambda e: found.solution if e == found.unknown else None)
    if there != 0:
        yield Line.equal(there, ZERO, prove(there, ZERO, model), "put back")
    if found.extremum is not Extremum.UNDECIDED:
        sign = Sign.GREATER if found.extremum is Extremum.MINIMUM else Sign.LESS
        relation = Relation(left=found.second, sign=sign, right=ZERO)
        yield Line(relation=relation, label="the second derivative there", verdict="proved")
