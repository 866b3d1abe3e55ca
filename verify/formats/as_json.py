"""`--format json`: the object other programs build on (schema `gradproof.check/1`)."""

from __future__ import annotations

import json
from typing import Any

from ..results import CheckResult, Counterexample, FileResult, Statement, Suggestion

SCHEMA = "gradproof.check/1"


def as_object(result: CheckResult) -> dict[str, Any]:
    """The result as plain dictionaries and lists, fields in their promised order."""
    return {"schema": SCHEMA, "files": [_file(file) for file in result.files], "summary": result.summary}


def as_json(result: CheckResult) -> str:
    """The result as one JSON object."""
    return json.dumps(as_object(result), ensure_ascii=False, indent=1) + "\n"


def _file(file: FileResult) -> dict[str, Any]:
    return {"path": file.path, "error": file.error, "statements": [_statement(s) for s in file.statements]}


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "line": statement.line,
        "column": statement.column,
        "end_line": statement.end_line,
        "end_column": statement.end_column,
        "latex": statement.latex,
        "kind": str(statement.kind),
        "verdict": str(statement.verdict),
        "rule": statement.rule,
        "severity": str(statement.severity) if statement.severity else None,
        "message": statement.message,
        "reading": statement.reading,
        "because": statement.because,
        "counterexample": _counterexample(statement.counterexample),
        "suggestion": _suggestion(statement.suggestion),
    }


def _counterexample(example: Counterexample | None) -> dict[str, Any] | None:
    if example is None:
        return None
    return {
        "sizes": dict(example.sizes),
        "values": dict(example.values),
        "left": example.left,
        "right": example.right,
    }


def _suggestion(suggestion: Suggestion | None) -> dict[str, Any] | None:
    if suggestion is None:
        return None
    return {"latex": suggestion.latex, "edit": suggestion.edit, "verdict": str(suggestion.verdict)}
