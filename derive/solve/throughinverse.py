"""Stationary points in a matrix that enters through its inverse, such as the covariance of a Gaussian.

With P = S^{-1}, the gradient by S_{ij} is multiplied by S from both sides,

    E_{ab} = Σ_{ij} S_{ia} g_{ij} S_{bj},   which turns back into   g_{ij} = Σ_{ab} P_{ai} E_{ab} P_{jb},

so the gradient is zero exactly where E is. Where no inverse is left in E and it is linear in one entry of S, entry by
entry, E = c (u S_{ba} − v_{ab}), the solution is S_{ba} = v_{ab}/u.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Basic, Expr, Idx, Integer, Ne, Sum
from sympy.core.relational import Relational

from ..backprop import partial
from ..calculus.indices import bound_in, fresh, substitute
from ..calculus.normalform import TooLarge, normal_form
from ..calculus.positivity import positive
from ..calculus.tidy import tidy
from ..calculus.trees import args_of
from ..calculus.unitsums import sum_to_one
from ..derivation import Derivation
from ..model import Model
from ..prove import Proof, prove, reliable_facts
from ..quantities import Domain
from ..vocabulary import InverseEntry, inverse, name_of, names_in, total
from .linear import linear_in
from .neat import neat
from .stationary import NoStationaryPoint, unfolded_to


@dataclass(frozen=True, kw_only=True)
class MatrixPoint:
    """Ŝ, where the gradient by a matrix S is zero.

    Attributes:
        gradient: the derivation of g_{ij} = ∂L/∂S_{ij}.
        multiplied: E_{ab} = c (u S_{ba} − v_{ab}).
        turned_back: Σ_{ab} P_{ai} E_{ab} P_{jb}, which g_{ij} is.
        unknown, solution: S_{ij} and Ŝ_{ij}; the solution holds no S.
        proofs: of g = P^T E P^T, and of E = 0 at the solution; None where none was found.
        conditions: what must not be zero besides.
    """

    gradient: Derivation
    multiplied: Expr
    turned_back: Expr
    unknown: Expr
    solution: Expr
    proofs: tuple[Proof | None, Proof | None]
    conditions: tuple[Relational, ...]

    @property
    def verdict(self) -> str:
        """`proved` if the gradient, its form and the solution are."""
        return "proved" if all(self.proofs) and self.gradient.verdict == "proved" else "undecided"


def through_inverse(model: Model, parameter: str) -> MatrixPoint:
    """Where the derivative of the objective by a matrix is zero that enters through its inverse.

    Args:
        model: its definitions are all that is used.
        parameter: a positive definite quantity with two axes of one range, so that it has an inverse.
    Raises: NoStationaryPoint: if it is none, or an inverse is left after the multiplication, or more than one entry.
    """
    quantity = model.quantities[parameter]
    if quantity.domain is not Domain.POSITIVE_DEFINITE or len(quantity.axes) != 2:
        raise NoStationaryPoint(f"{parameter} is no positive definite matrix; solve it numerically")
    gradient = partial(model, model.quantities[model.objective].at(), quantity.at())
    i, j = quantity.axes
    a, b = (fresh(k, {i, j}) for k in (i, j))
    found = _multiplied(model, parameter, unfolded_to(gradient.result, quantity, model), (a, b))
    found_at = [e for e in names_in(found) if name_of(e) == parameter]
    if found.atoms(InverseEntry) or set(found_at) not in ({quantity.at(a, b)}, {quantity.at(b, a)}):
        raise NoStationaryPoint(f"the gradient by {parameter} was not shown to be linear in it between its inverses")
    entry = found_at[0]
    linear = linear_in(found, entry)
    if linear is None or linear.p != 1 or linear.low != 0:
        raise NoStationaryPoint(f"the gradient by {parameter} was not shown to be linear in it between its inverses")
    solved = neat(tidy(linear.b / linear.a), (a, b))
    multiplied = linear.c * (linear.a * entry - neat(linear.b, (a, b)))
    back = total(inverse(parameter, a, i) * multiplied * inverse(parameter, j, b), a, b)
    there: dict[Basic, Basic] = dict(zip(entry.args[1:], (i, j), strict=True))
    facts = reliable_facts(model)
    uncertain = (e for e in (linear.a, linear.c) if not positive(e, facts) and not positive(-e, facts))
    return MatrixPoint(
        gradient=gradient,
        multiplied=multiplied,
        turned_back=back,
        unknown=quantity.at(),
        solution=substitute(solved, there),
        proofs=(
            prove(gradient.result, back, model),
            prove(linear.a * solved - linear.b, Integer(0), model),
        ),
        conditions=tuple(Ne(e, 0, evaluate=False) for e in uncertain),
    )


def _multiplied(model: Model, parameter: str, gradient: Expr, outer: tuple[Idx, Idx]) -> Expr:
    """Σ_{ij} S_{ia} g_{ij} S_{bj} with Σ_j S_{bj} P_{jk} = δ_{bk} carried out."""
    quantity = model.quantities[parameter]
    i, j = quantity.axes
    a, b = outer
    whole = total(quantity.at(i, a) * gradient * quantity.at(b, j), i, j)
    try:
        return neat(tidy(sum_to_one(_plain(normal_form(whole, reliable_facts(model)), model), model)), (a, b))
    except (TooLarge, RecursionError):
        raise NoStationaryPoint(f"the gradient by {parameter} is too large to be multiplied out") from None


def _plain(expr: Expr, model: Model) -> Expr:
    """Sums of a normal form over indices that the model has, where one has the length of their range."""
    if not isinstance(expr, Sum):
        return expr.func(*(_plain(e, model) for e in args_of(expr))) if expr.has(Sum) else expr
    body = _plain(args_of(expr)[0], model)
    limits: list[tuple[Idx, Expr, Expr]] = []
    axes = [k for q in model.quantities.values() for k in q.axes]
    for i, lower, upper in bound_in(expr):
        like = next((k for k in axes if ((k.upper - k.lower) - (upper - lower)).expand() == 0), i)
        new = fresh(like, {*body.atoms(Idx), *(k for k, _, _ in limits)})
        shifted: dict[Basic, Basic] = {i: new + (lower - new.lower)}
        body = substitute(body, shifted)
        limits.append((new, new.lower, new.upper))
    return Sum(body, *limits)
