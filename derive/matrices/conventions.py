"""Layout conventions: which way round ∂y/∂x is written, said in words and carried out."""

from __future__ import annotations

from enum import StrEnum


class Convention(StrEnum):
    """How the entries ∂y_i/∂x_j are laid out as one matrix.

    numerator    ∂y/∂x has the rows of y: m×n for a column y of m and x of n; a row for a scalar y.
    denominator  ∂y/∂x has the rows of x: the transpose of the numerator layout.
    gradient     ∂y/∂x has the shape of x; for a scalar y only.
    """

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    GRADIENT = "gradient"


class ConventionError(ValueError):
    """A layout convention says nothing about this derivative."""


def statement(convention: Convention, of: tuple[int, int], wrt: tuple[int, int]) -> str:
    """The convention in words, as it applies to these numbers of axes.

    Args:
        convention: the layout.
        of: for y, whether its rows and its columns are counted by an index (0 or 1 each).
        wrt: the same for x.
    Raises: ConventionError: for the gradient of what is no scalar.
    """
    check(convention, of)
    y, x = sum(of), sum(wrt)
    if y + x > 2:
        return f"{convention.value} layout: says nothing of {y + x} indices; ∂y/∂x stays in index notation"
    if y == x == 0:
        return f"{convention.value} layout: y and x are scalars, and so is ∂y/∂x"
    return f"{convention.value} layout: {_STATEMENTS[convention, y, x]}"


def check(convention: Convention, of: tuple[int, int]) -> None:
    """Raise ConventionError for the gradient of what is no scalar."""
    if convention is Convention.GRADIENT and any(of):
        kind = "matrix" if all(of) else "vector"
        raise ConventionError(
            f"gradient layout of a {kind}: expected a scalar; choose the numerator or the denominator layout"
        )


_STATEMENTS: dict[tuple[Convention, int, int], str] = {
    (Convention.NUMERATOR, 0, 1): "∂y/∂x has the shape of x^T",
    (Convention.NUMERATOR, 0, 2): "∂y/∂x has the shape of x^T, its entry (j, i) is ∂y/∂x_{i,j}",
    (Convention.NUMERATOR, 1, 0): "∂y/∂x has the shape of y",
    (Convention.NUMERATOR, 2, 0): "∂y/∂x has the shape of y, its entry (i, j) is ∂y_{i,j}/∂x",
    (Convention.NUMERATOR, 1, 1): "∂y/∂x has the rows of y, its entry (i, j) is ∂y_i/∂x_j",
    (Convention.DENOMINATOR, 0, 1): "∂y/∂x has the shape of x",
    (Convention.DENOMINATOR, 0, 2): "∂y/∂x has the shape of x, its entry (i, j) is ∂y/∂x_{i,j}",
    (Convention.DENOMINATOR, 1, 0): "∂y/∂x has the shape of y^T",
    (Convention.DENOMINATOR, 2, 0): "∂y/∂x has the shape of y^T, its entry (j, i) is ∂y_{i,j}/∂x",
    (Convention.DENOMINATOR, 1, 1): "∂y/∂x has the rows of x, its entry (i, j) is ∂y_j/∂x_i",
    (Convention.GRADIENT, 0, 1): "∂y/∂x has the shape of x",
    (Convention.GRADIENT, 0, 2): "∂y/∂x has the shape of x, its entry (i, j) is ∂y/∂x_{i,j}",
}
