"""The refusal of a formula that has no reading."""

from __future__ import annotations

from .arrays import Axis, Value
from .syntax import Span


class Unreadable(ValueError):
    """A formula that has no reading.

    Attributes:
        span: the part that has none.
        axes: those whose lengths differ, if it is lengths that differ.
        sides: the two values, where it is the numbers of their axes that differ.
        misfit: whether it is shapes in any way that keep it from being read.
    """

    def __init__(
        self,
        reason: str,
        span: Span,
        axes: tuple[Axis, ...] = (),
        sides: tuple[Value, ...] = (),
        *,
        misfit: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.span = span
        self.axes = axes
        self.sides = sides
        self.misfit = misfit or bool(axes or sides)
