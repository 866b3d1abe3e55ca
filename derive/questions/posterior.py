"""What a classifier by Bayes' rule comes to: σ of a linear, or of a quadratic, function of the features."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Integer

from ..analysis.recognise import by_terms
from ..analysis.secondorder import second_partial
from ..analysis.symmetric import prove_values
from ..calculus.matrixform import matrix_form
from ..model import Model
from ..probability.classposterior import class_posterior
from ..probability.degrees import entries
from ..probability.posterior import Posterior, posterior
from ..prove import prove
from ..quantities import Definition
from .answers import Answer, Line, Relation, Sign

LABELS = {0: "the constant", 1: "the weights", 2: "the quadratic part"}


@dataclass(frozen=True, kw_only=True)
class LogOdds:
    """Is a probability σ of a linear function of the features, and of which?

    Attributes:
        of: the name of the probability.
        by: the name of the features.
    """

    of: str
    by: str

    def answer(self, model: Model) -> Answer:
        """P = σ(b + Σ w x), with w and b in terms of the parameters, or with a quadratic part.

        Raises: ModelError: if the log-odds are no polynomial of degree two in the features, or not shown to be.
        """
        found = posterior(model, self.of, self.by)
        wider = found.derivation.model
        named = found.collected.target
        lines = [
            Line.of(found.derivation, "by Bayes' rule"),
            Line.equal(named, found.log_odds, prove(named, found.log_odds, wider), "the log-odds"),
        ]
        lines += [_coefficient(k, d, wider) for k, d in found.collected.coefficients]
        if found.linear:
            lines.append(_no_curvature(found, self.by))
        words = "linear" if found.linear else "quadratic"
        return Answer(
            title="The posterior",
            model=wider,
            lines=tuple(lines),
            conclusion=(f"The log-odds are {words} in ", wider.quantities[self.by].at(), "."),
            conditions=_quadratic(found),
        )


@dataclass(frozen=True, kw_only=True)
class ClassScores:
    """Are the probabilities of several classes a softmax of linear functions of the features, and of which?

    Attributes:
        of: the name of the probabilities.
        by: the name of the features.
    """

    of: str
    by: str

    def answer(self, model: Model) -> Answer:
        """p_k = e^{z_k} / Σ_l e^{z_l}, with the scores and their coefficients in terms of the parameters.

        Raises: ModelError: if log q_k is no polynomial of degree two in the features, or not shown to be.
        """
        found = class_posterior(model, self.of, self.by)
        wider, scores = found.derivation.model, found.scores
        proof = prove(scores.target, scores.expr, wider)
        words = "linear" if found.linear else "quadratic"
        return Answer(
            title="The posterior",
            model=wider,
            lines=(
                Line.of(found.derivation, "by Bayes' rule"),
                Line.equal(scores.target, scores.expr, proof, "the scores"),
                *(_coefficient(degree, d, wider) for degree, d in found.own),
            ),
            conclusion=(f"The scores are {words} in ", wider.quantities[self.by].at(), "."),
        )


def _coefficient(degree: int, definition: Definition, wider: Model) -> Line:
    """A coefficient in terms of the parameters."""
    proof = prove(definition.target, definition.expr, wider)
    line = Line.equal(definition.target, definition.expr, proof, LABELS[degree])
    left = matrix_form(definition.target, definition.target, wider)
    shapes = [matrix_form(e, definition.target, wider) for e in (definition.expr, by_terms(definition.expr))]
    proved = [m for m in shapes if m is not None and m.proof is not None]
    if left is None or not proved:
        return line
    return replace(line, matrices=(left, min(proved, key=lambda m: len(str(m.expr)))))


def _quadratic(found: Posterior) -> tuple[Relation, ...]:
    """Where the quadratic part is not zero."""
    squares = [d.expr for k, d in found.collected.coefficients if k == 2]
    return tuple(Relation(left=e, sign=Sign.UNEQUAL, right=Integer(0)) for e in squares)


def _no_curvature(found: Posterior, by: str) -> Line:
    """∂²a/∂x_i∂x_j = 0."""
    wider = found.derivation.model
    here, there = entries(wider.quantities[by], wider)
    second = second_partial(wider, found.collected.target, here, there)
    proof = prove_values(second.result, Integer(0), wider) if second.verdict == "proved" else None
    return Line.equal(second.target, Integer(0), proof, "no quadratic part")
