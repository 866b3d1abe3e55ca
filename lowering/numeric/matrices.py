"""Inverses and log-determinants of whole matrices, in float64, complex128 and mpmath numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arithmetic import Arithmetic, Array


def inverses(matrices: Array, arithmetic: Arithmetic) -> Array:
    """The inverse of each matrix of an array of shape (points, d, d); NaN where a matrix is singular."""
    one = _machine_inverse if arithmetic.vectorised else _precise_inverse
    result = np.empty_like(matrices)
    for point, matrix in enumerate(matrices):
        result[point] = one(matrix)
    return result


def log_determinants(matrices: Array, arithmetic: Arithmetic) -> Array:
    """log det of each matrix of an array of shape (points, d, d); NaN where the determinant is not positive.

    A complex determinant counts as positive where its real part is.
    """
    one = _machine_log_determinant if arithmetic.vectorised else _precise_log_determinant
    return arithmetic.convert([one(matrix) for matrix in matrices])


def _machine_inverse(matrix: Array) -> Any:
    try:
        return np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return np.nan


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
        inverse = context.inverse(context.matrix(matrix.tolist()))
    except ZeroDivisionError:
        return context.nan
    return np.array(inverse.tolist(), dtype=object)


def _precise_log_determinant(matrix: Array) -> Any:
    if not matrix.size:
        return 0
    context = matrix.flat[0].context
    determinant = context.det(context.matrix(matrix.tolist()))
    return context.log(determinant) if determinant > 0 else context.nan
