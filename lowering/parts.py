"""How an objective over data points follows from those over parts of them, a tile of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .datasets.rows import BLOCK, Lines, Rows
from .history import TrainingError
from .spread import Spread, Work

Array = NDArray[Any]
Compute = Callable[[Mapping[str, Lines]], Sequence[Array]]

AGREE = 1e-6  # of each other: the objective over a few points, whole and in parts


@dataclass(frozen=True, kw_only=True)
class Parts:
    """F over all points is Σ_t w_t F_t over parts t of them, less a penalty that each part counted.

    Attributes:
        mean: whether F is a mean, with w_t the share of the points; a penalty beside it is then counted once.
        penalty: whether a penalty stands beside a sum, so that of T parts T − 1 times too much of it is counted.
    """

    mean: bool = False
    penalty: bool = False

    def total(self, data: Mapping[str, Lines], sampled: Sequence[str], compute: Compute) -> list[Array]:
        """What `compute` gives for all points, from what it gives for one tile after the other.

        Args:
            data: the arrays; rows in a file are read a tile at a time, others are taken whole.
            sampled: the names of those with a row for each point.
            compute: arrays to value, gradient or Hessian, all composed as the objective is.
        """
        leading = data[sampled[0]] if sampled else None
        if isinstance(leading, Spread) and isinstance(compute, Work):
            shares: Iterable[tuple[int, Sequence[Array]]] = leading.holders.shares(compute, leading.places)
        elif any(isinstance(data[name], Rows) for name in sampled):
            shares = ((len(part[sampled[0]]), compute(part)) for part in _tiles(data, sampled))
        else:
            return [np.asarray(a) for a in compute(data)]
        return self.joined(shares, len(data[sampled[0]]), lambda: self.of_penalty(data, sampled, compute))

    def joined(
        self, shares: Iterable[tuple[int, Sequence[Array]]], count: int, penalty: Callable[[], list[Array]]
    ) -> list[Array]:
        """What follows for all points from what was computed for so many of them each, added up in order."""
        found, parts = None, 0
        for points, computed in shares:
            weight = points / count if self.mean else 1.0
            weighted = [weight * np.asarray(a) for a in computed]
            found = weighted if found is None else [a + b for a, b in zip(found, weighted, strict=True)]
            parts += 1
        assert found is not None  # there are points
        if self.penalty and not self.mean and parts > 1:
            return [a - (parts - 1) * p for a, p in zip(found, penalty(), strict=True)]
        return found

    def of_batch(self, data: Mapping[str, Lines], sampled: Sequence[str], compute: Compute, points: int) -> list[Array]:
        """The same for a batch out of so many points, with the share of the penalty that falls to it."""
        found, count = self.total(data, sampled, compute), len(data[sampled[0]]) if sampled else points
        if self.mean or not self.penalty or not 1 < count < points:
            return found
        penalty = self.of_penalty(data, sampled, compute)
        return [a - (1 - count / points) * p for a, p in zip(found, penalty, strict=True)]

    def of_penalty(self, data: Mapping[str, Lines], sampled: Sequence[str], compute: Compute) -> list[Array]:
        """What the penalty beside a sum contributes: F(a) + F(b) − F(a and b) for two points a and b."""
        a, b, both = (compute(_rows(data, sampled, slice(*ends))) for ends in ((0, 1), (1, 2), (0, 2)))
        return [np.asarray(x) + np.asarray(y) - np.asarray(z) for x, y, z in zip(a, b, both, strict=True)]

    def check(self, data: Mapping[str, Lines], sampled: Sequence[str], value: Callable[..., float]) -> None:
        """Refuse an objective over streamed rows that is not composed so, held against itself at a few points.

        Raises: TrainingError: if the parts do not give the whole.
        """
        if not any(isinstance(data[name], Rows) for name in sampled):
            return
        four, first, last = (value(_rows(data, sampled, slice(*ends))) for ends in ((0, 4), (0, 3), (3, 4)))
        penalty = 0.0
        if self.penalty and not self.mean:
            penalty = float(self.of_penalty(data, sampled, lambda part: [np.asarray(value(part))])[0])
        joined = (3 * first + last) / 4 if self.mean else first + last - penalty
        if not np.isclose(joined, four, rtol=AGREE, atol=AGREE):
            raise TrainingError(
                f"over four points the objective is {four:g}, from three and one of them {joined:g}; it cannot be "
                "added up over rows in a file; put the data into an NPZ file"
            )


def batches(data: Mapping[str, Lines], sampled: Sequence[str], size: int, seed: tuple[int, int]) -> Iterator[Any]:
    """All points in pieces, shuffled; rows in a file a few blocks at a time, so that they are read in order.

    Yields: the arrays of a batch, and the number of its points.
    """
    points, rng = len(data[sampled[0]]), np.random.default_rng(seed)
    streamed = any(isinstance(_origin(data[name]), Rows) for name in sampled)
    together = BLOCK * max(1, size // BLOCK) if streamed else points
    starts = np.arange(0, points, together)
    for start in rng.permutation(starts) if streamed else starts:
        held = _rows(data, sampled, slice(start, start + together)) if streamed else data
        order = rng.permutation(min(together, points - start))
        for first in range(0, len(order), size):
            rows = order[first : first + size]
            yield _rows(held, sampled, rows), len(rows)


def head(data: Mapping[str, Lines], sampled: Sequence[str], most: int) -> Mapping[str, Lines]:
    """The first points."""
    return _rows(data, sampled, slice(0, most))


def _origin(lines: Lines) -> Lines:
    return lines.rows if isinstance(lines, Spread) else lines


def pieces(data: Mapping[str, Lines], sampled: Sequence[str], most: int) -> Iterator[Mapping[str, Array]]:
    """All points in order, so many at a time."""
    for first in range(0, len(data[sampled[0]]), most):
        yield _rows(data, sampled, slice(first, first + most))


def _tiles(data: Mapping[str, Lines], sampled: Sequence[str]) -> Iterator[Mapping[str, Array]]:
    return pieces(data, sampled, min(data[name].tile for name in sampled if isinstance(data[name], Rows)))


def _rows(data: Mapping[str, Lines], sampled: Sequence[str], chosen: Any) -> dict[str, Array]:
    return {name: array[chosen] if name in sampled else array for name, array in data.items()}
