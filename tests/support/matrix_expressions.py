"""Random matrix expressions whose shapes agree, over the symbols of `benchmarks/matrix_table.py`."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from sympy import DiagMatrix, Expr, HadamardProduct, Identity, Inverse, OneMatrix, Trace, exp, tanh
from sympy.matrices.expressions.diagonal import DiagonalOf

from benchmarks.matrix_table import M, N, S, T, X, Y, a, applied, sigmoid, t, u, w, x, y

SIDES: dict[str, Any] = {"n": N, "m": M, "1": 1}
LEAVES: dict[str, tuple[Expr, ...]] = {"nm": (X, Y), "nn": (S, T), "n1": (x, y), "m1": (w, u)}
FUNCTIONS: tuple[Callable[[Any], Any], ...] = (tanh, sigmoid, exp, lambda z: z**2, lambda z: 1 / (1 + z**2))
KINDS = ("number", "11", "n1", "m1", "1n", "nm", "nn")


def expression(kind: str, depth: int, random: Random) -> Any:
    """An expression of this kind: a number, or a matrix with these sides."""
    return _number(depth, random) if kind == "number" else _matrix(kind[0], kind[1], depth, random)


def _matrix(rows: str, columns: str, depth: int, random: Random) -> Any:
    if depth <= 0:
        return _leaf(rows, columns, random)
    if (rows, columns) == ("1", "1"):
        return _matrix("1", "n", depth - 1, random) * _matrix("n", "1", depth - 1, random)
    return random.choice(_OPERATIONS)(rows, columns, depth - 1, random)


def _leaf(rows: str, columns: str, random: Random) -> Any:
    if rows + columns in LEAVES:
        return random.choice(LEAVES[rows + columns])
    if columns + rows in LEAVES:
        return t(random.choice(LEAVES[columns + rows]))
    return {"11": t(x) * y, "mm": t(X) * Y}.get(rows + columns, OneMatrix(SIDES[rows], SIDES[columns]))


def _number(depth: int, random: Random) -> Any:
    inner = random.choice(("nn", "11", "mm"))
    trace = Trace(_matrix(inner[0], inner[1], depth - 1, random))
    return random.choice((trace, 1 / (3 + trace**2), tanh(trace / 20), exp(-trace / 30), a))


def _sum(rows: str, columns: str, depth: int, random: Random) -> Any:
    return _matrix(rows, columns, depth, random) - 2 * _matrix(rows, columns, depth, random)


def _product(rows: str, columns: str, depth: int, random: Random) -> Any:
    inner = random.choice("nm1")
    return _matrix(rows, inner, depth, random) * _matrix(inner, columns, depth, random)


def _elementwise_product(rows: str, columns: str, depth: int, random: Random) -> Any:
    return HadamardProduct(_matrix(rows, columns, depth, random), _matrix(rows, columns, depth, random))


def _transpose(rows: str, columns: str, depth: int, random: Random) -> Any:
    return t(_matrix(columns, rows, depth, random))


def _elementwise(rows: str, columns: str, depth: int, random: Random) -> Any:
    return applied(random.choice(FUNCTIONS), _matrix(rows, columns, depth, random) / 8)


def _times_number(rows: str, columns: str, depth: int, random: Random) -> Any:
    return _number(depth, random) * _matrix(rows, columns, depth, random)


def _square_or_diagonal(rows: str, columns: str, depth: int, random: Random) -> Any:
    if rows == columns:
        regular = _matrix(rows, rows, depth, random) / 9 + 7 * Identity(SIDES[rows])
        return random.choice((Inverse(regular), DiagMatrix(_matrix(rows, "1", depth, random))))
    return DiagonalOf(_matrix(rows, rows, depth, random)) if columns == "1" else _leaf(rows, columns, random)


_OPERATIONS = (
    _sum,
    _product,
    _product,
    _elementwise_product,
    _transpose,
    _elementwise,
    _times_number,
    _square_or_diagonal,
)
