"""The words that every output says about a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..results import CheckResult, Counterexample, FileResult, Severity, Statement, Suggestion

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
COUNTED = ("proved", "holds", "defined", "refuted", "conflict", "ambiguous", "undecided", "unread")


def findings(result: CheckResult) -> Iterator[tuple[FileResult, Statement, Severity]]:
    """The statements that carry a severity, with their file, in order."""
    for file in result.files:
        for statement in file.statements:
            if statement.severity is not None:
                yield file, statement, statement.severity


def headline(statement: Statement) -> str:
    """What is wrong, in one line: the message, else the reason, else the verdict."""
    return one_line(statement.message or statement.because or f"this formula is {statement.verdict}")


def notes(statement: Statement) -> Iterator[tuple[str, str]]:
    """The labelled lines below a finding: repair, numbers, reason and reading, where there are any."""
    if statement.suggestion:
        yield "help", suggestion_line(statement.suggestion)
    if statement.counterexample:
        yield "counterexample", counterexample_line(statement.counterexample)
    if statement.because and statement.message:
        yield "because", one_line(statement.because)
    if statement.reading:
        yield "read as", one_line(statement.reading)


def suggestion_line(suggestion: Suggestion) -> str:
    """`x_j → x_i gives … (proved)`."""
    return one_line(f"{suggestion.edit} gives {suggestion.latex} ({suggestion.verdict})")


def counterexample_line(example: Counterexample) -> str:
    """`with m_x = 3, x[0] = 0.31: left 0.07, right 0.02`."""
    given = ", ".join(f"{name} = {value}" for name, value in [*example.sizes.items(), *example.values.items()])
    return one_line((f"with {given}: " if given else "") + f"left {example.left}, right {example.right}")


def summary_line(result: CheckResult) -> str:
    """`41 statements in 2 files: 17 proved, 2 refuted`."""
    counts = result.summary
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in COUNTED if counts[verdict])
    total = f"{_count(counts['statements'], 'statement')} in {_count(len(result.files), 'file')}"
    return f"{total}: {told}" if told else total


def one_line(text: str) -> str:
    """The text on one line, with control characters made visible, so that quoted source steers no terminal."""
    return CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", " ".join(text.split()))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
