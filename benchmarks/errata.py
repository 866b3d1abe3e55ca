"""Errors that authors have corrected: how many are found, with which correction, and what is said of the right ones."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from verify.check import check_paths
from verify.results import FileResult, Severity, Statement, Verdict

TRUE = (Verdict.PROVED, Verdict.HOLDS)
CLAIM = "@@CLAIM@@"
LOOKS = re.compile(
    r"\\(?:left|right|quad|qquad|displaystyle|limits|cdot|mathbf|boldsymbol|bm|mathrm|text|operatorname)\b"
    r"|\\[,;:! ]|[{}\s.,]"
)
MARKS = ("caught", "corrected first", "accepted", "flagged when right", "right one proved")


def errata(path: Path) -> Iterator[tuple[str, ...]]:
    """A row for the core topics and one for all, with a heading."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            for which in ("wrong", "right"):
                (Path(folder) / f"{row['id']}.{which}.md").write_text(_text(row, which)[0], encoding="utf-8")
        files = {Path(f.path).name: f for f in check_paths([folder], jobs=2).files}
    yield ("errors", "of", *MARKS)
    for name, chosen in (("core topics", [r for r in rows if r.get("core")]), ("all", rows)):
        counts = Counter(mark for row in chosen for mark in _marks(row, files))
        yield (name, str(len(chosen)), *(str(counts[mark]) for mark in MARKS))


def _text(row: dict[str, Any], which: str) -> tuple[str, int, int]:
    """The document with the claim in it, and the claim's first and last line."""
    before, after = row["context_md"].split(CLAIM, 1)
    head = before.rstrip("\n") + "\n\n"
    claim = f"$$\n{row[f'{which}_latex'].strip()}\n$$"
    first = len(head.splitlines()) + 1
    return head + claim + "\n\n" + after.lstrip("\n"), first, first + len(claim.splitlines()) - 1


def _marks(row: dict[str, Any], files: dict[str, FileResult]) -> Iterator[str]:
    wrong, right = files[f"{row['id']}.wrong.md"], files[f"{row['id']}.right.md"]
    said, said_right = _touching(wrong, row, "wrong"), _touching(right, row, "right")
    errors = [s for s in said if s.severity is Severity.ERROR]
    corrections = [LOOKS.sub("", s.suggestion.latex) for s in errors if s.suggestion is not None][:1]
    target = LOOKS.sub("", row["right_latex"])
    if errors:
        yield "caught"
    if any(c in target or target in c for c in corrections):
        yield "corrected first"
    known = (*TRUE, Verdict.DEFINED)
    if any(s.verdict in TRUE for s in said) and all(s.verdict in known for s in said):
        yield "accepted"
    if any(s.severity is Severity.ERROR for s in right.statements):
        yield "flagged when right"
    if any(s.verdict in TRUE for s in said_right):
        yield "right one proved"


def _touching(file: FileResult, row: dict[str, Any], which: str) -> list[Statement]:
    _, first, last = _text(row, which)
    return [s for s in file.statements if s.line <= last and s.end_line >= first]
