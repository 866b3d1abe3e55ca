"""An audit as text for a terminal, and as data for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.calculus.tidy import neat
from derive.notation.plaintext import text
from derive.vocabulary import Partial

from .diagnosis import UNEXPLAINED, Finding
from .outcome import Audit

SCHEMA = "gradproof.audit/1"
SAYS_WHICH = (*UNEXPLAINED, "fails", "unsteady", "value")  # their messages begin with what they are about


def as_text(audit: Audit) -> str:
    """Each finding with the step that is wrong, then a line that sums up."""
    return "\n".join(_lines(audit))


def as_data(audit: Audit) -> dict[str, Any]:
    """One JSON object."""
    return {
        "schema": SCHEMA,
        "target": str(audit.target),
        "model": audit.model.name,
        "objective": audit.model.objective,
        "arguments": {name: str(form) for name, form in audit.binding.items()},
        "judged": list(audit.judged),
        "points": [dict(sizes) for sizes in audit.points],
        "findings": [_finding(f) for f in audit.findings],
        "notes": list(audit.notes),
    }


def _finding(f: Finding) -> dict[str, Any]:
    right, wrong = _formulas(f)
    return {"rule": f.rule, "parameters": list(f.parameters), "message": f.message, "right": right, "wrong": wrong}


def _lines(audit: Audit) -> Iterator[str]:
    for f in audit.findings:
        about = f"{', '.join(f.parameters)}: " if f.rule not in SAYS_WHICH else ""
        yield f"{audit.target}: error {f.rule}: {about}{f.message}"
        if f.objective:
            flags = ", ".join(f"{flag} = true" for flag in f.objective)
            yield f"  = if it is meant so, say it with --mapping FILE.toml: [objective] {flags}"
        right, wrong = _formulas(f)
        if right is not None:
            yield f"  = it should be: {right}"
            yield f"  = it is taken for: {wrong}"
    yield from (f"{audit.target}: note: {note}" for note in audit.notes)
    yield f"{audit.target}: {_summary(audit)}"


def _summary(audit: Audit) -> str:
    bad = {n for f in audit.findings for n in f.parameters}
    groups = (("right", [n for n in audit.judged if n not in bad]), ("wrong", [n for n in audit.judged if n in bad]))
    parts = [f"{', '.join(n)} {'is' if len(n) == 1 else 'are'} {word}" for word, n in groups if n]
    held = f"held against the proved gradient of {audit.model.objective} at {_points(len(audit.points))}"
    return f"{'; '.join(parts)} ({held})"


def _formulas(f: Finding) -> tuple[str, str] | tuple[None, None]:
    """What is wrong, as it should be and as it was taken."""
    if f.other is not None:
        d, taken = f.other.definition, f.other.model.defined[f.other.definition.name].expr
        return f"{text(d.target)} = {text(d.expr)}", f"{text(d.target)} = {text(taken)}"
    if f.slip is None:
        return None, None
    left = text(Partial(f.slip.step.of, f.slip.step.quantity.at()))
    return f"{left} = {text(neat(f.slip.step.expr))}", f"{left} = {text(neat(f.slip.wrong))}"


def _points(count: int) -> str:
    return f"{count} point{'' if count == 1 else 's'}"
