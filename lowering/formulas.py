"""Formulas of a model as LaTeX, for certificates."""

from __future__ import annotations

from sympy import Expr

from derive.model import Model
from derive.notation.names import Names
from derive.notation.printer import equation as equation_layout
from derive.notation.renderers.latex import to_latex


def equation(left: Expr, right: Expr, model: Model) -> str:
    """`left = right` with the names of the model set as the model says."""
    return to_latex(equation_layout(left, right, Names.of(model.quantities.values())))
