"""`gradproof derive`: what it writes, in which format, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sympy import srepr

import gradproof
from derive.notation.parser import parse
from derive.views import title_text
from gradproof.cli import main
from gradproof.models import find_model, find_quantity

HERE = Path(__file__).parent
DATA = Path(gradproof.__file__).parent / "data"
Golden = Callable[[Path, str], None]
Capture = pytest.CaptureFixture[str]

MODELS = ("logistic-regression", "mlp")
RESULT_KEYS = {"of", "wrt", "index_latex", "matrix_latex", "sympy", "verdict", "steps"}
STEP_KEYS = {"rule", "before", "after", "verdict", "depth"}


def printed(capsys: Capture, *words: str) -> str:
    assert main(["derive", *words]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("model", MODELS)
def test_the_page_of_a_model(model: str, capsys: Capture, golden: Golden) -> None:
    """Answers have their own tests, so that a new question changes no page here."""
    page = printed(capsys, model)
    titles = [title_text(answer) for answer in gradproof.find(model).answers]
    assert [title for title in titles if f"\n\n{title}\n" not in page] == []
    golden(HERE / "golden" / f"derive-{model}.txt", page.partition(f"\n{titles[0]}\n")[0] if titles else page)


@pytest.mark.parametrize("model", MODELS)
def test_json_keeps_the_contract(model: str, capsys: Capture) -> None:
    found = json.loads(printed(capsys, model, "--format", "json"))
    assert set(found) == {"schema", "model", "definitions", "results", "answers"}
    assert (found["schema"], found["model"]) == ("gradproof.derive/1", model)
    assert found["results"] and all(set(r) == RESULT_KEYS for r in found["results"])
    steps = [step for result in found["results"] for step in result["steps"]]
    assert steps and all(set(step) == STEP_KEYS for step in steps)
    assert {entry["verdict"] for entry in (*found["results"], *steps)} == {"proved"}
    formulas = [f for step in steps for f in (step["before"], step["after"])]
    formulas += [f for r in found["results"] for f in (r["index_latex"], r["matrix_latex"]) if f is not None]
    assert all(parse(latex) for latex in (*found["definitions"], *formulas))


@pytest.mark.parametrize("name", MODELS)
def test_json_has_the_objective_by_every_parameter(name: str, capsys: Capture) -> None:
    found = json.loads(printed(capsys, name, "--format", "json"))
    model = gradproof.find(name)
    for parameter in model.parameters:
        wrt = str(parameter.at()).replace(" ", "")
        mine = [r for r in found["results"] if (r["of"], r["wrt"]) == (model.objective, wrt)]
        expected = [m.partial(model.objective, wrt).result for m in (model, model.over_data())]
        assert [r["sympy"] for r in mine] == [srepr(e) for e in expected]


@pytest.mark.parametrize(
    ("plain", "latex"),
    (
        ("theta_h[i,j]", r"\theta^{(h)}_{i,j}"),
        ("theta_h[i,j]", r"\theta_{ij}^{(h)}"),
        ("theta_yhat[j]", r"\theta^{(\hat{y})}_j"),
        ("h[k]", "h_k"),
        ("h[k]", r"\mathbf{h}_k"),
    ),
)
def test_a_name_is_the_same_in_latex_and_in_plain_text(plain: str, latex: str, capsys: Capture) -> None:
    assert printed(capsys, "mlp", "--wrt", plain) == printed(capsys, "mlp", "--wrt", latex)


def test_every_quantity_of_a_model_is_found_by_its_latex() -> None:
    model = find_model("mlp")
    for quantity in model.quantities.values():
        indices = ",".join(str(i) for i in quantity.axes)
        latex = f"{quantity.latex}_{{{indices}}}" if indices else quantity.latex
        assert find_quantity(model, latex) == quantity.at()


def test_the_note_of_the_network_gives_the_model_of_the_catalogue(capsys: Capture) -> None:
    by_name = printed(capsys, "mlp", "--of", "LL", "--wrt", "theta_h[i,j]")
    by_note = printed(capsys, str(DATA / "network.md"), "--of", "LL", "--wrt", "theta_h[i,j]")
    assert by_note.partition("\n")[2] == by_name.partition("\n")[2]


def test_matrix_notation_alone(capsys: Capture) -> None:
    page = printed(capsys, "logistic-regression", "--form", "matrix")
    assert "∂LL/∂θ = Xᵀ (y − ŷ)" in page
    assert "chain rule" not in page


@pytest.mark.parametrize(
    ("layout", "gradient", "jacobian", "words"),
    (
        ("numerator", "∂LL/∂W = (Y − P)ᵀ X", "∂p/∂z = diag(p) − p pᵀ", "the shape of xᵀ, its entry (j, i)"),
        ("denominator", "∂LL/∂W = Xᵀ (Y − P)", "∂p/∂z = diag(p) − p pᵀ", "the shape of x, its entry (i, j)"),
        ("gradient", "∂LL/∂W = Xᵀ (Y − P)", "", "the shape of x, its entry (i, j)"),
    ),
)
def test_a_layout_is_said_and_kept(layout: str, gradient: str, jacobian: str, words: str, capsys: Capture) -> None:
    asked = ("softmax-regression", "--layout", layout)
    page = printed(capsys, *asked)
    assert f"\n{layout.capitalize()} layout\n" in page and words in page
    assert gradient in page and (jacobian in page if jacobian else "∂p/∂z =" not in page)
    assert json.loads(printed(capsys, *asked, "--format", "json"))["layout"] == layout
    assert f"{layout.capitalize()} layout" in printed(capsys, *asked, "--format", "md")


def test_a_name_without_indices_is_taken_at_indices_of_its_own(capsys: Capture) -> None:
    page = printed(capsys, "softmax-regression", "--of", "p", "--wrt", "z[k]")
    assert "= p_j (δ_j,k − p_k) " in page


def test_second_derivatives(capsys: Capture) -> None:
    page = printed(capsys, "logistic-regression", "--order", "2")
    assert "−ŷ (1 − ŷ) x_i x_j" in page
    assert "undecided" not in page


@pytest.mark.parametrize("suffix", (".tex", ".pdf", ".html", ".md", ".ipynb", ".json", ".txt"))
def test_the_suffix_of_the_file_is_its_format(suffix: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / f"page{suffix}"
    assert printed(capsys, "logistic-regression", "-o", str(path)) == ""
    content = path.read_bytes()
    signs = {".tex": b"\\documentclass", ".pdf": b"%PDF", ".html": b"<!doctype", ".md": b"#", ".ipynb": b"{"}
    assert signs.get(suffix, b"") in content[:2000].lower() or content.startswith(signs.get(suffix, b""))
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


REFUSED = (
    ("mpl", "did you mean mlp"),
    ("no-such-model", "no model is called 'no-such-model'"),
    ("missing.md", "No such file"),
    ("mlp --of nothing", "has no quantity 'nothing'"),
    ("mlp --of yhatt", "yhat"),
    ("mlp --wrt theta_h[i]", "2 indices"),
    ("linear-regression --wrt theta[0]", "theta[0] is out of range: expected an index within j = 1..d, came 0"),
    (r"mlp --wrt \frac{1}{2}", "is not the name of one quantity"),
    (r"mlp --wrt \theta^{(h", "is not a name"),
    ("mlp --of LL --wrt theta_h[i,j] --order 2 --form matrix", "matrix notation"),
    ("mlp --order 2 --layout numerator", "first derivatives"),
    ("softmax-regression --of p --wrt z --layout gradient", "gradient layout of a vector: expected a scalar"),
    ("softmax-regression --of p --wrt W --form matrix", "∂p[j]/∂W[i,k] has no form in matrix notation"),
    ("mlp --format pdf", "-o FILE.pdf"),
    ("mlp -o missing/page.txt", "there is no folder missing"),
    ("no.such.module:model", "there is no module no.such.module"),
    ("json:loads_nothing", "has no loads_nothing"),
    ("json:decoder", "expected a gradproof.Model"),
    ("json:loads", "calling it failed: TypeError"),
    ("own.py", "own:model"),
)


@pytest.mark.parametrize(("line", "said"), REFUSED, ids=[line for line, _ in REFUSED])
def test_what_cannot_be_derived_is_refused_in_one_line(
    line: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["derive", *line.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("gradproof: error: ") and err.count("\n") == 1
    assert said in err
    assert list(tmp_path.iterdir()) == []
