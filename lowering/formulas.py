"""Formulas of a model as LaTeX, for certificates."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Symbol
from sympy.printing.latex import LatexPrinter

from derive.model import Model


def latex(expr: Expr, model: Model) -> str:
    """The expression with the names of the model set as the model says."""
    names = {Symbol(q.name, real=True): q.latex for q in model.quantities.values()}
    return str(_Printer({"symbol_names": names}).doprint(expr))  # type: ignore[no-untyped-call]


def equation(left: Expr, right: Expr, model: Model) -> str:
    """`left = right`."""
    return f"{latex(left, model)} = {latex(right, model)}"


class _Printer(LatexPrinter):
    """SymPy's LaTeX with the functions and derivatives of the expression language."""

    def _print_RowFunction(self, expr: Any, exp: str | None = None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"{expr.row.latex}{power}\left({self._print(expr.args[0])}\right)"

    def _print_Partial(self, expr: Any, exp: str | None = None) -> str:
        of, wrt = (self._print(a) for a in expr.args)
        return rf"\frac{{\partial {of}}}{{\partial {wrt}}}"
