r"""Comments that keep a finding quiet: `gradproof: ignore GP201`, in the comments of each format.

A comment behind a formula, on the line where it ends, speaks of that line; a comment on a line of its own speaks of
the formula after it. Without codes it covers every finding; a beginning of a code covers all codes that begin so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .documents.document import Document, Formula
from .results import Severity, Statement, StatementKind, Verdict

UNUSED = "GP900"
ASKED = r"gradproof:[ \t]*ignore\b[ \t]*(?P<codes>[A-Za-z0-9, \t]*)"
COMMENTS = {
    ".tex": rf"(?<!\\)%[ \t]*{ASKED}",
    ".rst": rf"^[ \t]*\.\.[ \t]+{ASKED}",
    ".org": rf"^[ \t]*#[ \t]+{ASKED}",
}
COMMENTS |= {".latex": COMMENTS[".tex"], ".ltx": COMMENTS[".tex"]}
IN_MARKUP = rf"<!--[ \t]*{ASKED}[ \t]*-->"  # Markdown, HTML and the cells of notebooks
CLOSING = re.compile(r"[\s$\\\]\)},.;]*(?:end\{\w+\*?\}[\s$\]\)]*)?\Z")
ALONE = ' \t",\\n>'  # what else stands on the line of a comment of its own: in a notebook, the marks of its JSON


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """One comment: where it stands, the codes or beginnings of codes it names, and the formulas it speaks of."""

    start: int
    end: int
    codes: tuple[str, ...]
    formulas: tuple[Formula, ...]

    def covers(self, statement: Statement) -> bool:
        """Whether a finding is to be kept quiet."""
        named = not self.codes or (statement.rule or "").startswith(self.codes)
        place = statement.line, statement.column
        return named and any((f.line, f.column) <= place < (f.end_line, f.end_column) for f in self.formulas)


def suppressions(document: Document) -> tuple[Suppression, ...]:
    """The comments of a document."""
    suffix = re.search(r"\.\w+\Z", document.path.lower())
    pattern = COMMENTS.get(suffix[0] if suffix else "", IN_MARKUP)
    return tuple(_read(document, m) for m in re.finditer(pattern, document.text, re.MULTILINE))


def suppressed(statements: tuple[Statement, ...], document: Document) -> tuple[Statement, ...]:
    """The statements, with those findings quiet that comments cover, and one for each comment that covers none."""
    comments = suppressions(document)
    if not comments:
        return statements
    kept = tuple(
        replace(s, severity=None, suggestion=None) if s.severity and any(c.covers(s) for c in comments) else s
        for s in statements
    )
    unused = (c for c in comments if not any(s.severity and c.covers(s) for s in statements))
    return tuple(sorted((*kept, *_unused(unused, document)), key=lambda s: (s.line, s.column)))


def _read(document: Document, match: re.Match[str]) -> Suppression:
    codes = tuple(c.upper() for c in re.split(r"[,\s]+", match["codes"].strip()) if c)
    formulas = tuple(_spoken_of(document, match.start(), match.end()))
    return Suppression(start=match.start(), end=match.end(), codes=codes, formulas=formulas)


def _spoken_of(document: Document, start: int, end: int) -> Iterator[Formula]:
    text = document.text
    line_start = text.rfind("\n", 0, start) + 1
    before = [f for f in document.formulas if f.offset_of(len(f.latex)) <= start]
    after = [f for f in document.formulas if f.offset >= end]
    here = [f for f in before if f.offset_of(len(f.latex)) > line_start]
    last = max(before, key=lambda f: f.offset, default=None)
    if here:
        yield from here
    elif last is not None and text[line_start:start].strip(ALONE) and _only_closing(text, last, start):
        yield last
    elif after:
        yield min(after, key=lambda f: f.offset)


def _only_closing(text: str, formula: Formula, start: int) -> bool:
    """Whether nothing but the end of a display stands between a formula and a comment."""
    return CLOSING.match(text[formula.offset_of(len(formula.latex)) : start]) is not None


def _unused(comments: Iterator[Suppression], document: Document) -> Iterator[Statement]:
    for comment in comments:
        (line, column), (end_line, end_column) = (document.position(k) for k in (comment.start, comment.end))
        yield Statement(
            line=line,
            column=column,
            end_line=end_line,
            end_column=end_column,
            latex=document.text[comment.start : comment.end],
            kind=StatementKind.PROSE,
            verdict=Verdict.UNDECIDED,
            rule=UNUSED,
            severity=Severity.WARNING,
            message="there is nothing to ignore here",
        )
