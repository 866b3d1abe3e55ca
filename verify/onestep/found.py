"""What is found of a claim that stays open in its text, once it is taken as one about a single step."""

from __future__ import annotations

import dataclasses

from ..lines import Line, Lines
from ..results import Severity, Statement, Suggestion, Verdict
from ..statements import statement_of
from .scripts import without_labels
from .taken import Steps

OPEN = (Verdict.UNDECIDED, Verdict.UNREAD)


def at_one_step(line: Line, section: Lines, said: Statement, steps: Steps, timeout: float | None) -> Statement:
    """The statement of a line, settled by what holds of one step if it was open."""
    taken = steps.taken(line, section, timeout) if said.verdict in OPEN else None
    if taken is None:
        return said
    found = statement_of(taken.line, taken.document, taken.context)
    if found.verdict not in (Verdict.PROVED, Verdict.HOLDS) and found.severity is not Severity.ERROR:
        return said
    return dataclasses.replace(
        said,
        kind=found.kind,
        verdict=found.verdict,
        rule=found.rule,
        severity=found.severity,
        message=_plain(found.message),
        because=_plain(found.because),
        reading=_plain(found.reading),
        counterexample=found.counterexample,
        suggestion=_suggested(found.suggestion),
    )


def _plain(text: str | None) -> str | None:
    return None if text is None else without_labels(text)


def _suggested(found: Suggestion | None) -> Suggestion | None:
    """A correction in the author's letters; where it stands in the document is not known."""
    if found is None:
        return None
    return Suggestion(latex=without_labels(found.latex), edit=without_labels(found.edit), verdict=found.verdict)
