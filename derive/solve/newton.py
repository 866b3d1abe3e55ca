"""Newton's step, and the weighted least squares that it is where the Hessian is a sum over the points.

With g and H at θ, θ_new = θ − H^{-1} g is where the gradient of the second-order model of the objective is zero,

    g + H (θ_new − θ) = 0.

Where g_j = Σ_s u_s x_{s,j} and H_{jk} = ∓ Σ_s S_s x_{s,j} x_{s,k}, it solves a least squares problem with weights S,

    θ_new = (X^T S X)^{-1} X^T S z,   z = X θ ± u/S,

which is solved anew at every step: iteratively reweighted least squares.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Basic, Expr, Idx, Mul, Sum

from ..analysis.curvature import Curvature, Definiteness, curvature
from ..analysis.squares import Square
from ..backprop import partial
from ..calculus.indices import bound_in, free_indices, rename_bound, substitute
from ..calculus.positivity import positive
from ..calculus.tidy import tidy
from ..calculus.trees import args_of
from ..derivation import Derivation
from ..model import Model, ModelError
from ..prove import Proof, prove, reliable_facts
from ..quantities import Definition
from ..vocabulary import inverse, total
from .naming import with_name
from .solving import MATRICES

GRADIENTS, WEIGHTS, TARGETS, SIDES = (
    ("g", "gradient"),
    ("S", "w", "weights"),
    ("z", "t", "working"),
    ("b", "c", "right"),
)


@dataclass(frozen=True, kw_only=True)
class NewtonStep:
    """θ_new = θ ± A^{-1} g with A = ∓H, positive semidefinite where that was proved.

    Attributes:
        model: the model with g, A and θ_new defined.
        parameter: the name of θ.
        derivation: of the gradient.
        curved: the Hessian and its sign.
        sign: −1 where A = H, 1 where A = −H.
        gradient, matrix, step: g, A and θ_new as definitions.
        applied: Σ_k A_{jk} (θ_new,k − θ_k), which ± g_j is.
        proof: of that; None where none was found.
    """

    model: Model
    parameter: str
    derivation: Derivation
    curved: Curvature
    sign: int
    gradient: Definition
    matrix: Definition
    step: Definition
    applied: Expr
    proof: Proof | None


@dataclass(frozen=True, kw_only=True)
class Reweighted:
    """θ_new = (X^T S X)^{-1} X^T S z.

    Attributes:
        model: with S, z and b = X^T S z defined as well.
        weights, working, right: S, z and b as definitions.
        gram: Σ_s x_{s,j} S_s x_{s,k}, which A_{jk} is.
        sum_of: Σ_k A_{jk} θ_k ± g_j, which b_j is.
        solution: Σ_k (A^{-1})_{jk} b_k.
        proofs: of A = X^T S X, of b = A θ ± g, and of θ_new = A^{-1} (A θ ± g); None where none was found.
        certain: whether S is certainly positive.
    """

    model: Model
    weights: Definition
    working: Definition
    right: Definition
    gram: Expr
    sum_of: Expr
    solution: Expr
    proofs: tuple[Proof | None, Proof | None, Proof | None]
    certain: bool


def newton(model: Model, parameter: str) -> NewtonStep:
    """Newton's step of the objective in a parameter with one axis.

    Args:
        model: over the data, if it has any.
        parameter: the name of a vector that the objective depends on.
    Raises: ModelError: if it is no vector.
    """
    quantity = model.quantities[parameter]
    if len(quantity.axes) != 1:
        raise ModelError(f"Newton's step needs a vector; {parameter} has {len(quantity.axes)} axes")
    curved = curvature(model, model.objective, parameter)
    derivation = partial(model, model.quantities[model.objective].at(), quantity.at())
    sign = 1 if curved.definiteness is Definiteness.NEGATIVE else -1
    row, column = curved.axes
    wider, gradient = with_name(curved.model, GRADIENTS, derivation.result, row)
    wider, matrix = with_name(wider, MATRICES, tidy(-sign * curved.hessian.result), row, column)
    moved = quantity.at() + sign * _applied(inverse(matrix.name, row, column), gradient.target, row, column)
    new = (f"{parameter}_new", f"{parameter}_next")
    wider, step = with_name(wider, new, moved, row, latex=rf"{quantity.latex}_{{\text{{new}}}}")
    applied = _applied(matrix.target, step.target - quantity.at(), row, column)
    return NewtonStep(
        model=wider,
        parameter=parameter,
        derivation=derivation,
        curved=curved,
        sign=sign,
        gradient=gradient,
        matrix=matrix,
        step=step,
        applied=applied,
        proof=prove(applied, sign * gradient.target, wider),
    )


def reweighted(found: NewtonStep) -> Reweighted | None:
    """Newton's step as weighted least squares, or None if gradient and Hessian are not sums over the same features."""
    part = found.curved.parts[0] if len(found.curved.parts) == 1 else None
    row, column = found.curved.axes
    if part is None or part.own != (row,) or part.joined or len(part.bound) != 1:
        return None
    apart = _apart(found.derivation.result, part, row)
    if apart is None:
        return None
    s = part.bound[0][0]
    features, theta = part.factor, found.model.quantities[found.parameter].at()
    wider, weights = with_name(found.model, WEIGHTS, tidy(-found.sign * part.weight), s, sample_axis=True)
    target = total(features * theta, row) + found.sign * tidy(apart) / weights.target
    wider, working = with_name(wider, TARGETS, target, s, sample_axis=True)
    wider, right = with_name(wider, SIDES, total(features * weights.target * working.target, s), row)
    gram = total(features * weights.target * substitute(features, {row: column}), s)
    sum_of = _applied(found.matrix.target, theta, row, column) + found.sign * found.gradient.target
    solution = _applied(inverse(found.matrix.name, row, column), right.target, row, column)
    as_sum = replace(wider, definitions=(*wider.definitions[:-1], replace(right, expr=sum_of)))
    return Reweighted(
        model=wider,
        weights=weights,
        working=working,
        right=right,
        gram=gram,
        sum_of=sum_of,
        solution=solution,
        proofs=(
            prove(found.matrix.target, gram, wider),
            prove(right.target, sum_of, wider),
            prove(found.step.target, solution, as_sum),
        ),
        certain=positive(weights.expr, reliable_facts(wider)),
    )


def _apart(gradient: Expr, part: Square, row: Idx) -> Expr | None:
    """u_s where the gradient is Σ_s u_s f_{s,row} with the features f of the Hessian."""
    number = Mul(*(f for f in Mul.make_args(gradient) if not isinstance(f, Sum)))
    sums = [f for f in Mul.make_args(gradient) if isinstance(f, Sum)]
    if len(sums) != 1 or len(bound_in(sums[0])) != 1:
        return None
    (s, lower, upper), (i, low, high) = bound_in(sums[0])[0], part.bound[0]
    if (lower, upper) != (low, high):
        return None
    renamed: dict[Basic, Basic] = {s: i}
    rest = number * substitute(args_of(sums[0])[0], renamed) / part.factor
    return None if row in free_indices(rest) else rest


def _applied(matrix: Expr, vector: Expr, row: Idx, column: Idx) -> Expr:
    where: dict[Basic, Basic] = {row: column}
    return total(matrix * substitute(rename_bound(vector, {column}), where), column)
