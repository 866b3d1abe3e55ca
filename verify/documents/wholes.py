r"""The document that a LaTeX source is a chapter of: the one that names it, whose macros hold in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

CLASS = re.compile(r"^[^%\n]*\\documentclass", re.MULTILINE)
ABOVE = 2  # folders above that of a chapter
MOST_FILES = 60  # beside each other in one folder; a folder with more holds no book
LIMIT = 1024 * 1024  # bytes

Loaded = Callable[[Path, str], Iterable[str]]


def whole_of(path: Path, text: str, loaded: Loaded) -> Iterator[str]:
    r"""The texts of the document that includes a chapter, and of what it loads; nothing for a whole document.

    Args:
        path: of the chapter.
        text: its text.
        loaded: the texts that another text, in a folder, loads.
    """
    if CLASS.search(text):
        return
    named = re.compile(rf"\\(?:input|include|subfile)\s*\{{[^{{}}]*\b{re.escape(path.stem)}(?:\.tex)?\s*\}}")
    folder = path.resolve().parent
    for place in (folder, *folder.parents[:ABOVE]):
        for file in _sources(place):
            source = _text(file)
            if CLASS.search(source) is None:
                continue
            parts = list(loaded(place, source))
            if any(named.search(part) for part in (source, *parts)):
                yield from (*parts, source)
                return


def _sources(folder: Path) -> list[Path]:
    try:
        found = sorted(file for file in folder.glob("*.tex") if file.is_file())
    except OSError:
        return []
    return found if len(found) <= MOST_FILES else []


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace") if file.stat().st_size <= LIMIT else ""
    except OSError:
        return ""
