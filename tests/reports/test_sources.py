"""The sources can be read whole and are set as a reader expects them."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from reports.document import Cite, Paragraph, Report, ReportError
from reports.lines import plain
from reports.outline import outline
from reports.sources import reference, source, sources


def test_every_entry_is_read() -> None:
    text = (files("reports") / "sources.bib").read_text(encoding="utf-8")
    assert len(sources()) == text.count("@") > 5


@pytest.mark.parametrize("key", sources())
def test_an_entry_has_what_a_reference_needs(key: str) -> None:
    entry = source(key)
    assert all(entry.get(field) for field in ("author", "title", "year"))
    shown = plain(reference(entry))
    assert entry.get("title") in shown and entry.get("year") in shown and "  " not in shown and ", ," not in shown


def test_citations_are_numbered_as_they_come() -> None:
    cites = tuple(Cite(key) for key in ("murphy2012", "bishop2006", "murphy2012"))
    assert dict(outline(Report(title="t", blocks=(Paragraph(text=cites),))).cites) == {"murphy2012": 1, "bishop2006": 2}


def test_an_unknown_source_lists_the_known() -> None:
    with pytest.raises(ReportError, match="bishop2006"):
        outline(Report(title="t", blocks=(Paragraph(text=Cite("nobody1900")),)))


def test_every_source_named_in_the_code_has_an_entry() -> None:
    root = Path(__file__).parents[2]
    text = "".join(file.read_text(encoding="utf-8") for file in (root / "derive").rglob("*.py"))
    named = set(re.findall(r'source="([a-z]+[0-9]{4}[a-z]?):', text))
    assert named <= set(sources())
