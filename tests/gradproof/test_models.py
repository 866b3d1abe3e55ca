"""Where a model comes from: a document's formulas, or the user's own Python."""

from __future__ import annotations

from pathlib import Path

import pytest

import gradproof
from derive.quantities import Domain, Kind
from gradproof.cli import main
from gradproof.models import find_model

DATA = Path(gradproof.__file__).parent / "data"
EXAMPLES = Path(__file__).parents[2] / "examples"
NETWORK = (DATA / "network.md").read_text(encoding="utf-8")
Capture = pytest.CaptureFixture[str]


def written(folder: Path, text: str, name: str = "note.md") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_note_says_what_is_data_parameter_and_outcome() -> None:
    model = find_model(str(DATA / "network.md"))
    assert model.title == "A network with one hidden layer"
    assert {q.name: q.kind for q in model.given} == {
        "x": Kind.DATA,
        "y": Kind.DATA,
        "theta_h": Kind.PARAMETER,
        "theta_yhat": Kind.PARAMETER,
    }
    assert model.quantities["y"].domain is Domain.BINARY
    assert (model.objective, str(model.sense)) == ("LL", "maximise")


def test_the_same_from_tex(tmp_path: Path) -> None:
    formulas = [part for part in NETWORK.split("$$") if r"\sigma" in part or "P(" in part]
    body = "\n".join(rf"\begin{{equation}}{formula}\end{{equation}}" for formula in formulas)
    text = rf"\documentclass{{article}}\begin{{document}}\section{{Net}}{body}\end{{document}}"
    model = find_model(written(tmp_path, text, "net.tex"))
    assert [d.expr for d in model.definitions] == [d.expr for d in find_model(str(DATA / "network.md")).definitions]


def test_what_cannot_be_read_and_is_not_needed_is_passed_over_with_a_note(tmp_path: Path, capsys: Capture) -> None:
    path = written(tmp_path, NETWORK + "\nBeside the point: $\\frac{1}{$ and so on.\n")
    assert find_model(path).objective == "LL"
    err = capsys.readouterr().err
    assert err.count("\n") == err.count("note:") == 1
    line = NETWORK.count("\n") + 2
    assert f"note.md:{line}:20: " in err and "passed over" in err


REFUSED = (
    ("no formulas", "Words only.", "is a definition"),
    ("no definition", "$$\\sum_i x_i$$", "is a definition"),
    ("broken", "A line.\n\n$$h_j = \\frac{1}{$$", "note.md:3:3: "),
    ("needed", "$$h = w \\star w$$\n\n$$E = h^2$$", "note.md:1:7: the definition of h cannot be read"),
)


@pytest.mark.parametrize(("text", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_document_without_a_model_is_refused_in_one_line(
    text: str, said: str, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["derive", written(tmp_path, text)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("gradproof: error: ") and err.count("\n") == 1
    assert said in err


def test_bytes_that_are_no_text_are_refused(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "note.md"
    path.write_bytes(b"\x00\x01\x02")
    assert main(["derive", str(path)]) == 2
    assert "binary" in capsys.readouterr().err


OWN = """
from gradproof import find
small = find("logistic-regression")
def made():
    return small
broken = 3
"""


@pytest.mark.parametrize("attribute", ("small", "made"))
def test_a_model_of_ones_own(attribute: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, OWN, f"own_{attribute}.py")
    monkeypatch.chdir(tmp_path)
    assert find_model(f"own_{attribute}:{attribute}") == gradproof.find("logistic-regression")


@pytest.mark.parametrize("example", ("two_layers.md", "linear_regression:model"))
def test_the_examples_are_models_with_proved_gradients(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    model = find_model(example)
    for each in (model, model.over_data()):
        assert {each.partial(each.objective, q.at()).verdict for q in model.parameters} == {"proved"}


def test_python_that_fails_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    written(tmp_path, "raise ValueError('two\\nlines')", "own_failing.py")
    monkeypatch.chdir(tmp_path)
    assert main(["derive", "own_failing:model"]) == 2
    err = capsys.readouterr().err
    assert "importing own_failing failed: ValueError: two lines" in err and err.count("\n") == 1
