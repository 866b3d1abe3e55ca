"""The refusal of a formula that has no reading."""

from __future__ import annotations

from .arrays import Axis
from .syntax import Span


class Unreadable(ValueError):
    """A formula that has no reading; `span` is the part that has none, `axes` those whose lengths differ, if any."""

    def __init__(self, reason: str, span: Span, axes: tuple[Axis, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.span = span
        self.axes = axes
