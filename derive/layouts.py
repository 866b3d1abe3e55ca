"""The derivative of a quantity of a model as one matrix, under a layout convention."""

from __future__ import annotations

from sympy import Expr, Idx

from .calculus.matrixform import MatrixForm, raised
from .derivation import Derivation
from .matrices.conventions import Convention, check, statement
from .vocabulary import Partial, indices_of


def laid_out(derivation: Derivation, convention: Convention) -> MatrixForm | None:
    """The result in matrix notation; None where it has no such form, as with more than two indices.

    A quantity with one index is a column. The entries are proved equal to the index form.

    Args:
        derivation: of a first derivative ∂y/∂x, each index of y and x a letter of its own.
        convention: numerator, denominator or gradient.
    Raises: ConventionError: for the gradient of what is no scalar.
    """
    y, x = _sides(derivation)
    check(convention, _shape(y))
    if not all(isinstance(i, Idx) for i in (*y, *x)) or len({*y, *x}) < len(y) + len(x) or len(y) + len(x) > 2:
        return None
    numerator = convention is Convention.NUMERATOR
    if len(y) == len(x) == 1:
        return _raised(derivation, (*y, *x) if numerator else (*x, *y))
    if len(x) == 2 or len(y) == 2:
        return _raised(derivation, (*y, *x)[::-1] if numerator == bool(x) else (*y, *x))
    return _raised(derivation, (*y, *x), lying=bool(y or x) and numerator != bool(y))


def said(derivation: Derivation, convention: Convention) -> str:
    """The convention in words, as it applies to the shapes of y and x.

    Raises: ConventionError: for the gradient of what is no scalar.
    """
    y, x = _sides(derivation)
    return statement(convention, _shape(y), _shape(x))


def _raised(derivation: Derivation, out: tuple[Expr, ...], lying: bool = False) -> MatrixForm | None:
    places = tuple(i for i in out if isinstance(i, Idx))
    return raised(derivation.result, derivation.target, places, derivation.model, lying=lying)


def _sides(derivation: Derivation) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    target = derivation.target
    assert isinstance(target, Partial)
    return indices_of(target.of), indices_of(target.wrt)


def _shape(indices: tuple[Expr, ...]) -> tuple[int, int]:
    return int(len(indices) > 0), int(len(indices) > 1)
