"""What is found of a claim that stays open in its text, once it is taken as one about a single step."""

from __future__ import annotations

import dataclasses

from ..documents.document import Formula
from ..lines import Line, Lines
from ..results import Counterexample, Severity, Statement, StatementKind, Suggestion, Verdict
from ..statements import statement_of
from ..updates import is_of_another_step
from .scripts import edit_without_labels, without_labels
from .taken import Steps, Taken

OPEN = (Verdict.UNDECIDED, Verdict.UNREAD)


def at_one_step(line: Line, section: Lines, said: Statement, steps: Steps, timeout: float | None) -> Statement:
    """The statement of a line, settled by what holds of one step if it was open."""
    held = said.verdict is Verdict.HOLDS and said.suggestion is None
    taken = steps.taken(line, section, timeout) if held or said.verdict in OPEN else None
    if taken is None:
        return said
    found = statement_of(taken.line, taken.document, taken.context)
    if found.kind is StatementKind.UPDATE and line.operator == "=" and is_of_another_step(line.left):
        return said
    if held and found.verdict is not Verdict.PROVED:
        return said
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
        counterexample=_shown(found.counterexample),
        suggestion=_suggested(found.suggestion, line.formula, taken),
    )


def _plain(text: str | None) -> str | None:
    return None if text is None else without_labels(text)


def _shown(found: Counterexample | None) -> Counterexample | None:
    if found is None:
        return None
    return dataclasses.replace(found, values={without_labels(name): value for name, value in found.values.items()})


def _suggested(found: Suggestion | None, formula: Formula, taken: Taken) -> Suggestion | None:
    """A correction in the author's letters, and where it stands in the document."""
    if found is None:
        return None
    plain = Suggestion(latex=without_labels(found.latex), edit=without_labels(found.edit), verdict=found.verdict)
    if found.span is None or formula.origins:
        return plain
    start, end = (k - taken.line.formula.offset for k in found.span)
    edit = edit_without_labels(formula.latex, taken.letters, (start, end), found.text)
    if edit is None:
        return plain
    (start, end), text = edit
    return dataclasses.replace(plain, span=(formula.offset + start, formula.offset + end), text=text)
