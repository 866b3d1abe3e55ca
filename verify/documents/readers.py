"""The document formats, and the two functions that use them: find the files, read one."""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .document import Document, DocumentError
from .docx import read_docx
from .html import read_html
from .markdown import read_markdown
from .notebook import read_notebook
from .org import read_org
from .rst import read_rst
from .tex import read_tex

LIMIT = 20 * 1024 * 1024  # bytes
STANDARD_INPUT = "-"
TEX_SOURCE = re.compile(
    r"^[^%\n]*\\(?:documentclass|usepackage|begin\{document\}|(?:sub)*section\*?\{|chapter\{)", re.MULTILINE
)
HTML_SOURCE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
NOTEBOOK_SOURCE = re.compile(r'\s*\{[^\0]*"cells"\s*:')
ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Reader:
    """A format: its file extensions, and what turns path and text (`binary`: bytes) into a document."""

    extensions: tuple[str, ...]
    read: Callable[[str, str], Document] | None = None
    binary: Callable[[str, bytes], Document] | None = None


def read_plain(path: str, text: str) -> Document:
    """Text without a telling name: LaTeX, HTML or a notebook by its first signs, else Markdown habits."""
    if TEX_SOURCE.search(text):
        return read_tex(path, text)
    if HTML_SOURCE.match(text):
        return read_html(path, text)
    if NOTEBOOK_SOURCE.match(text):
        return read_notebook(path, text)
    return read_markdown(path, text, indented_code=False)


READERS: tuple[Reader, ...] = (
    Reader((".md", ".markdown", ".qmd", ".rmd"), read_markdown),
    Reader((".tex", ".latex", ".ltx"), read_tex),
    Reader((".txt",), read_plain),
    Reader((".html", ".htm", ".xhtml"), read_html),
    Reader((".ipynb",), read_notebook),
    Reader((".rst",), read_rst),
    Reader((".org",), read_org),
    Reader((".docx",), binary=read_docx),
)
EXTENSIONS = tuple(extension for reader in READERS for extension in reader.extensions)


def read_document(path: Path | str, *, limit: int = LIMIT) -> Document:
    """Reads one document; `-` is standard input.

    Raises:
        DocumentError: if it is missing, too large, binary, wrongly encoded or of an unknown format.
    """
    name = str(path)
    if name == STANDARD_INPUT:
        return read_plain(name, _decode(name, _within(name, sys.stdin.buffer.read(limit + 1), limit)))
    reader = _reader(Path(path))
    data = _within(name, _load(Path(path), limit), limit)
    if reader.binary:
        return reader.binary(name, data)
    assert reader.read is not None
    return reader.read(name, _decode(name, data))


def find_documents(
    paths: Iterable[Path | str], excluded: Callable[[Path], bool] = lambda path: False
) -> tuple[Path, ...]:
    """The documents among the paths: files as given, folders searched for known extensions, hidden ones skipped.

    Args:
        paths: files, folders or "-".
        excluded: whether a file found in a folder is left out.

    Returns: each file once; files and folders in the order given, the files of a folder sorted.

    Raises:
        DocumentError: if a path does not exist.
    """
    found = dict.fromkeys(
        file for path in map(Path, paths) for file in _below(path) if file == path or not excluded(file)
    )
    return tuple(found)


def _below(path: Path) -> Iterator[Path]:
    if str(path) != STANDARD_INPUT and not path.exists():
        raise DocumentError(f"{path}: no such file or folder")
    if not path.is_dir():
        yield path
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and Path(name).suffix.lower() in EXTENSIONS:
                yield Path(folder) / name


def _reader(path: Path) -> Reader:
    for reader in READERS:
        if path.suffix.lower() in reader.extensions:
            return reader
    known = " ".join(EXTENSIONS)
    raise DocumentError(f"{path}: unknown document format {path.suffix or 'without extension'!r}; known are {known}")


def _load(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror or error}") from None


def _within(name: str, data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise DocumentError(f"{name}: larger than the limit of {limit / 1024 / 1024:.3g} MB; split it")
    return data


def _decode(name: str, data: bytes) -> str:
    encoding = next((encoding for mark, encoding in ENCODINGS if data.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\0" in data[:8192]:
        raise DocumentError(f"{name}: a binary file, not text")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        byte, line = data[error.start], data.count(b"\n", 0, error.start) + 1
        where = f"byte 0x{byte:02X} at offset {error.start} (line {line})"
        raise DocumentError(f"{name}: not {encoding.removesuffix('-sig').upper()}: {where}; save it as UTF-8") from None
