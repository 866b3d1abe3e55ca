"""The scalar functions of a single argument: one row each, the textbook form being the single truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from sympy import Expr, Rational, erf, exp, log, sqrt

from ..quantities import Domain
from ..vocabulary import Positive, Word
from .normal import NORMAL_CDF


@dataclass(frozen=True, kw_only=True)
class Unary:
    """A scalar function R -> R.

    Attributes:
        name: the identifier used in Python and in generated code.
        latex: how its name is set.
        expr: the textbook form. Derivative, code and checks follow from it.
        range: where the values lie.
        stable: NumPy source over `{z}` that equals `expr` and does not overflow in float64.
        less: lines of NumPy over `a`, `z` and `decay` = e^{−|z|}, the last one the value of a − f(z) with all its
            digits, also where f(z) is nearly a; empty where no more digits are to be had than by subtraction.
        chosen: the number of the textbook form for which texts take others too: the slope of a leaky rectifier.
        spellings: names under which texts write it, without backslash.
        source: key and place in reports/sources.bib.
    """

    name: str
    latex: str
    expr: Callable[[Expr], Expr]
    range: Domain = Domain.REAL
    stable: str
    less: tuple[str, ...] = ()
    chosen: float | None = None
    spellings: tuple[str, ...] = ()
    source: str


FUNCTIONS: tuple[Unary, ...] = (
    Unary(
        name="sigmoid",
        latex=r"\sigma",
        expr=lambda z: 1 / (1 + exp(-z)),
        range=Domain.UNIT,
        stable="0.5 * (1 + np.tanh(0.5 * {z}))",
        less=(
            "small = np.copysign(decay / (1 + decay), z)",
            "out = a - ~np.signbit(z)",
            "out += small",
            "out",
        ),
        spellings=("sigmoid", "logistic", "sigma", "expit"),
        source="goodfellow2016:3.30",
    ),
    Unary(
        name="tanh",
        latex=r"\tanh",
        expr=lambda z: (exp(z) - exp(-z)) / (exp(z) + exp(-z)),
        stable="np.tanh({z})",
        spellings=("tanh",),
        source="goodfellow2016:6.3.2",
    ),
    Unary(
        name="softplus",
        latex=r"\operatorname{softplus}",
        expr=lambda z: log(1 + exp(z)),
        range=Domain.POSITIVE,
        stable="np.log1p(np.exp(-np.abs({z}))) + np.maximum(0, {z})",
        less=("out = a - np.maximum(0, z)", "out -= np.log1p(decay)", "out"),
        spellings=("softplus",),
        source="goodfellow2016:3.31",
    ),
    Unary(
        name="silu",
        latex=r"\operatorname{SiLU}",
        expr=lambda z: z / (1 + exp(-z)),
        stable="{z} * (0.5 * (1 + np.tanh(0.5 * {z})))",
        spellings=("silu", "SiLU", "swish"),
        source="ramachandran2017:1",
    ),
    Unary(
        name="relu",
        latex=r"\operatorname{ReLU}",
        expr=lambda z: z * Positive(z),
        range=Domain.NONNEGATIVE,
        stable="np.maximum({z}, 0)",
        spellings=("relu", "ReLU"),
        source="goodfellow2016:6.37",
    ),
    Unary(
        name="leaky_relu",
        latex=r"\operatorname{LeakyReLU}",
        expr=lambda z: z * Positive(z) + z * (1 - Positive(z)) / 100,
        stable="np.maximum({z}, 0.01 * {z})",
        chosen=0.01,
        spellings=("leaky_relu", "LeakyReLU"),
        source="goodfellow2016:6.3.1",
    ),
    Unary(
        name="elu",
        latex=r"\operatorname{ELU}",
        expr=lambda z: z * Positive(z) + (exp(z) - 1) * (1 - Positive(z)),
        stable="np.maximum({z}, np.expm1(np.minimum({z}, 0)))",
        chosen=1.0,
        spellings=("elu", "ELU"),
        source="clevert2016:16",
    ),
    Unary(
        name="gaussian",
        latex=r"\operatorname{gauss}",
        expr=lambda z: exp(-(z**2) * Rational(1, 2)),
        range=Domain.POSITIVE,
        stable="np.exp(-0.5 * {z} * {z})",
        spellings=("gauss",),
        source="bishop2006:6.23",
    ),
    Unary(
        name="step",
        latex=r"\operatorname{step}",
        expr=Positive,  # 0 at z = 0, by convention
        range=Domain.BINARY,
        stable="np.heaviside({z}, 0)",
        spellings=("step", "heaviside"),
        source="bishop2006:4.53",
    ),
    Unary(
        name="normal_cdf",
        latex=r"\Phi",
        expr=lambda z: (1 + erf(z / sqrt(2))) / 2,
        range=Domain.UNIT,
        stable=NORMAL_CDF,
        source="bishop2006:4.114",
    ),
    Unary(
        name="gelu",
        latex=r"\operatorname{GELU}",
        expr=lambda z: z * named("normal_cdf")(z),
        stable="{z} * " + NORMAL_CDF,
        spellings=("gelu", "GELU"),
        source="hendrycks2016:2",
    ),
)


class RowFunction(Word):
    """A row applied to an argument: a SymPy function that knows its textbook form.

    `doit()` and `rewrite(exp)` give the textbook form, `diff` and `evalf` follow from it.
    """

    nargs = 1
    row: ClassVar[Unary]

    @property
    def arguments(self) -> tuple[Expr]:
        """The argument, alone in a tuple."""
        (z,) = self.args
        assert isinstance(z, Expr)
        return (z,)

    @property
    def textbook(self) -> Expr:
        """The textbook form at this argument."""
        (z,) = self.arguments
        return self.row.expr(z)

    def fdiff(self, argindex: int = 1) -> Expr:
        from ..calculus.differentiate import row_derivative

        return row_derivative(self.row, *self.arguments)

    def doit(self, **hints: object) -> Expr:
        done: Expr = self.textbook.doit(**hints)
        return done

    def _eval_rewrite(self, rule: object, args: tuple[Expr, ...], **hints: object) -> Expr | None:
        return self.row.expr(args[0])

    def _eval_evalf(self, prec: int) -> Expr | None:
        return self.textbook._eval_evalf(prec)

    def _eval_is_real(self) -> bool:
        return True


@cache
def function(row: Unary) -> type[RowFunction]:
    """The SymPy function of a row; the same class for the same row."""
    return type(row.name, (RowFunction,), {"row": row, "__module__": __name__})


def named(name: str, rows: tuple[Unary, ...] = FUNCTIONS) -> type[RowFunction]:
    """The function with this name or spelling.

    Raises:
        KeyError: if no row has it.
    """
    for row in rows:
        if name == row.name or name in row.spellings:
            return function(row)
    raise KeyError(name)


sigmoid, tanh, softplus, silu, relu, leaky_relu, elu, gaussian, step, normal_cdf, gelu = map(function, FUNCTIONS)
