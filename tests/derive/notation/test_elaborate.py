"""From lecture notation to index expressions: each way of writing gives the expression that is meant."""

from __future__ import annotations

import pytest
from sympy import Expr

from derive.calculus.indices import bound_in
from derive.calculus.normalform import is_zero
from derive.model import Model
from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.parser import parse
from derive.notation.runs import join_letters
from derive.notation.survey import survey
from derive.prove import prove


def read(latex: str, *context: str) -> tuple[Expr, Reader]:
    nodes = [join_letters(n) for text in (latex, *context) for n in parse(text)]
    reader = Reader(Dictionary(survey(nodes), prose="sigmoid"))
    return reader.read(nodes[0]), reader


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"\sum_i a_i + b_i", r"\sum_i (a_i + b_i)"),
        (r"\sum_i a_i + \sum_i b_i", r"\sum_i b_i + \sum_i a_i"),
        (r"\sum_{i=1}^{n} w_i x_i", r"\sum_{j=1}^{n} x_j w_j"),
        (r"\tanh^2(z)", r"(\tanh(z))^2"),
        (r"\tanh(z)^2", r"(\tanh(z))^2"),
        (r"\sigma'(z)", r"\sigma(z)(1-\sigma(z))"),
        (r"e^{-z}", r"\frac{1}{\exp(z)}"),
        (r"\ln z", r"\log(z)"),
        (r"\frac{d}{dz} z^2", r"2 z"),
        (r"a \cdot [1 - a]", r"a - a^2"),
        (r"\hat{y_i}", r"\hat{y}_i"),
        (r"\mathbf{h}_j", r"h_j"),
    ],
)
def test_two_ways_of_writing_one_thing(one: str, other: str) -> None:
    nodes = [join_letters(n) for text in (one, other) for n in parse(text)]
    reader = Reader(Dictionary(survey(nodes), prose="sigmoid"))
    left, right = (reader.read(n) for n in nodes)
    assert prove(left, right, Model(name="none", title="", given=(), definitions=(), objective="")) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"a^{[1]}", r"a^{[2]}"),
        (r"\mathcal{L}", r"L"),
        (r"P(Y=y|X=x)", r"P(X=x|Y=y)"),
        (r"P(Y=1)", r"P(Y=1|X=x)"),
        (r"\theta^{(h)}", r"\theta^{(y)}"),
        (r"y'", r"y"),
    ],
)
def test_two_things_are_not_one(one: str, other: str) -> None:
    nodes = [join_letters(n) for text in (one, other) for n in parse(text)]
    reader = Reader(Dictionary(survey(nodes)))
    assert not is_zero(reader.read(nodes[0]) - reader.read(nodes[1]), {})


@pytest.mark.parametrize(
    "latex",
    [
        r"w + w^T x",
        r"\mathbf{y} \mathbf{x}",
        r"\frac{\partial^2 L}{\partial w}",
        r"\tanh^{-1}(u)",
        r"f(w, \mathbf{x})",
        r"\|w\|_\star",
        r"(\sum_i x_i) + i",
        r"\mathbf{A}^3",
        r"\nabla L",
        r"\frac{\partial L}{\partial w \partial b}",
    ],
)
def test_what_has_no_reading_is_refused_with_its_place(latex: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(latex)
    start, end = error.value.span
    assert 0 <= start < end <= len(latex) and str(error.value)


@pytest.mark.parametrize("latex", [r"a/b c", r"x^h", r"0.37 x", r"|X|", r"x_1 + x_2", r"\frac{d}{dx} x^2 + 3 x"])
def test_what_may_be_meant_otherwise_is_read_with_a_doubt(latex: str) -> None:
    assert read(latex, "h = x")[1].doubts


def test_axes_that_share_an_index_share_a_range() -> None:
    expr, _ = read(r"\sum_i w_i x_i", r"\sum_{i=0}^{m} x_i v_i", r"\sum_{i=1}^{n} r_i")
    ((_, lower, upper),) = bound_in(expr)
    assert (str(lower), str(upper)) == ("0", "m")
