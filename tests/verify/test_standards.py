"""Laws of the table of standard formulas: each row can be read, finds its own formulas, and tells others from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive.standards.standard import Standard
from derive.standards.table import STANDARDS
from verify.check import check_document
from verify.documents.markdown import read_markdown
from verify.results import Statement
from verify.standards.matching import match, variants_of
from verify.standards.naming import plain
from verify.standards.parts import atom_named, node_of


@pytest.mark.parametrize("row", STANDARDS, ids=lambda row: row.name)
def test_a_row_can_be_read_and_finds_its_own_formulas(row: Standard) -> None:
    assert row.left or row.words
    for pattern in (row.left, row.words, row.letters):
        re.compile(pattern)
    assert all(atom_named(w).name for part in row.parts for w in part.written)
    for latex in row.formulas:
        found = match(node_of(latex), row, numbers=False)
        assert found is not None and found.known, latex


@pytest.mark.parametrize("row", STANDARDS, ids=lambda row: row.name)
def test_a_formula_with_another_term_or_factor_is_none_of_its_row(row: Standard) -> None:
    for variant in variants_of(row)[: len(row.formulas)]:
        if "mathbf" not in variant.latex:
            assert match(node_of(f"{variant.latex} + \\frac{{3}}{{7}}"), row, numbers=False) is None
        assert match(node_of(f"\\frac{{3}}{{7}} ({variant.latex})"), row, numbers=False) is None


END_OF_DISPLAY = re.compile(r"(?<=\$\$)\n\n")


@pytest.mark.parametrize(
    "name",
    [
        "conventions",
        "conventions_of_models",
        "conventions_of_networks",
        "conventions_of_statistics",
        "conventions_of_matrices_and_search",
    ],
)
def test_other_conventions_are_never_called_wrong(name: str) -> None:
    """Each by itself: beside the letters of all the others many would be undecided for no reason of their own."""
    text = (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8")
    found = [s for note in END_OF_DISPLAY.split(text) for s in _statements(note)]
    assert len(found) > 50
    assert not [s.latex for s in found if s.severity is not None]


def test_conventions_beside_each_other_are_never_called_wrong() -> None:
    text = (Path(__file__).parent / "conventions_of_models.md").read_text(encoding="utf-8")
    assert not [s.latex for s in _statements(text) if s.severity is not None]


def _statements(text: str) -> tuple[Statement, ...]:
    return check_document(read_markdown("conventions.md", text), timeout=20).statements


def test_names_are_told_apart() -> None:
    assert len({row.name for row in STANDARDS}) == len(STANDARDS)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\mathrm{KL}(q \| p)", "KL(q|p)"),
        (r"\text{Precision}", "Precision"),
        (r"F_{1}", "F_1"),
        (r"\hat{v}_t", "hatv_t"),
    ],
)
def test_a_left_side_without_fonts(latex: str, text: str) -> None:
    assert plain(latex) == text
