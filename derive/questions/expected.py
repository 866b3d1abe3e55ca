"""The expected value of a quantity under a density of the model: the divergence of two Gaussians."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Function

from ..calculus.tidy import collapse_deltas
from ..derivation import Step
from ..model import Model, ModelError
from ..probability.degrees import gathered
from ..probability.expectations import law_of
from ..prove import Proof, prove
from .answers import Answer, Line, Relation


class E(Function):
    """The expected value of a quantity, as it is written; it is no part of the expression language."""

    nargs = 1


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What is a quantity on average?

    Attributes:
        of: its name.
        target: the name of what is distributed.
        likelihood: the name of its probability or density.
        equals: the name of what it is compared with; "" for nothing.
    """

    of: str
    target: str
    likelihood: str
    equals: str = ""

    def answer(self, model: Model) -> Answer:
        """E[of] by moments, in short, and whether it equals what is given.

        Raises: ModelError: if the expected value is not known.
        """
        if missing := [n for n in (self.of, self.equals) if n and n not in model.quantities]:
            raise ModelError(f"model {model.name} has no {missing[0]!r}; it has {', '.join(model.quantities)}")
        law = law_of(model, self.target, self.likelihood)
        whole = model.quantities[self.of].at()
        value = law.mean(whole)
        if value is None:
            raise ModelError(f"the expected value of {self.of} over {self.target} of model {model.name} is not known")
        facts = tuple(f for f in law.facts if f.left != f.right)
        sound = all(f.proof is not None for f in facts)
        lines = [Line.equal(f.left, f.right, f.proof, f.label) for f in facts]
        lines.append(_mean(model, E(whole), value, sound))
        if self.equals:
            name = model.quantities[self.equals].at()
            proof = prove(value, name, model) if sound else None
            lines.append(Line.equal(E(whole), name, proof, f"it is {self.equals}"))
        return Answer(title=f"The expected value of {{{self.of}}}", model=model, lines=tuple(lines))


def _mean(model: Model, target: Expr, value: Expr, sound: bool) -> Line:
    """E = the sum over outcomes, or the moments put in, = in short; sound if the law of the outcomes was proved."""
    short = gathered(collapse_deltas(value), model)
    proof = Proof() if sound else None
    first = Step(rule="linearity of E, and the moments", before=target, after=value, proof=proof)
    second = Step(rule="in short", before=value, after=short, proof=prove(value, short, model))
    verdict = "proved" if first.proof and second.proof else "undecided"
    relation = Relation(left=target, right=short)
    return Line(relation=relation, label="its mean", verdict=verdict, chain=(first, second))
