"""A derivative that stands for itself in matrix notation: ∂E/∂Z, of the shape of Z."""

from __future__ import annotations

from typing import Any, cast

from sympy import Expr, MatrixExpr


class PartialMatrix(MatrixExpr):
    """The matrix with the entries ∂E/∂Z_{i,j} for a number E and a matrix symbol Z: `PartialMatrix(E, Z)`."""

    def __new__(cls, of: Expr, wrt: Any) -> PartialMatrix:
        make: Any = super().__new__
        return cast(PartialMatrix, make(cls, of, wrt))

    @property
    def of(self) -> Any:
        """What is differentiated."""
        return self.args[0]

    @property
    def wrt(self) -> Any:
        """The symbol of what it is differentiated by."""
        return self.args[1]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """That of what it is differentiated by."""
        rows, columns = self.wrt.shape
        return rows, columns
