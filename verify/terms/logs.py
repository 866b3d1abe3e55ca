"""Logarithms of products taken apart: log(a b / c) is log a + log b − log c, where all of them are positive."""

from __future__ import annotations

from typing import Any

from sympy import Add, Expr, Mul, Pow, exp, factor, log, together


def log_of(value: Expr) -> Expr:
    """The logarithm of a value, as a sum over its factors."""
    value = factor(together(value)) if value.has(Add) else value
    result: Expr = Add(*(_log(f) for f in Mul.make_args(value)))
    return result


def _log(value: Expr) -> Any:
    if isinstance(value, exp):
        return value.args[0]
    return value.exp * log_of(value.base) if isinstance(value, Pow) else log(value)
