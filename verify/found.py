"""What is found of a line, how the line was understood, and the statement of it at its place in the document."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.dictionary import Unreadable

from .context import Context
from .documents.document import Document, Formula
from .equations import equation_of
from .judge import Equation, Judgement
from .lines import Line
from .reading import reading
from .results import Severity, Statement, StatementKind, Suggestion, Verdict

ANYTHING_FALSE = "GP200"
CONTRADICTED = "GP250"
WRONG = (Verdict.REFUTED, Verdict.CONFLICT)


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


def placed(found: Found, document: Document, formula: Formula, span: tuple[int, int]) -> Statement:
    """What was found, at its place."""
    start, end = (document.position(formula.offset_of(k)) for k in span)
    wrong = found.verdict in WRONG
    ambiguous = found.verdict is Verdict.AMBIGUOUS
    return Statement(
        line=start[0],
        column=start[1],
        end_line=end[0],
        end_column=end[1],
        latex=formula.latex[span[0] : span[1]],
        kind=found.kind,
        verdict=found.verdict,
        rule=found.rule,
        severity=Severity.ERROR if wrong else Severity.WARNING if ambiguous else None,
        message=_message(found) if wrong or ambiguous else None,
        reading=found.reading,
        because=found.because,
        counterexample=found.judgement.counterexample if found.judgement else None,
        suggestion=found.suggestion,
    )


def _message(found: Found) -> str:
    if found.message is not None:
        return found.message
    if found.suggestion is None:
        return "the two sides are not equal"
    return found.suggestion.edit.replace("→", "should be")
