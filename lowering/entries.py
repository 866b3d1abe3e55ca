"""The parts of expressions under the types they have in a program: plain indices, expressions as arguments."""

from __future__ import annotations

from typing import cast

from sympy import Basic, Expr, Idx

from derive.vocabulary import indices_of


def places(entry: Expr) -> tuple[Idx, ...]:
    """The indices of an entry, which a program reads at plain indices only."""
    return cast("tuple[Idx, ...]", indices_of(entry))


def arguments(expr: Basic) -> tuple[Expr, ...]:
    """The arguments of a sum, product, power or function."""
    return cast("tuple[Expr, ...]", expr.args)
