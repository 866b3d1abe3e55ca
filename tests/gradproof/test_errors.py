"""Whatever goes wrong is one line on standard error and an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from gradproof.errors import UsageError, guard
from gradproof.extras import EXTRAS

RAISED: tuple[tuple[BaseException, int, str], ...] = (
    (UsageError("no model\n  is called 'x'"), 2, "gradproof: error: no model is called 'x'"),
    (ValueError("shape (3,) expected"), 2, "gradproof: error: shape (3,) expected"),
    (FileNotFoundError(2, "No such file or directory", "a.md"), 2, "gradproof: error: a.md: No such file or directory"),
    (OSError("disk on fire"), 2, "gradproof: error: unexpected OSError: disk on fire"),
    (KeyError("w"), 2, "gradproof: error: unexpected KeyError: 'w'"),
    (ValueError(), 2, "gradproof: error: unexpected ValueError"),
    (RecursionError("too deep"), 2, "gradproof: error: unexpected RecursionError: too deep"),
    (ModuleNotFoundError("No module named 'left'", name="left"), 2, "gradproof: error: No module named 'left'"),
    (ModuleNotFoundError(name="derive.none"), 2, "gradproof: error: this version of gradproof has no derive.none"),
    (KeyboardInterrupt(), 130, "gradproof: interrupted"),
)


def run_raising(error: BaseException) -> int:
    def action() -> int:
        raise error

    return guard(action)


@pytest.mark.parametrize(("error", "code", "line"), RAISED, ids=[repr(row[0]) for row in RAISED])
def test_one_line_and_a_code(error: BaseException, code: int, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_raising(error) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(line)
    assert err.count("\n") == 1


def test_the_traceback_is_there_for_who_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRADPROOF_DEBUG", "1")
    assert run_raising(ValueError("bad")) == 2
    err = capsys.readouterr().err
    assert err.startswith("Traceback")
    assert err.endswith("gradproof: error: bad\n")


@pytest.mark.parametrize(
    ("module", "name"), [(module, extra.name) for extra in EXTRAS for module in extra.modules], ids=str
)
def test_a_missing_extra_is_named_with_its_install_line(
    module: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_raising(ModuleNotFoundError(f"No module named '{module}.sub'", name=f"{module}.sub")) == 2
    assert f"pip install 'gradproof[{name}]'" in capsys.readouterr().err


def test_the_code_of_the_action_is_passed_on() -> None:
    assert [guard(partial(int, code)) for code in (0, 1, 2)] == [0, 1, 2]


def test_a_reader_that_went_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed_pipe:
        done = _gradproof_doctor(closed_pipe.fileno())
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full")
def test_a_full_disk_is_an_error_in_one_line() -> None:
    with open("/dev/full", "wb") as full:
        done = _gradproof_doctor(full.fileno())
    assert done.returncode == 2
    assert done.stderr == "gradproof: error: No space left on device\n"


def _gradproof_doctor(stdout: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gradproof", "doctor"]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)
