"""What formulas compute with: numbers, columns and matrices, whatever stands for vectors in a text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Value = Any  # a number, or an array with two axes


class Unclear(ValueError):
    """A formula that is not read here, or has no value where it was tried."""


def _each(function: Callable[[float], float]) -> Callable[[Any], Any]:
    """A function of a number for the entries of arrays too; of a number it is one, and no array without axes."""
    vectorized = np.vectorize(function)
    return lambda z: vectorized(z) if np.ndim(z) else function(z)


FINE = 1000  # what is rounded is rounded to a fine grid that holds the whole numbers, and hides no difference
FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "log": np.log, "ln": np.log, "exp": np.exp, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign, "sgn": np.sign,
    "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "cosh": np.cosh, "sinh": np.sinh, "arctan": np.arctan,
    "erf": _each(math.erf), "Gamma": _each(math.gamma), "factorial": _each(lambda z: math.gamma(z + 1)),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "softplus": lambda z: np.log1p(np.exp(z)),
    "relu": lambda z: np.maximum(z, 0), "ReLU": lambda z: np.maximum(z, 0),
    "floor": lambda z: np.floor(FINE * z) / FINE, "ceil": lambda z: np.ceil(FINE * z) / FINE,
    "tr": np.trace, "Tr": np.trace, "trace": np.trace, "det": np.linalg.det,
    "diag": lambda v: np.diag(np.diag(v)) if v.shape[1] > 1 else np.diag(v[:, 0]),
    "softmax": lambda v: np.exp(v) / np.exp(v).sum(axis=1 if v.shape[1] > 1 else 0, keepdims=True),
}  # fmt: skip
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: abs(a - b) < 1e-12, "!=": lambda a, b: abs(a - b) > 1e-12, "<": lambda a, b: a < b,
    ">": lambda a, b: a > b, "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
}  # fmt: skip
PLACE = 64.0  # by which the place of a maximum is told from the maximum; two places are one where these are
REDUCED: Mapping[str, Callable[[list[Value]], Value]] = {
    "sum": lambda values: sum(values[1:], values[0]) if values else 0.0,
    "int": lambda values: sum(values[1:], values[0]) if values else 0.0,
    "prod": lambda values: math.prod(values),
    "max": lambda values: max(values),
    "min": lambda values: min(values),
    "argmax": lambda values: PLACE + max(values),
    "argmin": lambda values: PLACE + min(values),
}


def number(text: str) -> float:
    """A number as written, with commas between its digits or not."""
    return float(text.replace(",", ""))


def scalar(value: Value) -> Value:
    """An array of one entry as a number."""
    if isinstance(value, np.ndarray) and value.size == 1:
        return value.item()
    return value


def multiplied(values: list[Value]) -> Value:
    """A product, of matrices where two arrays stand side by side."""
    product: Value = 1.0
    for value in values:
        both = isinstance(product, np.ndarray) and isinstance(value, np.ndarray)
        product = scalar(product @ value) if both else product * value
    return product


def dotted(left: Value, right: Value) -> Value:
    """A product written with a dot: of two columns the inner product."""
    columns = all(isinstance(v, np.ndarray) and v.shape[1] == 1 for v in (left, right))
    return float((left * right).sum()) if columns else multiplied([left, right])


def starred(left: Value, right: Value) -> Value:
    """A product written with a star: of two columns entry by entry, as in code."""
    columns = all(isinstance(v, np.ndarray) and v.shape[1] == 1 for v in (left, right))
    return left * right if columns else multiplied([left, right])


def added(left: Value, right: Value) -> Value:
    """A sum; arrays of different shapes have none."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray) and left.shape != right.shape:
        raise Unclear("the shapes do not agree")
    return left + right


def power(base: Value, exponent: Value) -> Value:
    """A power, also of a square matrix."""
    if isinstance(base, np.ndarray):
        if base.shape[0] == base.shape[1]:
            return np.linalg.inv(base) if exponent == -1 else _matrix_power(base, exponent)
        raise Unclear("a power of a vector")
    return np.power(base, exponent)


def _matrix_power(base: Value, exponent: Value) -> Value:
    """A power of a square matrix, by its eigenvalues."""
    eigenvalues, vectors = np.linalg.eig(base.astype(complex))
    return (vectors * eigenvalues**exponent @ np.linalg.inv(vectors)).real


def density(point: Value, mean: Value, spread: Value) -> Value:
    """The normal density at a point; a number stands for as many equal entries or variances as there are."""
    off = np.atleast_2d(point - mean)
    if off.shape[1] != 1:
        raise Unclear("a normal density of a matrix")
    count = len(off)
    square = isinstance(spread, np.ndarray) and spread.shape == (count, count)
    if isinstance(spread, np.ndarray) and not square:
        raise Unclear("the shapes do not agree")
    matrix = spread if square else spread * np.eye(count)
    within = (off.T @ np.linalg.inv(matrix) @ off).item()
    return np.exp(-within / 2) / np.sqrt((2 * math.pi) ** count * abs(np.linalg.det(matrix)))


def size_of(value: Value) -> Value:
    """|x|: of a column its length, of a matrix its determinant."""
    if isinstance(value, np.ndarray):
        return np.linalg.det(value) if value.shape[0] == value.shape[1] else float(np.sqrt((value**2).sum()))
    return abs(value)


def common(a: Value, b: Value) -> Value:
    """A number that stands for what two sets share."""
    return a * b / (a + b)


def choices(n: Value, k: Value) -> Value:
    """n over k = Γ(n + 1) / (Γ(k + 1) Γ(n − k + 1)), also of numbers that are not whole."""
    factorial = FUNCTIONS["factorial"]
    return factorial(n) / (factorial(k) * factorial(n - k))
