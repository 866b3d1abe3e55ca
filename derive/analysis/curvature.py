"""Curvature: the Hessian, and its sign as a weighted sum of squares.

A Hessian of the form H_{jk} = Σ_s w_s f_{s,j} f_{s,k} is a sum of squares along every direction v,

    Σ_{jk} v_j H_{jk} v_k = Σ_s w_s (Σ_j f_{s,j} v_j)²,

so the sign of the weights is the sign of the curvature. A delta δ_{jk} joins the two sums over j: Σ_j w_j v_j².
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sympy import Add, Expr, Idx, Integer, Mul, Sum

from ..calculus.indices import fresh, rename_bound, transform
from ..calculus.positivity import Facts, nonnegative, positive
from ..derivation import Derivation
from ..model import Model, ModelError
from ..prove import Proof, prove, reliable_facts
from ..quantities import Quantity
from ..vocabulary import indices_of, scalar, tensor, total
from .secondorder import second_partial
from .squares import Directions, Square, on_simplex, squares

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
        parts: the weighted squares that it is made of; () if they were not found.
        squares: their sum; None if they were not found.
        model: the model with what else was proved on the way, such as that probabilities sum to one.
        proof: of quadratic = squares in it.
        definiteness: the sign of the weights; undecided if they have no certain common sign, or without a proof.
            A Hessian that is zero counts as positive semidefinite.
        flat_unless: what must be positive for vᵀHv to be zero only for v = 0, () if nothing must; None if that was not
            shown at all.
    """

    hessian: Derivation
    quadratic: Expr
    model: Model
    parts: tuple[Square, ...] = ()
    squares: Expr | None = None
    proof: Proof | None = None
    definiteness: Definiteness = Definiteness.UNDECIDED
    flat_unless: tuple[Expr, ...] | None = None

    @property
    def verdict(self) -> str:
        """`proved` if a sign was."""
        return "undecided" if self.definiteness is Definiteness.UNDECIDED else "proved"

    @property
    def strict(self) -> bool:
        """Whether vᵀHv was proved to be zero only for v = 0: then "semidefinite" is "definite"."""
        return self.flat_unless == ()

    @property
    def axes(self) -> tuple[Idx, ...]:
        """The rows and columns of the Hessian."""
        first, second = (indices_of(p.args[1]) for p in (self.hessian.target.args[0], self.hessian.target))
        return tuple(i for i in (*first, *second) if isinstance(i, Idx))

    @property
    def words(self) -> str:
        """The sign in words: "negative semidefinite", "positive definite"."""
        return self.definiteness.value.replace("semi", "") if self.strict else self.definiteness.value


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
    quadratic = total(here * there * hessian.result, *rows, *columns) if rows else here * there * hessian.result
    v = Directions(model=model, rows=rows, columns=columns, entry=here)
    parts = squares(_without_empty(hessian.result, {*rows, *columns}), v)
    found = Curvature(hessian=hessian, quadratic=quadratic, model=model)
    if parts is None or hessian.verdict != "proved":
        return found
    whole = Add(*(part.expr for part in parts))
    known = on_simplex(model, tuple(n for p in parts for n in p.normalised))
    proof = prove(quadratic, whole, known)
    sign, unless = _sign(parts, model) if proof else (Definiteness.UNDECIDED, None)
    return replace(
        found, model=known, parts=tuple(parts), squares=whole, proof=proof, definiteness=sign, flat_unless=unless
    )


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


def _sign(parts: list[Square], model: Model) -> tuple[Definiteness, tuple[Expr, ...] | None]:
    """The common sign of the weights, and what must be positive for only v = 0 to make the whole zero."""
    facts = reliable_facts(model)
    for sign, definiteness in ((1, Definiteness.POSITIVE), (-1, Definiteness.NEGATIVE)):
        if all(nonnegative(sign * p.weight, facts) for p in parts):
            needed = (_factors_in_doubt(sign * p.weights, facts) for p in parts if p.everywhere)
            return definiteness, min(needed, key=len, default=None)
    return Definiteness.UNDECIDED, None


def _factors_in_doubt(weight: Expr, facts: Facts) -> tuple[Expr, ...]:
    """What must be positive for a product to be, which is certainly not negative: () if it certainly is."""
    rest = weight
    for f in Mul.make_args(weight):
        if positive(f, facts) or positive(-f, facts):
            rest /= f if positive(f, facts) else -f
    return () if rest == 1 else (rest,)


def _without_empty(hessian: Expr, axes: set[Idx]) -> Expr:
    """The bound indices renamed apart from the axes, which lets terms cancel, and sums of zero left out."""
    apart = rename_bound(hessian, axes)
    return transform(apart, lambda e: Integer(0) if isinstance(e, Sum) and e.function == 0 else None)
