"""Expected values over the outcomes of a likelihood: sums over finitely many, moments where it is Gaussian.

A target of 0 or 1 has two outcomes, a one-hot target of C entries has the C unit vectors,

    E[f(y)] = Σ_y P(y) f(y).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from sympy import Add, Expr, Idx, Integer, KroneckerDelta, Sum, exp, log

from ..analysis.fact import Fact
from ..analysis.recognise import by_terms
from ..calculus.indices import free_indices, fresh, rename_bound, transform
from ..calculus.tidy import collapse_deltas, expand_logs, tidy
from ..calculus.unitsums import sum_to_one
from ..model import Model, ModelError
from ..prove import prove, reliable_facts
from ..quantities import Domain, Quantity
from ..vocabulary import index, indices_of, is_name, name_of, total
from .degrees import opened
from .gaussianlaw import gaussian_law, gaussians_law
from .specialise import written_out

ZERO, ONE = Integer(0), Integer(1)


class Law(Protocol):
    """How the outcomes of a target are distributed."""

    def mean(self, expr: Expr) -> Expr | None:
        """E of an expression, as a sum over the outcomes or by moments; None if it is not known."""
        ...

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the law rests on."""
        ...


def law_of(model: Model, target: str, likelihood: str) -> Law:
    """The distribution of a given target.

    Args:
        model: of one data point.
        target: the name of a given scalar or vector.
        likelihood: the name of the probability, or density, of the target.
    Raises: ModelError: if the target is neither 0 or 1, nor one-hot, nor Gaussian under this likelihood.
    """
    if target not in {q.name for q in model.given} or likelihood not in model.defined:
        raise ModelError(f"model {model.name}: {target!r} must be given, and {likelihood!r} defined as its likelihood")
    quantity = model.quantities[target]
    if quantity.domain is Domain.BINARY and not quantity.axes:
        return Finite(model=model, target=target, likelihood=likelihood, over=index(target, 0, 1))
    if quantity.domain is Domain.SIMPLEX and len(quantity.axes) == 1:
        (i,) = quantity.axes
        letters = {j for q in model.quantities.values() for j in q.axes}
        return Finite(model=model, target=target, likelihood=likelihood, over=fresh(i, letters))
    found = gaussians_law(model, target, likelihood) if quantity.axes else gaussian_law(model, target, likelihood)
    if found is None:
        raise ModelError(
            f"{target} of model {model.name} is neither 0 or 1, nor one-hot, nor Gaussian under {likelihood}"
        )
    return found


# -- finitely many outcomes -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Finite:
    """Outcomes that can be counted.

    Attributes:
        model: of one data point.
        target: the name of what is distributed.
        likelihood: the name of its probability.
        over: counts the outcomes: the value itself, 0 or 1, or the entry of a one-hot target that is 1.
    """

    model: Model
    target: str
    likelihood: str
    over: Idx

    def mean(self, expr: Expr) -> Expr:
        """Σ_y P(y) f(y)."""
        plain = opened(expr, self.target, self.model)
        outcome = fresh(self.over, free_indices(plain))
        return Sum(self.probability(outcome) * self._at(plain, outcome), (outcome, outcome.lower, outcome.upper))

    def probability(self, outcome: Idx) -> Expr:
        """P(y) at an outcome, Π_k p_k^{y_k} at the c-th unit vector being p_c."""
        body = self._body()
        if not self.model.quantities[self.target].axes:
            return self._at(body, outcome)
        return exp(collapse_deltas(self._at(expand_logs(log(body), reliable_facts(self.model)), outcome)))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The probability of each outcome, and that they sum to one."""
        pairs = (
            (self._at(self._body(), self.over), self.probability(self.over), "the probability of an outcome"),
            (self.mean(ONE), ONE, "the probabilities sum to one"),
        )
        return tuple(
            Fact(left=left, right=right, proof=prove(left, right, self.model), label=label)
            for left, right, label in pairs
            if left != right
        )

    def _body(self) -> Expr:
        body = self.model.quantities[self.likelihood].at()
        for definition in reversed(self.model.definitions):
            if self.model.depends(definition.name, self.target):
                body = self.model.unfold(body, definition.name)
        return body

    def _at(self, expr: Expr, outcome: Idx) -> Expr:
        def value(e: Expr) -> Expr | None:
            if not is_name(e) or name_of(e) != self.target:
                return None
            return KroneckerDelta(*indices_of(e), outcome) if indices_of(e) else outcome

        return transform(rename_bound(expr, {outcome}), value)


# -- as a person would write it -------------------------------------------------------------------------


def in_short(expr: Expr, model: Model) -> Expr:
    """A sum over outcomes in short: multiplied out, deltas collapsed, probabilities that sum to one, factored."""
    certain = {q.name for q in model.quantities.values() if q.axes and _sums_to_one(q, model)}
    simplex = [replace(d, quantity=_on_simplex(d.quantity, certain)) for d in model.definitions]
    given = [_on_simplex(q, certain) for q in model.given]
    flagged = replace(model, given=tuple(given), definitions=tuple(simplex), questions=())
    collapsed = collapse_deltas(by_terms(written_out(expr)))
    terms = [sum_to_one(t, flagged) for t in Add.make_args(by_terms(collapsed))]
    return tidy(Add(*terms))


def _on_simplex(quantity: Quantity, names: set[str]) -> Quantity:
    return replace(quantity, domain=Domain.SIMPLEX) if quantity.name in names else quantity


def _sums_to_one(quantity: Quantity, model: Model) -> bool:
    """Whether the entries along the last axis were proved to sum to one."""
    return quantity.domain is Domain.UNIT and prove(total(quantity.at(), quantity.axes[-1]), ONE, model) is not None
