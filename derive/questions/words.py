"""Formulas in the words of a label: "where b_j < −n λ/2"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Basic, Eq, Expr, Le, Lt, oo

from ..notation.equations import model_names
from ..notation.printer import layout
from ..notation.renderers.text import to_text

if TYPE_CHECKING:
    from ..model import Model


def in_words(expr: Basic, model: Model) -> str:
    """An expression or a condition as one line of text, in the notation of a model."""
    return to_text(layout(expr, model_names(model)))


def at(name: Expr, value: Expr, model: Model) -> str:
    """name = value."""
    return in_words(Eq(name, value, evaluate=False), model)


def between(lower: Expr, name: Expr, upper: Expr, model: Model, *, closed: bool = False) -> str:
    """The condition that a name lies between two ends, of which none or one may be infinite."""
    less: Any = Le if closed else Lt
    parts = [] if lower == -oo else [less(lower, name, evaluate=False)]
    parts += [] if upper == oo else [less(name, upper, evaluate=False)]
    return " and ".join(in_words(part, model) for part in parts)
