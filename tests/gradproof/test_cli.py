"""The command line takes what it promises and refuses the rest in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

import gradproof
from gradproof.cli import COMMANDS, build_parser, main

PROMISED: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("demo", {"output": "gradproof-demo"}),
    ("demo -o out", {"output": "out"}),
    ("check a.md", {"paths": ["a.md"], "format": "text", "fix": False, "diff": False, "ignore": None}),
    ("check a.md dir -", {"paths": ["a.md", "dir", "-"]}),
    *((f"check a.md --format {f}", {"format": f}) for f in ("text", "json", "sarif", "github", "junit")),
    ("check a.md --select GP201,gp3", {"select": ("GP201", "GP3")}),
    ("check a.md --ignore GP1 --jobs 2 --timeout 1.5", {"ignore": ("GP1",), "jobs": 2, "timeout": 1.5}),
    ("check --fix a.md", {"fix": True, "diff": False}),
    ("check --diff a.md", {"fix": False, "diff": True}),
    ("derive mlp", {"model": "mlp", "of": None, "wrt": None, "form": "index", "order": 1, "format": "text"}),
    (r"derive mlp --of LL --wrt \theta^{(h)}_{i,j}", {"of": "LL", "wrt": r"\theta^{(h)}_{i,j}"}),
    ("derive mlp --form matrix --order 2", {"form": "matrix", "order": 2}),
    *((f"derive m --format {f}", {"format": f}) for f in ("text", "latex", "pdf", "html", "md", "ipynb", "json")),
    ("derive mlp -o out.pdf", {"output": "out.pdf"}),
    ("lower mlp", {"model": "mlp", "backend": "numpy", "dtype": "float64", "output": None}),
    ("lower mlp --backend jax --dtype float32 -o m.py", {"backend": "jax", "dtype": "float32", "output": "m.py"}),
    ("lower mlp --backend torch", {"backend": "torch"}),
    (
        "train mlp --data digits --optimizer adam --epochs 3 --seed 7 -o out",
        {"model": "mlp", "data": "digits", "optimizer": "adam", "epochs": 3, "seed": 7, "output": "out"},
    ),
    ("audit a.py:f mlp", {"target": "a.py:f", "model": "mlp", "certificate": False}),
    ("audit a.py --certificate", {"target": "a.py", "model": None, "certificate": True}),
    ("explain GP201", {"rule": "GP201"}),
    ("list", {"section": None}),
    *((f"list {s}", {"section": s}) for s in ("models", "functions", "losses", "layers", "rules", "backends")),
    ("doctor", {"command": "doctor"}),
)

REFUSED = (
    ("", "COMMAND"),
    ("nonsense", "nonsense"),
    ("check", "PATH"),
    ("check a.md --fix --diff", "--diff"),
    ("check a.md --format yaml", "yaml"),
    ("check a.md --form json", "--form"),  # an option may not be abbreviated: scripts would break when one is added
    ("check a.md --jobs 0", "'0'"),
    ("check a.md --jobs two", "'two'"),
    ("check a.md --timeout 0", "'0'"),
    ("check a.md --timeout inf", "'inf'"),
    ("check a.md --timeout soon", "'soon'"),
    ("derive", "MODEL"),
    ("derive mlp --order 3", "3"),
    ("lower mlp --backend fortran", "fortran"),
    ("lower mlp --dtype float16", "float16"),
    ("train mlp --epochs -1", "--epochs"),
    ("audit a.py:f", "MODEL"),
    ("audit a.py mlp --certificate", "--certificate"),
    ("explain", "RULE"),
    ("list nonsense", "nonsense"),
    ("doctor extra", "extra"),
)


@pytest.mark.parametrize(("line", "expected"), PROMISED, ids=[line for line, _ in PROMISED])
def test_what_is_promised_is_taken(line: str, expected: Mapping[str, object]) -> None:
    args = vars(build_parser().parse_args(line.split()))
    assert {name: args[name] for name in expected} == expected
    assert args["command"] == line.split()[0]


@pytest.mark.parametrize(("line", "named"), REFUSED, ids=[line for line, _ in REFUSED])
def test_the_rest_is_refused_in_one_line(line: str, named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("gradproof: error: ")
    assert err.count("\n") == 1
    assert named in err


def test_every_command_is_in_the_help_with_its_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert all(f"{command.name} {command.summary}" in shown for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_explains_itself(command: object, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(getattr(command, "name", None))
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: gradproof {name} ")


def test_python_dash_m_is_the_same_program() -> None:
    done = subprocess.run([sys.executable, "-m", "gradproof", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"gradproof {gradproof.__version__}\n"


def test_a_terminal_without_greek_letters_is_no_error() -> None:
    program = "from gradproof import cli; cli._run = lambda argv: print('θ') or 0; raise SystemExit(cli.main([]))"
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stdout) == (0, b"\\u03b8\n")
