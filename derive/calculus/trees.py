"""The parts of SymPy's trees with their types: SymPy calls every argument a `Basic`."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from sympy import Basic, Expr

NOTHING: frozenset[Any] = frozenset()


def args_of(expr: Basic) -> tuple[Expr, ...]:
    """The arguments of an operator or function over expressions; for a sum's limits there is `bound_in`."""
    return cast("tuple[Expr, ...]", expr.args)


@lru_cache(maxsize=100_000)
def holds(expr: Basic, kind: Any) -> bool:
    """Whether an expression is or has in it something of a type, or of one of a tuple of types.

    SymPy's `has` goes through a tree as often as it is asked, and through what stands in it twice twice.
    """
    return isinstance(expr, kind) or any(holds(a, kind) for a in expr.args)


@lru_cache(maxsize=100_000)
def parts(expr: Basic, kind: Any) -> frozenset[Any]:
    """What an expression has of a type, itself included: SymPy's `atoms` with a type, found once, as by `holds`."""
    inner = [found for a in expr.args if (found := parts(a, kind))]
    if isinstance(expr, kind):
        return frozenset((expr,)).union(*inner)
    return inner[0].union(*inner[1:]) if inner else NOTHING


@lru_cache(maxsize=50_000)
def operations(expr: Expr) -> int:
    """The number of its operations, by which shorter forms are told from longer ones."""
    return int(expr.count_ops())
