"""Posteriors: the probability of a class by Bayes' rule as σ of its log-odds, collected by powers of the features.

P = q_1 / (q_1 + q_0) = σ(a),   a = log q_1 − log q_0 = b + Σ_i w_i x_i + Σ_ij Q_ij x_i x_j
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr, log

from ..analysis.symmetric import prove_values
from ..calculus.normalform import TooLarge, normal_form
from ..calculus.tidy import expand_logs, tidy
from ..derivation import Derivation, Step
from ..model import Model, ModelError
from ..prove import reliable_facts
from ..quantities import Definition, Quantity
from ..rows.functions import sigmoid
from .degrees import Collected, collected, opened

LETTERS = ("a", "u", "odds")  # for the log-odds


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """A probability as σ(b + Σ w x + Σ Q x x).

    Attributes:
        derivation: from the name of the probability to σ of the log-odds collected by powers; its model has names for
            the log-odds and their coefficients.
        log_odds: log(P/(1 − P)) in the names of the model.
        collected: their coefficients.
    """

    derivation: Derivation
    log_odds: Expr
    collected: Collected

    @property
    def linear(self) -> bool:
        """Whether the quadratic part was proved to be zero."""
        return 2 in dict(self.collected.vanishing)


def posterior(model: Model, name: str, by: str) -> Posterior:
    """A probability as σ of a polynomial in the features.

    Args:
        model: defines the probability, such as P = q_1 / (q_1 + q_0), from densities and priors.
        name: of the probability.
        by: the name of the features x, which are given.
    Raises: ModelError: if the names are not such, or the log-odds were not shown to be a polynomial of degree two.
    """
    if name not in model.defined or by not in {q.name for q in model.given} or not model.depends(name, by):
        raise ModelError(f"{name} of model {model.name} must be defined by a formula that depends on the given {by}")
    target = model.quantities[name].at()
    body = model.body(target)
    odds = _log_odds(body, model)
    found = None if odds is None else _collected(odds, by, model)
    if odds is None or found is None:
        raise ModelError(f"the log-odds of {name} were not shown to be of degree two in {by}, or less")
    steps: list[Step] = []
    now = target
    for rule, after in (
        (f"definition of {name}", body),
        ("solved for the argument of σ", sigmoid(odds)),
        (f"collected by powers of {by}", sigmoid(found.expr)),
    ):
        steps.append(Step(rule=rule, before=now, after=after, proof=prove_values(now, after, found.model)))
        now = after
    whole = prove_values(target, now, found.model)
    derivation = Derivation(model=found.model, target=target, result=now, chain=tuple(steps), proof=whole)
    return Posterior(derivation=derivation, log_odds=odds, collected=found)


def _collected(odds: Expr, by: str, model: Model) -> Collected | None:
    """The log-odds by powers of the features, in a model that has a name for them."""
    letter = next(x for x in LETTERS if x not in model.quantities)
    named = Definition(quantity=Quantity(name=letter, latex=letter), expr=opened(odds, by, model))
    return collected(named.target, by, replace(model, definitions=(*model.definitions, named), questions=()))


def _log_odds(body: Expr, model: Model) -> Expr | None:
    """log(P/(1 − P)), with the logarithm of what is positive taken apart."""
    facts = reliable_facts(model)
    try:
        ratio = normal_form(body / (1 - body), facts)
    except TooLarge:
        return None
    return expand_logs(log(tidy(ratio)), facts)
