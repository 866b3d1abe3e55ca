"""The natural gradient: the step ν that the Fisher information makes of a gradient, Σ_k F_jk ν_k = ∂LL/∂θ_j.

Where F was not shown to be singular, ν = F^{-1} ∂LL/∂θ. A softmax has a singular F, since a shift of all logits changes
nothing; of the form F = diag(d) − … it may have the solution ν_k = g_k/d_k, which is put to the proof.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr, Idx, Integer, Sum

from ..analysis.fact import Fact
from ..analysis.secondorder import second_partial
from ..backprop import partial
from ..calculus.indices import rename_bound, substitute
from ..calculus.tidy import pull_out, tidy
from ..derivation import Derivation
from ..model import Model
from ..prove import prove
from ..quantities import Definition, Quantity
from ..vocabulary import inverse, total
from .fisher import Information, information
from .gaussianlaw import beside_delta

ZERO = Integer(0)
NAMES = (("nu", r"\nu"), ("eta", r"\eta"), ("natural", r"\operatorname{natural}"))


@dataclass(frozen=True, kw_only=True)
class NaturalGradient:
    """The natural gradient over n data points.

    Attributes:
        model: over the data, with F and ν as names.
        point: the information of one data point.
        information: the definition of F, the sum over the points.
        gradient: the derivation of ∂LL/∂θ_j.
        singular: Σ_k F_jk = 0 along the last axis of the parameter, where that was proved; else None.
        step: the definition of ν; None where no solution was found.
        solved: Σ_k F_jk ν_k = ∂LL/∂θ_j.
        newton: −∂²LL/∂θ_j∂θ_k = F_jk, where that was proved, so that the step is Newton's; else None.
    """

    model: Model
    point: Information
    information: Definition
    gradient: Derivation
    singular: Fact | None
    step: Definition | None
    solved: Fact | None
    newton: Fact | None


def natural_gradient(model: Model, parameter: str, target: str, likelihood: str) -> NaturalGradient:
    """The natural gradient of a parameter over n data points.

    Args:
        model: of one data point; its objective is the logarithm of the likelihood.
        parameter: a name that the objective depends on.
        target: the name of what is distributed.
        likelihood: the name of its probability or density.
    Raises: ModelError: if there is no such parameter, or its information is not known.
    """
    point = information(model, parameter, target, likelihood)
    whole, found = _over_data(point)
    quantity, objective = whole.quantities[parameter], whole.quantities[whole.objective].at()
    slots = found.quantity.axes[len(quantity.axes) :]
    gradient = partial(whole, objective, quantity.at())
    singular = _singular(found, slots, whole)
    wider, step, solved = whole, None, None
    candidate = _candidate(found, quantity, slots, gradient.result, singular is not None)
    if candidate is not None:
        name, latex = next(pair for pair in NAMES if pair[0] not in whole.quantities)
        named = Definition(quantity=Quantity(name=name, latex=latex, axes=quantity.axes), expr=candidate)
        tried = replace(whole, definitions=(*whole.definitions, named))
        left = found.target * named.quantity.at(*slots)
        left = total(left, *slots) if slots else left
        proof = prove(left, gradient.result, tried)
        if proof is not None:
            wider, step = tried, named
            solved = Fact(left=left, right=gradient.target, proof=proof, label="put back")
    return NaturalGradient(
        model=wider,
        point=point,
        information=found,
        gradient=gradient,
        singular=singular,
        step=step,
        solved=solved,
        newton=_newton(found, quantity, slots, whole),
    )


def _over_data(point: Information) -> tuple[Model, Definition]:
    """The model over the data with F, the sum over the points: scores of zero mean add up their variances."""
    own, before = point.definition, point.by_scores.model
    whole = replace(before, definitions=(*before.definitions[:-1], own)).over_data()
    s = whole.sample
    assert s is not None
    found = replace(own, expr=pull_out(Sum(whole.defined[own.name].expr, (s, s.lower, s.upper))))
    others = tuple(d for d in whole.definitions if d.name != own.name)
    return replace(whole, definitions=(*others, found)), found


def _singular(found: Definition, slots: tuple[Idx, ...], whole: Model) -> Fact | None:
    """Σ_k F_jk = 0 along the last axis."""
    summed = total(found.target, slots[-1]) if slots else found.target
    proof = prove(summed, ZERO, whole)
    return None if proof is None else Fact(left=summed, right=ZERO, proof=proof, label="singular")


def _candidate(
    found: Definition, quantity: Quantity, slots: tuple[Idx, ...], gradient: Expr, singular: bool
) -> Expr | None:
    """g/F for a scalar, F^{-1} g for a vector, and g_k/d_k where F = diag(d) − … is singular."""
    if not slots:
        return None if singular else tidy(gradient / found.expr)
    if len(slots) != 1:
        return None
    (i,), (k,) = quantity.axes, slots
    if not singular:
        there = substitute(rename_bound(gradient, {k}), {i: k})
        return total(inverse(found.name, i, k) * there, k)
    diagonal = beside_delta(found.expr, (i,), (k,))
    return None if diagonal == 0 else tidy(gradient / diagonal)


def _newton(found: Definition, quantity: Quantity, slots: tuple[Idx, ...], whole: Model) -> Fact | None:
    """−∂²LL/∂θ_j∂θ_k = F_jk, which holds where the Hessian does not depend on the outcomes."""
    second = second_partial(whole, whole.quantities[whole.objective].at(), quantity.at(), quantity.at(*slots))
    proof = prove(-second.result, found.target, whole) if second.verdict == "proved" else None
    return None if proof is None else Fact(left=-second.target, right=found.target, proof=proof, label="the Hessian")
