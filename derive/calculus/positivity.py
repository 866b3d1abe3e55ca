"""What is certainly positive, from the domains that the roles of the symbols give."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Abs, Add, Expr, Indexed, Integer, Mul, Pow, Product, Sum, Symbol, exp

from ..quantities import Domain
from ..rows.functions import RowFunction
from ..vocabulary import Maximum, Positive, is_name, name_of

Facts = Mapping[str, Domain]

_POSITIVE = {Domain.POSITIVE, Domain.UNIT}
_NONNEGATIVE = {*_POSITIVE, Domain.NONNEGATIVE, Domain.BINARY, Domain.NATURAL, Domain.SIMPLEX}
_IN_CLOSED_UNIT = {Domain.UNIT, Domain.BINARY, Domain.SIMPLEX}
NO_FACTS: Facts = {}


def positive(expr: Expr, facts: Facts) -> bool:
    """Whether expr > 0 certainly holds; False means that it is not known."""
    return _sign(expr, facts) == 2


def nonnegative(expr: Expr, facts: Facts) -> bool:
    """Whether expr >= 0 certainly holds."""
    return _sign(expr, facts) >= 1


def _sign(expr: Expr, facts: Facts) -> int:
    """2 for positive, 1 for nonnegative, 0 for unknown."""
    if expr.is_number or (isinstance(expr, Symbol) and expr.is_integer):
        return 2 if expr.is_positive else 1 if expr.is_nonnegative else 0
    if is_name(expr):
        domain = facts.get(name_of(expr), Domain.REAL)
        return 2 if domain in _POSITIVE else 1 if domain in _NONNEGATIVE else 0
    if isinstance(expr, exp):
        return 2
    if isinstance(expr, Abs | Positive):
        return 1
    if isinstance(expr, Maximum):
        return _sign(expr.function, facts) if _occupied(expr) else 0
    if isinstance(expr, RowFunction):
        return 2 if expr.row.range in _POSITIVE else 1 if expr.row.range in _NONNEGATIVE else 0
    if isinstance(expr, Mul | Product):
        parts = expr.args if isinstance(expr, Mul) else (expr.function,)
        return min(_sign(a, facts) for a in parts)
    if isinstance(expr, Sum):
        return min(1, _sign(expr.function, facts)) if not _occupied(expr) else _sign(expr.function, facts)
    if isinstance(expr, Pow):
        return _sign_of_power(expr, facts)
    return _sign_of_sum(expr, facts) if isinstance(expr, Add) else 0


def _occupied(expr: Sum | Maximum) -> bool:
    """Whether the range of a sum or a maximum certainly holds at least one value."""
    return all((upper - lower).expand().is_nonnegative for _, lower, upper in expr.limits)


def _sign_of_power(expr: Pow, facts: Facts) -> int:
    base, power = expr.args
    sign = _sign(base, facts)
    if sign == 2:
        return 2
    if power.is_even:
        return 1
    return 1 if sign == 1 and power.is_real else 0  # wherever it has a value


def _sign_of_sum(expr: Add, facts: Facts) -> int:
    signs = [_sign(a, facts) for a in expr.args]
    if min(signs) >= 1:
        return max(signs)
    rest = (Integer(1) - expr).expand()  # 1 − u with u in (0, 1), or in [0, 1]
    return 2 if _is_unit(rest, facts) else 1 if _is_at_most_one(rest, facts) else 0


def _is_unit(expr: Expr, facts: Facts) -> bool:
    if isinstance(expr, Mul):
        return all(_is_unit(a, facts) for a in expr.args)
    if isinstance(expr, Symbol | Indexed):
        return facts.get(name_of(expr)) == Domain.UNIT
    return isinstance(expr, RowFunction) and expr.row.range == Domain.UNIT


def _is_at_most_one(expr: Expr, facts: Facts) -> bool:
    """Whether an expression certainly lies in [0, 1]: a product of numbers that do."""
    if isinstance(expr, Mul):
        return all(_is_at_most_one(a, facts) for a in expr.args)
    if isinstance(expr, Symbol | Indexed) and is_name(expr):
        return facts.get(name_of(expr)) in _IN_CLOSED_UNIT
    return isinstance(expr, Positive) or (isinstance(expr, RowFunction) and expr.row.range in _IN_CLOSED_UNIT)
