"""What is in scope where an expression is evaluated: index grids, the values read, and where they matter.

Arrays are laid out from the right: axis -1 counts points, axis -2 the first index, and each further index goes
to the front. An array that does not depend on the outermost indices leaves their axes out, so that NumPy's
broadcasting lines everything up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np
from sympy import Basic, Expr

from .arithmetic import Arithmetic, Array
from .environment import Environment
from .errors import EvaluationError

MOST_ELEMENTS = 2**26


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """The scope of one place in an expression.

    Attributes:
        environment: the numbers.
        arithmetic: what they are computed in.
        stored: the arrays of the environment in this arithmetic, filled as they are read.
        grids: index to the whole numbers it runs over, as float64, along its own axis.
        letters: the arguments of the row function that is being evaluated.
        lengths: those of the index axes so far, outermost first.
        active: where the value matters: inside the brackets, cases and ranges around this place; None everywhere.
        known: what has been evaluated in this frame.
    """

    environment: Environment
    arithmetic: Arithmetic
    stored: dict[tuple[str, str], Array]
    grids: Mapping[Basic, Array] = field(default_factory=dict)
    letters: Mapping[Basic, Array] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    active: Array | None = None
    known: dict[Basic, Array] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        """The number of axes so far, the points included."""
        return len(self.lengths) + 1

    def bound(self, index: Basic, first: int, last: int) -> Frame:
        """The frame in which `index` runs over first..last along a new axis."""
        grid = np.arange(first, last + 1, dtype=np.float64).reshape(-1, *(1,) * self.depth)
        return replace(self, grids={**self.grids, index: grid}, lengths=(len(grid), *self.lengths), known={})

    def within(self, mask: Array) -> Frame:
        """The frame in which only the places under the mask matter."""
        return replace(self, active=mask if self.active is None else self.active & mask, known={})

    def calling(self, letters: Mapping[Basic, Array]) -> Frame:
        """The frame in which the body of a row function is evaluated at its arguments."""
        return replace(self, letters=letters, known={})

    @property
    def known_names(self) -> str:
        """The quantities that have values, for messages."""
        return ", ".join(sorted(self.environment.values)) or "nothing"

    def matters(self, mask: Array) -> bool:
        """Whether the mask holds anywhere that matters."""
        return bool(np.any(mask if self.active is None else mask & self.active))

    def values(self, name: str) -> Array | None:
        """The array of a quantity, in this arithmetic."""
        key = (self.arithmetic.name, name)
        if key not in self.stored and name in self.environment.values:
            self.stored[key] = self.arithmetic.convert(self.environment.values[name])
        return self.stored.get(key)

    def read(self, entry: Expr, name: str, where: tuple[Array, ...]) -> Array:
        """The entries of a quantity at whole-number index arrays.

        Raises:
            EvaluationError: if the quantity is unknown, has another number of axes, or is read outside its range
                at a place that matters.
        """
        array = self.values(name)
        if array is None:
            raise EvaluationError(f"{entry}: {name} has no value; there are values for {self.known_names}")
        lowers = self.environment.lowers.get(name)
        if lowers is None or len(lowers) != array.ndim - 1:
            raise EvaluationError(
                f"{entry}: `lowers` does not say where each of the {array.ndim - 1} axes of {name} begins"
            )
        if len(where) != len(lowers):
            raise EvaluationError(f"{entry}: {name} has {len(lowers)} axes, but {len(where)} indices are given")
        offsets = [at - lower for at, lower in zip(where, lowers, strict=True)]
        positions = [self._inside(entry, axis, at, array.shape[axis]) for axis, at in enumerate(offsets, start=1)]
        point = np.arange(array.shape[0])
        if 0 in array.shape:
            return np.zeros(np.broadcast_shapes(*(p.shape for p in positions), point.shape), dtype=array.dtype)
        return np.asarray(array[(point, *positions)])

    def _inside(self, entry: Expr, axis: int, position: Array, length: int) -> Array:
        """The position, with what lies outside and does not matter moved inside."""
        outside = (position < 0) | (position >= length)
        if not outside.any():
            return position
        if self.matters(outside):
            wrong = outside if self.active is None else outside & self.active
            first = int(np.broadcast_to(position, wrong.shape)[wrong].flat[0])
            raise EvaluationError(
                f"{entry} is read outside its range: axis {axis} has positions 0 to {length - 1}, "
                f"the one asked for is {first}"
            )
        return np.clip(position, 0, max(length - 1, 0))


def checked_size(*arrays: Array) -> None:
    """Refuse to combine arrays into one that would not fit.

    Raises:
        EvaluationError: if the result would have more than `MOST_ELEMENTS` elements.
    """
    count = prod(np.broadcast_shapes(*(array.shape for array in arrays)))
    if count > MOST_ELEMENTS:
        raise EvaluationError(f"{count} values would be needed at once, at most {MOST_ELEMENTS} are; use smaller sizes")
