"""A chapter has the macros of the document that includes it, directly or through a part of it, and of no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from verify.check import check_file
from verify.results import Verdict

CHAPTER = "\\chapter{Sums}\n\\[ \\twice{2} = 4 \\]\n"
MASTER = "\\documentclass{book}\n\\input{signs}\n\\begin{document}\n\\include{chapters/sums}\n\\end{document}\n"
SIGNS = "\\newcommand{\\twice}[1]{2 \\cdot #1}\n"


def book(folder: Path, master: str, part: str = "") -> Path:
    (folder / "chapters").mkdir()
    chapter = folder / "chapters" / "sums.tex"
    for path, text in ((folder / "book.tex", master), (folder / "signs.tex", SIGNS), (chapter, CHAPTER)):
        path.write_text(text, encoding="utf-8")
    if part:
        (folder / "part.tex").write_text(part, encoding="utf-8")
    return chapter


@pytest.mark.parametrize(
    ("master", "part", "expected"),
    [
        (MASTER, "", Verdict.PROVED),
        (MASTER.replace("chapters/sums", "part"), "\\input{chapters/sums.tex}\n", Verdict.PROVED),
        (MASTER.replace("chapters/sums", "chapters/products"), "", Verdict.UNREAD),
        (MASTER.replace("\\documentclass{book}", ""), "", Verdict.UNREAD),
    ],
)
def test_a_chapter_has_the_macros_of_its_book(tmp_path: Path, master: str, part: str, expected: Verdict) -> None:
    statements = check_file(book(tmp_path, master, part)).statements
    assert [s.verdict for s in statements] == [expected]
