"""What is asked of a model besides its partials, and what comes back.

A row of the catalogue holds questions, never answers: "where is the gradient by θ zero", "is P a function of a row",
"does p change when z is shifted". The engine answers from the definitions; each line of an answer has its verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from sympy import Expr

if TYPE_CHECKING:
    from ..calculus.matrixform import MatrixForm
    from ..derivation import Derivation, Step
    from ..model import Model
    from ..prove import Proof


class Sign(StrEnum):
    """What stands between the two sides of a relation."""

    EQUAL = "="
    UNEQUAL = "≠"
    LESS = "<"
    AT_MOST = "≤"
    GREATER = ">"
    AT_LEAST = "≥"
    ELEMENT = "∈"


@dataclass(frozen=True, kw_only=True)
class Relation:
    """left sign right."""

    left: Expr
    sign: Sign = Sign.EQUAL
    right: Expr


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of an answer.

    Attributes:
        relation: what is said.
        label: what it is, in a few words: "closed form".
        verdict: `proved`, or `undecided` where no proof was found.
        chain: the steps from the left side to the right, where there are any.
        matrices: both sides in matrix notation, where they have such a form.
    """

    relation: Relation
    label: str = ""
    verdict: str
    chain: tuple[Step, ...] = ()
    matrices: tuple[MatrixForm, MatrixForm] | None = None

    @classmethod
    def of(cls, derivation: Derivation, label: str = "") -> Line:
        """The line that a derivation proves, with its steps."""
        relation = Relation(left=derivation.target, right=derivation.result)
        return cls(relation=relation, label=label, verdict=derivation.verdict, chain=derivation.chain)

    @classmethod
    def equal(cls, left: Expr, right: Expr, proof: Proof | None, label: str = "") -> Line:
        """left = right, with the proof that was found, if any."""
        return cls(relation=Relation(left=left, right=right), label=label, verdict="proved" if proof else "undecided")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a question brought to light.

    Attributes:
        title: what was asked, as a heading, names of quantities in braces: "The natural gradient by {theta}".
        model: gives the names in the lines; it may have more of them than the model that was asked.
        lines: in the order of reading.
        conclusion: what it comes to, words and formulas in turn; () if the lines speak for themselves.
        conditions: what must hold besides for the conclusion.
    """

    title: str
    model: Model
    lines: tuple[Line, ...] = ()
    conclusion: tuple[str | Expr, ...] = ()
    conditions: tuple[Relation, ...] = ()

    @property
    def verdict(self) -> str:
        """`proved` only if every line is."""
        return "proved" if self.lines and all(line.verdict == "proved" for line in self.lines) else "undecided"

    def __str__(self) -> str:
        from ..views import answer_text

        return answer_text(self)

    def _repr_html_(self) -> str:
        from ..views import answer_html

        return answer_html(self)


class Question(Protocol):
    """Something to ask of a model: a frozen dataclass whose fields name what it is about."""

    def answer(self, model: Model) -> Answer:
        """The answer, from the definitions of the model alone.

        Raises: ValueError: if it cannot be asked of this model; in one line what was expected and what came.
        """
        ...
