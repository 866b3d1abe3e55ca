"""What is said of a stationary point, by the way in which it was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import Add, Basic, Determinant, Ge, Gt, Integer, Lt, Ne

from ..analysis.curvature import DIRECTIONS, Curvature, Definiteness, curvature
from ..analysis.squares import Directions, squares
from ..calculus.indices import substitute, transform
from ..calculus.matrixform import matrix_form, symbol_of
from ..calculus.positivity import nonnegative
from ..model import Model
from ..prove import prove, reliable_facts
from ..quantities import Definition
from ..solve.naming import with_name
from ..solve.solutions import Solution
from ..solve.solving import LinearSolution
from ..solve.stationary import Extremum, StationaryPoint
from ..solve.throughinverse import MatrixPoint
from ..solve.unmixed import UnmixedSolution
from ..vocabulary import name_of, tensor, total
from .answers import Line, Relation, Sign
from .curved import along_any_direction
from .short import for_short, in_short

if TYPE_CHECKING:
    from sympy.core.relational import Relational

ZERO = Integer(0)
SIGNS: dict[type[Basic], Sign] = {Ne: Sign.UNEQUAL, Gt: Sign.GREATER, Ge: Sign.AT_LEAST, Lt: Sign.LESS}
KINDS = {Definiteness.POSITIVE: "minimum", Definiteness.NEGATIVE: "maximum"}
COVARIANCES = ("S", "C", "solution")  # names for a matrix that was found


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is said of one stationary point.

    Attributes:
        model: with the names that the lines use.
        lines: from the gradient to the solution, put back.
        conclusion: in words; "" if there is nothing to add.
        conditions: what must hold besides.
    """

    model: Model
    lines: tuple[Line, ...]
    conclusion: str
    conditions: tuple[Relation, ...] = ()


def _relations(conditions: tuple[Relational, ...]) -> tuple[Relation, ...]:
    return tuple(Relation(left=c.lhs, sign=SIGNS[type(c)], right=c.rhs) for c in conditions)


def _solved(found: Any, model: Model) -> Line:
    """θ = θ̂ where the gradient is zero, in matrix notation too where it has such a form."""
    left, right = (matrix_form(e, found.unknown, model) for e in (found.unknown, found.solution))
    return Line(
        relation=Relation(left=found.unknown, right=found.solution),
        label="where it is zero",
        verdict=found.verdict,
        matrices=None if left is None or right is None else (left, right),
    )


# -- one unknown, or entries that are not coupled -----------------------------------------------------


def _point(found: StationaryPoint, model: Model) -> Told:
    said = f"The point is a {found.extremum.value}." if found.extremum is not Extremum.UNDECIDED else ""
    lines = tuple(_of_point(found, model))
    return Told(model=model, lines=lines, conclusion=said, conditions=_relations(found.conditions))


def _of_point(found: StationaryPoint, model: Model) -> Iterator[Line]:
    yield in_short(found.gradient, "the gradient")
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
        certain = not any(c.lhs in found.second.args for c in found.conditions)
        label = "the second derivative there" + ("" if certain else ", where the condition holds")
        yield Line(relation=relation, label=label, verdict="proved")


# -- equations that couple the entries ----------------------------------------------------------------


def _linear(found: LinearSolution, model: Model) -> Told:
    return _judged(found.model, _of_equations(found), found.matrix, name_of(found.unknown))


def _unmixed(found: UnmixedSolution, model: Model) -> Told:
    lines = (
        in_short(found.equations.gradient, "the gradient"),
        for_short(found.matrix, found.model),
        Line.equal(found.equations.gradient.target, found.factored, found.proof, "with these names"),
        _solved(found, found.model),
    )
    return _judged(found.model, iter(lines), found.matrix, name_of(found.unknown))


def _of_equations(found: LinearSolution) -> Iterator[Line]:
    equations, right = found.equations, found.right
    yield in_short(equations.gradient, "the gradient")
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


def _judged(model: Model, lines: Iterator[Line], matrix: Definition, parameter: str) -> Told:
    """With the sign of the Hessian; the solution is the only one where the matrix of the equations is regular."""
    curved = curvature(model, model.objective, parameter)
    kind = KINDS.get(curved.definiteness)
    says = f"The Hessian is {curved.words}: the solution is the only {kind}." if kind else "There is no other solution."
    return Told(
        model=model,
        lines=(*lines, *along_any_direction(curved)),
        conclusion=says,
        conditions=_regular(curved, matrix),
    )


def _regular(curved: Curvature, matrix: Definition) -> tuple[Relation, ...]:
    if curved.flat_unless is None and len(matrix.quantity.axes) == 2:
        return (Relation(left=Determinant(symbol_of(matrix.quantity)), sign=Sign.UNEQUAL, right=ZERO),)
    return tuple(Relation(left=e, sign=Sign.GREATER, right=ZERO) for e in curved.flat_unless or ())


# -- a matrix that enters through its inverse ----------------------------------------------------------


def _matrix(found: MatrixPoint, model: Model) -> Told:
    axes = model.quantities[name_of(found.unknown)].axes
    named, short = with_name(model, COVARIANCES, found.solution, *axes)
    lines = [
        in_short(found.gradient, "the gradient"),
        Line.equal(found.gradient.target, found.turned_back, found.proofs[0], "an inverse taken out on both sides"),
        for_short(short, named),
        Line(
            relation=Relation(left=found.unknown, right=short.target), label="where it is zero", verdict=found.verdict
        ),
    ]
    certain = tuple(definite(short, named))
    regular = Relation(left=Determinant(symbol_of(short.quantity)), sign=Sign.UNEQUAL, right=ZERO)
    return Told(
        model=named,
        lines=(*lines, *certain),
        conclusion="It is the only stationary point" + (", positive definite where it is regular." if certain else "."),
        conditions=(*_relations(found.conditions), regular),
    )


def definite(short: Definition, model: Model) -> Iterator[Line]:
    """S_{ij} = S_{ji} and vᵀSv ≥ 0, if both are so."""
    i, j = short.quantity.axes
    swapped: dict[Basic, Basic] = {i: j, j: i}
    mirrored = substitute(short.target, swapped)
    direction = next(name for name in DIRECTIONS if name not in model.quantities)
    parts = squares(short.expr, Directions(model=model, rows=(i,), columns=(j,), entry=tensor(direction)[i]))
    proof = prove(short.target, mirrored, model)
    facts = reliable_facts(model)
    if proof is None or parts is None or not all(nonnegative(p.weight, facts) for p in parts):
        return
    quadratic = total(tensor(direction)[i] * short.target * tensor(direction)[j], i, j)
    whole = Add(*(p.expr for p in parts))
    yield Line.equal(short.target, mirrored, proof, "it is symmetric")
    both = prove(quadratic, whole, model)
    yield Line.equal(quadratic, whole, both, "along any direction")
    relation = Relation(left=whole, sign=Sign.AT_LEAST, right=ZERO)
    yield Line(relation=relation, label="its sign for every direction", verdict="proved" if both else "undecided")


# -- which is said of what -----------------------------------------------------------------------------


def told(found: Solution, model: Model) -> Told:
    """The lines, the conclusion and the conditions for a solution that was found in a model."""
    teller: Callable[[Any, Model], Told] = next(tell for kind, tell in _TELLERS if isinstance(found, kind))
    return teller(found, model)


_TELLERS: tuple[tuple[type, Callable[[Any, Model], Told]], ...] = (
    (StationaryPoint, _point),
    (LinearSolution, _linear),
    (UnmixedSolution, _unmixed),
    (MatrixPoint, _matrix),
)
