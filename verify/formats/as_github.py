"""`--format github`: workflow commands that GitHub shows as annotations on the changed lines."""

from __future__ import annotations

from ..results import CheckResult, FileResult, Severity, Statement
from .wording import findings, headline, notes

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_github(result: CheckResult) -> str:
    """One `::error file=…::message` line for each finding and each file that could not be read."""
    lines = [f"::error file={_value(file.path)}::{_text(file.error)}" for file in result.files if file.error]
    lines += [_annotation(file, statement, severity) for file, statement, severity in findings(result)]
    return "".join(line + "\n" for line in lines)


def _annotation(file: FileResult, statement: Statement, severity: Severity) -> str:
    places = {"file": file.path, "line": statement.line, "endLine": statement.end_line}
    if statement.line == statement.end_line:  # GitHub refuses columns on findings over several lines
        places |= {"col": statement.column, "endColumn": max(statement.end_column - 1, statement.column)}
    places |= {"title": statement.rule} if statement.rule else {}
    where = ",".join(f"{key}={_value(str(value))}" for key, value in places.items())
    message = "\n".join([headline(statement), *(f"{label}: {note}" for label, note in notes(statement))])
    return f"::{LEVELS[severity]} {where}::{_text(message)}"


def _text(message: str) -> str:
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(value: str) -> str:
    return _text(value).replace(":", "%3A").replace(",", "%2C")
