"""The parts of expressions under the types they have in a program: plain indices, expressions as arguments."""

from __future__ import annotations

from typing import cast

from sympy import Add, Basic, Expr, Idx

from derive.calculus.indices import free_indices
from derive.rows.functions import RowFunction
from derive.vocabulary import indices_of


def places(entry: Expr) -> tuple[Idx, ...]:
    """The indices of an entry, which a program reads at plain indices only."""
    return cast("tuple[Idx, ...]", indices_of(entry))


def arguments(expr: Basic) -> tuple[Expr, ...]:
    """The arguments of a sum, product, power or function."""
    return cast("tuple[Expr, ...]", expr.args)


def difference(expr: Expr) -> tuple[bool, Expr, RowFunction] | None:
    """A sum as a − f(z), with True as f(z) − a, for an array a and an f whose differences have a form of their own."""
    for term in arguments(expr) if isinstance(expr, Add) else ():
        opposite = isinstance(term, RowFunction)
        f, a = (term, term - expr) if opposite else (-term, expr - term)
        if isinstance(f, RowFunction) and f.row.less and free_indices(f) and free_indices(a):
            return None if a.could_extract_minus_sign() else (opposite, a, f)
    return None
