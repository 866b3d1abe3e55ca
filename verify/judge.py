"""The verdict on one equation: proved, holds, refuted or undecided."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from derive.model import Model
from derive.notation.elaborate import Reader
from derive.notation.syntax import Node
from derive.prove import Proof, prove

from .carry_out import undefined
from .refute import refute
from .results import Counterexample, Verdict
from .secondreader import agree_source

FEWEST_TRIALS = 4


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What was found about left = right, and why."""

    verdict: Verdict
    because: str
    counterexample: Counterexample | None = None


@dataclass(frozen=True, kw_only=True)
class Equation:
    """Two sides as read: the expressions, the source each was read from, and the atoms found in it."""

    left: Expr
    right: Expr
    sources: tuple[tuple[str, Node, Reader], ...]


def judge(equation: Equation, model: Model) -> Judgement:
    """Prove, else look for a counterexample; a refutation needs the second reader to have read the same.

    `undecided` whenever something the verdict would rest on is missing.
    """
    left, right = equation.left, equation.right
    for side in (left, right):
        reason = undefined(side, model)
        if reason is not None:
            return Judgement(verdict=Verdict.UNDECIDED, because=reason)
    proof = prove(left, right, model)
    if proof is not None:
        return Judgement(verdict=Verdict.PROVED, because=_proved(proof))
    trials = refute(left, right, model)
    if trials.counterexample is not None:
        return _refuted(equation, trials.counterexample)
    if trials.agreed >= FEWEST_TRIALS:
        return Judgement(verdict=Verdict.HOLDS, because=f"no proof was found; {trials.agreed} numerical trials agree")
    return Judgement(verdict=Verdict.UNDECIDED, because=trials.reason or "too few numerical trials could be made")


def _proved(proof: Proof) -> str:
    used = list(dict.fromkeys(proof.unfolded))
    by = f"by the definition of {', '.join(used)}" if used else "the two sides have the same normal form"
    return by + (f"; where {', '.join(proof.conditions)}" if proof.conditions else "")


def _refuted(equation: Equation, counterexample: Counterexample) -> Judgement:
    for (source, node, reader), expr in zip(equation.sources, (equation.left, equation.right), strict=True):
        start, end = node.span
        inside = [((a - start, b - start), e) for (a, b), e in reader.atoms if start <= a and b <= end]
        agreement = agree_source(source[start:end], expr, inside)
        if not agreement.agrees:
            why = f"numbers speak against it, but {agreement.reason}"
            return Judgement(verdict=Verdict.UNDECIDED, because=why)
    return Judgement(
        verdict=Verdict.REFUTED, because="the two sides differ at these numbers", counterexample=counterexample
    )
