"""A sum of products of arrays as one contraction, so that no array over all indices at once is built."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from math import prod
from typing import Any

import numpy as np

from .arithmetic import Array
from .frame import checked_size

Dot = Callable[[Iterable[Any], Iterable[Any]], Any]
LARGE = 100_000  # elements from which finding the best order of pairwise contractions pays


def contracted(factors: list[Array], summed: tuple[int, ...], depth: int, dot: Dot | None = None) -> Array:
    """Σ over the outermost axes of the product of the factors.

    Args:
        factors: arrays whose shapes broadcast; axes are counted from the right, as `Frame` does.
        summed: the lengths of the outermost axes, which are summed over.
        depth: the number of axes in all, the summed ones included.
        dot: of two sequences of numbers that are no machine numbers.

    Returns: an array with depth - len(summed) axes.
    """
    if dot is not None:
        return _one_by_one(dot, factors, summed, depth)
    full = [factor.reshape((1,) * (depth - factor.ndim) + factor.shape) for factor in factors]
    lengths = np.broadcast_shapes(*(factor.shape for factor in full))
    absent = prod(n for n, present in zip(summed, lengths[: len(summed)], strict=True) if present == 1)
    kept = [axis for axis in range(len(summed), depth) if lengths[axis] != 1]
    shape = lengths[len(summed) :]
    if absent == 0:
        return np.zeros(shape, dtype=np.result_type(*full))
    operands: list[Any] = []
    for factor in full:
        axes = [axis for axis in range(depth) if factor.shape[axis] != 1]
        operands += [factor.reshape([factor.shape[axis] for axis in axes]), axes]
    checked_size(np.broadcast_to(0, shape))
    result: Array = np.asarray(np.einsum(*operands, kept, optimize=prod(lengths) > LARGE))
    return result.reshape(shape) * absent


def _one_by_one(dot: Dot, factors: list[Array], summed: tuple[int, ...], depth: int) -> Array:
    """The same by a dot product for each entry of the result."""
    last = factors[-1]
    others = np.asarray(reduce(np.multiply, factors[:-1]) if len(factors) > 1 else 1)
    full = np.broadcast_shapes(others.shape, last.shape, (*summed, *(1,) * (depth - len(summed))))
    checked_size(np.broadcast_to(0, full))
    rest = full[len(summed) :]
    left, right = (np.broadcast_to(a, full).reshape(prod(summed), prod(rest)) for a in (others, last))
    result = np.empty(prod(rest), dtype=object)
    result[:] = [dot(*pair) for pair in zip(left.T, right.T, strict=True)]
    return result.reshape(rest)
