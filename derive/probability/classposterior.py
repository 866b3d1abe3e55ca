"""Posteriors of several classes: by Bayes' rule a softmax of scores, collected by powers of the features.

From p_k = q_k / Σ_l q_l follow p_k = e^{z_k} / Σ_l e^{z_l} with z_k = log q_k less what depends on no class.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Add, Expr, Idx, Sum, exp, fraction, log

from ..analysis.recognise import by_terms
from ..analysis.symmetric import prove_values
from ..calculus.indices import bound_in, free_indices, substitute
from ..calculus.tidy import expand_logs
from ..derivation import Derivation, Step
from ..model import Model, ModelError
from ..prove import reliable_facts
from ..quantities import Definition, Quantity
from ..vocabulary import is_name
from .degrees import Collected, collected, gathered, joined_logs, term_of
from .posterior import LETTERS

SCORES = ("z", "u", "score")


@dataclass(frozen=True, kw_only=True)
class ClassPosterior:
    """Probabilities as the softmax of polynomials in the features.

    Attributes:
        derivation: from p_k to e^{z_k} / Σ_l e^{z_l}; its model has names for z and the coefficients.
        scores: the definition of z_k.
        log_weights: log q_k in the names of the model.
        own: the coefficients that differ between classes, with their degrees.
        linear: whether none of these is quadratic.
    """

    derivation: Derivation
    scores: Definition
    log_weights: Expr
    own: tuple[tuple[int, Definition], ...]

    @property
    def linear(self) -> bool:
        return all(degree < 2 for degree, _ in self.own)


def class_posterior(model: Model, name: str, by: str) -> ClassPosterior:
    """Probabilities of classes as a softmax of polynomials in the features.

    Args:
        model: defines p_k = q_k / Σ_l q_l from densities and priors.
        name: of the probabilities, whose last axis counts the classes.
        by: the name of the features, which are given.
    Raises: ModelError: if the probabilities are not such, or log q_k was not shown to be of degree two or less.
    """
    weight, total_weight = _share(model, name, by)
    quantity = model.quantities[name]
    target, body = quantity.at(), model.body(quantity.at())
    odds = expand_logs(log(weight), reliable_facts(model))
    letter = next(x for x in LETTERS if x not in model.quantities)
    named = Definition(quantity=Quantity(name=letter, latex=letter, axes=quantity.axes), expr=odds)
    found = collected(named.target, by, replace(model, definitions=(*model.definitions, named), questions=()))
    if found is None:
        raise ModelError(f"the logarithms of the weights of {name} were not shown to be of degree two in {by}, or less")
    k = quantity.axes[-1]
    own = _own(found, k)
    letter = next(x for x in SCORES if x not in model.quantities)
    score = Add(*(term_of(d, degree, model.quantities[by]) for degree, d in own))
    scores = Definition(quantity=Quantity(name=letter, latex=letter, axes=quantity.axes), expr=score)
    wider = replace(model, definitions=(*model.definitions, *(d for _, d in own), scores), questions=())
    softmax = _softmax(scores, total_weight, k)
    steps: list[Step] = []
    now = target
    for rule, after in (
        (f"definition of {name}", body),
        (f"by powers of {by}, what all classes share left out", softmax),
    ):
        steps.append(Step(rule=rule, before=now, after=after, proof=prove_values(now, after, wider)))
        now = after
    proof = prove_values(target, now, wider)
    derivation = Derivation(model=wider, target=target, result=now, chain=tuple(steps), proof=proof)
    return ClassPosterior(derivation=derivation, scores=scores, log_weights=odds, own=own)


def _share(model: Model, name: str, by: str) -> tuple[Expr, Sum]:
    """q_k and Σ_l q_l."""
    if name not in model.defined or by not in {q.name for q in model.given} or not model.depends(name, by):
        raise ModelError(f"{name} of model {model.name} must be defined by a formula that depends on the given {by}")
    above: Expr
    below: Expr
    above, below = fraction(model.defined[name].expr)
    if not model.quantities[name].axes or not is_name(above) or not isinstance(below, Sum):
        raise ModelError(f"{name} of model {model.name} is no share q / Σ q; define it so, with a name for q")
    return above, below


def _own(found: Collected, k: Idx) -> tuple[tuple[int, Definition], ...]:
    """The coefficients that differ between classes, less the terms that do not."""
    own: list[tuple[int, Definition]] = []
    facts = reliable_facts(found.model)
    for degree, d in found.coefficients:
        terms = [t for t in Add.make_args(by_terms(expand_logs(d.expr, facts))) if k in free_indices(t)]
        if terms:
            own.append((degree, replace(d, expr=joined_logs(gathered(Add(*terms), found.model), facts))))
    return tuple(own)


def _softmax(scores: Definition, whole: Sum, k: Idx) -> Expr:
    """e^{z_k} / Σ_l e^{z_l}, with the index of the sum that there was."""
    ((i, lower, upper),) = bound_in(whole)
    z = scores.target
    return exp(z) / Sum(exp(substitute(z, {k: i})), (i, lower, upper))
