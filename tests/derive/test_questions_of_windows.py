"""The output size of a convolution or a pooling is what counting gives, for every way in which windows fit."""

from __future__ import annotations

import itertools

import pytest
from sympy import Expr, Integer, Symbol, floor

from derive.calculus.indices import certainly_nonnegative
from derive.calculus.normalform import is_zero
from derive.catalog import find
from derive.model import ModelError
from derive.questions.answers import Sign
from derive.questions.windows import Windows
from derive.vocabulary import Inside, index, size

SIZES = ("N", "H", "W", "F", "S", "P")


def number(expr: Expr, values: dict[str, int]) -> int:
    """An expression in sizes at numbers."""
    result = expr.subs({s: Integer(values[s.name]) for s in expr.atoms(Symbol)})
    assert result.is_Integer
    return int(result)


@pytest.mark.parametrize("row", ["convolution-1d", "convolution-2d", "average-pooling"])
def test_as_many_windows_fit_as_counting_says(row: str) -> None:
    answer = find(row).questions[0].answer(find(row))
    padded = row != "average-pooling"
    counts = [p for p in answer.conclusion if isinstance(p, Expr)][1::2]
    assert len(counts) == (2 if row == "convolution-2d" else 1)
    for n, f, s, p in itertools.product((1, 2, 5, 6, 7), (1, 2, 3), (1, 2, 3), (1, 2) if padded else (0,)):
        values = dict.fromkeys(("N", "H", "W"), n) | {"F": f, "S": s, "P": p}
        width = n + 2 * p
        if f > width:
            continue
        fitting = sum(s * place + f <= width for place in range(50))
        assert [number(c, values) for c in counts] == [fitting] * len(counts)
        for line in answer.lines:
            left, right = number(line.relation.left, values), number(line.relation.right, values)
            assert left <= right if line.relation.sign is Sign.AT_MOST else left > right


def test_what_has_no_windows_is_refused() -> None:
    with pytest.raises(ModelError, match="windows"):
        Windows(reads="x", by="h").answer(find("mlp"))


def test_a_window_that_fits_is_known_to_be_inside() -> None:
    n, window, stride = size("n"), size("F"), size("S")
    p, u = index("p", 0, floor((n - window) / stride)), index("u", 0, window - 1)
    assert certainly_nonnegative(n - 1 - stride * p - u)
    assert not certainly_nonnegative(n - 2 - stride * p - u)
    assert not certainly_nonnegative(stride * p - 1)


def test_a_bracket_is_the_same_wherever_its_index_stands() -> None:
    p, j, stride = index("p", 0, size("M")), index("j", 1, size("n")), size("S")
    shifted = Inside(j - stride * p, 0, size("F"))
    assert is_zero(Inside(j, stride * p, stride * p + size("F")) - shifted)
    assert not is_zero(Inside(j, stride * p + 1, stride * p + size("F")) - shifted)
