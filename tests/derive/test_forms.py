"""An objective and its formula in matrices: the same when they are, and not proved when a constant is off."""

from __future__ import annotations

import pytest
from sympy import Expr, MatAdd, MatMul, MatrixSymbol, Transpose

from derive.catalog import find
from derive.model import ModelError
from derive.questions.forms import SameInMatrices
from derive.vocabulary import scalar, size

N, D = size("n"), size("d")
X, Y, THETA = MatrixSymbol("x", N, D), MatrixSymbol("y", N, 1), MatrixSymbol("theta", D, 1)
APART = MatAdd(Y, MatMul(-1, X, THETA))
SQUARE, LENGTH = MatMul(Transpose(APART), APART), MatMul(Transpose(THETA), THETA)

RIGHT: tuple[tuple[str, Expr], ...] = (
    ("linear-regression", MatMul(1 / N, SQUARE)),
    (
        "linear-regression",
        MatMul(
            1 / N,
            MatAdd(
                MatMul(Transpose(Y), Y),
                MatMul(-2, Transpose(THETA), Transpose(X), Y),
                MatMul(Transpose(THETA), Transpose(X), X, THETA),
            ),
        ),
    ),
    ("ridge", MatAdd(MatMul(1 / N, SQUARE), MatMul(scalar("lambda"), LENGTH))),
)
WRONG: tuple[tuple[str, str, Expr], ...] = (
    ("no 1/n", "linear-regression", SQUARE),
    ("1/2n", "linear-regression", MatMul(1 / (2 * N), SQUARE)),
    ("1/d", "linear-regression", MatMul(1 / D, SQUARE)),
    ("sign", "linear-regression", MatMul(-1 / N, SQUARE)),
    ("penalty averaged", "ridge", MatMul(1 / N, MatAdd(SQUARE, MatMul(scalar("lambda"), LENGTH)))),
    ("no penalty", "ridge", MatMul(1 / N, SQUARE)),
)


@pytest.mark.parametrize(("model", "formula"), RIGHT)
def test_the_same_objective_and_the_same_gradient(model: str, formula: Expr) -> None:
    answer = SameInMatrices(formula=formula).answer(find(model))
    assert answer.verdict == "proved"
    assert [line.label for line in answer.lines].count("both gradients are the same") >= 1
    assert all(side.verdict == "proved" for line in answer.lines for side in line.matrices or ())


@pytest.mark.parametrize(("what", "model", "formula"), WRONG, ids=[w for w, _, _ in WRONG])
def test_a_formula_that_is_off_is_not_proved(what: str, model: str, formula: Expr) -> None:
    answer = SameInMatrices(formula=formula).answer(find(model))
    verdicts = {line.label: line.verdict for line in answer.lines}
    assert verdicts["both are the same"] == "undecided"
    assert answer.verdict == "undecided"


def test_names_that_the_model_does_not_have_are_refused() -> None:
    with pytest.raises(ModelError, match="uses q, which linear-regression does not have"):
        SameInMatrices(formula=MatMul(Transpose(MatrixSymbol("q", N, 1)), Y)).answer(find("linear-regression"))
