"""Word documents: pandoc turns their formulas (OMML) into LaTeX within Markdown."""

from __future__ import annotations

from importlib import import_module

from .document import Document, DocumentError
from .markdown import read_markdown

MISSING = "reading .docx needs pandoc; install it with: pip install 'gradproof[docx]'"


def read_docx(path: str, _data: bytes) -> Document:
    """The document of a Word file; text and places are those of its conversion to Markdown.

    Raises:
        DocumentError: if the extra is not installed or the file cannot be converted.
    """
    try:
        pandoc = import_module("pypandoc")
    except ImportError:
        raise DocumentError(f"{path}: {MISSING}") from None
    try:
        text = pandoc.convert_file(path, "markdown", format="docx", extra_args=["--wrap=none", "--sandbox"])
    except (RuntimeError, OSError) as error:
        reason = " ".join(str(error).split())
        raise DocumentError(f"{path}: pandoc cannot convert it: {reason}") from None
    return read_markdown(path, text)
