"""Data spread over workers: each holds some rows, and what is added up over rows is computed where they lie.

A total over a batch is put together from the shares in the order of the rows, so it does not depend on which worker
computed a share, or on how often one was lost and its rows given to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .datasets.rows import BLOCK, Lines, Rows
from .metrics import accuracy

if TYPE_CHECKING:
    from .epochs import LoweredModule
    from .parts import Parts

Array = NDArray[Any]
Places = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is computed of some rows: a value, value and gradient, or the share that is predicted right.

    Attributes:
        module: the lowered module; None on its way to a worker, which has its own.
        params: the parameters.
        gradient: whether the gradient follows the value.
        prediction: the names of prediction and target, for the share predicted right; None for the value.
        piece: points whose predictions are computed at once; None for all.
    """

    module: LoweredModule | None
    params: Mapping[str, Array]
    gradient: bool = False
    prediction: tuple[str, str] | None = None
    piece: int | None = None

    def __call__(self, part: Mapping[str, Array]) -> list[Array]:
        """The value, followed by the gradient in the order of the parameters if that is asked for."""
        module = self.module
        assert module is not None  # only what travels has none
        if self.prediction is not None:
            return [self.right(module, part, *self.prediction)]
        if not self.gradient:
            return [module.value(self.params, part)]
        value, grads = module.value_and_grad(self.params, part)
        return [value, *(grads[name] for name in self.params)]

    def parts(self, own: Parts) -> Parts:
        """How what is computed over all points follows from parts of them; a share is a mean."""
        return own if self.prediction is None else type(own)(mean=True)

    def right(self, module: LoweredModule, part: Mapping[str, Array], predicted: str, target: str) -> Array:
        """The share predicted right, some points at a time."""
        truth = np.asarray(part[target])
        step = self.piece or len(truth)
        found, counts = [], []
        for first in range(0, len(truth), step):
            few = {
                k: a[first : first + step] if len(np.shape(a)) and len(a) == len(truth) else a for k, a in part.items()
            }
            guess = np.asarray(module.forward(self.params, few)[predicted])
            found.append(accuracy(guess, truth[first : first + step]))
            counts.append(len(guess))
        return np.asarray(np.average(found, weights=counts))


class Holders(Protocol):
    """Workers that hold rows."""

    def shares(self, work: Work, places: Places | None) -> Iterator[tuple[int, list[Array]]]:
        """The number of rows and what was computed of them, for each worker in order that has some of the places."""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Rows of an array that workers hold.

    Attributes:
        rows: the same array here, for what looks at a few rows only.
        holders: who has them.
        places: which rows, in this order; None for all.
    """

    rows: Lines
    holders: Holders
    places: Places | None = None

    def __len__(self) -> int:
        return len(self.rows) if self.places is None else len(self.places)

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array."""
        return (len(self), *self.rows.shape[1:])

    def __getitem__(self, chosen: slice | Array) -> Spread:
        every = np.arange(len(self.rows)) if self.places is None else self.places
        return replace(self, places=every[chosen])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        here = self.rows[slice(None) if self.places is None else self.places]
        return np.asarray(here, dtype=dtype)


class Holder:
    """The rows of one worker.

    Args:
        source: of the lowered module.
        arrays: the rows, in memory or in a file that the worker can read, and what is no row.
        sampled: the names of those that are rows.
        first: the place of the first row.
        parts: how the objective is composed.
    """

    def __init__(
        self, source: str, arrays: Mapping[str, Lines], sampled: Sequence[str], first: int, parts: Parts
    ) -> None:
        from .loading import loaded_source

        self.module: Any = loaded_source(source)
        self.arrays, self.sampled, self.first, self.parts = arrays, sampled, first, parts

    def computed(self, work: Work, places: Places | None) -> list[Array] | Exception:
        """What the work gives over the rows at these places, or what went wrong with it."""
        own, parts = replace(work, module=self.module), work.parts(self.parts)
        try:
            part = {
                name: array[places - self.first] if places is not None and name in self.sampled else array
                for name, array in self.arrays.items()
            }
            with np.errstate(all="ignore"):
                return [np.asarray(a) for a in parts.total(part, self.sampled, own)]
        except Exception as error:
            return error


def bounds(lines: Lines, count: int) -> list[int]:
    """Where the rows of each of so many workers begin, and the end; in a file at whole blocks."""
    rows, together = len(lines), BLOCK if isinstance(lines, Rows) else 1
    ends = (min(rows, together * round(k * rows / count / together)) for k in range(1, count))
    return sorted({0, *ends, rows})


def stretch(lines: Lines, first: int, after: int) -> Lines:
    """The rows from one of the bounds to another."""
    if isinstance(lines, Rows):
        return replace(lines, blocks=lines.blocks[first // BLOCK : -(-after // BLOCK)])
    return lines[first:after]
