"""Newton's step in a parameter, also as the weighted least squares problem that it solves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .answers import Answer, Line, Relation, Sign
from .short import for_short, in_short

if TYPE_CHECKING:
    from ..calculus.matrixform import MatrixForm
    from ..model import Model
    from ..quantities import Definition
    from ..solve.newton import NewtonStep, Reweighted


@dataclass(frozen=True, kw_only=True)
class Newton:
    """What does one step of Newton's method do to a parameter, and is it a least squares problem?

    Attributes:
        parameter: the name of a vector.
    """

    parameter: str

    def answer(self, model: Model) -> Answer:
        """g, H, θ_new = θ − H^{-1} g, and where it can be, θ_new = (X^T S X)^{-1} X^T S z.

        Raises: ModelError: if the parameter is no vector.
        """
        from sympy import Determinant, Integer

        from ..calculus.matrixform import symbol_of
        from ..solve.newton import newton, reweighted

        found = newton(model.over_data() if model.sample is None else model, self.parameter)
        again = reweighted(found)
        regular = Relation(left=Determinant(symbol_of(found.matrix.quantity)), sign=Sign.UNEQUAL, right=Integer(0))
        conditions = [] if found.curved.strict else [regular]
        if again is not None and not again.certain:
            conditions.append(Relation(left=again.weights.target, sign=Sign.UNEQUAL, right=Integer(0)))
        return Answer(
            title="Newton's step" + (", and reweighted least squares" if again is not None else ""),
            model=found.model if again is None else again.model,
            lines=(*_step(found), *(() if again is None else _least_squares(found, again))),
            conclusion=("Each step solves a least squares problem with these weights.",) if again is not None else (),
            conditions=tuple(conditions),
        )


def _step(found: NewtonStep) -> Iterator[Line]:
    yield in_short(found.derivation, "the gradient")
    yield in_short(found.curved.hessian, "the Hessian")
    yield for_short(found.gradient, found.model)
    yield for_short(found.matrix, found.model)
    yield _written_out(for_short(found.step, found.model), "Newton's step", found.model, (found.matrix, found.gradient))
    yield Line.equal(
        found.applied,
        found.sign * found.gradient.target,
        found.proof,
        "where the gradient of the second-order model is zero",
    )


def _least_squares(found: NewtonStep, again: Reweighted) -> Iterator[Line]:
    from ..calculus.matrixform import matrix_form

    yield for_short(again.weights, again.model)
    yield for_short(again.working, again.model)
    yield for_short(again.right, again.model)
    yield Line.equal(found.matrix.target, again.gram, again.proofs[0], f"{found.matrix.name} with these weights")
    yield Line.equal(again.right.target, again.sum_of, again.proofs[1], f"{again.right.name} with these weights")
    sides = [matrix_form(e, found.step.target, again.model) for e in (found.step.target, again.solution)]
    line = Line(
        relation=Relation(left=found.step.target, right=again.solution),
        label="the step as weighted least squares",
        verdict="proved" if all(again.proofs) else "undecided",
        matrices=(sides[0], sides[1]) if sides[0] is not None and sides[1] is not None else None,
    )
    yield _written_out(line, line.label, again.model, (replace(found.matrix, expr=again.gram), again.right))


def _written_out(line: Line, label: str, model: Model, names: tuple[Definition, ...]) -> Line:
    """The line with its right side in matrix notation as products of what the names stand for."""
    from ..calculus.matrixform import matrix_form, symbol_of

    forms = {symbol_of(d.quantity): matrix_form(d.expr, d.target, model) for d in names}
    if line.matrices is None or any(form is None for form in forms.values()):
        return replace(line, label=label)
    known: dict[object, MatrixForm] = {symbol: form for symbol, form in forms.items() if form is not None}
    left, right = line.matrices
    expr = right.expr.xreplace({symbol: form.expr for symbol, form in known.items()})
    proof = right.proof if all(form.proof for form in known.values()) else None
    return replace(line, label=label, matrices=(left, replace(right, expr=expr, proof=proof)))
