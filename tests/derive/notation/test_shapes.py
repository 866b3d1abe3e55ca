"""Vectors, matrices, layers and steps: each way of writing gives the entries that are meant."""

from __future__ import annotations

import pytest

from derive.model import Model
from derive.notation.definitions import read_model
from derive.prove import prove


def model(*formulas: str, prose: str = "") -> Model:
    return read_model(formulas, "note", prose)[0]


SAME = (
    (r"E = \mathbf w^T \mathbf x", r"E = \mathbf w \cdot \mathbf x"),
    (r"E = \mathbf w^\top \mathbf x", r"E = \vec{w} \cdot \vec{x}"),
    (r"E = \mathbf w^{\mathsf T} \mathbf x", r"E = \langle \mathbf x, \mathbf w \rangle"),
    (r"E = {\bf w}^{\mathrm T} {\bf x}", r"E = \sum_i w_i x_i"),
    (r"E = \|\mathbf x\|^2", r"E = \mathbf x^T \mathbf x"),
    (r"E = ||\mathbf x||_2^2", r"E = \sum_i x_i^2"),
    (r"E = \|\mathbf x\|_1", r"E = \sum_i |x_i|"),
    (r"E = \mathbf x^T \mathbf W \mathbf y", r"E = \sum_{i,j} x_i W_{ij} y_j"),
    (r"E = \operatorname{tr}(\mathbf W \mathbf V)", r"E = \sum_i \sum_j W_{ij} V_{ji}"),
    (r"E = \|\mathbf W - \mathbf V^\top\|_F^2", r"E = \sum_{i,j} (W_{ij} - V_{ji})^2"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_of_writing_one_number(one: str, other: str) -> None:
    left, right = model(one), model(other)
    sizes = {
        theirs.upper: ours.upper
        for name, q in right.quantities.items()
        for theirs, ours in zip(q.axes, left.quantities[name].axes, strict=True)
    }
    assert prove(left.defined["E"].expr, right.defined["E"].expr.xreplace(sizes), left) is not None


def axes(found: Model) -> dict[str, int]:
    return {q.name: len(q.axes) for q in found.quantities.values()}


READ = (
    ("by use", ("J = \\|y - X\\theta\\|^2",), "", {"X": 2, "theta": 1, "y": 1, "J": 0}),
    ("declared", (r"A \in \mathbb{R}^{m \times n}", r"q = v^T A u"), "", {"A": 2, "u": 1, "v": 1, "q": 0}),
    ("numbers stay numbers", (r"E = (y - W x)^2",), "", {"W": 0, "x": 0, "y": 0, "E": 0}),
    (
        "numbered",
        (r"\mathbf h = W_1 \mathbf x", r"E = \|W_2 \mathbf h\|^2"),
        "",
        {"W_1": 2, "W_2": 2, "x": 1, "h": 1, "E": 0},
    ),
    ("data points", (r"J = \sum_{i=1}^n (\mathbf w^T \mathbf x_i - y_i)^2",), "", {"w": 1, "x": 2, "y": 1, "J": 0}),
    ("labels", (r"\theta^{(h)} = 2 a", r"E = (\theta^{(h)})^2"), "", {"theta_h": 0, "a": 0, "E": 0}),
    (
        "strides",
        (r"z_p = \sum_{u=0}^{F-1} w_u x_{2p+u}", r"E = \sum_{p=0}^{P-1} z_p^2"),
        "",
        {"w": 1, "x": 1, "z": 1, "E": 0},
    ),
)


@pytest.mark.parametrize(("formulas", "prose", "wanted"), [r[1:] for r in READ], ids=[r[0] for r in READ])
def test_letters_have_the_axes_that_the_text_shows(
    formulas: tuple[str, ...], prose: str, wanted: dict[str, int]
) -> None:
    assert axes(model(*formulas, prose=prose)) == wanted


LAYERS = (
    (r"a^{(l)}_i = \tanh(\sum_j w^{(l)}_{ij} a^{(l-1)}_j)", r"a^{(0)}_i = x_i", r"E = \sum_i a^{(L)}_i"),
    (r"a^{[l]}_i = \tanh(\sum_j w^{[l]}_{ij} a^{[l-1]}_j)", r"a^{[0]} = x", r"E = \sum_i a^{[L]}_i"),
    (r"a^l_i = \tanh(\sum_j w^l_{ij} a^{l-1}_j)", r"a^0 = x", r"E = \sum_i a^L_i"),
)


@pytest.mark.parametrize("formulas", LAYERS)
def test_layers_are_one_recursion_however_they_are_counted(formulas: tuple[str, ...]) -> None:
    found = model(*formulas)
    recursion = found.defined["a"]
    assert recursion.over is not None and (str(recursion.over.lower), str(recursion.over.upper)) == ("1", "L")
    assert str(recursion.base) == "x[i]"
    assert axes(found) == {"x": 1, "w": 3, "a": 2, "E": 0}
    assert found.partial("E", "w[l,i,j]").verdict == "proved"
