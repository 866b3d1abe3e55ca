"""The size script finds what is too long, counts a table as one line, and passes the rest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "check_sizes.py"


def function(lines: int) -> str:
    return "def f():\n" + "    x = 1\n" * (lines - 1)


def table(rows: int) -> str:
    return "T = (\n" + "    1,\n" * rows + ")\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x = 1\n" * 400, ""),
        ("x = 1\n" * 401, ":1: the file has 401 lines"),
        (function(50), ""),
        (function(51), ":1: f has 51 lines"),
        ("class C:\n" + "".join("    " + line for line in function(51).splitlines(True)), ":2: f has 51 lines"),
        ("async " + function(51), ":1: f has 51 lines"),
        ("def f(:\n", ":1: this is no Python"),
        (table(500), ""),
        (table(500) + "x = 1\n" * 400, ":1: the file has 401 lines"),
        ("def f():\n    return {\n" + "        1: 2,\n" * 60 + "    }\n", ""),
        ("T = tuple([\n" + "    1,\n" * 400 + "])\n", ":1: the file has 402 lines"),
    ],
)
def test_sizes(text: str, found: str, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(text)
    done = subprocess.run([sys.executable, SCRIPT, file], capture_output=True, text=True, check=False)
    assert done.returncode == (1 if found else 0), done.stdout + done.stderr
    assert f"{file}{found}" in done.stdout if found else "0 findings" in done.stdout
