"""The front door opens at once: nothing heavy is imported before a command runs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from gradproof.cli import COMMANDS

HEAVY = {"sympy", "numpy", "scipy", "mpmath", "matplotlib", "sklearn", "latex2sympy2", "typst", "rich", "derive"}

STARTS = {
    "import": "import gradproof",
    "cli": "import gradproof.cli",
    "help": "from gradproof.cli import main; assert main(['--help']) == 0",
    "version": "from gradproof.cli import main; assert main(['--version']) == 0",
    "wrong call": "from gradproof.cli import main; assert main(['list', 'nonsense']) == 2",
} | {
    f"{command.name} help": f"from gradproof.cli import main; assert main([{command.name!r}, '--help']) == 0"
    for command in COMMANDS
}


def modules_after(code: str) -> set[str]:
    program = f"{code}\nimport json, sys\nprint()\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("code", STARTS.values(), ids=STARTS.keys())
def test_nothing_heavy_is_imported(code: str) -> None:
    assert not modules_after(code) & HEAVY


def test_a_name_that_is_asked_for_is_imported() -> None:
    assert modules_after("import gradproof; gradproof.scalar") >= {"sympy", "derive"}
