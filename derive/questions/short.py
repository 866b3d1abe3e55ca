"""Lines that several answers have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .answers import Line, Relation

if TYPE_CHECKING:
    from ..derivation import Derivation
    from ..model import Model
    from ..quantities import Definition


def for_short(definition: Definition, model: Model) -> Line:
    """A name given to an expression, in matrix notation too where both sides have one: A = X^T X."""
    from ..calculus.matrixform import matrix_form

    target, expr = definition.target, definition.expr
    left, right = (matrix_form(e, target, model) for e in (target, expr))
    return Line(
        relation=Relation(left=target, right=expr),
        label=f"{definition.name} for short",
        verdict="proved",  # it is so by definition
        matrices=None if left is None or right is None or not definition.quantity.axes else (left, right),
    )


def in_short(derivation: Derivation, label: str) -> Line:
    """What a derivation proves, without the steps, which stand elsewhere."""
    return replace(Line.of(derivation, label), chain=())
