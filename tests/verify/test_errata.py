"""The figures of benchmarks.errata, on two errors of our own: one caught and corrected, one that is not read."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.errata import errata

CONTEXT = "With $u = w x$ and $L = (y - u)^2$ we get\n\n@@CLAIM@@\n\nas was to be shown.\n"
ROWS = (
    {
        "id": "sign",
        "core": True,
        "context_md": CONTEXT,
        "wrong_latex": r"\frac{\partial L}{\partial u} = 2 (u + y)",
        "right_latex": r"\frac{\partial L}{\partial u} = 2 (u - y)",
    },
    {"id": "odd", "core": False, "context_md": CONTEXT, "wrong_latex": r"a \bowtie b", "right_latex": r"b \bowtie a"},
)


def test_what_is_caught_corrected_and_proved_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "errors.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)))
    heading, core, every = errata(path)
    assert heading[:2] == ("errors", "of")
    assert core == ("core topics", "1", "1", "1", "0", "0", "1")
    assert every == ("all", "2", "1", "1", "0", "0", "1")
