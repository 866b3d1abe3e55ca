"""What came of trying an equation at numbers."""

from __future__ import annotations

from dataclasses import dataclass

from .results import Counterexample


@dataclass(frozen=True, kw_only=True)
class Trials:
    """What came of evaluating both sides.

    Attributes:
        counterexample: confirmed numbers, or None.
        agreed: the number of trials, each of many points, in which the sides agreed everywhere.
        reason: why nothing was found: they could not be evaluated, or a difference was not confirmed.
    """

    counterexample: Counterexample | None = None
    agreed: int = 0
    reason: str | None = None
