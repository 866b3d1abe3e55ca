"""Rows of an array in a file, read when they are asked for, so that data may be larger than memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import DataError

Array = NDArray[Any]
Change = Callable[[Array], Array]
Lines = Any  # an Array or Rows: both have a length, a shape, and rows by slices and arrays of places

BLOCK = 4096  # rows that are shuffled, and held out, together
TILE_BYTES = 2**24


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An array in an NPY file.

    Attributes:
        path: the file.
        shape: of the array, a row for each point.
        dtype: of its numbers.
        start: where they begin, in bytes.
    """

    path: Path
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    start: int

    def opened(self) -> Array:
        """The array, as it lies in the file; what is read of it goes when the result does."""
        return np.memmap(self.path, self.dtype, "r", self.start, self.shape)


def stored(path: Path) -> Stored:
    """What the header of an NPY file promises, once its length has been compared with that.

    Raises: DataError: if the file is no array of numbers, or is not as long as it says.
    """
    try:
        with path.open("rb") as file:
            version = np.lib.format.read_magic(file)
            reader = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}[version[0]]
            shape, by_columns, dtype = reader(file)
            start = file.tell()
        there = path.stat().st_size - start
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path}: not an NPY file ({error})") from error
    if dtype.kind not in "biuf":
        raise DataError(f"{path}: the numbers are of type {dtype}, expected real numbers")
    if prod(shape) * dtype.itemsize != there:
        promised = f"{shape} of {dtype}, {prod(shape) * dtype.itemsize} bytes"
        raise DataError(f"{path}: the header promises {promised}, but {there} follow")
    if not prod(shape):
        raise DataError(f"{path}: the array is empty (shape {shape})")
    if by_columns and len(shape) > 1:
        raise DataError(f"{path}: the array is stored by columns; save it by rows (np.ascontiguousarray) to stream it")
    return Stored(path=path, shape=shape, dtype=dtype, start=start)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Some blocks of a stored array, as an array of rows that are changed as they are read.

    Attributes:
        source: the array.
        blocks: which blocks of `BLOCK` rows, in ascending order.
        change: from stored rows to rows as they are used; each row by itself.
        row: the shape of one row after it.
    """

    source: Stored
    blocks: NDArray[np.int64]
    change: Change
    row: tuple[int, ...]

    def __len__(self) -> int:
        last = min((int(self.blocks[-1]) + 1) * BLOCK, self.source.shape[0]) - int(self.blocks[-1]) * BLOCK
        return (len(self.blocks) - 1) * BLOCK + last

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array."""
        return (len(self), *self.row)

    @property
    def ndim(self) -> int:
        return 1 + len(self.row)

    def __getitem__(self, chosen: slice | Array) -> Array:
        """The chosen rows, in memory."""
        places = np.arange(*chosen.indices(len(self))) if isinstance(chosen, slice) else np.asarray(chosen)
        rows = self.blocks[places // BLOCK] * BLOCK + places % BLOCK
        opened = self.source.opened()
        together = len(rows) > 0 and bool(np.all(np.diff(rows) == 1))
        found = opened[rows[0] : rows[-1] + 1] if together else opened[rows]
        return self.change(np.array(found))

    def then(self, change: Change) -> Rows:
        """The same rows with one more change."""
        before, row = self.change, np.zeros((1, *self.row))
        return replace(self, change=lambda rows: change(before(rows)), row=change(row).shape[1:])

    @property
    def tile(self) -> int:
        """How many rows are worth reading at once."""
        return max(64, TILE_BYTES // max(1, 8 * prod(self.row)))

    def tiles(self) -> Iterator[Array]:
        """All rows, so many at a time."""
        for first in range(0, len(self), self.tile):
            yield self[first : first + self.tile]


def changed(lines: Lines, change: Change) -> Lines:
    """Rows in memory or in a file, each changed."""
    return lines.then(change) if isinstance(lines, Rows) else change(lines)


def tiles(lines: Lines) -> Iterator[Array]:
    """All rows: at once in memory, a tile at a time from a file."""
    return lines.tiles() if isinstance(lines, Rows) else iter((lines,))
