"""The arithmetics an expression can be evaluated in: float64, complex128 for complex steps, mpmath.

Every operation is one row of `OPERATIONS`. In complex128 an operation is the analytic continuation of the real
function, so that a step of ih carries a derivative: |z| is z·sign(Re z), and log z is undefined at Re z < 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from typing import Any

import numpy as np
from mpmath.ctx_mp import MPContext
from numpy.typing import NDArray
from sympy import Expr, Float, NumberSymbol, Rational, S

from .errors import EvaluationError
from .operations import OPERATIONS, Elementwise, context_of, guarded

Array = NDArray[Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Arithmetic:
    """How numbers are stored and combined.

    Attributes:
        name: `float64`, `complex128` or `mpmath50` (the number of decimal digits).
        convert: anything array-like to an array of this arithmetic.
        constant: a SymPy number to one number.
        real: the part that comparisons look at.
        power: base and exponent to base^exponent; NaN where no real power exists.
        operations: SymPy class to the elementwise function.
        dot: Σ_k a_k b_k of two sequences, rounded once; None for machine numbers, whose contractions go to BLAS.
    """

    name: str
    convert: Callable[[Any], Array] = field(repr=False)
    constant: Callable[[Expr], Any] = field(repr=False)
    real: Callable[[Any], Any] = field(repr=False)
    power: Elementwise = field(repr=False)
    operations: Mapping[type, Elementwise] = field(repr=False)
    dot: Callable[[Iterable[Any], Iterable[Any]], Any] | None = field(default=None, repr=False)

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """A new array of zeros."""
        return np.full(shape, self.convert(0))


@lru_cache(maxsize=16)
def mpmath_arithmetic(digits: int) -> Arithmetic:
    """Object arrays of mpmath numbers with the given number of decimal digits, in a context of their own."""
    context = context_of(digits)
    each = np.frompyfunc(context.convert, 1, 1)

    def convert(values: Any) -> Array:
        array = np.asarray(values, dtype=object)
        converted = set(map(type, array.flat)) <= {context.mpf}
        return array if converted else np.asarray(each(array), dtype=object)

    def power(base: Any, exponent: Any) -> Any:
        return base**exponent if base or exponent >= 0 else context.inf

    return Arithmetic(
        name=f"mpmath{digits}",
        convert=convert,
        constant=lambda number: _precise_constant(context, number),
        real=lambda values: values,
        power=np.frompyfunc(guarded(context, power), 2, 1),
        operations={row.function: _folded(row.in_context(context), row.variadic) for row in OPERATIONS},
        dot=context.fdot,
    )


def _precise_constant(context: MPContext, number: Expr) -> Any:
    if isinstance(number, Rational):
        return context.mpf(int(number.p)) / int(number.q)
    if isinstance(number, Float):
        return context.convert(number)
    for symbol, name in _CONSTANTS:
        if number == symbol:
            return context.convert(+getattr(context, name))
    raise EvaluationError(f"{number} is not a real number that can be evaluated")


def _constant(number: Expr) -> float:
    if isinstance(number, Rational | Float | NumberSymbol) or number in (S.Infinity, S.NegativeInfinity, S.NaN):
        return float(number)
    raise EvaluationError(f"{number} is not a real number that can be evaluated")


def _folded(function: Elementwise, variadic: bool) -> Elementwise:
    return (lambda *values: reduce(function, values)) if variadic else function


def _complex_power(base: Any, exponent: Any) -> Any:
    """z^w: by multiplication for an integer w, else exp(w log z) where Re z > 0, else NaN."""
    base, exponent = np.asarray(base), np.asarray(exponent)
    whole = (exponent.imag == 0) & (np.rint(exponent.real) == exponent.real)
    if exponent.ndim == 0 and whole:
        return _integer_power(base, int(exponent.real))
    positive = base.real > 0
    general = np.exp(exponent * np.log(np.where(positive, base, 1)))
    undefined = np.where(base == 0, np.power(0.0, exponent.real), np.nan)
    return np.where(whole, np.power(base, exponent), np.where(positive, general, undefined))


def _integer_power(base: Array, exponent: int) -> Array:
    if exponent < 0:
        return np.asarray(1 / _integer_power(base, -exponent))
    result, square = np.ones_like(base), base
    while exponent:
        if exponent % 2:
            result = result * square
        square, exponent = square * square, exponent // 2
    return result


_CONSTANTS: tuple[tuple[Expr, str], ...] = (
    (S.Pi, "pi"),
    (S.Exp1, "e"),
    (S.EulerGamma, "euler"),
    (S.GoldenRatio, "phi"),
    (S.Catalan, "catalan"),
    (S.Infinity, "inf"),
    (S.NegativeInfinity, "ninf"),
    (S.NaN, "nan"),
)

FLOAT64 = Arithmetic(
    name="float64",
    convert=lambda values: np.asarray(values, dtype=np.float64),
    constant=_constant,
    real=lambda values: values,
    power=np.power,
    operations={row.function: _folded(row.real, row.variadic) for row in OPERATIONS},
)

COMPLEX128 = Arithmetic(
    name="complex128",
    convert=lambda values: np.asarray(values, dtype=np.complex128),
    constant=lambda number: complex(_constant(number)),
    real=np.real,
    power=_complex_power,
    operations={row.function: _folded(row.complex, row.variadic) for row in OPERATIONS},
)
