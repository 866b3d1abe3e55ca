"""`--format text`: each finding with its source line and carets, then one line of totals."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from ..results import CheckResult, FileResult, Severity, Statement
from .wording import CONTROL, findings, headline, notes, one_line, summary_line

WIDTH = 100  # cells of source shown; longer lines are cut around the finding
LINES = 5  # lines of source shown at most
COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}


def as_text(result: CheckResult, *, colour: bool = False) -> str:
    """Findings as ruff prints them; with `colour`, ANSI colours for a terminal."""
    page = Text()
    for file in result.files:
        if file.error is not None:
            page.append(one_line(file.path), style="bold").append(": cannot be read: ")
            page.append(one_line(file.error) + "\n\n")
    for file, statement, severity in findings(result):
        page.append(_finding(file, statement, severity)).append("\n")
    page.append(summary_line(result) + "\n")
    return _ansi(page) if colour else page.plain


def _finding(file: FileResult, statement: Statement, severity: Severity) -> Text:
    text = Text(no_wrap=True)
    text.append(f"{one_line(file.path)}", style="bold")
    text.append(f":{statement.line}:{statement.column}: ")
    text.append(" ".join(filter(None, [severity, statement.rule])), style=COLOURS[severity])
    text.append(f": {headline(statement)}\n")
    margin = len(str(statement.end_line))
    for number, line, carets in _excerpt(file, statement):
        text.append(f"{number:>{margin}} | ", style="blue").append(line.rstrip() + "\n")
        text.append(f"{'':{margin}} | ", style="blue").append(carets + "\n", style=COLOURS[severity])
    for label, note in notes(statement):
        text.append(f"{'':{margin}} = ", style="blue").append(label, style="bold").append(f": {note}\n")
    return text


def _excerpt(file: FileResult, statement: Statement) -> Iterator[tuple[int, str, str]]:
    """Line number, source line and carets below it, for each line the statement covers."""
    if not file.source:
        quoted, carets = _window(one_line(statement.latex), 0, len(statement.latex))
        yield statement.line, quoted, carets
        return
    lines = file.source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    last = min(statement.end_line, statement.line + LINES - 1, len(lines))
    for number in range(statement.line, last + 1):
        line = lines[number - 1]
        start = statement.column - 1 if number == statement.line else len(line) - len(line.lstrip())
        end = statement.end_column - 1 if number == statement.end_line else len(line.rstrip())
        if line.strip() and start < end:
            quoted, carets = _window(line, start, end)
            yield number, quoted, carets


def _window(line: str, start: int, end: int) -> tuple[str, str]:
    """The line cut to WIDTH cells around the span, and carets under the span."""
    before, marked, after = (CONTROL.sub("\N{REPLACEMENT CHARACTER}", part.replace("\t", "    ")) for part in (
        line[:start], line[start:end], line[end:],
    ))  # fmt: skip
    room = max((WIDTH - cell_len(marked)) // 2, 10)
    if len(before) > room:
        before = "…" + before[-room:]
    if len(after) > room:
        after = after[:room] + "…"
    if len(marked) > WIDTH:
        marked = marked[:WIDTH] + "…"
    return before + marked + after, " " * cell_len(before) + "^" * max(cell_len(marked), 1)


def _ansi(page: Text) -> str:
    sink = io.StringIO()
    console = Console(file=sink, force_terminal=True, color_system="standard", highlight=False, width=10_000)
    console.print(page, soft_wrap=True, end="")
    return sink.getvalue()
