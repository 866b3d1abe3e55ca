"""The formats a report can be written in, and writing it with its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from derive.files import write_bytes, write_text

from . import html, latex, markdown, notebook, pdf, typst
from .document import Report, ReportError
from .outline import figure_file, outline


@dataclass(frozen=True, kw_only=True)
class Format:
    """One output format.

    Attributes:
        emit: the content of the file.
        beside: suffixes of the figure files that have to lie beside it, best first; none where it holds them.
    """

    name: str
    suffix: str
    emit: Callable[[Report], str | bytes]
    beside: tuple[str, ...] = ()


FORMATS = (
    Format(name="pdf", suffix=".pdf", emit=pdf.pdf_bytes),
    Format(name="latex", suffix=".tex", emit=latex.emit, beside=latex.FIGURE_SUFFIXES),
    Format(name="typst", suffix=".typ", emit=typst.emit, beside=typst.FIGURE_SUFFIXES),
    Format(name="html", suffix=".html", emit=html.emit),
    Format(name="md", suffix=".md", emit=markdown.emit, beside=markdown.FIGURE_SUFFIXES),
    Format(name="ipynb", suffix=".ipynb", emit=notebook.emit),
)


def format_named(name: str) -> Format:
    """The format with this name or suffix.

    Raises: ReportError: if there is none.
    """
    for known in FORMATS:
        if name in (known.name, known.suffix):
            return known
    raise ReportError(f"format {name!r} is unknown; choose one of {', '.join(known.name for known in FORMATS)}")


def write_report(report: Report, path: str | Path, format: str = "") -> None:
    """Writes the report in the format named, else in that of the path's suffix, its figures beside it.

    Raises: ReportError: for an unknown format or a report that cannot be set; CannotWriteError: as `write_bytes`.
    """
    chosen, target = format_named(format or Path(path).suffix), Path(path)
    content = chosen.emit(report)
    figures = outline(report).figures.items() if chosen.beside else ()
    for name, figure in figures:
        file = figure_file(figure, chosen.beside)
        write_bytes(target.parent / f"{name}{file.suffix}", file.read_bytes())
    if isinstance(content, bytes):
        write_bytes(target, content)
    else:
        write_text(target, content)
