"""A model computed entry by entry with the scalars of an automatic differentiation library.

It shares nothing with the engine but the definitions: every sum is a loop, every entry is looked up by its indices
when it is needed, a recursion goes back to its base. Slow, and too simple to be wrong in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Idx,
    Indexed,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    NumberSymbol,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    erf,
    exp,
    log,
    sign,
)

from derive.model import Model
from derive.rows.functions import RowFunction
from derive.vocabulary import Inside, InverseEntry, LogDet, Maximum, Positive, SizeAt, indices_of, is_name, name_of

Where = Mapping[Basic, int]


@dataclass(frozen=True, kw_only=True)
class Library:
    """What is asked of a library: arrays, a few functions of scalars, and linear algebra."""

    array: Callable[[Any], Any]
    stack: Callable[[list[Any]], Any]
    functions: Mapping[type, Callable[[Any], Any]]
    inverse: Callable[[Any], Any]
    logdet: Callable[[Any], Any]


def torch_library() -> Library:
    """PyTorch in float64."""
    import torch

    return Library(
        array=lambda values: torch.tensor(values, dtype=torch.float64),
        stack=torch.stack,
        functions={exp: torch.exp, log: torch.log, Abs: torch.abs, erf: torch.erf},
        inverse=torch.linalg.inv,
        logdet=torch.logdet,
    )


def jax_library() -> Library:
    """JAX in float64."""
    import jax
    from jax import numpy, scipy

    jax.config.update("jax_enable_x64", True)
    return Library(
        array=lambda values: numpy.asarray(values, dtype=numpy.float64),
        stack=numpy.stack,
        functions={exp: numpy.exp, log: numpy.log, Abs: numpy.abs, erf: scipy.special.erf},
        inverse=numpy.linalg.inv,
        logdet=lambda matrix: numpy.linalg.slogdet(matrix)[1],
    )


@dataclass(frozen=True, kw_only=True)
class Entrywise:
    """The values of a model at one point.

    Attributes:
        model: its definitions.
        sizes: name to number.
        given: arrays of the library, by name, one for each given quantity.
        nudges: what is added to a defined quantity where it is computed, by name; may lack names.
        library: of the arrays.
    """

    model: Model
    sizes: Mapping[str, int]
    given: Mapping[str, Any]
    nudges: Mapping[str, Any]
    library: Library
    known: dict[tuple[str, tuple[int, ...]], Any] = field(default_factory=dict)

    def entry(self, name: str, where: tuple[int, ...] = ()) -> Any:
        """One entry of a quantity."""
        if (name, where) not in self.known:
            self.known[name, where] = self._computed(name, where)
        return self.known[name, where]

    def _computed(self, name: str, where: tuple[int, ...]) -> Any:
        axes = self.model.quantities[name].axes
        place = tuple(k - self.whole(i.lower, {}) for k, i in zip(where, axes, strict=True))
        if name not in self.model.defined:
            if any(k < 0 for k in place):
                raise IndexError(f"{name}{where} lies before its range")
            return self.given[name][place]
        definition = self.model.defined[name]
        at: dict[Basic, int] = dict(zip(axes, where, strict=True))
        over = definition.over
        if over is not None and definition.base is not None and at[over] == self.whole(over.lower, {}) - 1:
            return self.value(definition.base, at)
        nudge = self.nudges[name][place] if name in self.nudges else 0
        return self.value(definition.expr, at) + nudge

    def whole(self, expr: Any, at: Where) -> int:
        """An index expression or a size."""
        there = expr.xreplace({i: Rational(k) for i, k in at.items()})
        known: dict[Basic, int] = {n: self.width(*n.args) for n in there.atoms(SizeAt)}
        known |= {s: self.sizes[s.name] for s in there.atoms(Symbol) if s.name in self.sizes}
        return int(there.xreplace({s: Rational(v) for s, v in known.items()}))

    def width(self, letter: Any, place: Any) -> int:
        """The size n_l at a number l, or n if it is the same for all."""
        return self.sizes.get(f"{letter}_{self.whole(place, {})}", self.sizes[str(letter)])

    def value(self, expr: Any, at: Where) -> Any:
        """An expression at the values of its indices."""
        for kind, rule in _RULES:
            if isinstance(expr, kind):
                return rule(self, expr, at)
        if expr.func in self.library.functions:
            return self.library.functions[expr.func](self.library.array(1.0) * self.value(expr.args[0], at))
        raise NotImplementedError(f"{expr}: {type(expr).__name__}")

    def matrix(self, name: str, first: int, last: int) -> Any:
        """A square matrix whole."""
        span = range(first, last + 1)
        return self.library.stack([self.library.stack([self.entry(name, (i, j)) for j in span]) for i in span])


def _mul(run: Entrywise, expr: Mul, at: Where) -> Any:
    """A bracket that is zero keeps the other factors from being looked at: they may lie outside their range."""
    brackets = [f for f in expr.args if isinstance(f, KroneckerDelta | Inside | Positive)]
    result: Any = 1
    for factor in (*brackets, *(f for f in expr.args if f not in brackets)):
        result = result * run.value(factor, at)
        if factor in brackets and result == 0:
            return 0
    return result


def _loop(run: Entrywise, expr: Any, at: Where) -> Any:
    """Σ, Π and the largest over indices, the last limit outermost."""
    body, *limits = expr.args
    fold = max if isinstance(expr, Maximum) else partial(_folded, adding=isinstance(expr, Sum))

    def over(limits: list[Any], inner: Where) -> Any:
        if not limits:
            return run.value(body, inner)
        *rest, (i, lower, upper) = limits
        return fold(over(rest, {**inner, i: k}) for k in range(run.whole(lower, inner), run.whole(upper, inner) + 1))

    return over(limits, at)


def _folded(values: Any, adding: bool) -> Any:
    result: Any = 0 if adding else 1
    for value in values:
        result = result + value if adding else result * value
    return result


def _sign(value: Any) -> int:
    return int(bool(value > 0)) - int(bool(value < 0))


def _name(run: Entrywise, expr: Expr, at: Where) -> Any:
    return run.entry(name_of(expr), tuple(run.whole(i, at) for i in indices_of(expr)))


def _index(run: Entrywise, expr: Expr, at: Where) -> Any:
    return run.whole(expr, at)


def _power(run: Entrywise, expr: Pow, at: Where) -> Any:
    base, exponent = (run.value(a, at) for a in expr.args)
    return base**exponent


def _row(run: Entrywise, expr: RowFunction, at: Where) -> Any:
    return run.value(expr.textbook, at)


def _inside(run: Entrywise, expr: Inside, at: Where) -> Any:
    place, lower, upper = (run.whole(a, at) for a in expr.args)
    return int(lower <= place <= upper)


def _inverse(run: Entrywise, expr: InverseEntry, at: Where) -> Any:
    first, last = (run.whole(a, at) for a in expr.span)
    i, j = (run.whole(a, at) for a in expr.place)
    return run.library.inverse(run.matrix(str(expr.args[0]), first, last))[i - first, j - first]


_RULES: tuple[tuple[Any, Callable[[Entrywise, Any, Where], Any]], ...] = (
    (Rational, lambda run, e, at: e.p / e.q),
    (NumberSymbol, lambda run, e, at: float(e)),
    (Idx, _index),
    (Indexed, _name),
    (Symbol, lambda run, e, at: _name(run, e, at) if is_name(e) else _index(run, e, at)),
    (Add, lambda run, e, at: _folded((run.value(a, at) for a in e.args), True)),
    (Mul, _mul),
    (Pow, _power),
    ((Sum, Product, Maximum), _loop),
    (Max, lambda run, e, at: max(run.value(a, at) for a in e.args)),
    (Min, lambda run, e, at: min(run.value(a, at) for a in e.args)),
    (sign, lambda run, e, at: _sign(run.value(e.args[0], at))),
    (RowFunction, _row),
    (KroneckerDelta, lambda run, e, at: int(run.whole(e.args[0] - e.args[1], at) == 0)),
    (Inside, _inside),
    (Positive, lambda run, e, at: int(bool(run.value(e.args[0], at) > 0))),
    (InverseEntry, _inverse),
    (LogDet, lambda run, e, at: run.library.logdet(run.matrix(str(e.args[0]), *(run.whole(a, at) for a in e.span)))),
)


def entries_of(run: Entrywise, expr: Expr, axes: tuple[Idx, ...]) -> dict[tuple[int, ...], Any]:
    """An expression at every value of its free indices."""
    ranges = [range(run.whole(i.lower, {}), run.whole(i.upper, {}) + 1) for i in axes]
    return {where: run.value(expr, dict(zip(axes, where, strict=True))) for where in product(*ranges)}
