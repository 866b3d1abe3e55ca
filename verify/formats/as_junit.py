"""`--format junit`: a test suite for each file and a test case for each statement."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from ..results import CheckResult, FileResult, Severity, Statement, Verdict
from .wording import headline, notes, one_line

NO_VERDICT = (Verdict.UNDECIDED, Verdict.UNREAD)
NOT_XML = re.compile("[^\t\n\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(result: CheckResult) -> str:
    """JUnit XML: errors fail, undecided and unread statements are skipped, warnings go to system-out."""
    root = ElementTree.Element("testsuites", name="gradproof check")
    root.extend(_suite(file) for file in result.files)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(file: FileResult) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=_clean(file.path))
    if file.error is not None:
        case = ElementTree.SubElement(suite, "testcase", classname=_clean(file.path), name="read")
        ElementTree.SubElement(case, "error", message=_clean(file.error))
    suite.extend(_case(file, statement) for statement in file.statements)
    tags = [child.tag for case in suite for child in case]
    counts = {"tests": len(suite), "failures": tags.count("failure")}
    counts |= {"errors": tags.count("error"), "skipped": tags.count("skipped")}
    for key, count in counts.items():
        suite.set(key, str(count))
    return suite


def _case(file: FileResult, statement: Statement) -> ElementTree.Element:
    name = f"{statement.line}:{statement.column} {one_line(statement.latex)}"
    case = ElementTree.Element("testcase", classname=_clean(file.path), name=_clean(name))
    details = _clean("\n".join(f"{label}: {note}" for label, note in notes(statement)))
    if statement.severity is Severity.ERROR:
        kind = statement.rule or str(statement.verdict)
        ElementTree.SubElement(case, "failure", message=_clean(headline(statement)), type=kind).text = details
    elif statement.verdict in NO_VERDICT:
        ElementTree.SubElement(case, "skipped", message=_clean(headline(statement)))
    elif statement.severity is not None:
        told = f"{statement.severity}: {headline(statement)}\n{details}"
        ElementTree.SubElement(case, "system-out").text = _clean(told)
    return case


def _clean(text: str) -> str:
    """The text without the characters XML 1.0 cannot carry."""
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
