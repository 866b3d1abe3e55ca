"""Stationary points: the derived gradient set to zero and solved, with a proof of what is claimed.

Where the gradient is linear in one power of the unknown up to a common factor, entry by entry,

    ∂L/∂θ = c (a u − b),  u = θ^p,  so  û = b/a  wherever a ≠ 0,

and there ∂²L/∂θ² = c a p θ^{p−1}, whose sign says what kind of point it is. Where entries of θ are coupled but the
gradient is linear, ∂L/∂θ_j = c (Σ_k A_{jk} θ_k − b_j), the equations A θ = b are given, and are not inverted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sympy import (
    Add,
    Dummy,
    Eq,
    Expr,
    Ge,
    Gt,
    Idx,
    Integer,
    KroneckerDelta,
    Lt,
    Mul,
    Ne,
    Sum,
)
from sympy.core.relational import Relational

from ..analysis.curvature import recursion_between
from ..analysis.secondorder import second_partial
from ..backprop import partial
from ..calculus.differentiate import differentiate
from ..calculus.indices import fresh, rename_bound, transform
from ..calculus.matrixform import MatrixForm, matrix_form
from ..calculus.positivity import NO_FACTS, Facts, nonnegative, positive
from ..calculus.tidy import collapse_deltas, oriented, tidy
from ..derivation import Derivation
from ..model import Model
from ..prove import Proof, prove, reliable_facts
from ..quantities import Domain, Quantity
from ..vocabulary import is_name, name_of, names_in, total
from .linear import Linear, linear_in

_POSITIVE = (Domain.POSITIVE, Domain.UNIT)


class NoStationaryPoint(ValueError):
    """A gradient that is not solved here; the message says what it would have to be."""


class Extremum(StrEnum):
    """What a stationary point was proved to be, along its own unknown."""

    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class StationaryPoint:
    """û, where the derivative by one unknown is zero.

    Attributes:
        gradient: the derivation of g = ∂L/∂θ.
        factored: c (a u − b), which g equals.
        unknown: u = θ^p, such as μ or σ².
        solution: û = b/a; it holds no θ.
        proofs: of g = c (a u − b), and of a û − b = 0; None where none was found.
        second: c a p θ^{p−1}, which ∂²L/∂θ² is at the point.
        extremum: by the certain sign of `second`, if its equality was proved.
        conditions: what must hold besides: a ≠ 0, c ≠ 0 for û to be the only one, û inside the domain of u.
    """

    gradient: Derivation
    factored: Expr
    unknown: Expr
    solution: Expr
    proofs: tuple[Proof | None, Proof | None]
    second: Expr
    extremum: Extremum
    conditions: tuple[Relational, ...]

    @property
    def verdict(self) -> str:
        """`proved` if the gradient, its factors and the solution are."""
        return "proved" if all(self.proofs) and self.gradient.verdict == "proved" else "undecided"

    def equation(self) -> Eq:
        """u = û as an unevaluated SymPy equation."""
        return Eq(self.unknown, self.solution, evaluate=False)


@dataclass(frozen=True, kw_only=True)
class NormalEquations:
    """Σ_k A_{jk} θ_k = b_j, which hold exactly where the gradient is zero.

    Attributes:
        gradient: the derivation of g_j = ∂L/∂θ_j.
        factor: c, of numbers and sizes alone, so that it is certainly not zero.
        columns: the indices k; the rows j are the axes of θ.
        matrix: A_{jk}, free of θ.
        left, right: Σ_k A_{jk} θ_k and b_j.
        proof: of g_j = c (Σ_k A_{jk} θ_k − b_j).
        left_matrix, right_matrix: both sides in matrix notation, X^T X θ and X^T y; None where there is none.
    """

    gradient: Derivation
    factor: Expr
    columns: tuple[Idx, ...]
    matrix: Expr
    left: Expr
    right: Expr
    proof: Proof | None
    left_matrix: MatrixForm | None
    right_matrix: MatrixForm | None

    @property
    def verdict(self) -> str:
        """`proved` if the gradient and the equations are."""
        return "proved" if self.proof and self.gradient.verdict == "proved" else "undecided"

    def equation(self) -> Eq:
        """Σ_k A_{jk} θ_k = b_j as an unevaluated SymPy equation."""
        return Eq(self.left, self.right, evaluate=False)


def stationary(model: Model, parameter: str) -> StationaryPoint | NormalEquations:
    """Where the derivative of the objective by a parameter is zero, all other parameters held fixed.

    Args:
        model: its definitions are all that is used; over the data, it is the total that is differentiated.
        parameter: the name of a quantity that the objective depends on.
    Returns: û = b/a where the entries of θ are not coupled; else the equations Σ_k A_{jk} θ_k = b_j.
    Raises: NoStationaryPoint: if there is no such parameter, or the gradient is not linear in a power of it,
            or depends on it through a recursion.
    """
    if parameter not in model.quantities or not model.depends(model.objective, parameter):
        raise NoStationaryPoint(
            f"the objective of {model.name} does not depend on {parameter!r}; name a parameter of it"
        )
    if (recurring := recursion_between(model, model.objective, parameter)) is not None:
        raise NoStationaryPoint(f"{parameter} acts through the recursion of {recurring}; solve it numerically")
    quantity = model.quantities[parameter]
    gradient = partial(model, model.quantities[model.objective].at(), quantity.at())
    unfolded = unfolded_to(gradient.result, quantity, model)
    entries = {a for a in names_in(unfolded) if name_of(a) == parameter}
    if entries <= {quantity.at()}:
        return _point(model, quantity, gradient, unfolded)
    return _normal_equations(model, quantity, gradient, unfolded)


def unfolded_to(expr: Expr, quantity: Quantity, model: Model) -> Expr:
    """Every name that depends on the quantity written by its definition."""
    for definition in reversed(model.definitions):
        if definition.name != quantity.name and model.depends(definition.name, quantity.name):
            expr = model.unfold(expr, definition.name)
    return rename_bound(expr, quantity.axes)


def _refused(quantity: Quantity, wanted: str) -> NoStationaryPoint:
    return NoStationaryPoint(f"the gradient by {quantity.name} was not shown to be {wanted}; solve it numerically")


# -- one unknown ------------------------------------------------------------------------------------


def _point(model: Model, quantity: Quantity, gradient: Derivation, unfolded: Expr) -> StationaryPoint:
    theta = quantity.at()
    found = linear_in(unfolded, theta)
    one_root = found is not None and (quantity.domain in _POSITIVE or (found.p == 1 and found.low == 0))
    if found is None or not one_root or quantity.domain not in (*_POSITIVE, Domain.NONNEGATIVE, Domain.REAL):
        raise _refused(quantity, "linear in it, or in a power of it that has one root, up to a common factor")
    facts = reliable_facts(model)
    if nonnegative(-found.a, facts):
        found = replace(found, c=-found.c, a=-found.a, b=-found.b)
    unknown, solution = theta**found.p, tidy(found.b / found.a)
    factored = found.c * (found.a * unknown - found.b)
    second = oriented(found.c * found.a * found.p * theta ** (found.p - 1))
    vanishes = prove(found.a * solution - found.b, Integer(0), model)
    return StationaryPoint(
        gradient=gradient,
        factored=factored,
        unknown=unknown,
        solution=solution,
        proofs=(prove(gradient.result, factored, model), vanishes),
        second=second,
        extremum=_extremum(model, quantity, found, second),
        conditions=(*_nonzero(found, facts), *_inside(solution, quantity.domain, model)),
    )


def _nonzero(found: Linear, facts: Facts) -> tuple[Relational, ...]:
    """What is to be asked for a and c not to be zero."""
    uncertain = (f for f in (found.a, found.c) if not positive(f, facts) and not positive(-f, facts))
    return tuple((Gt if nonnegative(f, facts) else Ne)(f, 0, evaluate=False) for f in uncertain)


def _inside(solution: Expr, domain: Domain, model: Model) -> tuple[Relational, ...]:
    """What is still to be asked for the solution to lie in the domain of the unknown."""
    facts = reliable_facts(model)
    asked: list[Relational] = []
    if domain in _POSITIVE and not positive(solution, facts):
        asked.append(Gt(solution, 0, evaluate=False))
    if domain is Domain.NONNEGATIVE and not nonnegative(solution, facts):
        asked.append(Ge(solution, 0, evaluate=False))
    if domain is Domain.UNIT and not positive(1 - solution, facts):
        asked.append(Lt(solution, 1, evaluate=False))
    return tuple(asked)


def _extremum(model: Model, quantity: Quantity, found: Linear, second: Expr) -> Extremum:
    """By ∂²L/∂θ_j∂θ_k = δ_{jk} (c′ (a u − b) + c a p θ^{p−1}), proved for all θ; at the point a u − b = 0."""
    columns, theta = _columns(quantity), quantity.at()
    hessian = second_partial(model, model.quantities[model.objective].at(), theta, quantity.at(*columns))
    slope = _slope(found.c, theta)
    deltas = Mul(*(KroneckerDelta(i, k) for i, k in zip(quantity.axes, columns, strict=True)))
    expected = deltas * (slope * (found.a * theta**found.p - found.b) + second)
    if hessian.verdict != "proved" or prove(hessian.result, expected, model) is None:
        return Extremum.UNDECIDED
    facts = reliable_facts(model)
    sign = second / found.a if nonnegative(found.a, facts) else second  # that a is not zero is a condition
    if positive(sign, facts):
        return Extremum.MINIMUM
    return Extremum.MAXIMUM if positive(-sign, facts) else Extremum.UNDECIDED


def _slope(expr: Expr, theta: Expr) -> Expr:
    """The derivative by an entry that stands only at its own axes, as by a scalar."""
    t = Dummy("t", real=True)
    return differentiate(expr.xreplace({theta: t}), t).xreplace({t: theta})


# -- coupled unknowns -------------------------------------------------------------------------------


def _normal_equations(model: Model, quantity: Quantity, gradient: Derivation, unfolded: Expr) -> NormalEquations:
    theta, columns = quantity.at(), _columns(quantity)
    hessian = second_partial(model, model.quantities[model.objective].at(), theta, quantity.at(*columns)).result
    if quantity.name in {name_of(a) for a in names_in(unfolded_to(hessian, quantity, model))}:
        raise _refused(quantity, "linear in it")
    terms = Add.make_args(hessian)
    factor = next((_sizes_in(t) for t in terms if t.atoms(Sum)), Integer(1))
    matrix = Add(*(t / factor for t in terms))
    left = Add(*(collapse_deltas(total(t / factor * quantity.at(*columns), *columns)) for t in terms))
    right = tidy(_at_zero(unfolded, quantity) / -factor)
    proof = prove(gradient.result, factor * (left - right), model)
    if proof is None:
        raise _refused(quantity, "linear in it")
    return NormalEquations(
        gradient=gradient,
        factor=factor,
        columns=columns,
        matrix=matrix,
        left=left,
        right=right,
        proof=proof,
        left_matrix=matrix_form(left, theta, model),
        right_matrix=matrix_form(right, theta, model),
    )


def _columns(quantity: Quantity) -> tuple[Idx, ...]:
    columns: list[Idx] = []
    for i in quantity.axes:
        columns.append(fresh(i, {*quantity.axes, *columns}))
    return tuple(columns)


def _sizes_in(term: Expr) -> Expr:
    """The factors of a term that are numbers or sizes, none of which is zero."""
    return Mul(*(f for f in Mul.make_args(term) if f.is_Number or (positive(f, NO_FACTS) and not f.atoms(Sum, Idx))))


def _at_zero(expr: Expr, quantity: Quantity) -> Expr:
    """The expression with the parameter zero."""
    return transform(expr, lambda e: Integer(0) if is_name(e) and name_of(e) == quantity.name else None)
