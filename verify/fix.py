"""Proved corrections written into the author's files."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

from derive.files import write_text

from .results import FileResult, Verdict


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

    Raises: CannotWriteError: if the file cannot be written; it is then as it was.
    """
    after = fixed(file)
    if after == file.source:
        return False
    write_text(Path(file.path), after)
    return True
