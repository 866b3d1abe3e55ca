"""Gaussians found by their densities, and the moments they have.

A density e^{b + w y + Q y²} with Q < 0 is that of a Gaussian: by completing the square, E[e^{ty}] = e^{mt + vt²/2} with
m = −w/2Q and v = −1/2Q, so that the moments are E[y^k] = d^k/dt^k e^{mt + vt²/2} at t = 0. That the density is
normalised is part of what is proved.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Dummy, Expr, Idx, Integer, KroneckerDelta, Mul, Poly, PolynomialError, diff, exp, log, pi

from ..analysis.fact import Fact
from ..analysis.recognise import by_terms
from ..calculus.indices import rename_bound, substitute
from ..calculus.positivity import positive
from ..calculus.tidy import tidy
from ..model import Model
from ..prove import prove, reliable_facts
from ..quantities import Definition
from ..vocabulary import total
from .degrees import collected, last_axes, opened

ZERO, ONE = Integer(0), Integer(1)


@dataclass(frozen=True, kw_only=True)
class Gaussian:
    """A scalar with a Gaussian density.

    Attributes:
        model: of one data point.
        target: the name of what is distributed.
        expectation, variance: of it.
        facts: that the logarithm of the density is that of N(y; m, v).
    """

    model: Model
    target: str
    expectation: Expr
    variance: Expr
    facts: tuple[Fact, ...]

    def mean(self, expr: Expr) -> Expr | None:
        """Σ_k c_k E[y^k] for a polynomial Σ_k c_k y^k."""
        y = self.model.quantities[self.target].at()
        try:
            terms = Poly(opened(expr, self.target, self.model), y).terms()
        except PolynomialError:
            return None
        if any(c.has(y) for _, c in terms):
            return None
        return Add(*(c * self.moment(k) for (k,), c in terms))

    def moment(self, k: int) -> Expr:
        """E[y^k], the k-th derivative of E[e^{ty}] = e^{mt + vt²/2} at t = 0."""
        t, m, v = (Dummy(n, real=True) for n in "tmv")
        raised: Expr = diff(exp(m * t + v * t**2 / 2), t, k) if k else ONE
        plain: Expr = raised.subs(t, 0)
        return plain.xreplace({m: self.expectation, v: self.variance})


def gaussian_law(model: Model, target: str, likelihood: str) -> Gaussian | None:
    """The law of a scalar whose density is Gaussian; None if that was not proved."""
    y, density = model.quantities[target].at(), model.quantities[likelihood].at()
    found = collected(log(density), target, model)
    parts = {} if found is None else {k: d.expr for k, d in found.coefficients}
    if 2 not in parts or not positive(tidy(-parts[2]), reliable_facts(model)):
        return None
    variance = tidy(-1 / (2 * parts[2]))
    expectation = tidy(parts.get(1, ZERO) * variance)
    standard = -((y - expectation) ** 2) / (2 * variance) - log(2 * pi * variance) / 2
    proof = prove(log(density), standard, model)
    if proof is None:
        return None
    normal = Fact(left=log(density), right=standard, proof=proof, label="a Gaussian")
    return Gaussian(model=model, target=target, expectation=expectation, variance=variance, facts=(normal,))


@dataclass(frozen=True, kw_only=True)
class Gaussians:
    """A vector of independent Gaussians.

    Attributes:
        model: of one data point.
        target: the name of what is distributed.
        expectation, variance: of its entry at its own axes.
        facts: that the logarithm of the density is the sum of those of N(y_k; m_k, v_k).
    """

    model: Model
    target: str
    expectation: Expr
    variance: Expr
    facts: tuple[Fact, ...]

    def mean(self, expr: Expr) -> Expr | None:
        """b + Σ w_k m_k + Σ Q_kl (m_k m_l + δ_kl v_k) for a polynomial b + Σ w_k y_k + Σ Q_kl y_k y_l."""
        found = collected(expr, self.target, self.model)
        if found is None:
            return None
        return Add(*(self._mean_of(degree, d) for degree, d in found.coefficients))

    def _mean_of(self, degree: int, coefficient: Definition) -> Expr:
        quantity = self.model.quantities[self.target]
        places = last_axes(coefficient, degree, quantity)
        here, there = places[: len(quantity.axes)], places[len(quantity.axes) :]
        moment: Expr = ONE
        if degree == 1:
            moment = self._at(self.expectation, here)
        if degree == 2:
            same = Mul(*(KroneckerDelta(i, j) for i, j in zip(here, there, strict=True)))
            moment = self._at(self.expectation, here) * self._at(self.expectation, there)
            moment += same * self._at(self.variance, here)
        body = rename_bound(coefficient.expr * moment, places)
        return total(body, *places) if places else body

    def _at(self, expr: Expr, places: tuple[Idx, ...]) -> Expr:
        return substitute(expr, dict(zip(self.model.quantities[self.target].axes, places, strict=True)))


def gaussians_law(model: Model, target: str, likelihood: str) -> Gaussians | None:
    """The law of a vector whose density is that of independent Gaussians; None if that was not proved."""
    quantity, density = model.quantities[target], model.quantities[likelihood].at()
    found = collected(log(density), target, model)
    parts = {} if found is None else dict(found.coefficients)
    if 2 not in parts:
        return None
    here, there = quantity.axes, parts[2].quantity.axes[len(quantity.axes) :]
    square = tidy(beside_delta(parts[2].expr, here, there))
    if not positive(tidy(-square), reliable_facts(model)):
        return None
    variance = tidy(-1 / (2 * square))
    expectation = tidy(parts[1].expr * variance) if 1 in parts else ZERO
    each = -((quantity.at() - expectation) ** 2) / (2 * variance) - log(2 * pi * variance) / 2
    standard = total(each, *here)
    proof = prove(log(density), standard, model)
    if proof is None:
        return None
    normal = Fact(left=log(density), right=standard, proof=proof, label="independent Gaussians")
    return Gaussians(model=model, target=target, expectation=expectation, variance=variance, facts=(normal,))


def beside_delta(expr: Expr, here: tuple[Idx, ...], there: tuple[Idx, ...]) -> Expr:
    """What stands beside Π δ_ij in an expression, i and j one index from here on; terms without it are left out."""
    deltas = {KroneckerDelta(i, j) for i, j in zip(here, there, strict=True)}
    found = [ZERO]
    for term in Add.make_args(by_terms(expr)):
        factors = Mul.make_args(term)
        if deltas <= {*factors}:
            rest = Mul(*(f for f in factors if f not in deltas))
            found.append(substitute(rest, dict(zip(there, here, strict=True))))
    return Add(*found)
