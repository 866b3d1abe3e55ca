"""Where the objective over the data is stationary under a constraint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Expr, Integer

from .answers import Answer, Line, Relation, Sign
from .curved import along_any_direction
from .short import for_short

if TYPE_CHECKING:
    from ..model import Model
    from ..solve.constrained import Eigenvector, Lagrangian, Shared


@dataclass(frozen=True, kw_only=True)
class Constrained:
    """The stationary point in a parameter among all its values for which a scalar has a given value.

    Attributes:
        parameter: its name.
        constraint: the name of the scalar.
        value: what it is held at.
    """

    parameter: str
    constraint: str
    value: int = 1

    def answer(self, model: Model) -> Answer:
        """The Lagrangian, its gradient set to zero, and what solves it under the constraint.

        Raises: NoStationaryPoint: if it was not solved.
        """
        from ..solve.constrained import Eigenvector, lagrangian, solved

        whole = model.over_data() if model.sample is None else model
        given = lagrangian(whole, self.parameter, self.constraint, Integer(self.value))
        found = solved(given)
        return _of_eigenvector(given, found) if isinstance(found, Eigenvector) else _of_shared(given, found)


def _title(given: Lagrangian) -> str:
    return f"Where the gradient is zero, under {given.constraint} = {given.value}"


# -- entry by entry ------------------------------------------------------------------------------------


def _of_shared(given: Lagrangian, found: Shared) -> Answer:
    from ..analysis.curvature import Definiteness

    kinds = {Definiteness.POSITIVE: "minimum", Definiteness.NEGATIVE: "maximum"}
    kind = kinds.get(found.curved.definiteness)
    zero = Integer(0)
    return Answer(
        title=_title(given),
        model=given.model,
        lines=tuple(_shared(given, found)),
        conclusion=(f"The Lagrangian is {found.curved.words} in it: the {kind} under the constraint.",) if kind else (),
        conditions=(Relation(left=found.solution, sign=Sign.GREATER, right=zero),)
        if any(c.lhs == found.at_multiplier.solution for c in found.at_multiplier.conditions)
        else (),
    )


def _shared(given: Lagrangian, found: Shared) -> Iterator[Line]:
    point = found.at_multiplier
    yield for_short(given.definition, given.model)
    yield Line.of(point.gradient, "the gradient of the Lagrangian")
    yield Line.equal(point.gradient.target, point.factored, point.proofs[0], "with the unknown apart")
    yield Line(
        relation=Relation(left=point.unknown, right=point.solution), label="where it is zero", verdict=point.verdict
    )
    held = Relation(left=found.constraint_there, right=given.value)
    verdict = "proved" if found.proofs[0] else "undecided"
    yield Line(relation=held, label="what the constraint asks", verdict=verdict)
    yield Line(
        relation=Relation(left=given.multiplier, right=found.multiplier), label="the multiplier", verdict=verdict
    )
    both = "proved" if all(found.proofs) else "undecided"
    theta = given.model.quantities[given.parameter].at()
    yield Line(relation=Relation(left=theta, right=found.solution), label="the solution", verdict=both)
    yield from along_any_direction(found.curved)


# -- quadratic forms -----------------------------------------------------------------------------------


def _of_eigenvector(given: Lagrangian, found: Eigenvector) -> Answer:
    objective = next(n for n in given.model.parents[given.definition.name] if n != given.constraint)
    return Answer(
        title=_title(given),
        model=found.model,
        lines=tuple(_eigenvector(given, found, objective)),
        conclusion=_said(given, found),
    )


def _said(given: Lagrangian, found: Eigenvector) -> tuple[str | Expr, ...]:
    """Of all unit vectors the best is an eigenvector; this needs wᵀw as the constraint, and a length above zero."""
    target = given.model.quantities[given.parameter].at()
    last = "largest" if given.model.sense.value == "maximise" else "smallest"
    opening = ("At a stationary point ", target, " is an eigenvector of ", found.form.target)
    if found.right != given.multiplier * target or given.value <= 0:
        return (*opening, ", in the generalised sense, with the eigenvalue ", given.multiplier, ".")
    return (*opening, " with the eigenvalue ", given.multiplier, f"; the objective is best at the {last} one.")


def _eigenvector(given: Lagrangian, found: Eigenvector, objective: str) -> Iterator[Line]:
    from ..calculus.matrixform import matrix_form
    from .solved import definite

    yield for_short(given.definition, found.model)
    yield Line.of(found.gradient, "the gradient of the Lagrangian")
    yield for_short(found.form, found.model)
    yield Line.equal(found.gradient.target, found.factored, found.proofs[0], "with this name")
    target = given.model.quantities[given.parameter].at()
    left, right = (matrix_form(e, target, found.model) for e in (found.left, found.right))
    yield Line(
        relation=Relation(left=found.left, right=found.right),
        label="where it is zero",
        verdict="proved" if found.proofs[0] else "undecided",
        matrices=None if left is None or right is None else (left, right),
    )
    yield Line.equal(found.along, found.difference, found.proofs[1], "its product with the unknown")
    yield Line(
        relation=Relation(left=given.multiplier * given.value, right=given.model.quantities[objective].at()),
        label="so where it is zero and the constraint holds",
        verdict="proved" if all(found.proofs) else "undecided",
    )
    yield from definite(found.form, found.model)
