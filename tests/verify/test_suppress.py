"""Comments that keep a finding quiet, in each format, and those that keep nothing quiet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verify.check import check_file
from verify.results import Statement
from verify.suppress import UNUSED

GOOD = r"\frac{d}{dz} z^3 = 3 z^2"
BAD = r"\frac{d}{dz} z^3 = 4 z^2"
FORMATS = {
    "behind.md": "A claim: ${}$ <!-- gradproof: ignore GP211 -->\n",
    "display.md": "$$\n{}\n$$ <!-- gradproof: ignore GP211 -->\n",
    "above.md": "<!-- gradproof: ignore GP2 -->\n\n$${}$$\n",
    "every.txt": "$${}$$ <!-- gradproof: ignore -->\n",
    "page.html": "<p>\\({}\\) <!-- gradproof: ignore GP211, GP100 --></p>\n",
    "paper.tex": "\\[\n{}\n\\] % gradproof: ignore GP211\n",
    "above.tex": "% gradproof: ignore GP211\n\\[ {} \\]\n",
    "page.rst": ".. gradproof: ignore GP211\n\n.. math::\n\n   {}\n",
    "page.org": "# gradproof: ignore GP211\n\\[ {} \\]\n",
}


def checked(folder: Path, name: str, text: str) -> tuple[Statement, ...]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = check_file(path, timeout=20)
    assert found.error is None
    return found.statements


def text_of(name: str, formula: str) -> str:
    return FORMATS[name].replace("{}", formula)


@pytest.mark.parametrize("name", FORMATS)
def test_a_comment_keeps_its_finding_quiet(tmp_path: Path, name: str) -> None:
    (statement,) = checked(tmp_path, name, text_of(name, BAD))
    assert statement.verdict == "refuted" and statement.severity is None and statement.suggestion is None


@pytest.mark.parametrize("name", FORMATS)
def test_a_comment_without_a_finding_is_told(tmp_path: Path, name: str) -> None:
    found = checked(tmp_path, name, text_of(name, GOOD))
    (unused,) = (s for s in found if s.rule == UNUSED)
    assert unused.severity == "warning" and "gradproof: ignore" in unused.latex


def test_a_comment_of_another_code_keeps_nothing_quiet(tmp_path: Path) -> None:
    found = checked(tmp_path, "note.md", f"$${BAD}$$ <!-- gradproof: ignore GP202 -->\n")
    assert [(s.rule, str(s.severity)) for s in found] == [("GP211", "error"), (UNUSED, "warning")]


def test_a_comment_speaks_of_one_formula_only(tmp_path: Path) -> None:
    found = checked(tmp_path, "note.md", f"<!-- gradproof: ignore -->\n$${BAD}$$\n\n$${BAD}$$\n")
    assert [s.severity for s in found] == [None, "error"]


def test_in_a_notebook_the_comment_stands_in_the_cell(tmp_path: Path) -> None:
    source = [f"$${BAD}$$\n", "\n", "<!-- gradproof: ignore GP211 -->\n", f"$${BAD}$$"]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": source}]
    found = checked(tmp_path, "n.ipynb", json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}, indent=1))
    assert [s.severity for s in found] == ["error", None]
