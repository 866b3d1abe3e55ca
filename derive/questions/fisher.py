"""The Fisher information of a parameter, and the natural gradient."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Determinant, Expr, Integer

from ..analysis.fact import Fact
from ..calculus.positivity import positive
from ..matrices.raising import symbol_of
from ..model import Model
from ..probability.fisher import information
from ..probability.naturalgradient import NaturalGradient, natural_gradient
from ..prove import reliable_facts
from .answers import Answer, Line, Relation, Sign
from .short import for_short

UNKNOWN = "undecided"


@dataclass(frozen=True, kw_only=True)
class Fisher:
    """What does one data point tell of a parameter, on average over the outcomes of the likelihood?

    Attributes:
        parameter: its name.
        target: the name of what is distributed.
        likelihood: the name of its probability or density.
    """

    parameter: str
    target: str
    likelihood: str = "P"

    def answer(self, model: Model) -> Answer:
        """E[score] = 0, F = E[score scoreᵀ] in closed form, and F = −E[Hessian].

        Raises: ModelError: if the expected values are not known.
        """
        found = information(model, self.parameter, self.target, self.likelihood)
        lines = [
            Line.of(found.score, "the score"),
            *(_line(f) for f in found.facts if f.left != f.right),
            Line.of(found.by_scores, "the information"),
            Line.of(found.hessian, "the Hessian"),
            _line(found.by_hessian),
        ]
        return Answer(
            title=f"Fisher information of {{{self.parameter}}}", model=found.by_scores.model, lines=tuple(lines)
        )


@dataclass(frozen=True, kw_only=True)
class Natural:
    """What step does the Fisher information of n data points make of the gradient?

    Attributes:
        parameter: its name.
        target: the name of what is distributed.
        likelihood: the name of its probability or density.
    """

    parameter: str
    target: str
    likelihood: str = "P"

    def answer(self, model: Model) -> Answer:
        """F over the data, the step ν, and that it solves Σ_k F_jk ν_k = ∂LL/∂θ_j.

        Raises: ModelError: if the information is not known.
        """
        found = natural_gradient(model, self.parameter, self.target, self.likelihood)
        whole = for_short(found.information, found.model)
        lines = [
            Line.of(found.gradient, "the gradient"),
            replace(
                whole, label="the information of n points", verdict=whole.verdict if found.point.proved else UNKNOWN
            ),
        ]
        lines += [_line(f) for f in (found.singular,) if f is not None]
        if found.step is not None and found.solved is not None:
            lines += [for_short(found.step, found.model), _line(found.solved)]
        lines += [_line(f) for f in (found.newton,) if f is not None]
        return Answer(
            title=f"The natural gradient by {{{self.parameter}}}",
            model=found.model,
            lines=tuple(lines),
            conclusion=_says(found),
            conditions=_conditions(found),
        )


def _says(found: NaturalGradient) -> tuple[str | Expr, ...]:
    words: list[str] = []
    if found.singular is not None:
        words.append("F has no inverse: a shift of all entries along its last axis changes nothing.")
        if found.step is not None:
            words.append("The step is one of many that differ by such a shift.")
    if found.newton is not None and found.step is not None:
        words.append("The natural gradient is Newton's step.")
    return (" ".join(words),) if words else ()


def _conditions(found: NaturalGradient) -> tuple[Relation, ...]:
    """What the inverse needs."""
    known = positive(found.information.expr, reliable_facts(found.model))
    if found.step is None or found.singular is not None or known:
        return ()
    matrix = found.information
    whole = Determinant(symbol_of(matrix.quantity)) if matrix.quantity.axes else matrix.target
    return (Relation(left=whole, sign=Sign.UNEQUAL, right=Integer(0)),)


def _line(fact: Fact) -> Line:
    return Line.equal(fact.left, fact.right, fact.proof, fact.label)
