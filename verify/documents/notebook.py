"""Jupyter notebooks: the Markdown cells, with the place in the file of every character of their JSON strings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from .document import Document, DocumentError
from .markdown import markdown_parts, plain_markdown
from .prose import Derived, Parts, assemble

STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]', re.DOTALL)
ESCAPE = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|.", re.DOTALL)
GAP = "\n\n"


def read_notebook(path: str, text: str) -> Document:
    """The document of a notebook: text is the file's JSON, formulas are those of its Markdown cells.

    Raises:
        DocumentError: if the file is not a notebook.
    """
    kinds = _cell_kinds(path, text)
    characters: list[str] = []
    origins: list[int] = []
    parts = Parts()
    for kind, strings in zip(kinds, _cell_sources(text), strict=False):
        if kind != "markdown":
            continue
        begin = len(characters)
        for start, end in strings:
            for character, origin in _decoded(text, start, end):
                characters.append(character)
                origins.append(origin)
        cell, unquoted = markdown_parts("".join(characters[begin:]))
        characters[begin:] = unquoted
        parts = parts.joined(cell.shifted(begin))
        characters += GAP
        origins += [origins[-1] if origins else 0] * len(GAP)
    return assemble(path, text, parts, plain_markdown, Derived("".join(characters), origins))


def _cell_kinds(path: str, text: str) -> list[str]:
    try:
        notebook: Any = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DocumentError(f"{path}: not a notebook: {error}") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise DocumentError(
            f"{path}: not a notebook of format 4: it has no list of cells; save it with a current Jupyter"
        )
    return [str(cell.get("cell_type")) if isinstance(cell, dict) else "" for cell in cells]


def _cell_sources(text: str) -> Iterator[list[tuple[int, int]]]:
    """For each cell, the spans of the string literals of its `source`, in order; the JSON is known to be valid."""
    path: list[str | None] = []  # the key under which each open bracket stands
    key: str | None = None
    strings: list[tuple[int, int]] = []
    for match in TOKEN.finditer(text):
        token = match[0]
        if token in "[{":
            path.append(key)
            key = None
            strings = [] if path == [None, "cells", None] else strings
        elif token in "]}":
            if path == [None, "cells", None]:
                yield strings
            path.pop()
            key = None
        elif token == ",":
            key = None
        elif token[0] == '"':
            in_source = path == [None, "cells", None, "source"] or (path == [None, "cells", None] and key == "source")
            if in_source:
                strings.append((match.start() + 1, match.end() - 1))
            elif text[match.end() :][:40].lstrip()[:1] == ":":
                key = str(json.loads(token, strict=False))


def _decoded(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """The characters of a JSON string literal with the offset of each."""
    for match in ESCAPE.finditer(text, start, end):
        raw = match[0]
        yield (json.loads(f'"{raw}"') if raw[0] == "\\" else raw), match.start()
