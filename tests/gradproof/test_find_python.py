"""make finds a Python that is new enough, and says so when there is none."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "find_python.sh"


def find(folder: Path, programs: Mapping[str, int], python: str = "") -> subprocess.CompletedProcess[str]:
    """Run the script where the only programs are these, each ending with its exit code: 0 for a good Python."""
    for name, code in programs.items():
        (folder / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (folder / name).chmod(0o755)
    environment = {"PATH": str(folder), "PYTHON": python}
    return subprocess.run(["/bin/sh", SCRIPT], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("programs", "python", "found"),
    [
        ({"python3": 0, "python3.12": 0}, "", "python3"),
        ({"python3": 1, "python3.12": 0}, "", "python3.12"),
        ({"python3": 0, "mine": 0}, "mine", "mine"),
        ({"python3": 0, "mine": 1}, "mine", "python3"),
    ],
)
def test_the_first_good_one_is_found(programs: Mapping[str, int], python: str, found: str, tmp_path: Path) -> None:
    done = find(tmp_path, programs, python)
    assert (done.returncode, done.stdout) == (0, f"{found}\n")


def test_none_is_an_error_that_says_what_is_needed(tmp_path: Path) -> None:
    done = find(tmp_path, {"python3": 1})
    assert (done.returncode, done.stdout) == (1, "")
    assert "Python 3.11 or newer" in done.stderr
