"""Inverses and log-determinants of whole matrices, in float64, complex128 and mpmath numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arithmetic import Arithmetic, Array

WORST_CONDITION = 1e12
PRECISE_SHARE = 0.75  # of the digits of a precise number, which a singular matrix loses all


def inverses(matrices: Array, arithmetic: Arithmetic) -> Array:
    """The inverse of each matrix of an array of shape (points, d, d); NaN where a matrix is singular."""
    one = _machine_inverse if arithmetic.dot is None else _precise_inverse
    result = np.empty_like(matrices)
    for point, matrix in enumerate(matrices):
        result[point] = one(matrix)
    return result


def log_determinants(matrices: Array, arithmetic: Arithmetic) -> Array:
    """log det of each matrix of an array of shape (points, d, d); NaN where the determinant is not positive.

    A complex determinant counts as positive where its real part is.
    """
    one = _machine_log_determinant if arithmetic.dot is None else _precise_log_determinant
    return arithmetic.convert([one(matrix) for matrix in matrices])


def _machine_inverse(matrix: Array) -> Any:
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return np.nan
    return np.nan if matrix.size and _condition(matrix, inverse) > WORST_CONDITION else inverse


def _condition(matrix: Array, inverse: Array) -> float:
    """The condition number by the largest entries; what rounding makes of a singular matrix has a huge one."""
    return float(np.abs(matrix).max() * np.abs(inverse).max())


def _machine_log_determinant(matrix: Array) -> Any:
    sign, size = np.linalg.slogdet(matrix)
    if not np.real(sign) > 0:
        return np.nan
    return size + 1j * np.angle(sign) if np.iscomplexobj(matrix) else size


def _precise_inverse(matrix: Array) -> Any:
    if not matrix.size:
        return matrix
    context = matrix.flat[0].context
    try:
        inverse = np.array(context.inverse(context.matrix(matrix.tolist())).tolist(), dtype=object)
    except (ZeroDivisionError, TypeError):  # mpmath finds no pivot among entries that are not numbers
        return context.nan
    condition = max(map(abs, matrix.flat)) * max(map(abs, inverse.flat))
    return context.nan if condition > context.eps**-PRECISE_SHARE else inverse


def _precise_log_determinant(matrix: Array) -> Any:
    if not matrix.size:
        return 0
    context = matrix.flat[0].context
    determinant = context.det(context.matrix(matrix.tolist()))
    return context.log(determinant) if determinant > 0 else context.nan
