"""`--format sarif`: SARIF 2.1.0, the static analysis format that code hosts and editors read."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from ..results import CheckResult, FileResult, Severity, Statement
from ..rules import RULES
from .wording import findings, headline, notes

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def as_sarif(result: CheckResult) -> str:
    """One SARIF run with a result for each finding; unreadable files are tool notifications."""
    found = list(findings(result))
    rules = sorted({statement.rule for _, statement, _ in found if statement.rule})
    unreadable = [_notification(file) for file in result.files if file.error is not None]
    run = {
        "tool": {"driver": {"name": "gradproof", "rules": [_rule(code) for code in rules]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not unreadable, "toolExecutionNotifications": unreadable}],
        "results": [_result(file, statement, severity, rules) for file, statement, severity in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _rule(code: str) -> dict[str, Any]:
    """A rule with its documentation, as code hosts show it beside a finding."""
    page = RULES.get(code, "").strip()
    if not page:
        return {"id": code}
    title, _, body = page.partition("\n")
    does = body.partition("## Why")[0].partition("\n")[2].replace("## What it does", "")
    return {
        "id": code,
        "name": title.strip("# ").partition(" ")[0],
        "shortDescription": {"text": " ".join(does.split())},
        "help": {"text": page, "markdown": page},
    }


def _result(file: FileResult, statement: Statement, severity: Severity, rules: list[str]) -> dict[str, Any]:
    message = "\n".join([headline(statement), *(f"{label}: {note}" for label, note in notes(statement))])
    named = {"ruleId": statement.rule, "ruleIndex": rules.index(statement.rule)} if statement.rule else {}
    return named | {
        "level": LEVELS[severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": {"artifactLocation": _uri(file.path), "region": _region(statement)}}],
        "properties": {"verdict": str(statement.verdict), "kind": str(statement.kind)},
    }


def _region(statement: Statement) -> dict[str, Any]:
    return {
        "startLine": statement.line,
        "startColumn": statement.column,
        "endLine": statement.end_line,
        "endColumn": statement.end_column,
        "snippet": {"text": statement.latex},
    }


def _notification(file: FileResult) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": file.error or ""},
        "locations": [{"physicalLocation": {"artifactLocation": _uri(file.path)}}],
    }


def _uri(path: str) -> dict[str, str]:
    plain = PurePath(path)
    return {"uri": plain.as_uri() if plain.is_absolute() else quote(plain.as_posix())}
