"""Derivatives of matrix expressions: every entry and every layout against differences at 80 digits."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matrix_expressions import KINDS, expression
from sympy import (
    Determinant,
    Expr,
    Inverse,
    KroneckerProduct,
    Matrix,
    MatrixSymbol,
    Symbol,
    Trace,
    ZeroMatrix,
    exp,
    log,
)

from benchmarks.matrices import Point, laid_out, point, right_in_indices, right_in_layout
from benchmarks.matrix_oracle import MP, Numbers, differences, same
from benchmarks.matrix_table import CASES, EYE, ONES, ROW, SIZES, A, Case, N, S, T, X, Y, a, applied, case, t, w, x, y
from derive.matrices.conventions import Convention, ConventionError
from derive.matrices.derivative import MatrixDerivative, derivative
from derive.matrices.reading import MatrixError

LIES, ONE = MatrixSymbol("r", 1, N), MatrixSymbol("o", 1, 1)
BIG = MatrixSymbol("G", N**2, N**2)
LAW = settings(max_examples=40, deadline=None)

MORE: tuple[Case, ...] = (
    case("a row", lambda: LIES * S * t(LIES), LIES),
    case("a row by a row", lambda: LIES * S, LIES),
    case("a column by a row", lambda: S * t(LIES), LIES),
    case("an entry", lambda: (S * x)[1, 0] * x[0, 0], x),
    case("a sum over places", lambda: log((ROW * applied(exp, x))[0, 0]), x),
    case("a matrix of one entry", lambda: ONE * t(x) * x, ONE),
    case("inverse and determinant of one entry", lambda: Inverse(t(x) * x) * Determinant(t(y) * x), x, "x", "y"),
    case("a transpose inside", lambda: Determinant(t(S) * S) * Trace(Inverse(t(S))), S),
    case("an inverse inside an inverse", lambda: Trace(Inverse(EYE + Inverse(S) * T)), S),
    case("the same inverse twice", lambda: Trace(Inverse(S + T) * T) * t(x) * Inverse(S + T) * y, T),
    case("inverse of a Kronecker product", lambda: Trace(Inverse(KroneckerProduct(S, T)) * KroneckerProduct(T, S)), S),
    case("Kronecker product and a plain matrix", lambda: Trace(BIG * KroneckerProduct(S, T)), BIG),
    case("a size as a number", lambda: t(X * w - y) * (X * w - y) / N, w),
    case("what it does not hold", lambda: t(y) * y, x),
    case("centred", lambda: Trace(t(x - ONES * ROW * x / N) * (x - ONES * ROW * x / N)), x),
)


def found_and_point(example: Case, sizes: dict[str, int] = SIZES[0]) -> tuple[MatrixDerivative, Point]:
    return derivative(example.expr(), example.wrt), point(example, sizes)


# -- against differences -----------------------------------------------------------------------------------


@pytest.mark.parametrize("example", [*CASES, *MORE], ids=lambda c: c.name)
def test_every_entry_and_every_layout_is_right_and_proved(example: Case) -> None:
    found, at = found_and_point(example)
    assert found.verdict == "proved"
    assert right_in_indices(found, at)
    for convention in Convention:
        assert right_in_layout(found, convention, [at]) is not False
        if convention is not Convention.GRADIENT and (form := found.matrix(convention)) is not None:
            assert form.verdict == "proved"


@pytest.mark.parametrize("example", CASES, ids=lambda c: c.name)
def test_what_has_two_indices_has_a_matrix_form(example: Case) -> None:
    found = derivative(example.expr(), example.wrt)
    if len(found.index.indices) <= 2 and not example.expr().has(KroneckerProduct):
        assert found.matrix(Convention.NUMERATOR) is not None
        assert found.matrix(Convention.DENOMINATOR) is not None


@LAW
@given(seed=st.integers(0, 10**9), kind=st.sampled_from(KINDS), depth=st.integers(1, 3))
def test_random_expressions(seed: int, kind: str, depth: int) -> None:
    random = Random(seed)
    expr = expression(kind, depth, random)
    symbols = sorted((s for s in expr.free_symbols if s.name not in SIZES[0]), key=str)
    example = case("random", lambda: expr, random.choice(symbols) if symbols else x)
    found, at = found_and_point(example)
    assert right_in_indices(found, at)
    for convention in Convention:
        assert right_in_layout(found, convention, [at]) is not False


@pytest.mark.parametrize("name", ["tr(AXB)", "x'Sx", "Xw", "sigmoid(Xw)", "log det X'X", "S^-1 by S", "x . Sx"])
def test_what_is_wrong_is_caught(name: str) -> None:
    found, at = found_and_point(next(c for c in CASES if c.name == name))
    result = found.derivation.result
    for wrong in (-result, 2 * result, result + 1):
        assert not right_in_indices(replace(found, derivation=replace(found.derivation, result=wrong)), at)
    turned = replace(at, truth=at.truth.transpose(2, 3, 0, 1))
    assert at.truth.shape == turned.truth.shape or not same(at.truth, turned.truth)
    for convention in (Convention.NUMERATOR, Convention.DENOMINATOR):
        other = next(c for c in (Convention.NUMERATOR, Convention.DENOMINATOR) if c is not convention)
        if (form := found.matrix(convention)) is not None:
            value = np.atleast_2d(np.asarray(Numbers(values=at.values)(form.expr), dtype=object))
            assert not same(value, laid_out(at.truth, other, found))


def test_the_differences_know_what_is_known() -> None:
    values = {"n": MP.mpf(2), "x": np.array([[MP.mpf(3)], [MP.mpf(5)]], dtype=object)}
    assert same(differences(t(x) * x, x, values)[0, 0], [[6], [10]])
    assert same(differences(x * t(x), x, values)[:, :, 0, 0], [[6, 5], [5, 0]])


# -- layouts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "wrt", "numerator", "denominator"),
    [
        (t(y) * x, x, t(y), y),
        (LIES * y, LIES, y, t(y)),
        (X * w, w, X, t(X)),
        (a * y, a, y, t(y)),
        (a * t(y), a, t(y), y),
        (a * X, a, X, t(X)),
        (Trace(A * X), X, A, t(A)),
        (t(y) * y, x, ZeroMatrix(1, N), ZeroMatrix(N, 1)),
    ],
    ids=str,
)
def test_layouts(of: Expr, wrt: Expr, numerator: Any, denominator: Any) -> None:
    """A row for a scalar by a column, the rows of y for a vector by a vector, x^T for a scalar by a matrix."""
    of = of.subs(A.shape[0], X.shape[1]) if of.has(Trace) else of
    found = derivative(of, wrt)
    for convention, wanted in ((Convention.NUMERATOR, numerator), (Convention.DENOMINATOR, denominator)):
        form = found.matrix(convention)
        assert form is not None
        assert str(form.expr) == str(wanted)
        assert found.statement(convention).startswith(f"{convention.value} layout: ∂y/∂x has the")
        assert found.latex(convention).startswith(r"\frac{\partial}{\partial ")


def test_the_gradient_is_of_scalars() -> None:
    scalar = derivative(Trace(t(X) * Y), X)
    form = scalar.matrix(Convention.GRADIENT)
    assert form is not None
    assert form.expr == Y
    for of in (X * w, X):
        with pytest.raises(ConventionError, match="expected a scalar"):
            derivative(of, X).matrix(Convention.GRADIENT)


def test_four_indices_stay_indices() -> None:
    found = derivative(t(X) * X, X)
    assert len(found.index.indices) == 4
    assert found.matrix(Convention.NUMERATOR) is None
    assert "stays in index notation" in found.statement(Convention.NUMERATOR)
    assert r"\delta" in found.latex(Convention.NUMERATOR)


@pytest.mark.parametrize(
    ("of", "wrt", "latex"),
    [
        (log(Determinant(S)), S, r"\mathbf{S}^{-\top}"),
        (Inverse(t(X) * X) * t(X) * y, y, r"\mathbf{X}(\mathbf{X}^{\top} \mathbf{X})^{-1}"),
        (log(Determinant(t(X) * X)), X, r"2 \mathbf{X}(\mathbf{X}^{\top} \mathbf{X})^{-1}"),
        (Determinant(S), S, r"\det(\mathbf{S}) \mathbf{S}^{-\top}"),
        (t(x) * S * x, x, r"\mathbf{S} \mathbf{x} + \mathbf{S}^{\top} \mathbf{x}"),
        (ROW * x, x, r"\mathbf{1}_{n}"),
    ],
    ids=str,
)
def test_print(of: Expr, wrt: Expr, latex: str) -> None:
    assert derivative(of, wrt).latex(Convention.DENOMINATOR).partition(" = ")[2] == latex


# -- what is read ------------------------------------------------------------------------------------------


def test_conditions() -> None:
    assert derivative(log(Determinant(t(X) * X)), X).conditions == ("det(X.T*X) > 0",)
    assert derivative(Trace(Inverse(S + T)), S).conditions == ("S + T is invertible",)
    assert derivative(t(x) * x, x).conditions == ()


def test_results_are_in_the_symbols_that_were_given() -> None:
    rows, columns = Symbol("r"), Symbol("c")
    z = MatrixSymbol("z", rows, columns)
    form = derivative(Symbol("f") * Trace(t(z) * z), z).matrix(Convention.DENOMINATOR)
    assert form is not None
    assert form.expr == 2 * Symbol("f") * z


@pytest.mark.parametrize(
    ("of", "wrt", "message"),
    [
        (S**a, S, "whole power"),
        (t(x) * x, N, "is a size"),
        (t(x) * x, t(x), "expected a MatrixSymbol"),
        (Symbol("x") * t(x) * x, x, "stands for two things"),
        (Matrix([[1, 2]]) * MatrixSymbol("v", 2, 1), MatrixSymbol("v", 2, 1), "expected sums, products"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_in_one_line(of: Expr, wrt: Expr, message: str) -> None:
    with pytest.raises(MatrixError, match=message) as caught:
        derivative(of, wrt)
    assert "\n" not in str(caught.value)
