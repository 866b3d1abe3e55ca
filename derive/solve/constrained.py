"""Stationary points under a constraint c = v, by a multiplier: the Lagrangian Λ = L − λ (c − v) and its gradient.

Where the gradient by θ is solved entry by entry, θ̂(λ) is put into the constraint, which gives λ̂. Where L = wᵀSw and
c = wᵀCw are quadratic forms, the gradient is 2 (S w − λ C w), so S w = λ C w, and with Σ_j w_j ∂Λ/∂w_j = 2 (L − λ c)
the multiplier is L/v: with C = I and v = 1 an eigenvalue of S, the objective at its eigenvector.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Basic, Expr, Idx, Integer, Rational

from ..analysis.curvature import Curvature, curvature
from ..analysis.secondorder import second_partial
from ..calculus.indices import substitute
from ..calculus.tidy import collapse_deltas, tidy
from ..calculus.unitsums import sum_to_one
from ..derivation import Derivation
from ..model import Model
from ..prove import Proof, prove
from ..quantities import Definition, Kind, Quantity
from ..vocabulary import name_of, names_in, total
from .linear import linear_in
from .naming import with_name, with_solution
from .solutions import root
from .stationary import NormalEquations, NoStationaryPoint, StationaryPoint, stationary, unfolded_to

MULTIPLIERS = (("lambda", r"\lambda"), ("nu", r"\nu"), ("multiplier", r"\nu"))
LAGRANGIANS = ("Lambda", "Lagrangian")
FORMS = ("S", "Q", "form")


@dataclass(frozen=True, kw_only=True)
class Lagrangian:
    """Λ = L − λ (c − v).

    Attributes:
        model: with λ given and Λ defined, which is its objective.
        parameter, constraint: the names of θ and of c.
        value: v.
        multiplier: λ.
        definition: of Λ.
    """

    model: Model
    parameter: str
    constraint: str
    value: Expr
    multiplier: Expr
    definition: Definition


@dataclass(frozen=True, kw_only=True)
class Shared:
    """θ̂ and λ̂ where the gradient is solved entry by entry.

    Attributes:
        at_multiplier: θ̂ as a function of λ.
        constraint_there: c at θ̂(λ).
        multiplier, solution: λ̂ and θ̂, which hold neither.
        proofs: of c = v and of ∂Λ/∂θ = 0 at θ̂ and λ̂; None where none was found.
        curved: the curvature of Λ along θ.
    """

    at_multiplier: StationaryPoint
    constraint_there: Expr
    multiplier: Expr
    solution: Expr
    proofs: tuple[Proof | None, Proof | None]
    curved: Curvature


@dataclass(frozen=True, kw_only=True)
class Eigenvector:
    """S w = λ C w for quadratic forms L = wᵀSw and c = wᵀCw.

    Attributes:
        model: with S defined as well.
        gradient: the derivation of ∂Λ/∂w_j.
        form: S as a definition.
        factored: 2 (Σ_k S_{jk} w_k − λ Σ_k C_{jk} w_k), which the gradient is.
        left, right: Σ_k S_{jk} w_k and λ Σ_k C_{jk} w_k.
        along: Σ_j w_j ∂Λ/∂w_j, which is 2 (L − λ c).
        proofs: of the gradient in this form, and of 2 (L − λ c); None where none was found.
    """

    model: Model
    gradient: Derivation
    form: Definition
    factored: Expr
    left: Expr
    right: Expr
    along: Expr
    difference: Expr
    proofs: tuple[Proof | None, Proof | None]


def lagrangian(model: Model, parameter: str, constraint: str, value: Expr) -> Lagrangian:
    """The Lagrangian of the objective under c = v.

    Args:
        model: over the data, if it has any.
        parameter: the name of θ, on which objective and constraint depend.
        constraint: the name of a defined scalar, c.
        value: v.
    Raises: NoStationaryPoint: if there are no such names, or they do not depend on the parameter.
    """
    for name in (model.objective, constraint):
        if name not in model.quantities or model.quantities[name].axes or not model.depends(name, parameter):
            raise NoStationaryPoint(f"{name!r} is no scalar of {model.name} that depends on {parameter!r}")
    name, latex = next((n, text) for n, text in MULTIPLIERS if n not in model.quantities)
    multiplier = Quantity(name=name, latex=latex, kind=Kind.PARAMETER)
    wider = replace(model, given=(*model.given, multiplier))
    objective, held = (wider.quantities[n].at() for n in (model.objective, constraint))
    whole = objective - multiplier.at() * (held - value)
    wider, definition = with_name(wider, LAGRANGIANS, whole, latex=r"\Lambda")
    return Lagrangian(
        model=replace(wider, objective=definition.name),
        parameter=parameter,
        constraint=constraint,
        value=value,
        multiplier=multiplier.at(),
        definition=definition,
    )


def solved(given: Lagrangian) -> Shared | Eigenvector:
    """Where the gradient of the Lagrangian by θ is zero and the constraint holds.

    Raises: NoStationaryPoint: if neither way of solving applies.
    """
    found = stationary(given.model, given.parameter)
    return _eigenvector(given, found) if isinstance(found, NormalEquations) else _shared(given, found)


# -- entry by entry ------------------------------------------------------------------------------------


def _shared(given: Lagrangian, found: StationaryPoint) -> Shared:
    model, multiplier = given.model, given.multiplier
    placed = with_solution(model, given.parameter, root(found))
    constraint, theta = placed.quantities[given.constraint], placed.quantities[given.parameter]
    there = tidy(unfolded_to(constraint.at(), model.quantities[name_of(multiplier)], placed))
    linear = linear_in(there - given.value, multiplier)
    if linear is None or linear.p != 1 or linear.low != 0:
        raise NoStationaryPoint(f"the constraint {given.constraint} was not solved for the multiplier")
    value = tidy(sum_to_one(tidy(linear.b / linear.a), model))
    known: dict[Basic, Basic] = {multiplier: value}
    solution = tidy(substitute(root(found), known))
    final = with_solution(with_solution(model, given.parameter, solution), name_of(multiplier), value)
    at_both = substitute(found.gradient.result, {**known, theta.at(): solution})
    return Shared(
        at_multiplier=found,
        constraint_there=there,
        multiplier=value,
        solution=solution,
        proofs=(prove(constraint.at(), given.value, final), prove(at_both, Integer(0), model)),
        curved=curvature(model, model.objective, given.parameter),
    )


# -- quadratic forms -----------------------------------------------------------------------------------


def _eigenvector(given: Lagrangian, found: NormalEquations) -> Eigenvector:
    model, quantity = given.model, given.model.quantities[given.parameter]
    refusal = NoStationaryPoint(f"objective and constraint are no quadratic forms of the vector {given.parameter}")
    if len(quantity.axes) != 1:
        raise refusal
    row, column = quantity.axes[0], found.columns[0]
    objective = next(
        n for n in model.parents[model.objective] if n not in (given.constraint, name_of(given.multiplier))
    )
    forms = [_half_hessian(model, n, quantity, row, column) for n in (objective, given.constraint)]
    wider, form = with_name(model, FORMS, forms[0], row, column)
    w = quantity.at(column)
    left = total(form.target * w, column)
    right = given.multiplier * collapse_deltas(total(forms[1] * w, column))
    scalar, held = (model.quantities[n].at() for n in (objective, given.constraint))
    along = total(quantity.at() * (left - right), row)
    difference = scalar - given.multiplier * held
    factored = 2 * (left - right)
    proofs = (prove(found.gradient.result, factored, wider), prove(along, difference, wider))
    if not all(proofs):
        raise refusal
    return Eigenvector(
        model=wider,
        gradient=found.gradient,
        form=form,
        factored=factored,
        left=left,
        right=right,
        along=along,
        difference=difference,
        proofs=proofs,
    )


def _half_hessian(model: Model, of: str, quantity: Quantity, row: Idx, column: Idx) -> Expr:
    """½ ∂²of/∂w_j∂w_k, free of w."""
    hessian = second_partial(model, model.quantities[of].at(), quantity.at(row), quantity.at(column))
    half = tidy(Rational(1, 2) * hessian.result)
    if any(name_of(a) == quantity.name for a in names_in(half)):
        raise NoStationaryPoint(f"{of} is no quadratic form of {quantity.name}")
    return half
