"""The parts of SymPy's trees with their types: SymPy calls every argument a `Basic`."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from sympy import Basic, Expr


def args_of(expr: Basic) -> tuple[Expr, ...]:
    """The arguments of an operator or function over expressions; for a sum's limits there is `bound_in`."""
    return cast("tuple[Expr, ...]", expr.args)


@lru_cache(maxsize=50_000)
def operations(expr: Expr) -> int:
    """The number of its operations, by which shorter forms are told from longer ones."""
    return int(expr.count_ops())
