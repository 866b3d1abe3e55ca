r"""SymPy expressions as a textbook writes them: `(y - \hat{y}) \theta_j h_j (1 - h_j) x_i`.

Each kind of expression has a row in `scalarprinter.py`, `calculusprinter.py` or `matrixprinter.py`, which gives a
`Piece`: a layout with what is needed to bracket it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Basic, Expr

from .calculusprinter import CALCULUS_ROWS
from .layout import Layout, Lines, Row
from .matrixprinter import MATRIX_ROWS
from .names import Names as Names
from .pieces import Context, Piece, Rule, row
from .scalarprinter import SCALAR_ROWS, indexed
from .unnamedprinter import UNNAMED_ROWS


class PrintError(ValueError):
    """An expression holds something that the language of formulas has no word for."""


def layout(expr: Basic, names: Names | None = None) -> Layout:
    """The expression as a textbook would set it.

    Args:
        expr: an expression of `derive/vocabulary.py`, a relation or a matrix expression of SymPy.
        names: how its names are set; unknown names are set sensibly.

    Raises:
        PrintError: if the expression holds a kind of object that formulas do not have.
    """
    return _context(names or Names()).press(expr).layout


def relation(lhs: Basic, sign: str, rhs: Basic, names: Names | None = None) -> Layout:
    r"""`lhs sign rhs`, the sign a LaTeX relation such as `=` or `\le`."""
    return row(layout(lhs, names), sign, layout(rhs, names))


def equation(lhs: Basic, rhs: Basic, names: Names | None = None) -> Layout:
    """`lhs = rhs`."""
    return relation(lhs, "=", rhs, names)


def chain(exprs: Sequence[Basic], names: Names | None = None, *, sign: str = "=") -> Layout:
    """`a = b = c`, each relation on a line of its own if there are more than two sides."""
    first, *others = (layout(expr, names) for expr in exprs)
    if len(others) < 2:
        return row(first, *(row(sign, other) for other in others))
    lefts: list[Layout] = [first, *[Row(()) for _ in others[1:]]]
    return Lines("aligned", tuple((left, row(sign, other)) for left, other in zip(lefts, others, strict=True)))


def entry(name: str, indices: Sequence[Expr], names: Names | None = None) -> Layout:
    r"""A name with its indices: `\theta^{(h)}_{i,j}`; the index of a data point stands above, `x^{(s)}_{i}`."""
    return indexed(name, indices, _context(names or Names()))


def _context(names: Names) -> Context:
    def press(expr: Basic) -> Piece:
        rule = next((_ROWS[kind] for kind in type(expr).__mro__ if kind in _ROWS), None)
        if rule is None:
            raise PrintError(f"{type(expr).__name__}: expected an expression of formulas; rewrite it without this")
        return rule(expr, context)

    context = Context(names, press)
    return context


_ROWS: dict[type, Rule] = {**SCALAR_ROWS, **CALCULUS_ROWS, **MATRIX_ROWS, **UNNAMED_ROWS}
