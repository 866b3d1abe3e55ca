"""A sum of products of arrays as one contraction, so that no array over all indices at once is built."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .arithmetic import Array
from .frame import checked_size

LARGE = 100_000  # elements from which finding the best order of pairwise contractions pays


def contracted(factors: list[Array], summed: tuple[int, ...], depth: int) -> Array:
    """Σ over the outermost axes of the product of the factors.

    Args:
        factors: arrays whose shapes broadcast; axes are counted from the right, as `Frame` does.
        summed: the lengths of the outermost axes, which are summed over.
        depth: the number of axes in all, the summed ones included.

    Returns: an array with depth - len(summed) axes.
    """
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
