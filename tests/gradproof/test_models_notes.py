"""Models that a note defines by LaTeX alone: all that is derived is proved, and what the catalogue has is the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from sympy import Basic, Expr, Idx, IndexedBase, Symbol

from derive.calculus.indices import substitute
from derive.catalog import find
from derive.model import Model
from derive.prove import prove
from derive.vocabulary import Partial, scalar, tensor
from gradproof.cli import main
from gradproof.models import find_model, find_quantity

FOLDER = Path(__file__).parent / "notes"
NOTES = sorted(FOLDER.iterdir())
Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("note", NOTES, ids=lambda p: p.stem)
def test_everything_that_a_note_asks_for_is_proved(note: Path) -> None:
    model = find_model(str(note))
    assert model.parameters
    assert {q.name: model.partial(model.objective, q.at()).verdict for q in model.parameters} == {
        q.name: "proved" for q in model.parameters
    }


@dataclass(frozen=True, kw_only=True)
class Same:
    """A note and the row of the catalogue that is the same mathematics, with the names it has there.

    Attributes:
        names: the name in the catalogue to the name in the note.
        over_data: whether the note speaks of all data points.
    """

    note: str
    row: str
    names: dict[str, str]
    over_data: bool = False


SAME = (
    Same(
        note="least_squares_sums.md",
        row="linear-regression",
        names={"x": "x", "y": "y", "theta": "theta", "e": "J"},
        over_data=True,
    ),
    Same(
        note="least_squares_matrix.md",
        row="linear-regression",
        names={"x": "X", "y": "y", "theta": "theta", "e": "J"},
        over_data=True,
    ),
    Same(
        note="least_squares_samples.tex",
        row="linear-regression",
        names={"x": "x", "y": "y", "theta": "w", "e": "J"},
    ),
    Same(
        note="ridge.md",
        row="ridge",
        names={"x": "X", "y": "y", "theta": "w", "lambda": "lambda", "e": "J"},
        over_data=True,
    ),
    Same(note="logistic.md", row="logistic-regression", names={"x": "x", "y": "y", "theta": "theta", "LL": "LL"}),
    Same(note="softmax.md", row="softmax-regression", names={"x": "x", "y": "y", "W": "W", "LL": "LL"}),
    Same(
        note="deep.md",
        row="deep",
        names={n: n for n in ("a_0", "y", "E", *(f"{p}_{k}" for p in "Wb" for k in (1, 2, 3)))},
    ),
    Same(note="residual.md", row="residual", names={n: n for n in ("x", "y", "W", "E")}),
    Same(
        note="attention.md",
        row="attention",
        names={n: n for n in ("Q", "K", "V", "G", "E")},
    ),
    Same(note="divergence.md", row="cross-entropy", names={n: n for n in ("p", "z", "D")}),
    Same(
        note="boltzmann.md",
        row="boltzmann",
        names={n: n for n in ("beta", "epsilon_0", "epsilon_1", "P_1")},
    ),
    Same(note="graph.md", row="computational-graph", names={"a": "a", "b": "b", "c": "c", "L": "L"}),
)


def in_names_of(note: Model, row: Model, names: dict[str, str], expr: Expr) -> Expr:
    """An expression over the given names of a row of the catalogue in the names and sizes of a note."""
    renamed: dict[Basic, Basic] = {}
    for old, new in names.items():
        renamed[scalar(old)] = scalar(new)
        for ours, theirs in zip(row.quantities[old].axes, note.quantities[new].axes, strict=True):
            if isinstance(ours.upper, Symbol):
                renamed[ours.upper] = theirs.upper
            assert ours.lower == theirs.lower or isinstance(ours.lower, Symbol)
    found: Expr = expr.xreplace(renamed)
    return found


def opened(model: Model, expr: Expr) -> Expr:
    """An expression with every defined name written out."""
    for name in reversed(list(model.defined)):
        expr = model.unfold(expr, name)
    return expr


@pytest.mark.parametrize("same", SAME, ids=lambda s: s.note)
def test_a_note_is_the_row_of_the_catalogue(same: Same) -> None:
    note, row = find_model(str(FOLDER / same.note)), find(same.row)
    row = row.over_data() if same.over_data else row
    objective = note.quantities[note.objective].at()
    ours = in_names_of(note, row, same.names, opened(row, row.quantities[row.objective].at()))
    assert not ours.atoms(IndexedBase) & {tensor(n) for n in set(row.defined) - set(same.names)}
    assert prove(objective, ours, note) is not None
    for q in (q for q in row.parameters if q.name in same.names):
        wrt = note.quantities[same.names[q.name]]
        gradient = opened(row, row.partial(row.objective, q.at()).result)
        theirs = in_names_of(note, row, same.names, gradient)
        axes = in_names_of(note, row, same.names, q.at())
        free = [i for i in getattr(axes, "indices", ()) if isinstance(i, Idx)]
        theirs = substitute(theirs, dict(zip(free, wrt.axes, strict=True)))
        if not theirs.has(Partial):  # what is passed back has a name in the catalogue only
            assert prove(Partial(objective, wrt.at()), theirs, note) is not None


GATES = {f"gate_{gate}": gate for gate in "ifog"}
WEIGHTS = {f"{letter}_{gate}": f"{letter}_{gate}" for letter in "WUb" for gate in "ifog"}
RECURSIONS = (
    ("recurrent.md", "rnn", {n: n for n in ("x", "y", "h_0", "h", "W", "U", "b", "E")}),
    ("lstm.md", "lstm", {n: n for n in ("x", "y", "h_0", "c_0", "h", "c", "E")} | GATES | WEIGHTS),
    ("generic_layer_matrix.md", "generic-layer", {n: n for n in ("x", "y", "W", "b", "z", "a")}),
)


@pytest.mark.parametrize(("file", "name", "names"), RECURSIONS, ids=[row[0] for row in RECURSIONS])
def test_a_recursion_is_that_of_the_catalogue(file: str, name: str, names: dict[str, str]) -> None:
    note, row = find_model(str(FOLDER / file)), find(name)
    assert {names.get(n, n) for n in row.defined} == set(note.defined)
    for theirs in (d for d in row.definitions if d.name in names):  # the row of a generic layer has any loss
        ours = note.defined[names[theirs.name]]
        axes: dict[Basic, Basic] = {
            in_names_of(note, row, names, old): new
            for old, new in zip(theirs.quantity.axes, ours.quantity.axes, strict=True)
        }
        assert (ours.over is None) == (theirs.over is None)
        for our_side, their_side in ((ours.expr, theirs.expr), (ours.base, theirs.base)):
            if our_side is not None and their_side is not None:
                moved = substitute(in_names_of(note, row, names, their_side), axes)
                assert prove(our_side, moved, note) is not None


def test_a_layer_is_asked_for_as_it_is_written(capsys: Capture) -> None:
    path = str(FOLDER / "generic_layer.md")
    model = find_model(path)
    w = model.quantities["w"].at()
    assert find_quantity(model, r"w^{(l)}_{ij}") == find_quantity(model, "w") == find_quantity(model, "w[l,i,j]") == w
    assert main(["derive", path, "--of", "E", "--wrt", r"w^{(l)}_{ij}"]) == 0
    assert "∂E/∂z" in capsys.readouterr().out


def test_an_unnamed_function_keeps_its_derivative(capsys: Capture) -> None:
    assert main(["derive", str(FOLDER / "skip.md"), "--of", "L", "--wrt", "a"]) == 0
    out = capsys.readouterr().out
    assert "f′(a)" in out and "g′(" in out and "undecided" not in out


# -- what cannot be a model ---------------------------------------------------------------------------

REFUSED = (
    ("undefined", r"$$E = \frac12 (\hat y - y)^2$$", ":1:16: yhat is used here and defined nowhere"),
    (
        "leak",
        "$$\\hat y = \\sum_j w_j x_k$$\n\n$$E = \\hat y^2$$",
        ":1:12: the definition of yhat cannot be read: the index k",
    ),
    ("leak in the objective", r"$$E = \sum_j (w_j x_k)^2$$", ":1:7: the definition of E cannot be read: the index k"),
    (
        "lengths",
        "Here $A \\in \\mathbb{R}^{m \\times n}$ and $x \\in \\mathbb{R}^k$.\n\n$$E = \\|A x\\|^2$$",
        ":3:9: the definition of E cannot be read: the lengths do not agree: the columns of A are 1 to n, and the "
        "entries of x are 1 to k; A is set at {}:1:7; x is set at {}:1:43",
    ),
    (
        "rows",
        "Here $W \\in \\mathbb{R}^{m\\times n}$ and $\\mathbf b\\in\\mathbb R^n$.\n\n"
        "$$\\mathbf h = \\sigma(W\\mathbf x+\\mathbf b)$$\n\n$$E=\\|\\mathbf h\\|^2$$",
        ":3:22: the definition of h cannot be read: the lengths do not agree: the rows of W are 1 to m",
    ),
    (
        "a sum beyond",
        "Let $x \\in \\mathbb{R}^k$.\n\n$$E = \\sum_{i=1}^{m} w_i x_i$$",
        ":3:19: an index of x runs to m here, but x has k entries there, at {}:1:6",
    ),
    (
        "vectors side by side",
        r"$$E = \mathbf{x} \mathbf{w}$$",
        ":1:7: the definition of E cannot be read: a vector does",
    ),
    (
        "a vector and a number",
        "$$\\mathbf{z} = \\mathbf{x}$$\n\n$$z = y_i y_i$$\n\n$$E = \\mathbf{z}$$",
        "E is no number",
    ),
    (
        "no start",
        "$$h_t = \\tanh(w h_{t-1} + u x_t)$$\n\n$$E = (h_T - y)^2$$",
        ":1:3: the recursion of h has no start; expected a definition of what stands before its first step",
    ),
    ("itself", "$$h = \\tanh(w h + x)$$\n\n$$E = h^2$$", ":1:3: the definition of h uses h itself"),
    ("no number", r"$$h_j = \tanh(\sum_i w_{ij} x_i)$$", ":1:3: h is no number but has 1 ind"),
    (
        "an unknown function",
        r"$$E = \operatorname{foo}(w x)$$",
        ":1:7: the definition of E cannot be read: the function foo",
    ),
    (
        "a function of a vector",
        "$$\\mathbf{a} = f(\\mathbf{z})$$\n\n$$E = \\|\\mathbf{a}\\|^2$$",
        ":1:16: the definition of a cannot be read: f stands before a vector",
    ),
)


@pytest.mark.parametrize(("text", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_a_model_is_refused_at_its_place(text: str, said: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "note.md"
    path.write_text(text + "\n", encoding="utf-8")
    assert main(["derive", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert said.format(path, path) in err


def test_a_start_may_be_given_in_words(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text("From $h_0$:\n\n$$h_t = \\tanh(w h_{t-1} + u x_t)$$\n\n$$E = (h_T - y)^2$$\n", encoding="utf-8")
    model = find_model(str(path))
    assert "h_0" in {q.name for q in model.given}
