r"""latex2sympy2 as an independent second reader of scalar fragments.

It misreads lecture notation (`\sigma(z)` is a product to it, `x^{(1)}` a power, `=` an assignment into global
state), but on fragments whose atoms are masked it is a reader that shares no code with ours. Before an author
is told that a formula is wrong, both must have read the same.
"""

from __future__ import annotations

import random
import sys
import typing
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import mpmath
from sympy import Add, Expr, Mul, Pow, Rational, Symbol, exp, log
from sympy.core.numbers import Exp1

from derive.vocabulary import scalar

from .fragment import NotScalar, Span, atom, is_fragment, masked, masked_source

__all__ = ["Agreement", "agree", "agree_source", "masked", "read_scalar"]

POINTS, DIGITS, LARGE = 4, 60, 10**6
TOLERANCE = 1e-30
mp: Any = mpmath.mp


@dataclass(frozen=True)
class Agreement:
    """Whether the second reader reads the same: True, False, or None where it cannot say; and why."""

    agrees: bool | None
    reason: str


def read_scalar(latex: str) -> Expr | None:
    """latex2sympy2's reading of a fragment, in the symbols `v_{k}`; None if it is none or cannot be read.

    Its global state is emptied before each call, and what it returns is rebuilt from sums, products, powers,
    exp and log alone.
    """
    if not is_fragment(latex):
        return None
    library = _library()
    library.var, library.variances = {}, {}  # type: ignore[attr-defined]
    try:
        return _rebuilt(library.latex2sympy(latex))
    except Exception:  # its grammar raises nearly every kind of error
        return None


def agree(expr: Expr) -> Agreement:
    """Whether the second reader reads our own writing of the expression as the expression."""
    text, atoms = masked(expr)
    return _compare(text, atoms, expr)


def agree_source(source_latex: str, expr: Expr, atoms: Sequence[tuple[Span, Expr]]) -> Agreement:
    """Whether the second reader reads the author's source as the expression our reader made of it.

    Args:
        source_latex: the formula as written, one side of a relation.
        expr: our reading.
        atoms: the spans of the source that our reader took as entries, names or functions applied, each with
            its expression; of nested spans the outermost counts, and what is not written has none.
    """
    numbers: dict[Expr, int] = {}
    spans = [(span, numbers.setdefault(node, len(numbers) + 1)) for span, node in atoms if span[0] < span[1]]
    try:
        text = masked_source(source_latex, spans)
    except NotScalar as reason:
        return Agreement(None, str(reason))
    return _compare(text, {atom(number): node for node, number in numbers.items()}, expr)


def _compare(text: str, atoms: Mapping[str, Expr], expr: Expr) -> Agreement:
    read: Any = read_scalar(text)
    if read is None:
        return Agreement(None, "the second reader cannot read this formula")
    theirs: Expr = read.xreplace({scalar(name): node for name, node in atoms.items()})
    try:
        same = theirs == expr or _equal(theirs, expr)
    except (ArithmeticError, ValueError) as error:
        return Agreement(None, f"the two readings cannot be compared: {error}")
    return Agreement(same, "both readers agree" if same else f"a second reader understands it as {theirs}")


# -- the library ----------------------------------------------------------------------------------------------


@cache
def _library() -> ModuleType:
    """latex2sympy2, imported once and quietly.

    Its parser runtime imports `typing.io`, which Python 3.13 no longer has and earlier ones deprecate.
    """
    if "typing.io" not in sys.modules:
        stand_in = ModuleType("typing.io")
        stand_in.TextIO = typing.TextIO  # type: ignore[attr-defined]
        sys.modules["typing.io"] = stand_in
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", SyntaxWarning)
        import latex2sympy2
    return latex2sympy2


def _rebuilt(expr: Any) -> Expr | None:
    """The unevaluated tree it returns, as an ordinary expression in real symbols `v_{k}`."""
    if isinstance(expr, Symbol):
        digits = expr.name.removeprefix("v_").strip("{}")
        return scalar(atom(int(digits))) if expr.name.startswith("v_") and digits.isdigit() else None
    if isinstance(expr, Rational):
        number: Expr = expr
        return number
    args: list[Any] = [_rebuilt(arg) for arg in expr.args if not (isinstance(expr, log) and isinstance(arg, Exp1))]
    if any(arg is None for arg in args) or not isinstance(expr, Add | Mul | Pow | exp | log):
        return None
    rebuilt: Expr = expr.func(*args)
    return rebuilt


# -- comparison -----------------------------------------------------------------------------------------------


def _equal(left: Expr, right: Expr) -> bool:
    """Whether two expressions have the same values at random positive rational points of their atoms.

    Raises:
        ValueError: if values grow beyond what can be computed.
    """
    generator = random.Random(f"{left}|{right}")
    with mp.workdps(DIGITS):
        for _ in range(POINTS):
            point: dict[Expr, Any] = {}
            a, b = (_value(side, point, generator) for side in (left, right))
            if abs(a - b) > TOLERANCE * (1 + abs(a) + abs(b)):
                return False
    return True


def _value(expr: Any, point: dict[Expr, Any], generator: random.Random) -> Any:
    """The value at the point; atoms met for the first time get a coordinate."""
    if isinstance(expr, Rational):
        return mp.mpf(expr.p) / expr.q
    if isinstance(expr, Add | Mul):
        values = [_value(arg, point, generator) for arg in expr.args]
        return mp.fsum(values) if isinstance(expr, Add) else mp.fprod(values)
    if isinstance(expr, exp):
        return mp.exp(_small(_value(expr.args[0], point, generator)))
    if isinstance(expr, log) and len(expr.args) == 1:
        return mp.log(_value(expr.args[0], point, generator))
    if isinstance(expr, Pow):
        base, exponent = (_value(arg, point, generator) for arg in expr.args)
        if base:
            _small(exponent * mp.log(base))
        return mp.power(base, exponent)
    if expr not in point:
        point[expr] = mp.mpf(generator.randint(101, 1999)) / 1009
    return point[expr]


def _small(value: Any) -> Any:
    if abs(value) > LARGE:
        raise ValueError("the values grow too large")
    return value
