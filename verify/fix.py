"""Proved corrections written into the author's files."""

from __future__ import annotations

import codecs
from difflib import unified_diff
from pathlib import Path

from derive.files import CannotWriteError, write_bytes

from .results import FileResult, Verdict

MARKS = (
    (b"", "utf-8"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def fixed(file: FileResult) -> str:
    """The text of a file with every correction made whose result is proved; where two overlap, the first only."""
    edits = sorted(
        (s.suggestion.span, s.suggestion.text)
        for s in file.statements
        if s.suggestion is not None and s.suggestion.span is not None and s.suggestion.verdict is Verdict.PROVED
    )
    parts, done = [], 0
    for (start, end), text in edits:
        if start >= done:
            parts += [file.source[done:start], text]
            done = end
    return "".join([*parts, file.source[done:]])


def diff(file: FileResult) -> str:
    """What `fix` would change, as a unified diff."""
    before, after = (text.splitlines(keepends=True) for text in (file.source, fixed(file)))
    return "".join(unified_diff(before, after, file.path, file.path))


def fix(file: FileResult) -> bool:
    """Write the corrections into the file; whether there were any.

    Line ends, encoding and byte order mark stay as they were.

    Raises: CannotWriteError: if the file cannot be written, or has changed meanwhile; it is then as it was.
    """
    after = fixed(file)
    if after == file.source:
        return False
    before = Path(file.path).read_bytes()
    for mark, encoding in MARKS:
        if before == mark + file.source.encode(encoding):
            write_bytes(file.path, mark + after.encode(encoding))
            return True
    raise CannotWriteError(f"{file.path} is not as it was when it was checked; check it again before it is corrected")
