"""Files and folders: formats by extension or content, exact places, and one clear line for what cannot be read."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from verify.documents.document import Document, DocumentError
from verify.documents.markdown import read_markdown
from verify.documents.notebook import read_notebook
from verify.documents.readers import EXTENSIONS, find_documents, read_document, read_plain
from verify.documents.tex import read_tex

PROSE = st.text(st.characters(codec="utf-8", exclude_characters="\\$`<>{}[]%#*_~:&|=-+\t\x0b\x0c\x85"), max_size=60)
LETTERS = st.sampled_from(["x", "\\theta", "h_j", "\\hat{y}", "W^{(1)}", "\\frac{a}{b}", "σ(z)", "12"])
BODY = st.lists(LETTERS, min_size=1, max_size=5).map(" + ".join)
WRAPPERS = (("$", "$"), ("$$", "$$"), ("\\(", "\\)"), ("\\[", "\\]"), ("\\begin{align}\n", "\n\\end{align}"))


def contents(document: Document) -> list[str]:
    return [formula.latex for formula in document.formulas]


@given(before=PROSE, body=BODY, after=PROSE, wrapper=st.sampled_from(WRAPPERS), tex=st.booleans())
def test_a_formula_in_any_prose_is_found_in_its_place(
    before: str, body: str, after: str, wrapper: tuple[str, str], tex: bool
) -> None:
    assume(wrapper[1] != "\\]" or tex or (body != "12" and len(body) > 1))  # \[1\] is an escaped bracket in Markdown
    text = before + "\n\n" + wrapper[0] + body + wrapper[1] + " \n\n" + after
    document = read_tex("a.tex", text) if tex else read_markdown("a.md", text, indented_code=False)
    assert contents(document) == [body]
    formula = document.formulas[0]
    assert document.text[formula.offset : formula.offset + len(formula.latex)] == formula.latex
    assert formula.offset == len(before) + 2 + len(wrapper[0])
    lines = text[: formula.offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert (formula.line, formula.column) == (len(lines), len(lines[-1]) + 1)


@given(text=st.text(max_size=300))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (read_markdown, read_tex, read_plain):
        document = read("any", text)
        assert document.text == text
        for formula in document.formulas:
            assert formula.latex.strip()


@given(text=st.text(max_size=60), offset=st.integers(0, 60))
def test_positions_count_from_one(text: str, offset: int) -> None:
    assume(offset <= len(text))
    line, column = Document("a", text).position(offset)
    assert line >= 1
    assert column >= 1
    lines = text.replace("\r\n", "\n\n").replace("\r", "\n")[:offset].count("\n")
    assert line <= lines + 1


CELL = "Let $\\frac{a}{b}$, café 😀 $x$\n\n$$\ny = \\alpha\n$$\n"


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("as_list", [True, False])
def test_notebook_places_are_those_in_the_file(ascii_only: bool, as_list: bool) -> None:
    source = CELL.splitlines(keepends=True) if as_list else CELL
    cells = [
        {"cell_type": "code", "metadata": {"source": ["$no$"]}, "source": ["'$no$'"], "outputs": []},
        {"metadata": {}, "source": source, "cell_type": "markdown"},
        {"cell_type": "markdown", "source": "also $z$"},
    ]
    text = json.dumps({"cells": cells, "nbformat": 4}, indent=1, ensure_ascii=ascii_only)
    document = read_notebook("a.ipynb", text)
    assert contents(document) == ["\\frac{a}{b}", "x", "y = \\alpha", "z"]
    fraction, x, y, z = document.formulas
    assert text[fraction.offset :].startswith("\\\\frac{a}{b}")
    assert text[y.offset :].startswith("y = \\\\alpha")
    for formula in (x, z):
        assert text[formula.offset] == formula.latex
    for formula in document.formulas:
        assert [text[formula.offset_of(k)] for k in range(len(formula.latex))] == list(formula.latex)
        lines = text[: formula.offset].split("\n")
        assert (formula.line, formula.column) == (len(lines), len(lines[-1]) + 1)
    assert x.before == "Let $\\frac{a}{b}$, café 😀"


PLAIN = (
    ("\\section{A} costs % $no$\n$x$", ["x"]),
    ("<!doctype html><p>\\(a &lt; b\\)</p>", ["a < b"]),
    ('{"cells": [{"cell_type": "markdown", "source": "$q$"}]}', ["q"]),
    ("# A\n\n      indented $x$\n", ["x"]),
)


@pytest.mark.parametrize(("text", "formulas"), PLAIN)
def test_plain_text_is_read_by_its_content(tmp_path: Path, text: str, formulas: list[str]) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(text, encoding="utf-8")
    assert contents(read_document(file)) == formulas


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_marked_encodings_and_line_ends_are_understood(tmp_path: Path, encoding: str, ending: str) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(f"é{ending}${chr(945)}$".encode(encoding))
    formula = read_document(file).formulas[0]
    assert (formula.latex, formula.line, formula.column) == ("α", 2, 2)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Sei $x$")))
    document = read_document("-")
    assert (document.path, contents(document)) == ("-", ["x"])


BROKEN = (
    ("a.md", b"ok\nna\xefve", "byte 0xEF at offset 5 (line 2)"),
    ("a.md", b"\x7fELF\0\0", "binary"),
    ("a.md", b"x" * 200, "larger than the limit"),
    ("a.xyz", b"x", ".md .markdown .qmd .rmd .tex"),
    ("README", b"x", "without extension"),
    ("a.ipynb", b"{", "not a notebook"),
    ("a.ipynb", b"[]", "no list of cells"),
)


@pytest.mark.parametrize(("name", "data", "told"), BROKEN)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        read_document(file, limit=100)
    assert told in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_files_and_folders_are_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        read_document(tmp_path / "a.md")
    with pytest.raises(DocumentError, match="cannot be read"):
        (tmp_path / "b.md").mkdir()
        read_document(tmp_path / "b.md")
    with pytest.raises(DocumentError, match="no such file or folder"):
        find_documents([tmp_path / "nowhere"])


def test_a_missing_extra_is_named_with_its_install_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    (tmp_path / "a.docx").write_bytes(b"PK\x03\x04\0")
    with pytest.raises(DocumentError, match=r"pip install 'gradproof\[docx\]'"):
        read_document(tmp_path / "a.docx")


def test_word_documents_are_read(tmp_path: Path) -> None:
    pandoc = pytest.importorskip("pypandoc")
    file = tmp_path / "a.docx"
    pandoc.convert_text("# Kopf\n\nLet $x_i$ be\n\n$$a=\\frac{b}{c}$$\n", "docx", format="md", outputfile=str(file))
    document = read_document(file)
    assert contents(document) == ["x_{i}", "a = \\frac{b}{c}"]
    assert document.formulas[1].headings == ("Kopf",)


def test_macros_come_from_files_beside_the_document_and_from_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "macros.tex").write_text("\\newcommand{\\E}{e}", encoding="utf-8")
    (folder / "own.sty").write_text("\\def\\R{r}", encoding="utf-8")
    (tmp_path / "outside.tex").write_text("\\def\\secret{s}", encoding="utf-8")
    inside = "\\input{macros}\\usepackage[x]{amsmath, own} %\\input{macros}\n"
    outside = f"\\input{{../outside}}\\input{{{tmp_path / 'outside.tex'}}}\\input{{{'long' * 99}}}"
    (folder / "a.tex").write_text(inside + outside + "\\def\\q{1}$x$", encoding="utf-8")
    assert read_document(folder / "a.tex").macros_source == "\\newcommand{\\E}{e}\n\\def\\R{r}\n\\def\\q{1}"


def test_folders_are_searched_for_known_formats(tmp_path: Path) -> None:
    wanted = [tmp_path / "b.md", tmp_path / "sub" / "a.TEX"]
    others = [tmp_path / ".git" / "x.md", tmp_path / "sub" / ".x.md", tmp_path / "c.py"]
    for file in wanted + others:
        file.parent.mkdir(exist_ok=True)
        file.write_text("x", encoding="utf-8")
    assert find_documents([tmp_path]) == tuple(wanted)
    assert find_documents([tmp_path / "c.py", tmp_path / "b.md", tmp_path]) == (tmp_path / "c.py", *wanted)
    assert find_documents(["-"]) == (Path("-"),)


def test_every_extension_of_the_contract_is_known() -> None:
    assert {".md", ".tex", ".txt", ".html", ".ipynb", ".docx", ".rst", ".org"} <= set(EXTENSIONS)


@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.qmd", "a.Rmd"])
def test_markdown_of_several_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("---\ntitle: $a$\n---\n\n```{r}\nx <- y$z$w\n```\n\nLet $$f = 1$$ {#eq-f}\n", encoding="utf-8")
    assert contents(read_document(path))[-1] == "f = 1"
    assert find_documents([tmp_path]) == (path,)
