"""What is found of a line before its place in the document is added, and how the line was understood."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.dictionary import Unreadable

from .context import Context
from .equations import equation_of
from .judge import Equation, Judgement
from .lines import Line
from .reading import reading
from .results import StatementKind, Suggestion, Verdict

ANYTHING_FALSE = "GP200"
CONTRADICTED = "GP250"


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is found of a line, before its place in the document is added."""

    kind: StatementKind = StatementKind.CLAIM
    verdict: Verdict
    because: str | None = None
    reading: str | None = None
    judgement: Judgement | None = None
    rule: str | None = None
    suggestion: Suggestion | None = None
    message: str | None = None


def read_as(line: Line, context: Context) -> str | None:
    """How a relation was understood, in LaTeX; None if it cannot be read or set."""
    try:
        return shown_as(line, equation_of(line, context), context)
    except Unreadable:
        return None


def shown_as(line: Line, equation: Equation, context: Context) -> str | None:
    """How an equation that has been read was understood, in LaTeX; None if it cannot be set."""
    samples = {i for _, _, reader in equation.sources for i in reader.samples}
    return reading(equation.left, equation.right, line.operator, context.dictionary, samples)
