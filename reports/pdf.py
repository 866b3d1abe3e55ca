"""A report as PDF: through the embedded Typst engine, or through latexmk where TeX is installed.

Either engine sees a temporary folder with the report and copies of its figures. Typst cannot read outside
that folder; TeX runs without shell escape.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from derive.files import write_bytes

from . import latex, typst
from .document import Report, ReportError
from .outline import figure_file, outline

Engine = Literal["typst", "latexmk"]
_LIMIT_S = 120
_EMBEDDED = re.compile(r"[\x00-\u058f\u1e00-\u2bff\ufb00-\ufb06\ufeff\U0001d400-\U0001d7ff]*")


def write_pdf(report: Report, path: str | Path, *, engine: Engine = "typst") -> None:
    """Writes the report as a PDF; the file appears whole or not at all.

    Raises: ReportError: if the engine is missing or rejects the report; CannotWriteError: as `write_bytes`.
    """
    write_bytes(path, pdf_bytes(report, engine=engine))


def pdf_bytes(report: Report, *, engine: Engine = "typst") -> bytes:
    """The PDF; the same report gives the same bytes with Typst.

    Raises: ReportError: if the engine is missing or rejects the report.
    """
    return _ENGINES[engine](report)


def png_pages(report: Report, *, ppi: float = 110) -> list[bytes]:
    """The pages as PNG images at `ppi` dots an inch."""
    pages = _typst(report, "png", ppi)
    return pages if isinstance(pages, list) else [pages]


def _typst_pdf(report: Report) -> bytes:
    pdf = _typst(report, "pdf", None)
    return pdf if isinstance(pdf, bytes) else b"".join(pdf)


def _typst(report: Report, format: Literal["pdf", "png"], ppi: float | None) -> bytes | list[bytes]:
    import typst as engine  # an extension module: loaded only when a PDF is asked for

    text = typst.emit(report)
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        _copy_figures(report, Path(folder), typst.FIGURE_SUFFIXES)
        main = Path(folder) / "report.typ"
        main.write_text(text, encoding="utf-8")
        try:
            made = engine.compile(
                str(main),
                root=folder,
                format=format,
                ppi=ppi,
                ignore_system_fonts=_EMBEDDED.fullmatch(text) is not None,
                package_path=folder,
                package_cache_path=folder,
                timestamp=0,
            )
        except engine.TypstError as error:
            raise ReportError(f"Typst could not set the report {_title(report)}: {error.message}") from error
    if made is None:
        raise ReportError(f"Typst returned no pages for the report {_title(report)}")
    return made


def _latexmk_pdf(report: Report) -> bytes:
    if shutil.which("latexmk") is None:
        raise ReportError("engine 'latexmk' needs TeX, which is not installed; use engine 'typst' or install latexmk")
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        _copy_figures(report, Path(folder), latex.FIGURE_SUFFIXES)
        (Path(folder) / "report.tex").write_text(latex.emit(report), encoding="utf-8")
        command = ["latexmk", "-norc", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
        try:
            run = subprocess.run(
                [*command, "report.tex"], cwd=folder, env=_tex_environment(), capture_output=True, timeout=_LIMIT_S
            )
        except subprocess.TimeoutExpired as error:
            raise ReportError(f"latexmk took over {_LIMIT_S} s for the report {_title(report)}") from error
        if run.returncode:
            raise ReportError(f"LaTeX could not set the report {_title(report)}: {_complaint(Path(folder))}")
        return (Path(folder) / "report.pdf").read_bytes()


_ENGINES: dict[Engine, Callable[[Report], bytes]] = {"typst": _typst_pdf, "latexmk": _latexmk_pdf}


def _copy_figures(report: Report, folder: Path, suffixes: tuple[str, ...]) -> None:
    for name, path in outline(report).figures.items():
        file = figure_file(path, suffixes)
        shutil.copyfile(file, folder / f"{name}{file.suffix}")


def _tex_environment() -> dict[str, str]:
    """TeX opens files of the folder and of its own installation alone; dates come from the report, not the clock."""
    return {**os.environ, "openin_any": "p", "openout_any": "p", "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}


def _complaint(folder: Path) -> str:
    """The first error line of TeX's log."""
    log = folder / "report.log"
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return next((line[2:] for line in lines if line.startswith("! ")), "no log was written; is the installation whole?")


def _title(report: Report) -> str:
    return repr(report.title if isinstance(report.title, str) else "with a formula in its title")
