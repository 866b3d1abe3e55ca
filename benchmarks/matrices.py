"""Derivatives of matrix expressions: ours and SymPy's, each against central differences at several sizes.

Ours are compared in indices and, where there is a matrix form, in every layout that applies. SymPy's are compared in
its own layout (the indices of what is differentiated by stand first) and, if that fails, in any order of the indices.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from sympy import Expr, MatrixSymbol
from sympy.tensor.array.expressions import convert_matrix_to_array
from sympy.tensor.array.expressions.arrayexpr_derivatives import array_derive

from derive.matrices.conventions import Convention, ConventionError
from derive.matrices.derivative import MatrixDerivative, derivative
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.evaluate import evaluate
from lowering.numeric.forward import forward

from .matrix_oracle import DIGITS, MP, Array, NoValue, Numbers, differences, same
from .matrix_table import CASES, SIZES, Case

PRECISE = mpmath_arithmetic(DIGITS)
Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Point:
    """Sizes and values, and the derivative there by differences: (rows, columns of y, rows, columns of x)."""

    sizes: dict[str, int]
    values: Values
    truth: Array


def rows() -> Iterator[tuple[str, ...]]:
    """One row an expression, then the totals."""
    yield "expression", "by", "ours", "proof", "matrix forms", "ms", "SymPy", "ms"
    ours, theirs = 0, Counter[str]()
    for case in CASES:
        points = [point(case, sizes) for sizes in SIZES]
        start = time.perf_counter()
        found = derivative(case.expr(), case.wrt)
        mine = time.perf_counter() - start
        verdict, seconds = their_verdict(case, points)
        right = all(right_in_indices(found, p) for p in points)
        forms = [right_in_layout(found, c, points) for c in Convention]
        shown = "".join({True: "+", False: "WRONG", None: "."}[f] for f in forms)
        ours += right and False not in forms
        theirs[verdict.split(":")[0]] += 1
        row = (case.name, str(case.wrt), "right" if right else "WRONG", found.verdict, shown)
        yield *row, f"{1000 * mine:.0f}", verdict, f"{1000 * seconds:.0f}"
    yield "right", "", f"{ours} of {len(CASES)}", "", "", "", f"{theirs.pop('right')} of {len(CASES)}", ""
    for kind, number in theirs.items():
        yield f"SymPy's {kind}", "", "", "", "", "", str(number), ""


def point(case: Case, sizes: dict[str, int]) -> Point:
    """Values drawn for the symbols of an expression: square matrices far from singular, with positive determinant."""
    random = np.random.default_rng(sum(sizes.values()))
    expr = case.expr()
    values: dict[str, Any] = {name: MP.mpf(number) for name, number in sizes.items()}
    symbols: list[Any] = sorted({*expr.free_symbols, *case.wrt.free_symbols}, key=str)
    for symbol in (s for s in symbols if s.name not in sizes):
        shape = Numbers(values=values).shape(symbol) if isinstance(symbol, MatrixSymbol) else (1, 1)
        whole = random.integers(-90, 90, shape)
        if symbol.name in case.positive:
            whole = abs(whole) + 7
        if shape[0] == shape[1] > 1:
            whole = whole + 400 * np.eye(shape[0], dtype=int)
        array = np.array([[MP.mpf(int(e)) / 97 for e in line] for line in whole], dtype=object)
        values[symbol.name] = array if isinstance(symbol, MatrixSymbol) else array[0, 0]
    return Point(sizes=sizes, values=values, truth=differences(expr, case.wrt, values))


def right_in_indices(found: MatrixDerivative, at: Point) -> bool:
    """Whether the formula of one entry gives every entry of the derivative."""
    model = found.reading.model
    given = {
        q.name: np.asarray(at.values[q.name], dtype=object).reshape(
            1, *(int(Numbers(values=at.values)(i.upper)) for i in q.axes)
        )
        for q in model.given
    }
    environment = forward(model, at.sizes, given, PRECISE)
    array = np.asarray(evaluate(found.index.result, environment, found.index.indices, PRECISE)[0], dtype=object)
    return same(array.reshape(at.truth.shape), at.truth)


def right_in_layout(found: MatrixDerivative, convention: Convention, points: list[Point]) -> bool | None:
    """Whether the matrix form in a layout is the derivative laid out so; None where there is no form."""
    try:
        form = found.matrix(convention)
    except ConventionError:
        return None
    if form is None:
        return None
    return all(
        same(_as_matrix(Numbers(values=p.values)(form.expr)), laid_out(p.truth, convention, found)) for p in points
    )


def laid_out(truth: Array, convention: Convention, found: MatrixDerivative) -> Array:
    """The derivative as a matrix in a layout, from its definition."""
    shape_of, shape_wrt = (getattr(e, "shape", (1, 1)) for e in (found.of, found.wrt))
    if shape_of == (1, 1):
        numerator: Array = truth[0, 0].T
    elif shape_wrt == (1, 1):
        numerator = truth[:, :, 0, 0]
    else:
        numerator = truth.reshape(truth.shape[0] * truth.shape[1], -1)
    return numerator if convention is Convention.NUMERATOR else numerator.T


def _as_matrix(value: Any) -> Array:
    return np.atleast_2d(np.asarray(value, dtype=object))


# -- SymPy ----------------------------------------------------------------------------------------------


def their_verdict(case: Case, points: list[Point]) -> tuple[str, float]:
    """The best of `diff` and `array_derive`, and its seconds.

    Returns: `right`, `right up to layout`, `wrong`, `unevaluated: …` or `error: …`.
    """
    verdicts = [_verdict(compute, case, points) for compute in (_diff, _array_derive)]
    return min(verdicts, key=lambda v: _BEST_FIRST.index(v[0].split(":")[0]))


_BEST_FIRST = ("right", "right up to layout", "wrong", "unevaluated", "error")


def _diff(expr: Expr, wrt: Expr) -> Any:
    return expr.diff(wrt)


def _array_derive(expr: Expr, wrt: Expr) -> Any:
    return array_derive(convert_matrix_to_array(expr), wrt)


def _verdict(compute: Any, case: Case, points: list[Point]) -> tuple[str, float]:
    start = time.perf_counter()
    try:
        found = compute(case.expr(), case.wrt)
    except Exception as error:  # whatever SymPy raises is its answer
        return f"error: {type(error).__name__}", time.perf_counter() - start
    seconds = time.perf_counter() - start
    try:
        values = [np.asarray(Numbers(values=p.values)(found), dtype=object) for p in points]
    except NoValue as error:
        return f"unevaluated: {error}", seconds
    theirs = [(v.squeeze(), p.truth.transpose(2, 3, 0, 1).squeeze()) for v, p in zip(values, points, strict=True)]
    if all(same(v, t) for v, t in theirs):
        return "right", seconds
    return "right up to layout" if all(_up_to_layout(v, t) for v, t in theirs) else "wrong", seconds


def _up_to_layout(value: Array, truth: Array) -> bool:
    return any(same(value, truth.transpose(order)) for order in permutations(range(truth.ndim)))
