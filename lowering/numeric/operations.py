"""The functions that are evaluated directly, one row each: on float64, on complex128 and on mpmath numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import sympy
from mpmath import fp
from mpmath.ctx_mp import MPContext

KEPT = 4096  # values of a function of one number
TERMS = 8  # of log(1 + t) = t − t²/2 + … where t^TERMS is below the last digit

Elementwise = Callable[..., Any]
Precise = Callable[[MPContext], Elementwise]  # the function on single numbers of a context


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A function of real numbers in three arithmetics.

    Attributes:
        function: the SymPy class.
        real: on float64 arrays; NaN outside the domain.
        complex: its analytic continuation to complex128.
        precise: on single mpmath numbers.
        arity: the number of arguments; 2 with `variadic` for one that folds over any number.
        variadic: whether it folds over any number of arguments.
    """

    function: type
    real: Elementwise
    complex: Elementwise
    precise: Precise
    arity: int = 1
    variadic: bool = False

    def in_context(self, context: MPContext) -> Elementwise:
        """The function on object arrays of the numbers of `context`; NaN where it is not defined.

        A definition and its derivative ask for it at the same numbers, so the last values are kept.
        """
        function = guarded(context, self.precise(context))
        return np.frompyfunc(lru_cache(maxsize=KEPT)(function) if self.arity == 1 else function, self.arity, 1)


def context_of(digits: int) -> MPContext:
    """An mpmath context of its own, with this many decimal digits."""
    make: Callable[[], MPContext] = MPContext
    context = make()
    context.dps = digits
    return context


def guarded(context: Any, function: Elementwise) -> Elementwise:
    """`function`, giving NaN where it has no real value, or none that can be held."""

    def guard(*values: Any) -> Any:
        try:
            result = function(*values)
        except (ValueError, ZeroDivisionError, OverflowError):
            return context.nan
        return context.nan if isinstance(result, context.mpc) else result

    return guard


def _library(name: str) -> Precise:
    return lambda context: getattr(context, name)


def _log(context: MPContext) -> Elementwise:
    """log x; near 1 by the series of log(1 + t), since the general method works with twice the digits there."""
    near = context.mpf(2) ** (-context.prec // TERMS)

    def log(x: Any) -> Any:
        t = x - 1
        if not 0 < abs(t) < near:
            return context.log(x)
        return context.fsum((-1) ** (k + 1) * t**k / k for k in range(1, TERMS + 2))

    return log


def _special_real(name: str, arity: int = 1) -> Elementwise:
    elementwise = np.frompyfunc(guarded(fp, getattr(fp, name)), arity, 1)
    return lambda *values: np.asarray(elementwise(*values)).astype(np.float64)


def _special_complex(name: str, arity: int = 1) -> Elementwise:
    """f(x) + i·Im(z)·f'(x) for the last argument z; f' by differences at 40 digits, the others are parameters."""
    context = context_of(40)
    precise = getattr(context, name)

    def one(*values: Any) -> complex:
        *orders, x = (context.mpf(complex(value).real) for value in values)
        slope = context.diff(lambda t: precise(*orders, t), x)
        return complex(float(precise(*orders, x)), float(complex(values[-1]).imag * slope))

    elementwise = np.frompyfunc(guarded(context, one), arity, 1)
    return lambda *values: np.asarray(elementwise(*values)).astype(np.complex128)


def _special(function: type, name: str, arity: int = 1) -> Operation:
    return Operation(
        function=function,
        real=_special_real(name, arity),
        complex=_special_complex(name, arity),
        precise=_library(name),
        arity=arity,
    )


def _step(real: Elementwise) -> Elementwise:
    """A piecewise constant function looks at real parts only."""
    return lambda *values: real(*(np.real(value) for value in values)).astype(np.complex128)


def _where_positive(function: Elementwise) -> Elementwise:
    """The continuation of a function of positive numbers; NaN at Re z < 0."""
    return lambda z: np.where(np.real(z) >= 0, function(z), np.nan)


def _heaviside(context: MPContext) -> Elementwise:
    return lambda z, at_zero: at_zero if z == 0 else context.convert(z > 0)


OPERATIONS: tuple[Operation, ...] = (
    Operation(function=sympy.exp, real=np.exp, complex=np.exp, precise=_library("exp")),
    Operation(function=sympy.log, real=np.log, complex=_where_positive(np.log), precise=_log),
    Operation(function=sympy.sin, real=np.sin, complex=np.sin, precise=_library("sin")),
    Operation(function=sympy.cos, real=np.cos, complex=np.cos, precise=_library("cos")),
    Operation(function=sympy.tan, real=np.tan, complex=np.tan, precise=_library("tan")),
    Operation(function=sympy.atan, real=np.arctan, complex=np.arctan, precise=_library("atan")),
    Operation(function=sympy.sinh, real=np.sinh, complex=np.sinh, precise=_library("sinh")),
    Operation(function=sympy.cosh, real=np.cosh, complex=np.cosh, precise=_library("cosh")),
    Operation(function=sympy.tanh, real=np.tanh, complex=np.tanh, precise=_library("tanh")),
    Operation(function=sympy.asinh, real=np.arcsinh, complex=np.arcsinh, precise=_library("asinh")),
    _special(sympy.erf, "erf"),
    _special(sympy.erfc, "erfc"),
    _special(sympy.gamma, "gamma"),
    _special(sympy.loggamma, "loggamma"),
    _special(sympy.polygamma, "psi", arity=2),
    Operation(
        function=sympy.Abs,
        real=np.abs,
        complex=lambda z: z * np.where(np.real(z) < 0, -1, 1),
        precise=lambda context: context.fabs,
    ),
    Operation(function=sympy.sign, real=np.sign, complex=_step(np.sign), precise=_library("sign")),
    Operation(function=sympy.floor, real=np.floor, complex=_step(np.floor), precise=_library("floor")),
    Operation(function=sympy.ceiling, real=np.ceil, complex=_step(np.ceil), precise=_library("ceil")),
    Operation(function=sympy.Heaviside, real=np.heaviside, complex=_step(np.heaviside), precise=_heaviside, arity=2),
    Operation(
        function=sympy.Max,
        real=np.maximum,
        complex=lambda a, b: np.where(np.real(a) >= np.real(b), a, b),
        precise=lambda context: lambda a, b: a if a >= b or a != a else b,
        arity=2,
        variadic=True,
    ),
    Operation(
        function=sympy.Min,
        real=np.minimum,
        complex=lambda a, b: np.where(np.real(a) <= np.real(b), a, b),
        precise=lambda context: lambda a, b: a if a <= b or a != a else b,
        arity=2,
        variadic=True,
    ),
)
