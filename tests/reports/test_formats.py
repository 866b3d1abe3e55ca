"""Every block in every format, and what each format promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from reports import html, latex, markdown, typst
from reports.document import Block, Display, Figure, Heading, Paragraph, Ref, Report, ReportError
from reports.formats import FORMATS, Format, format_named, write_report

BLOCK_TYPES = get_args(Block)
HERE = Path(__file__).parent
TABLES = {"html": html.BLOCKS, "latex": latex.BLOCKS, "markdown": markdown.BLOCKS, "typst": typst.BLOCKS}


@pytest.mark.parametrize("name", TABLES)
def test_an_emitter_knows_every_block(name: str) -> None:
    assert set(TABLES[name]) == set(BLOCK_TYPES)


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
@pytest.mark.parametrize("kind", BLOCK_TYPES, ids=lambda kind: kind.__name__)
def test_every_block_shows_in_every_format(sample: Report, kind: type, known: Format) -> None:
    alone = tuple(block for block in sample.blocks if "Ref(" not in repr(block))
    others = tuple(block for block in alone if type(block) is not kind)
    shown = tuple(block for block in alone if type(block) is kind)
    with_it, without = (known.emit(replace(sample, blocks=blocks)) for blocks in ((*others, *shown), others))
    assert shown and len(with_it) > len(without)


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_the_same_report_gives_the_same_file(sample: Report, known: Format) -> None:
    assert known.emit(sample) == known.emit(sample)


@pytest.mark.parametrize("name", ["latex", "typst"])
def test_golden_source(sample: Report, name: str, golden: Callable[[Path, str], None]) -> None:
    known = format_named(name)
    text = known.emit(sample)
    assert isinstance(text, str)
    golden(HERE / "golden" / f"sample{known.suffix}", text)


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_writing_puts_the_figures_beside(sample: Report, known: Format, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    write_report(sample, folder / f"report{known.suffix}")
    beside = {file.name for file in folder.iterdir()} - {f"report{known.suffix}"}
    assert beside == ({f"figure-1{known.beside[0]}"} if known.beside else set())


def test_a_notebook_is_one_whole(sample: Report) -> None:
    book = json.loads(str(format_named("ipynb").emit(sample)))
    cells = book["cells"]
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert [cell["cell_type"] for cell in cells].count("code") == 1
    assert [list(cell["attachments"]) for cell in cells if "attachments" in cell] == [["figure-1.png"]]


def test_html_loads_nothing(sample: Report) -> None:
    page = str(format_named("html").emit(sample))
    assert "<script" not in page and "http://" not in page.replace("http://www.w3.org/", "")
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page


@pytest.mark.parametrize(
    ("blocks", "complaint"),
    [
        ((Paragraph(text=Ref("nowhere")),), "nowhere"),
        ((Display(lines=(), label="a"), Display(lines=(), label="a")), "label 'a'"),
    ],
)
def test_an_unusable_report_says_so(blocks: tuple[Block, ...], complaint: str) -> None:
    for known in FORMATS:
        with pytest.raises(ReportError, match=complaint):
            known.emit(Report(title="t", blocks=blocks))


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_a_missing_figure_is_named(known: Format, tmp_path: Path) -> None:
    report = Report(title="t", blocks=(Figure(path=tmp_path / "curve.svg"),))
    with pytest.raises(ReportError, match="curve"):
        write_report(report, tmp_path / f"report{known.suffix}")
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_lists_the_known() -> None:
    with pytest.raises(ReportError, match="latex"):
        format_named("rtf")


def test_sections_are_numbered_in_order() -> None:
    headings = tuple(Heading(text=t, level=n) for t, n in (("a", 1), ("b", 2), ("c", 2), ("d", 1), ("e", 2)))
    page = markdown.emit(Report(title="t", blocks=headings))
    assert [line for line in page.splitlines() if line.startswith("##")] == [
        "## 1 a",
        "### 1.1 b",
        "### 1.2 c",
        "## 2 d",
        "### 2.1 e",
    ]
