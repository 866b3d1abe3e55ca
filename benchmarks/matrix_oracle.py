"""SymPy's matrix and array expressions as numbers, and their derivatives by central differences.

Nothing here knows the index calculus: matrices are arrays of mpmath numbers, and each node of SymPy's tree is carried
out as it is defined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import sympy
from mpmath.ctx_mp import MPContext
from numpy.typing import NDArray
from sympy import (
    Add,
    Basic,
    Determinant,
    DiagMatrix,
    DiagonalMatrix,
    Dummy,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerProduct,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    Mul,
    Number,
    OneMatrix,
    Pow,
    Sum,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.array.expressions.array_expressions import (
    ArrayAdd,
    ArrayContraction,
    ArrayDiagonal,
    ArrayElementwiseApplyFunc,
    ArrayTensorProduct,
    OneArray,
    PermuteDims,
    Reshape,
    ZeroArray,
)

Array = NDArray[Any]

DIGITS = 80
STEP = 25  # a difference over 10^−25 is right to about 10^−50
MP: Any = MPContext()
MP.dps = DIGITS


class NoValue(Exception):
    """An expression that is not carried out, such as a derivative that SymPy left standing."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The numbers of sizes, scalars and matrices, by name."""

    values: Mapping[str, Any]

    def __call__(self, expr: Basic) -> Any:
        """The value: an mpmath number, or an array of them with the shape of the expression.

        Raises: NoValue: for a kind of expression that has none.
        """
        for kind, rule in _RULES:
            if isinstance(expr, kind):
                return rule(self, expr)
        if isinstance(expr, sympy.Function) and len(expr.args) == 1 and type(expr).__name__ in _FUNCTIONS:
            return _FUNCTIONS[type(expr).__name__](self(expr.args[0]))
        if hasattr(expr, "textbook"):  # a function that is defined by an expression
            return self(expr.textbook)
        raise NoValue(type(expr).__name__)

    def shape(self, expr: Any) -> tuple[int, ...]:
        """The shape in numbers."""
        return tuple(int(self(side)) for side in expr.shape)

    def all(self, expr: Basic) -> list[Any]:
        """The values of the arguments."""
        return [self(a) for a in expr.args]

    def each(self, function: Any, array: Array) -> Array:
        """A function of every entry."""
        z = Dummy()
        body = function(z)
        return _filled(array.shape, lambda where: Numbers(values={**self.values, z.name: array[where]})(body))


def differences(expr: Basic, wrt: Any, values: Mapping[str, Any]) -> Array:
    """∂expr/∂wrt by central differences, of shape (rows of y, columns of y, rows of x, columns of x)."""
    step = MP.mpf(10) ** -STEP
    at = np.array(values[wrt.name], dtype=object).reshape(_two(np.shape(values[wrt.name])))
    slices = []
    for where in np.ndindex(at.shape):
        ends = []
        for sign in (1, -1):
            moved = at.copy()
            moved[where] += sign * step
            point = moved if isinstance(wrt, MatrixSymbol) else moved[0, 0]
            ends.append(np.asarray(Numbers(values={**values, wrt.name: point})(expr), dtype=object))
        slices.append(np.asarray((ends[0] - ends[1]) / (2 * step), dtype=object))
    return np.stack([s.reshape(_two(s.shape)) for s in slices], axis=-1).reshape(*_two(slices[0].shape), *at.shape)


def same(left: Any, right: Any) -> bool:
    """Whether two arrays have one shape and agree in all entries to 30 digits."""
    one, other = (np.asarray(e, dtype=object) for e in (left, right))
    if one.shape != other.shape:
        return False
    scale = max((abs(e) for e in other.flat), default=0)
    return all(abs(e - f) <= MP.mpf(10) ** -30 * (1 + scale) for e, f in zip(one.flat, other.flat, strict=True))


def _two(shape: tuple[int, ...]) -> tuple[int, int]:
    return (shape[0], shape[1]) if len(shape) == 2 else (1, 1)


def _filled(shape: tuple[int, ...], entry: Callable[[Any], Any]) -> Array:
    array = np.empty(shape, dtype=object)
    for where in np.ndindex(*shape):
        array[where] = entry(where)
    return array


def _constant(value: int) -> Callable[[Numbers, Any], Array]:
    return lambda n, e: _filled(n.shape(e), lambda where: MP.mpf(value))


def _matrix(array: Array) -> Any:
    return MP.matrix(array.tolist())


def _inverse(array: Array) -> Array:
    return np.array(MP.inverse(_matrix(array)).tolist(), dtype=object).reshape(array.shape)


def _product(n: Numbers, expr: Any) -> Any:
    """Numbers times; matrices multiplied in their order."""
    parts = n.all(expr)
    scalar = reduce(lambda s, t: s * t, (p for p in parts if not isinstance(p, np.ndarray)), MP.mpf(1))
    return scalar * reduce(np.dot, (p for p in parts if isinstance(p, np.ndarray)))


def _power(n: Numbers, expr: Any) -> Array:
    base, power = n(expr.args[0]), int(n(expr.args[1]))
    factor = base if power > 0 else _inverse(base)
    return np.asarray(reduce(np.dot, [factor] * abs(power)))


def _outer(n: Numbers, expr: Any) -> Array:
    return np.asarray(reduce(np.multiply.outer, n.all(expr)))


def _contracted(n: Numbers, expr: Any) -> Array:
    """Σ over axes that are equal."""
    gone = {min(axes) for axes in expr.contraction_indices}
    return _summed(n, expr.expr, expr.contraction_indices, lambda labels: [k for k in labels if k not in gone])


def _on_diagonal(n: Numbers, expr: Any) -> Array:
    """Axes that are equal as one, which stands last."""
    merged = [min(axes) for axes in expr.diagonal_indices]
    return _summed(n, expr.expr, expr.diagonal_indices, lambda labels: [k for k in labels if k not in merged] + merged)


def _summed(n: Numbers, inner: Any, equal: Any, kept: Callable[[list[int]], list[int]]) -> Array:
    """A product of arrays with some axes set equal, all at once, so that the product itself need not be stored."""
    factors = n.all(inner) if isinstance(inner, ArrayTensorProduct) else [n(inner)]
    scalar = reduce(lambda s, t: s * t, (f for f in factors if not isinstance(f, np.ndarray)), MP.mpf(1))
    arrays = [f for f in factors if isinstance(f, np.ndarray)]
    labels = list(range(sum(f.ndim for f in arrays)))
    for axes in equal:
        for axis in axes:
            labels[axis] = min(axes)
    operands: list[Any] = []
    start = 0
    for f in arrays:
        operands += [f, labels[start : start + f.ndim]]
        start += f.ndim
    return np.asarray(scalar * np.einsum(*operands, kept(list(dict.fromkeys(labels))), optimize="greedy"))


def _diagonal_of(array: Array) -> Array:
    return np.diagonal(array).reshape(-1, 1)


def _squared(array: Array) -> Array:
    """A diagonal matrix of a column or row."""
    flat = array.reshape(-1)
    return _filled((flat.size, flat.size), lambda ij: flat[ij[0]] if ij[0] == ij[1] else MP.mpf(0))


def _element(n: Numbers, expr: Any) -> Any:
    matrix, *place = n.all(expr)
    return matrix[tuple(int(k) for k in place)]


def _sum(n: Numbers, expr: Any) -> Any:
    (i, lower, upper), *rest = expr.limits[::-1]
    inner = expr.func(expr.function, *rest[::-1]) if rest else expr.function
    places = range(int(n(lower)), int(n(upper)) + 1)
    return sum((Numbers(values={**n.values, i.name: MP.mpf(k)})(inner) for k in places), MP.mpf(0))


def _named(n: Numbers, expr: Any) -> Any:
    return n.values[str(expr.name)]


def _folded(operation: Any) -> Callable[[Numbers, Any], Any]:
    return lambda n, e: reduce(operation, n.all(e))


_FUNCTIONS: dict[str, Any] = {
    "exp": MP.exp,
    "log": MP.log,
    "tanh": MP.tanh,
    "cosh": MP.cosh,
    "sinh": MP.sinh,
    "Abs": abs,
    "sign": MP.sign,
}

_RULES: tuple[tuple[type | tuple[type, ...], Callable[[Numbers, Any], Any]], ...] = (
    (Number, lambda n, e: MP.mpf(int(e.p)) / int(e.q) if isinstance(e, sympy.Rational) else MP.mpf(str(e))),
    ((Symbol, MatrixSymbol), _named),
    (Identity, lambda n, e: _filled(n.shape(e), lambda ij: MP.mpf(ij[0] == ij[1]))),
    ((OneMatrix, OneArray), _constant(1)),
    ((ZeroMatrix, ZeroArray), _constant(0)),
    (Transpose, lambda n, e: n(e.args[0]).T),
    (Inverse, lambda n, e: _inverse(n(e.args[0]))),
    (MatPow, _power),
    (MatMul, _product),
    ((MatAdd, Add, ArrayAdd), _folded(lambda s, t: s + t)),
    ((HadamardProduct, Mul), _folded(lambda s, t: s * t)),
    (HadamardPower, lambda n, e: n.each(lambda z: z ** e.args[1], n(e.args[0]))),
    (Pow, lambda n, e: MP.power(*n.all(e))),
    (ElementwiseApplyFunction, lambda n, e: n.each(e.function, n(e.expr))),
    (ArrayElementwiseApplyFunc, lambda n, e: n.each(e.function, n(e.expr))),
    (KroneckerProduct, _folded(np.kron)),
    (DiagMatrix, lambda n, e: _squared(n(e.args[0]))),
    (DiagonalMatrix, lambda n, e: _squared(_diagonal_of(n(e.args[0])))),
    (DiagonalOf, lambda n, e: _diagonal_of(n(e.args[0]))),
    (Trace, lambda n, e: np.trace(n(e.args[0]))),
    (Determinant, lambda n, e: MP.det(_matrix(n(e.args[0])))),
    (ArrayTensorProduct, _outer),
    (ArrayContraction, _contracted),
    (ArrayDiagonal, _on_diagonal),
    (Reshape, lambda n, e: np.reshape(n(e.expr), n.shape(e))),
    (MatrixElement, _element),
    (Sum, _sum),
    (PermuteDims, lambda n, e: np.transpose(n(e.expr), e.permutation.array_form)),
)
