"""`gradproof demo`, end to end: every part is there, and says what it did."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from gradproof.cli import main
from lowering.audit import verify_certificate

PDFLATEX = shutil.which("pdflatex")
PARTS = ("derive", "check", "lower", "train", "report")


def test_the_demo_does_every_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "-o", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in err.splitlines()] == list(PARTS)
    assert [line.split()[0] for line in out.splitlines() if line[0] != " "] == [*PARTS, "total"]
    assert "8 of 8 partials proved" in out
    assert "10 formulas of lecture.md, 1 wrong" in out and "line 31: " in out
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert verify_certificate(tmp_path / "network.py") == []
    history = json.loads((tmp_path / "history.json").read_text(encoding="utf-8"))
    assert history["epochs"][-1]["validation_accuracy"] >= 0.98
    (tmp_path / "tex").mkdir()
    report = (tmp_path / "report.tex").read_text(encoding="utf-8")
    for heading in ("The model", "Partials between neighbours", "The code", "Training", "A note, proof-read"):
        assert heading in report
    if PDFLATEX is not None:  # one run of the demo serves both; without TeX the rest is still tested
        compiled = subprocess.run(
            [PDFLATEX, "-interaction=nonstopmode", "-halt-on-error", "-output-directory", "tex", "report.tex"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            check=False,
        )
        assert compiled.returncode == 0, compiled.stdout[-2000:]
        assert b"Overfull" not in compiled.stdout
