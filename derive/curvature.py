"""Curvature: the Hessian, and its sign as a weighted sum of squares.

A Hessian of the form H_{jk} = Σ_s w_s f_{s,j} f_{s,k} is a sum of squares along every direction v,

    Σ_{jk} v_j H_{jk} v_k = Σ_s w_s (Σ_j f_{s,j} v_j)²,

so the sign of the weights is the sign of the curvature. A delta δ_{jk} joins the two sums over j: Σ_j w_j v_j².
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sympy import Add, Basic, Expr, Idx, Integer, KroneckerDelta, Mul, Pow, Sum, expand_mul

from .calculus.indices import bound_in, free_indices, fresh, rename_bound, substitute, transform
from .calculus.positivity import nonnegative
from .derivation import Derivation
from .model import Model, ModelError
from .prove import Proof, prove, reliable_facts
from .quantities import Quantity
from .secondorder import second_partial
from .vocabulary import scalar, tensor

DIRECTIONS = ("v", "u", "d", "direction")  # names for the direction, the first that the model does not use


class Definiteness(StrEnum):
    """What was proved of the sign of vᵀHv, the same for every v."""

    POSITIVE = "positive semidefinite"
    NEGATIVE = "negative semidefinite"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class Curvature:
    """The Hessian of an objective with respect to a parameter, and its sign.

    Attributes:
        hessian: the derivation of H_{jk} = ∂²objective/∂θ_j∂θ_k.
        quadratic: Σ_{jk} v_j H_{jk} v_k.
        squares: the same as a weighted sum of squares; None if it was not found.
        proof: of quadratic = squares.
        definiteness: the sign of the weights; undecided if they have no certain common sign, or without a proof.
            A Hessian that is zero counts as positive semidefinite.
    """

    hessian: Derivation
    quadratic: Expr
    squares: Expr | None
    proof: Proof | None
    definiteness: Definiteness

    @property
    def verdict(self) -> str:
        """`proved` if a sign was."""
        return "undecided" if self.definiteness is Definiteness.UNDECIDED else "proved"


def curvature(model: Model, objective: str, parameter: str) -> Curvature:
    """The curvature of an objective along a parameter: vᵀHv as ± Σ_s w_s (Σ_j f_{s,j} v_j)² with w_s ≥ 0.

    Args:
        model: its definitions, and the domains of its quantities, are all that is used.
        objective: the name of a scalar of the model.
        parameter: the name of a quantity that it depends on; its axes become the rows and columns of H.
    Returns: the Hessian with its derivation, and the sign that was proved.
    Raises: ModelError: if the model has no such objective or parameter, or a recursion lies between them.
    """
    whole, quantity = _found(model, objective), _found(model, parameter)
    if whole.axes:
        raise ModelError(f"{objective} has {len(whole.axes)} axes; curvature needs a scalar, such as a total loss")
    if (recurring := recursion_between(model, objective, parameter)) is not None:
        raise ModelError(
            f"{objective} depends on {parameter} through the recursion of {recurring}; curvature needs none"
        )
    rows = quantity.axes
    columns = _columns(rows)
    hessian = second_partial(model, whole.at(), quantity.at(), quantity.at(*columns))
    return _judged(model, hessian, rows, columns)


def _judged(model: Model, hessian: Derivation, rows: tuple[Idx, ...], columns: tuple[Idx, ...]) -> Curvature:
    direction = next(name for name in DIRECTIONS if name not in model.quantities)
    here, there = (tensor(direction)[axes] if axes else scalar(direction) for axes in (rows, columns))
    quadratic = _sum(here * there * hessian.result, (*rows, *columns))
    parts = _squares(_without_empty(hessian.result, {*rows, *columns}), rows, columns, here)
    if parts is None or hessian.verdict != "proved":
        return Curvature(
            hessian=hessian, quadratic=quadratic, squares=None, proof=None, definiteness=Definiteness.UNDECIDED
        )
    squares = Add(*(part.expr for part in parts))
    proof = prove(quadratic, squares, model)
    sign = _sign([part.weight for part in parts], model) if proof else Definiteness.UNDECIDED
    return Curvature(hessian=hessian, quadratic=quadratic, squares=squares, proof=proof, definiteness=sign)


def recursion_between(model: Model, objective: str, parameter: str) -> str | None:
    """The name of a recursion between objective and parameter, where second derivatives do not end."""
    between = (d.name for d in model.definitions if d.recursive and model.depends(objective, d.name))
    return next((name for name in between if model.depends(name, parameter)), None)


def _found(model: Model, name: str) -> Quantity:
    if name not in model.quantities:
        raise ModelError(f"model {model.name} has no {name!r}; it has {', '.join(model.quantities)}")
    return model.quantities[name]


def _columns(rows: tuple[Idx, ...]) -> tuple[Idx, ...]:
    columns: list[Idx] = []
    for i in rows:
        columns.append(fresh(i, {*rows, *columns}))
    return tuple(columns)


def _sign(weights: list[Expr], model: Model) -> Definiteness:
    facts = reliable_facts(model)
    if all(nonnegative(w, facts) for w in weights):
        return Definiteness.POSITIVE
    return Definiteness.NEGATIVE if all(nonnegative(-w, facts) for w in weights) else Definiteness.UNDECIDED


# -- the terms of a Hessian as squares --------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Square:
    """Σ w (Σ f v)² with its weight w."""

    expr: Expr
    weight: Expr


def _without_empty(hessian: Expr, axes: set[Idx]) -> Expr:
    """The bound indices renamed apart from the axes, which lets terms cancel, and sums of zero left out."""
    apart = rename_bound(hessian, axes)
    return transform(apart, lambda e: Integer(0) if isinstance(e, Sum) and e.function == 0 else None)


def _squares(expr: Expr, rows: tuple[Idx, ...], columns: tuple[Idx, ...], direction: Expr) -> list[_Square] | None:
    """The squares that make up a Hessian, whole if it is one square, else term by term, else multiplied out."""
    if expr == 0:
        return []
    if (whole := _square(expr, rows, columns, direction)) is not None:
        return [whole]
    terms = Add.make_args(expr if isinstance(expr, Add) else expand_mul(expr, deep=False))
    if len(terms) == 1:
        return None
    parts = [_squares(t, rows, columns, direction) for t in terms]
    return None if any(p is None for p in parts) else [square for p in parts for square in p or ()]


def _square(term: Expr, rows: tuple[Idx, ...], columns: tuple[Idx, ...], direction: Expr) -> _Square | None:
    """One term c Σ_s w_s f_{s,j} f_{s,k} Π δ as a square, or None if it is not of this form."""
    factors, bound = _flattened(term, {*rows, *columns})
    pairs = {KroneckerDelta(i, k): (i, k) for i, k in zip(rows, columns, strict=True)}
    joined = dict(pairs[f] for f in factors if f in pairs)
    back: dict[Basic, Basic] = {k: i for i, k in joined.items()}  # what a delta has joined is one index from here on
    factors = [substitute(f, back) for f in factors if f not in pairs]
    own, other = {i for i in rows if i not in joined}, {k for k in columns if k not in back}
    left = Mul(*(f for f in factors if free_indices(f) & own))
    right = Mul(*(f for f in factors if free_indices(f) & other))
    mirrored = substitute(right, dict(zip(columns, rows, strict=True)))
    if free_indices(left) & other or mirrored != left:
        return None
    weight = Mul(*(f for f in factors if not free_indices(f) & (own | other)))
    along = _sum(left * direction, tuple(i for i in rows if i in own))
    squares = Sum(weight * along**2, *bound) if bound else weight * along**2
    return _Square(expr=_sum(squares, tuple(joined)), weight=weight)


def _flattened(term: Expr, axes: set[Idx]) -> tuple[list[Expr], tuple[tuple[Idx, Expr, Expr], ...]]:
    """The factors of a term with those under its sum, and the ranges of that sum."""
    factors = [g for f in Mul.make_args(term) for g in _powers_apart(f, axes)]
    sums = [f for f in factors if isinstance(f, Sum) and free_indices(f) & axes]
    if len(sums) != 1:
        return factors, ()
    inside, deeper = _flattened(sums[0].function, axes)
    return [*(f for f in factors if f is not sums[0]), *inside], (*deeper, *bound_in(sums[0]))


def _powers_apart(factor: Expr, axes: set[Idx]) -> tuple[Expr, ...]:
    """x^{j+k} as x^j · x^k."""
    if isinstance(factor, Pow) and len(free_indices(factor.args[1]) & axes) > 1:
        return tuple(Pow(factor.args[0], part, evaluate=False) for part in Add.make_args(factor.args[1]))
    return (factor,)


def _sum(body: Expr, axes: tuple[Idx, ...]) -> Expr:
    return Sum(body, *[(i, i.lower, i.upper) for i in axes]) if axes else body
