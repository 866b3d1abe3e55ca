"""Fisher information: the variance of the score over the outcomes of the model's own likelihood, and the step it gives.

s_j = ∂LL/∂θ_j,   E[s_j] = 0,   F_jk = E[s_j s_k] = −E[∂²LL/∂θ_j∂θ_k]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from sympy import Expr, Idx, Integer

from ..analysis.fact import Fact
from ..analysis.secondorder import second_partial
from ..backprop import partial
from ..derivation import Chain, Derivation
from ..model import Model, ModelError
from ..prove import prove
from ..quantities import Definition, Quantity
from .degrees import letter_for
from .expectations import Law, in_short, law_of

ZERO = Integer(0)
LETTERS = ("F", "G", "information")


@dataclass(frozen=True, kw_only=True)
class Information:
    """The Fisher information of one data point, entry by entry.

    Attributes:
        score: the derivation of s_j.
        facts: what the law of the outcomes rests on, and that the score is zero on average.
        by_scores: from F_jk by its definition as E[s_j s_k] to its closed form.
        hessian: the derivation of ∂²LL/∂θ_j∂θ_k.
        by_hessian: −E[∂²LL/∂θ_j∂θ_k] = F_jk.
    """

    score: Derivation
    facts: tuple[Fact, ...]
    by_scores: Derivation
    hessian: Derivation
    by_hessian: Fact

    @property
    def proved(self) -> bool:
        """Whether the closed form of F was, and all it rests on."""
        return self.by_scores.verdict == "proved" and all(fact.proof is not None for fact in self.facts)

    @property
    def definition(self) -> Definition:
        """F and its closed form, at the axes of the parameter and at others."""
        found = self.by_scores
        return replace(found.model.definitions[-1], expr=found.result)


@lru_cache(maxsize=64)
def information(model: Model, parameter: str, target: str, likelihood: str) -> Information:
    """The Fisher information of a parameter.

    Args:
        model: of one data point; its objective is the logarithm of the likelihood.
        parameter: a name that the objective depends on.
        target: the name of what is distributed.
        likelihood: the name of its probability or density.
    Raises: ModelError: if there is no such parameter, or the expected values are not known.
    """
    if parameter not in model.quantities or not model.depends(model.objective, parameter):
        raise ModelError(f"the objective of model {model.name} does not depend on {parameter!r}; name a parameter")
    law, quantity = law_of(model, target, likelihood), model.quantities[parameter]
    objective = model.quantities[model.objective].at()
    slots = columns(quantity, model)
    score = partial(model, objective, quantity.at())
    other = partial(model, objective, quantity.at(*slots))
    hessian = second_partial(model, objective, quantity.at(), quantity.at(*slots))
    mean, square, curved = (
        _mean(law, e, parameter) for e in (score.result, score.result * other.result, -hessian.result)
    )
    letter = next(x for x in LETTERS if x not in model.quantities)
    named = Definition(quantity=Quantity(name=letter, latex=letter, axes=(*quantity.axes, *slots)), expr=square)
    wider = replace(model, definitions=(*model.definitions, named), questions=())
    chain = Chain(wider, named.target).then("E over the outcomes", square).then("in short", in_short(square, model))
    average = Fact(left=mean, right=ZERO, proof=prove(mean, ZERO, model), label="the score is zero on average")
    second = Fact(left=curved, right=named.target, proof=prove(curved, named.target, wider), label="by the Hessian")
    return Information(
        score=score, facts=(*law.facts, average), by_scores=chain.done(), hessian=hessian, by_hessian=second
    )


def columns(quantity: Quantity, model: Model) -> tuple[Idx, ...]:
    """Other indices over the axes of a quantity."""
    found: list[Idx] = []
    for i in quantity.axes:
        found.append(letter_for(i, {*quantity.axes, *found}, model))
    return tuple(found)


def _mean(law: Law, expr: Expr, parameter: str) -> Expr:
    found = law.mean(expr)
    if found is None:
        raise ModelError(f"the expected value of {expr} over the outcomes is not known, so {parameter} has no Fisher F")
    return found
