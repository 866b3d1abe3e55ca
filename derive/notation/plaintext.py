"""Formulas as plain text for docstrings and messages: `h[s, j] = sigmoid(Σ_i x[s, i] theta_h[i, j])`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from sympy import Add, Expr, Mul, Pow
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from ..rows.unnamed import Unnamed
from ..vocabulary import Inside, InverseEntry, LogDet, Partial, Positive, SizeAt


def text(expr: Expr) -> str:
    """The expression in plain text; ranges of indices are left to the reader of the shapes."""
    printer: Any = _Text
    return str(printer().doprint(expr))


class _Text(StrPrinter):
    """SymPy's plain text with Σ, Π and ∂."""

    @cached_property
    def around(self) -> list[Any]:
        """What is being printed, outermost first."""
        return []

    def _print(self, expr: Any, **options: Any) -> str:
        self.around.append(expr)
        try:
            return str(super()._print(expr, **options))
        finally:
            self.around.pop()

    def _print_Sum(self, expr: Any) -> str:
        return self._big("Σ", expr)

    def _print_Product(self, expr: Any) -> str:
        return self._big("Π", expr)

    def _print_Maximum(self, expr: Any) -> str:
        return self._big("max", expr)

    def _print_Inside(self, expr: Inside) -> str:
        place, lower, upper = (self._print(a) for a in expr.args)
        return f"[{lower} ≤ {place} ≤ {upper}]"

    def _print_Positive(self, expr: Positive) -> str:
        return f"[{self._print(expr.args[0])} > 0]"

    def _print_KroneckerDelta(self, expr: Any) -> str:
        return f"[{self._print(expr.args[0])} = {self._print(expr.args[1])}]"

    def _print_InverseEntry(self, expr: InverseEntry) -> str:
        row, column = (self._print(i) for i in expr.place)
        return f"{expr.args[0]}⁻¹[{row}, {column}]"

    def _print_LogDet(self, expr: LogDet) -> str:
        return f"log det {expr.args[0]}"

    def _print_Function(self, expr: Any) -> str:
        if isinstance(expr, SizeAt):
            return f"{expr.args[0]}[{self._print(expr.args[1])}]"
        if not isinstance(expr, Unnamed):
            printer: Any = super()
            return str(printer._print_Function(expr))
        return f"{expr.label}({', '.join(self._print(a) for a in expr.arguments)})"

    def _big(self, sign: str, expr: Any) -> str:
        indices = ",".join(str(limit[0]) for limit in reversed(expr.limits))
        printer: Any = self
        body = printer.parenthesize(expr.function, PRECEDENCE["Mul"])
        written = f"{sign}_{indices} {body}"
        inside = len(self.around) > 1 and isinstance(self.around[-2], Add | Mul | Pow)
        return f"({written})" if inside else written

    def _print_Partial(self, expr: Partial) -> str:
        return f"∂{self._print(expr.args[0])}/∂{self._print(expr.args[1])}"
