"""`gradproof check` from the outside: JSON to the letter, exit codes, hostile and broken input, corrections."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from derive.files import CannotWriteError
from gradproof.cli import main
from verify.check import check_file
from verify.fix import fix

GOOD = "With $u = w x$ and $L = (y - u)^2$ we get $$\\frac{\\partial L}{\\partial u} = 2 (u - y)$$\n"
BAD = GOOD.replace("2 (u - y)", "2 (u + y)")
STATEMENT: dict[str, Any] = {
    "line": int,
    "column": int,
    "end_line": int,
    "end_column": int,
    "latex": str,
    "kind": {"definition", "claim", "stationary", "update", "expression", "prose"},
    "verdict": {"defined", "proved", "holds", "refuted", "conflict", "ambiguous", "undecided", "unread"},
    "rule": (str, type(None)),
    "severity": {"error", "warning", "info", None},
    "message": (str, type(None)),
    "reading": (str, type(None)),
    "because": (str, type(None)),
    "counterexample": (dict, type(None)),
    "suggestion": (dict, type(None)),
}
HOSTILE = (
    "9^{9^{9^9}}",
    "99999999!",
    r"\operatorname{eye}(99999)",
    "(r+1)^{10^7}",
    r"\frac{1}{" * 400 + "x" + "}" * 400,
    r"q = \sum_{i=1}^{999999999} a_i^{i}",
    r"\int r_1 dz",
    r"\frac{\partial v}{\partial r} = (r+1)^{100000}",
    "{" * 60 + "x" + "}" * 60,
    r"\left( \frac{a}{b",
    "=" * 50,
    "__import__('os').system('x')",
)


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    try:
        code = main(["check", *arguments])
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def as_json(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    code, out, _ = run(*arguments, "--format", "json", "--jobs", "1", capsys=capsys)
    found: dict[str, Any] = json.loads(out)
    return code, found


def test_json_to_the_letter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "note.md").write_text(BAD)
    code, found = as_json(str(tmp_path / "note.md"), capsys=capsys)
    assert code == 1
    assert list(found) == ["schema", "files", "summary"] and found["schema"] == "gradproof.check/1"
    (file,) = found["files"]
    assert list(file) == ["path", "error", "statements"] and file["error"] is None
    for statement in file["statements"]:
        assert list(statement) == list(STATEMENT)
        for key, wanted in STATEMENT.items():
            value = statement[key]
            assert value in wanted if isinstance(wanted, set) else isinstance(value, wanted)
        text = BAD.splitlines()[statement["line"] - 1]
        assert text[statement["column"] - 1 : statement["end_column"] - 1] == statement["latex"]
    wrong = file["statements"][-1]
    assert (wrong["verdict"], wrong["rule"], wrong["severity"]) == ("refuted", "GP202", "error")
    assert list(wrong["counterexample"]) == ["sizes", "values", "left", "right"]
    assert list(wrong["suggestion"]) == ["latex", "edit", "verdict"]
    assert wrong["suggestion"]["latex"] == "2 (u - y)" and wrong["suggestion"]["verdict"] == "proved"
    assert found["summary"]["statements"] == 3 and found["summary"]["refuted"] == 1


def test_exit_codes_and_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for text, wanted in ((GOOD, 0), (BAD, 1)):
        stream = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stream)
        assert run("-", capsys=capsys)[0] == wanted
    code, out, err = run(str(tmp_path / "missing.md"), capsys=capsys)
    assert code == 2 and not out and "missing.md" in err and "Traceback" not in err


def test_broken_files_do_not_harm_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text(GOOD)
    (tmp_path / "b.md").write_bytes(b"\x00\x01\x02binary\x00" * 50)
    (tmp_path / "c.md").write_bytes(b"caf\xe9 $x$")
    (tmp_path / "d.md").write_text("$$\\frac{1}{2$$\n\n" + GOOD)
    code, found = as_json(str(tmp_path), capsys=capsys)
    assert code == 2
    errors = {Path(f["path"]).name: f["error"] for f in found["files"]}
    assert errors["a.md"] is None and errors["d.md"] is None and errors["b.md"] and errors["c.md"]
    verdicts = {Path(f["path"]).name: [s["verdict"] for s in f["statements"]] for f in found["files"]}
    assert verdicts["a.md"] == ["defined", "defined", "proved"]
    assert verdicts["d.md"][-1] == "proved" and "unread" in verdicts["d.md"]


def test_hostile_formulas_leave_the_rest_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "".join(f"$$ {formula} $$\n\n" for formula in HOSTILE)
    (tmp_path / "note.md").write_text(GOOD + text + BAD)
    code, found = as_json(str(tmp_path / "note.md"), "--timeout", "3", capsys=capsys)
    statements = found["files"][0]["statements"]
    assert code == 1 and found["files"][0]["error"] is None
    assert [s["verdict"] for s in statements[:3]] == ["defined", "defined", "proved"]
    assert statements[-1]["verdict"] == "refuted"
    assert not [s for s in statements[3:-3] if s["severity"]]


def test_rules_can_be_selected_and_ignored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "note.md"
    path.write_text(BAD)
    assert run(str(path), "--ignore", "GP202", capsys=capsys)[0] == 0
    assert run(str(path), "--select", "GP201", capsys=capsys)[0] == 0
    assert run(str(path), "--select", "GP2", capsys=capsys)[0] == 1


def test_corrections_are_shown_and_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "note.md"
    path.write_text(BAD)
    _, out, _ = run(str(path), "--diff", capsys=capsys)
    assert "+" + GOOD in out and path.read_text() == BAD
    run(str(path), "--fix", capsys=capsys)
    assert path.read_text() == GOOD
    code, _, err = run(str(path), "--fix", capsys=capsys)
    assert code == 0 and path.read_text() == GOOD and "nothing" in err


def test_what_cannot_be_proved_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "note.md"
    path.write_text(GOOD.replace("2 (u - y)", "u^5"))
    run(str(path), "--fix", capsys=capsys)
    assert path.read_text() == GOOD.replace("2 (u - y)", "u^5")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_corrections_keep_line_ends_and_encoding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    path = tmp_path / "note.md"
    before = f"# θ\r\n\r\n{BAD}".replace("\n", "\r\n").replace("\r\r", "\r")
    path.write_bytes(before.encode(encoding))
    run(str(path), "--fix", capsys=capsys)
    assert path.read_bytes() == before.replace("2 (u + y)", "2 (u - y)").encode(encoding)


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(BAD)
    found = check_file(path)
    path.write_text(BAD + "more\n")
    with pytest.raises(CannotWriteError, match="not as it was"):
        fix(found)
    assert path.read_text() == BAD + "more\n"
