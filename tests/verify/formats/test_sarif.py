"""What SARIF 2.1.0 asks of the objects that are written: properties that must and that may be there, and their values.

The rows are those of the OASIS standard, sections 3.13 to 3.58; objects have no properties besides these.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.formats.table import FORMATS
from verify.results import CheckResult, FileResult

Test = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _from(least: int) -> Test:
    return lambda value: type(value) is int and value >= least


def _one_of(*values: str) -> Test:
    return lambda value: value in values


def _reference(value: Any) -> bool:
    """Whether text is a URI or a relative reference: no blanks, no backslashes, a scheme only where it is meant."""
    return _text(value) and not set(value) & set(' \\<>"{}|^`') and urlsplit(value).scheme in ("", "file", "https")


@dataclass(frozen=True, kw_only=True)
class Object:
    """A kind of object: what it must have, what it may have, and of what kind these are, `*` for a list."""

    required: Mapping[str, Test | str] = field(default_factory=dict)
    optional: Mapping[str, Test | str] = field(default_factory=dict)


LEVEL = _one_of("none", "note", "warning", "error")
OBJECTS = {
    "log": Object(required={"version": _one_of("2.1.0"), "runs": "*run"}, optional={"$schema": _reference}),
    "run": Object(
        required={"tool": "tool"},
        optional={
            "results": "*result",
            "invocations": "*invocation",
            "columnKind": _one_of("utf16CodeUnits", "unicodeCodePoints"),
        },
    ),
    "tool": Object(required={"driver": "component"}),
    "component": Object(required={"name": _text}, optional={"rules": "*rule", "version": _text}),
    "rule": Object(required={"id": _text}, optional={"name": _text, "shortDescription": "words", "help": "words"}),
    "words": Object(required={"text": _text}, optional={"markdown": _text}),
    "message": Object(required={"text": _text}),
    "invocation": Object(
        required={"executionSuccessful": lambda value: type(value) is bool},
        optional={"toolExecutionNotifications": "*notification"},
    ),
    "notification": Object(required={"message": "message"}, optional={"level": LEVEL, "locations": "*location"}),
    "result": Object(
        required={"message": "message"},
        optional={
            "ruleId": _text,
            "ruleIndex": _from(-1),
            "level": LEVEL,
            "locations": "*location",
            "properties": lambda value: isinstance(value, dict),
        },
    ),
    "location": Object(optional={"physicalLocation": "place"}),
    "place": Object(required={"artifactLocation": "artifact"}, optional={"region": "region"}),
    "artifact": Object(optional={"uri": _reference}),
    "region": Object(
        optional={
            "startLine": _from(1),
            "startColumn": _from(1),
            "endLine": _from(1),
            "endColumn": _from(1),
            "snippet": "content",
        }
    ),
    "content": Object(optional={"text": _text}),
}
NOTES = (
    "No formula.",
    "Let $f = x^2$. Then $\\frac{df}{dx} = x$ and $1 + 1 = 3$.",
    "$$ L = \\sum_{k=1}^{k} a_k $$\n\n$$ p_k = \\frac{e^{z_k}}{\\sum_k e^{z_k}} $$",
)


def _faults(value: Any, kind: Test | str, where: str) -> list[str]:
    """Where a value is not of a kind."""
    if not isinstance(kind, str):
        return [] if kind(value) else [f"{where} is {value!r}"]
    if kind.startswith("*"):
        parts = value if isinstance(value, list) else [None]
        return [fault for k, part in enumerate(parts) for fault in _faults(part, kind[1:], f"{where}[{k}]")]
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    row = OBJECTS[kind]
    known = {**row.required, **row.optional}
    found = [f"{where} lacks {name}" for name in row.required.keys() - value.keys()]
    found += [f"{where} may not have {name}" for name in value.keys() - known.keys()]
    return found + [
        fault for name in value.keys() & known.keys() for fault in _faults(value[name], known[name], f"{where}.{name}")
    ]


@pytest.mark.parametrize("path", ["a note, 1:b.md", "/tmp/ä b/notes.md", "C: \\x|y.md"])
@pytest.mark.parametrize("text", NOTES)
def test_what_is_written_is_sarif(text: str, path: str) -> None:
    file = check_document(read_markdown(path, text))
    log = json.loads(FORMATS["sarif"](CheckResult(files=(file, FileResult(path=path, error="it is no text")))))
    assert _faults(log, "log", "log") == []
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({json.dumps(rule) for rule in rules}) == len(rules)
    assert len(run["results"]) == len([s for s in file.statements if s.severity is not None])
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) <= (region["endLine"], region["endColumn"])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": "2.0.0"}, "log.version is '2.0.0'"),
        ({"runs": [{}]}, "log.runs[0] lacks tool"),
        ({"author": "me"}, "log may not have author"),
    ],
)
def test_what_is_no_sarif_is_told(change: dict[str, Any], fault: str) -> None:
    assert _faults({"version": "2.1.0", "runs": [], **change}, "log", "log") == [fault]
