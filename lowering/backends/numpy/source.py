"""Elementwise expressions as NumPy source, broadcast over the axes of the array they fill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import (
    Abs,
    Add,
    Expr,
    Float,
    Heaviside,
    Idx,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    NumberSymbol,
    Pow,
    Rational,
    Symbol,
    cos,
    exp,
    log,
    sign,
    sin,
)

from derive.calculus.indices import free_indices
from derive.rows.functions import RowFunction
from derive.rows.unnamed import Unnamed
from derive.vocabulary import Inside, Positive, is_name, name_of, names_in

from ...entries import arguments, difference, places
from ...program import LoweringError
from .functions import call, is_truth
from .naming import local
from .zeros import LogTimes

Axes = tuple[Idx, ...]

SUM, PRODUCT, UNARY, POWER, ATOM = range(5)  # how tightly a piece of source binds

_FUNCTIONS: tuple[tuple[type[Expr], str], ...] = (
    (exp, "np.exp"),
    (log, "np.log"),
    (Abs, "np.abs"),
    (sign, "np.sign"),
    (sin, "np.sin"),
    (cos, "np.cos"),
)
_FOLDS: tuple[tuple[type[Expr], str], ...] = ((Max, "np.maximum"), (Min, "np.minimum"))


def source(expr: Expr, axes: Axes, binding: int = SUM) -> str:
    """The expression as Python source whose value broadcasts to `axes`.

    Args:
        expr: without sums, over entries at indices of `axes`.
        axes: those of the array that is filled.
        binding: brackets are put around source that binds less tightly.
    Raises: LoweringError: for a function that NumPy has no name for here.
    """
    text, strength = _source(expr, axes)
    if text.startswith("np.") and not any(names_in(expr)):
        text = f"float({text})"  # of sizes alone: a NumPy number would widen float32
    return text if strength >= binding else f"({text})"


def factor_source(expr: Expr, axes: Axes, binding: int = SUM) -> str:
    """The same for a factor that a buffer is multiplied by: a step as the truth values it is made of."""
    if is_truth(expr):
        above = f"{source(arguments(expr)[0], axes)} > 0"
        return f"({above})" if binding else above
    return source(expr, axes, binding)


def entry_source(entry: Expr, axes: Axes) -> str:
    """An entry as a view of its array: transposed to the order of `axes`, with new axes where it has none."""
    own, name = places(entry), local(name_of(entry))
    order = [i for i in axes if i in own]
    if order != list(own):
        permuted = tuple(own.index(i) for i in order)
        name = f"{name}.T" if len(own) == 2 else f"{name}.transpose({', '.join(map(str, permuted))})"
    wanted = axes[axes.index(order[0]) :] if order else ()
    if len(wanted) == len(order):
        return name
    return f"{name}[{', '.join(':' if i in own else 'None' for i in wanted)}]"


def covers(expr: Expr, axes: Axes) -> bool:
    """Whether the value of the expression has every one of the axes by itself."""
    return free_indices(expr) >= set(axes)


def split_sign(term: Expr) -> tuple[bool, Expr]:
    """Whether a term is negative, and its absolute rest."""
    coefficient, rest = term.as_coeff_Mul()
    return (True, -coefficient * rest) if coefficient.is_negative else (False, term)


def ordered_terms(expr: Add) -> list[Expr]:
    """The terms of a sum, positive ones first."""
    return sorted(expr.args, key=lambda t: (split_sign(t)[0], not t.is_number, _weight(t), str(t)))


def ordered_factors(expr: Expr) -> tuple[list[Expr], list[Expr]]:
    """Factors above and below the fraction bar, small arrays first and numbers before all."""
    above, below = [], []
    for factor in _numbers_joined(Mul.make_args(expr)):
        base, power = factor.as_base_exp()
        if isinstance(factor, Rational):
            above += [Integer(factor.p)] if factor.p != 1 else []
            below += [Integer(factor.q)] if factor.q != 1 else []
        elif power.is_Rational and power.is_negative and not isinstance(factor, exp):
            below.append(base**-power)
        else:
            above.append(factor)

    def key(e: Expr) -> tuple[bool, int, str]:
        return not e.is_number, _weight(e), str(e)

    return sorted(above, key=key), sorted(below, key=key)


def _numbers_joined(factors: tuple[Expr, ...]) -> list[Expr]:
    """The factors with the numbers among them as one, so that √2/(2√π) costs one multiplication."""
    numbers = [f for f in factors if f.is_number]
    if all(isinstance(f, Rational) for f in numbers):
        return list(factors)
    return [Float(Mul(*numbers).evalf(20)), *(f for f in factors if not f.is_number)]


def _weight(expr: Expr) -> int:
    return len(free_indices(expr))


def _source(expr: Expr, axes: Axes) -> tuple[str, int]:
    if is_name(expr):
        return entry_source(expr, axes), ATOM
    if expr.is_number and not isinstance(expr, Rational):
        return repr(float(expr.evalf(20))), ATOM  # a Python number takes the dtype of the arrays around it
    if isinstance(expr, Idx):  # of a loop: what arrays run over are entries by now
        return str(expr.label), ATOM
    for kind, method in _METHODS:
        if isinstance(expr, kind):
            return method(expr, axes)
    for function, name in _FUNCTIONS:
        if isinstance(expr, function):
            return f"{name}({source(arguments(expr)[0], axes)})", ATOM
    for function, name in _FOLDS:
        if isinstance(expr, function):
            return _fold(name, arguments(expr), axes), ATOM
    raise LoweringError(f"no code can be written for {type(expr).__name__}; put a function in its place that has a row")


def _add(expr: Add, axes: Axes) -> tuple[str, int]:
    if apart := difference(expr):
        opposite, a, applied = apart
        z = source(arguments(applied)[0], axes)
        text = f"_less_{applied.row.name}({source(a, axes)}, {z}, _decay({z}))"
        return (f"-{text}", UNARY) if opposite else (text, ATOM)
    text = ""
    for term in ordered_terms(expr):
        negative, rest = split_sign(term)
        piece = source(rest, axes, PRODUCT)
        text += (f" - {piece}" if negative else f" + {piece}") if text else (f"-{piece}" if negative else piece)
    return text, SUM


def _mul(expr: Mul, axes: Axes) -> tuple[str, int]:
    negative, rest = split_sign(expr)
    above, below = ordered_factors(rest)
    text = " * ".join(source(f, axes, UNARY) for f in above) or "1"
    for f in below:
        text += f" / {source(f, axes, POWER)}"
    if negative and not below and len(above) == 1:
        return f"-{source(above[0], axes, UNARY)}", UNARY
    return (f"-{text}" if negative else text), PRODUCT


def _pow(expr: Pow, axes: Axes) -> tuple[str, int]:
    base, power = arguments(expr)
    if power == Rational(1, 2):
        return f"np.sqrt({source(base, axes)})", ATOM
    if power.is_Rational and power.is_negative:
        return f"1 / {source(base**-power, axes, POWER)}", PRODUCT
    return f"{source(base, axes, ATOM)}**{source(power, axes, ATOM)}", POWER


def _row(expr: RowFunction, axes: Axes) -> tuple[str, int]:
    argument = arguments(expr)[0]
    if not free_indices(argument):  # a NumPy scalar has no buffer to work in
        return expr.row.stable.format(z=source(argument, axes, ATOM)), SUM
    return call(expr.row, source(argument, axes)), ATOM


def _unnamed(expr: Unnamed, axes: Axes) -> tuple[str, int]:
    return f"{local(expr.label)}({', '.join(source(a, axes) for a in expr.arguments)})", ATOM


def _number(expr: Expr, axes: Axes) -> tuple[str, int]:
    if isinstance(expr, Integer):
        return str(expr), ATOM if expr >= 0 else SUM
    if isinstance(expr, Rational):
        exact = (expr.q & (expr.q - 1)) == 0
        return (repr(float(expr)), ATOM if expr >= 0 else SUM) if exact else (f"{expr.p} / {expr.q}", PRODUCT)
    return repr(float(expr)), ATOM


def _size(expr: Symbol, axes: Axes) -> tuple[str, int]:
    return str(expr), ATOM


def _above_zero(expr: Expr, axes: Axes) -> tuple[str, int]:
    return f"np.heaviside({source(arguments(expr)[0], axes)}, 0)", ATOM


def _heaviside(expr: Expr, axes: Axes) -> tuple[str, int]:
    return f"np.heaviside({source(arguments(expr)[0], axes)}, 0.5)", ATOM


def _delta(expr: Expr, axes: Axes) -> tuple[str, int]:
    left, right = arguments(expr)[:2]
    return f"({source(left, axes)} == {source(right, axes)})", ATOM


def _inside(expr: Expr, axes: Axes) -> tuple[str, int]:
    place, lower, upper = (source(a, axes) for a in arguments(expr))
    return f"(({lower} <= {place}) & ({place} <= {upper}))", ATOM


def _fold(name: str, args: tuple[Expr, ...], axes: Axes) -> str:
    first, *rest = sorted(args, key=lambda a: (a.is_number, str(a)))
    text = source(first, axes)
    for arg in rest:
        text = f"{name}({text}, {source(arg, axes)})"
    return text


_METHODS: tuple[tuple[type | tuple[type, ...], Callable[[Any, Axes], tuple[str, int]]], ...] = (
    ((Rational, Float, NumberSymbol), _number),
    (Symbol, _size),
    (Add, _add),
    (Mul, _mul),
    (exp, lambda e, axes: (f"np.exp({source(arguments(e)[0], axes)})", ATOM)),
    (Pow, _pow),
    (RowFunction, _row),
    (Unnamed, _unnamed),
    (LogTimes, lambda e, axes: (f"_log({source(arguments(e)[0], axes)})", ATOM)),
    (Heaviside, _heaviside),
    (Positive, _above_zero),
    (KroneckerDelta, _delta),
    (Inside, _inside),
)
