"""Derivatives by numbers: a step along the imaginary axis, which loses no digits, and differences of such."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .values import Misfit, NoValue, Value, is_number

TINY = 1e-30
SMALL = 1e-5


def gradient(function: Callable[[Value], Value], at: Value) -> Value:
    """The derivative of a number by each entry of an argument, in the shape of the argument.

    Raises: Misfit: if the function is no number; NoValue: if it has none there, as the logarithm below zero.
    """
    value = _number(function(at))
    if not np.isfinite(value):
        raise NoValue("no number")
    moved = np.iscomplexobj(at) or np.imag(value) != 0  # along the imaginary axis already, by another letter
    step = SMALL if moved else TINY * 1j

    def along(towards: Value) -> Value:
        if moved:
            return (_number(function(at + step * towards)) - _number(function(at - step * towards))) / (2 * step)
        return np.imag(_number(function(at + step * towards))) / TINY

    if is_number(at):
        return along(1.0)
    found = [along(unit) for unit in _units(at.shape)]
    return np.array(found).reshape(at.shape)


def change(function: Callable[[Value], Value]) -> Value:
    """The derivative at zero of a number, vector or matrix by a number."""
    value = function(0.0)
    if np.any(np.imag(value)):  # along the imaginary axis already, by another letter
        return (function(SMALL) - function(-SMALL)) / (2 * SMALL)
    found = np.imag(function(TINY * 1j)) / TINY
    return float(found) if is_number(value) else found


def hessian(function: Callable[[Value], Value], at: Value) -> Value:
    """The matrix of second derivatives by the entries of a column; of a number the second derivative."""
    if np.iscomplexobj(at):
        raise NoValue("a derivative of high order")
    if is_number(at):
        return (gradient(function, at + SMALL) - gradient(function, at - SMALL)) / (2 * SMALL)
    columns = [
        (gradient(function, at + SMALL * unit) - gradient(function, at - SMALL * unit)) / (2 * SMALL)
        for unit in _units(at.shape)
    ]
    return np.hstack(columns)


def _units(shape: tuple[int, ...]) -> list[Value]:
    units = np.eye(int(np.prod(shape)))
    return [row.reshape(shape) for row in units]


def _number(value: Value) -> Value:
    if not is_number(value):
        raise Misfit("a gradient of what is no number")
    return value
