"""The PDF as a reader gets it: its words, its margins, and what its engines may not do."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from derive.notation.layout import Atom, Fenced, Frac, Layout, Row
from reports import latex, pdf, typst
from reports.document import Badge, Display, Finding, Paragraph, Report, ReportError, ReportStep, Steps
from reports.pdf import pdf_bytes, png_pages, write_pdf

HAS_TEX = shutil.which("latexmk") is not None and shutil.which("pdflatex") is not None
needs_tex = pytest.mark.skipif(not HAS_TEX, reason="pdflatex and latexmk are not installed")
ENGINES = [
    pytest.param("typst", id="typst"),
    pytest.param("latexmk", id="latexmk", marks=needs_tex),
]
SHOWN = (
    "Logistic regression",
    "The gradient, derived, checked and fitted",
    "chain rule",
    "derivative of the logarithm",
    "proved",
    "holds",
    "refuted",
    "unread",
    "Table 1.",
    "Figure 1.",
    "as written",
    "corrected",
    "GP201 swapped-index",
    "notes.md:12:3",
    "0.31",
    "Pattern Recognition and Machine Learning",
    "sec. 4.3.2",
    r"\input{/etc/passwd} \frac{a}{b",
)


def _words(data: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return re.sub(r"\s+", "", text).lower()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reader_finds_every_word(sample: Report, engine: pdf.Engine) -> None:
    words = _words(pdf_bytes(sample, engine=engine))
    assert [shown for shown in SHOWN if re.sub(r"\s+", "", shown).lower() not in words] == []


def test_the_file_carries_the_title(sample: Report, tmp_path: Path) -> None:
    write_pdf(sample, tmp_path / "report.pdf")
    reader = PdfReader(tmp_path / "report.pdf")
    assert reader.metadata is not None
    assert reader.metadata.title == "Logistic regression"
    assert len(reader.outline) > 3


def _long_product(length: int) -> Layout:
    """A product without an operator to break at, in brackets."""
    return Fenced("[", Row(tuple(Atom(letter) for letter in "abcdefgh" * length)), "]")


def _wide_fraction() -> Layout:
    """A formula that no line can hold and that cannot be broken."""
    return Frac(_long_product(20), Atom("z"))


WIDE = (
    Display(lines=(Row((Atom("f"), Atom("="), _long_product(20))),), label="wide"),
    Display(lines=(Row((Atom("g"), Atom("="), _wide_fraction())),), label="shrunk"),
    Steps(
        steps=(
            ReportStep(rule="shrunk", before=Atom("f"), after=_wide_fraction()),
            ReportStep(rule="a rule with a rather long name, as some have", before=Atom("f"), after=_long_product(20)),
            ReportStep(rule="short", before=_long_product(3), after=_long_product(9), badge=Badge.UNDECIDED),
        )
    ),
    Finding(where="a.md:1:1", verdict=Badge.REFUTED, message="wide", quoted="x = " + " + ".join("abcdefgh" * 20)),
    Finding(where="a.md:1:1", verdict=Badge.UNREAD, message="raw", quoted=r"\frac{" + "x" * 900),
    Paragraph(text=("Before ", _long_product(2), " after.")),
)


def _ink_outside(page: bytes, left_cm: float, right_cm: float) -> bool:
    from PIL import Image

    image = Image.open(BytesIO(page)).convert("L")
    width, height = image.size
    edges = [(0, 0, int(width * left_cm / 21), height), (int(width * (21 - right_cm) / 21), 0, width, height)]
    return any(min(image.crop(edge).tobytes()) < 200 for edge in edges)


@pytest.mark.parametrize("block", WIDE, ids=range(len(WIDE)))
def test_nothing_is_set_into_the_margin(block: Display) -> None:
    pages = png_pages(Report(title="Wide", blocks=(block,)), ppi=60)
    assert not any(_ink_outside(page, 3.0, 3.0) for page in pages)


@needs_tex
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed")
def test_tex_sets_nothing_into_the_margin(tmp_path: Path) -> None:
    write_pdf(Report(title="Wide", blocks=WIDE), tmp_path / "wide.pdf", engine="latexmk")
    subprocess.run(["pdftoppm", "-r", "60", "-png", tmp_path / "wide.pdf", tmp_path / "page"], check=True)
    pages = sorted(tmp_path.glob("page*.png"))
    assert pages and not any(_ink_outside(page.read_bytes(), 3.0, 3.0) for page in pages)


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "/../etc/passwd"])
def test_typst_reads_no_file_of_the_system(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Even if an escape failed, the engine's root is a folder that holds the report alone."""
    monkeypatch.setattr(typst, "emit", lambda report: f'#read("{path}")')
    with pytest.raises(ReportError, match="Typst could not set the report 'T'"):
        pdf_bytes(Report(title="T"))


@needs_tex
@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd"])
def test_tex_reads_no_file_of_the_system(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    source = rf"\documentclass{{article}}\begin{{document}}\input{{{path}}}\end{{document}}"
    monkeypatch.setattr(latex, "emit", lambda report: source)
    with pytest.raises(ReportError, match="LaTeX could not set the report 'T'"):
        pdf_bytes(Report(title="T"), engine="latexmk")


def test_a_missing_tex_names_the_other_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ReportError, match="engine 'typst'"):
        pdf_bytes(Report(title="T"), engine="latexmk")


def test_scripts_that_the_embedded_fonts_lack_are_no_error() -> None:
    assert pdf_bytes(Report(title="学習 and обучение", blocks=(Paragraph(text="勾配"),))).startswith(b"%PDF")
