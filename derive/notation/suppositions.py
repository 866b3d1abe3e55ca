"""What is supposed of the shapes of letters where a text does not say, and which of it ever mattered."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Suppositions:
    """What is supposed; the outcome is the same without what was never asked for.

    Attributes:
        custom: that capitals before small letters are matrices.
        infer: that letters without a mark of their own are what they are used as.
        labelled: that bold type marks a vector also where there is a label below, as in v_t.
        asked: the names of those that were asked for.
    """

    custom: bool = True
    infer: bool = True
    labelled: bool = True
    asked: set[str] = field(default_factory=set)

    def by(self, name: str) -> bool:
        """Whether one of them is supposed, where something hangs on it."""
        self.asked.add(name)
        return bool(getattr(self, name))
