"""Numbers, columns and matrices as arrays: a number has no axis, a vector is a column, a row its transpose.

Nothing conjugates, so that a derivative can be taken by a step along the imaginary axis.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Value = Any  # a number, or an array with two axes
MOST_POWER = 8
CLOSE = 1e-8
SINGULAR = 1e10  # the condition number of a matrix of lower rank, but for rounding
ROUGH = 1e-5


class NoValue(ValueError):
    """A part that has no value: signs that are not known, or numbers at which nothing is defined."""


class Misfit(NoValue):
    """Shapes that do not fit."""


def is_number(value: Value) -> bool:
    """Whether a value is a number and no array."""
    return bool(np.ndim(value) == 0)


def is_column(value: Value) -> bool:
    """Whether a value is a vector that stands upright."""
    return not is_number(value) and value.shape[1] == 1


def column(numbers: list[Value]) -> Value:
    """The column of some numbers. Raises: Misfit: if one of them is none."""
    if not all(is_number(n) for n in numbers):
        raise Misfit("an entry that is no number")
    return np.array(numbers).reshape(-1, 1)


def blocks(rows: list[list[Value]]) -> Value:
    """A matrix by its entries or its blocks. Raises: Misfit: if they do not fit."""
    if len({len(row) for row in rows}) != 1:
        raise Misfit("rows of different lengths")
    if all(is_number(cell) for row in rows for cell in row):
        return plain(np.array(rows))
    try:
        return np.vstack([np.hstack([np.atleast_2d(c) for c in row]) for row in rows])
    except ValueError as error:
        raise Misfit("blocks that do not fit") from error


def plain(value: Value) -> Value:
    """A matrix with one entry as the number that it is."""
    return value if is_number(value) or value.size > 1 else value.reshape(())[()]


def added(left: Value, right: Value, sign: int = 1) -> Value:
    """left ± right. Raises: Misfit: unless both have one shape."""
    if np.shape(left) != np.shape(right):
        raise Misfit("a sum of different shapes")
    return left + sign * right


def multiplied(left: Value, right: Value) -> Value:
    """The product of matrices, or a multiple. Raises: Misfit: if the inner lengths differ."""
    if is_number(left) or is_number(right):
        return left * right
    if left.shape[1] != right.shape[0]:
        raise Misfit("a product of matrices that do not fit")
    return plain(left @ right)


def dotted(left: Value, right: Value) -> Value:
    """What a dot between two factors means: of two columns of one length the inner product."""
    if not is_number(left) and not is_number(right) and is_column(left) and left.shape == right.shape:
        return inner(left, right)
    return multiplied(left, right)


def inner(left: Value, right: Value) -> Value:
    """Σ a b over the entries of two arrays of one shape."""
    if np.shape(left) != np.shape(right):
        raise Misfit("an inner product of different shapes")
    return np.sum(left * right)


def divided(left: Value, right: Value) -> Value:
    """A fraction. Raises: Misfit: for what is no number below; NoValue: for 0 below."""
    if not is_number(right):
        raise Misfit("a fraction with an array below")
    if right == 0:
        raise NoValue("a division by zero")
    return left / right


def transposed(value: Value) -> Value:
    """The transpose; of a number itself."""
    return value if is_number(value) else value.T


def square(value: Value) -> Value:
    """The value itself. Raises: Misfit: unless it is a square matrix."""
    if is_number(value) or value.shape[0] != value.shape[1]:
        raise Misfit("this needs a square matrix")
    return value


def diagonal(value: Value) -> Value:
    """The diagonal matrix of a column, or the column on the diagonal of a matrix. Raises: Misfit: for a number."""
    if is_number(value):
        raise Misfit("the diagonal of a number")
    return np.diagflat(value) if is_column(value) else np.diagonal(square(value)).reshape(-1, 1)


def stacked(value: Value) -> Value:
    """The columns of a matrix one below the other. Raises: Misfit: for a number."""
    if is_number(value):
        raise Misfit("the columns of a number")
    return value.reshape(-1, 1, order="F")


def inverted(value: Value) -> Value:
    """The inverse. Raises: Misfit, NoValue: where there is none."""
    if is_number(value):
        return divided(1.0, value)
    if np.linalg.cond(square(value)) > SINGULAR:
        raise NoValue("a matrix without inverse")
    return np.linalg.inv(value)


def raised(value: Value, power: Value) -> Value:
    """A power of a number, or a whole power of a square matrix. Raises: Misfit, NoValue: where there is none."""
    if not is_number(power):
        raise Misfit("an exponent that is an array")
    if is_number(value):
        if value == 0 and np.real(power) < 0:
            raise NoValue("a division by zero")
        if not np.iscomplexobj(value) and value < 0 and power != np.round(power):
            raise NoValue("a root of a negative number")
        return value**power
    if np.imag(power) or power != int(np.real(power)) or abs(power) > MOST_POWER:
        raise NoValue("a power of a matrix that is no whole number")
    whole = int(np.real(power))
    return np.linalg.matrix_power(inverted(value) if whole < 0 else square(value), abs(whole))


def norm(value: Value, kind: str = "") -> Value:
    """The Euclidean norm of a vector, the one named of a vector or a matrix."""
    if is_number(value):
        return value * np.sign(np.real(value))
    upright = 1 in value.shape
    if kind in ("", "2") and not upright:
        if kind == "2" and not np.iscomplexobj(value):
            return float(np.linalg.norm(value, 2))
        raise NoValue("a norm of a matrix that is not named")
    if kind in ("", "2", "F"):
        return np.sqrt(np.sum(value * value))
    sizes = value * np.sign(np.real(value))
    if kind == "1" and upright:
        return np.sum(sizes)
    if kind == "infty" and upright and not np.iscomplexobj(value):
        return float(np.max(sizes))
    raise NoValue("a norm of another kind")


def have_one_shape(left: Value, right: Value) -> bool:
    """Whether two values have one shape; 0 has every shape."""
    nothing = any(is_number(v) and v == 0 for v in (left, right))
    return nothing or np.shape(left) == np.shape(right)


def differs(left: Value, right: Value, *, rough: bool, slack: float = 0.0) -> bool:
    """Whether two values differ by more than rounding, and what decimals allow.

    Raises: Misfit, NoValue: if they cannot be compared.
    """
    if not have_one_shape(left, right):
        raise Misfit("two sides of different shapes")
    if not (np.all(np.isfinite(left)) and np.all(np.isfinite(right))):
        raise NoValue("no number")
    scale = max(float(np.max(np.abs(left))), float(np.max(np.abs(right))), 1e-3)
    return bool(np.max(np.abs(left - right)) > (ROUGH if rough else CLOSE) * scale + slack)
