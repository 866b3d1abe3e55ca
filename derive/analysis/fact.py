"""An equality that an argument rests on, with its proof."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from ..prove import Proof


@dataclass(frozen=True, kw_only=True)
class Fact:
    """left = right, with its proof, and what it says."""

    left: Expr
    right: Expr
    proof: Proof | None
    label: str
