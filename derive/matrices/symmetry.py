"""Symmetric matrices: A_{i,j} = A_{j,i}, and then (A^{-1})_{i,j} = (A^{-1})_{j,i}.

A matrix is symmetric where its domain says so, or where that is proved from its definition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr, Indexed, Inverse, MatAdd, MatrixSymbol, Transpose

from ..calculus.indices import substitute, transform
from ..calculus.tidy import tidy
from ..quantities import Domain
from ..vocabulary import InverseEntry, indices_of, name_of
from .graph import matadd

if TYPE_CHECKING:
    from ..model import Model


def symmetric_names(expr: Expr, model: Model) -> frozenset[str]:
    """The matrices that an expression holds an inverse of, and that are symmetric."""
    inverted = {str(e.args[0]) for e in expr.atoms(InverseEntry)}
    return frozenset(name for name in inverted if _is_symmetric(name, model))


def _is_symmetric(name: str, model: Model) -> bool:
    from ..prove import prove

    if model.facts[name] is Domain.POSITIVE_DEFINITE:
        return True
    if name not in model.defined:
        return False
    definition = model.defined[name]
    i, j = definition.quantity.axes
    return prove(definition.expr, substitute(definition.expr, {i: j, j: i}), model) is not None


def in_one_order(expr: Expr, symmetric: frozenset[str]) -> Expr:
    """The entries of symmetric matrices and of their inverses with their indices in one order, so that terms meet."""

    def ordered(e: Expr) -> Expr | None:
        if isinstance(e, InverseEntry) and str(e.args[0]) in symmetric:
            return e.at(*sorted(e.place, key=str))
        if isinstance(e, Indexed) and name_of(e) in symmetric:
            entry: Expr = e.base[tuple(sorted(indices_of(e), key=str))]
            return entry
        return None

    return tidy(transform(expr, ordered)) if symmetric else expr


def upright(expr: Any, symmetric: frozenset[str]) -> Expr:
    """A^T as A, and A^{-T} as A^{-1}."""
    matrices = {e for e in expr.atoms(Inverse, MatrixSymbol) if str(e.args[0]) in symmetric}
    turned: Expr = expr.xreplace({Transpose(e): e for e in matrices})
    return matadd(turned) if isinstance(turned, MatAdd) else turned
