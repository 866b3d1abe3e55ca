"""A total order of expressions that depends on their structure alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from sympy import Add, Basic, Idx, KroneckerDelta, Mul


@lru_cache(maxsize=100_000)
def key(expr: Basic) -> str:
    """A text that is equal for equal trees; texts compare as the order."""
    if isinstance(expr, Idx):
        return str(expr.label)
    if not expr.args:
        return str(expr)
    keys = [key(a) for a in expr.args]
    return _written(expr, keys)


def marked_key(expr: Basic, marks: Mapping[Idx, str]) -> str:
    """The key of an expression with some of its indices written as their marks."""
    if isinstance(expr, Idx):
        return marks.get(expr) or str(expr.label)
    if not expr.args or not indices_in(expr) & marks.keys():
        return key(expr)
    return _written(expr, [marked_key(a, marks) for a in expr.args])


def _written(expr: Basic, keys: list[str]) -> str:
    # KroneckerDelta is symmetric too, and SymPy sorts all three by names that are about to change
    unordered = isinstance(expr, Add | Mul | KroneckerDelta)
    return f"{type(expr).__name__}({','.join(sorted(keys) if unordered else keys)})"


@lru_cache(maxsize=100_000)
def indices_in(expr: Basic) -> frozenset[Idx]:
    """All indices of an expression, free and bound."""
    if isinstance(expr, Idx):
        return frozenset((expr,))
    return frozenset().union(*(indices_in(a) for a in expr.args)) if expr.args else frozenset()
