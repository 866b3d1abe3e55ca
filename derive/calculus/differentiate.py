"""Partial derivatives of index expressions, with every name opaque: the rules of the trusted kernel."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Function,
    Idx,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    Sum,
    Symbol,
    cancel,
    diff,
    exp,
    factor,
    fraction,
    log,
    sign,
)

from ..rows.functions import RowFunction, Unary, function, gaussian, sigmoid
from ..vocabulary import Inside, InverseEntry, LogDet, Maximum, Partial, Positive, bind
from .cases import in_brackets
from .indices import free_indices, rename_bound, within
from .maxima import share_weighted
from .trees import operations

ZERO, ONE = Integer(0), Integer(1)


@lru_cache(maxsize=20_000)
def differentiate(expr: Expr, wrt: Expr) -> Expr:
    """The partial derivative of an index expression by a scalar or a tensor entry.

        ∂A[b]/∂A[a] = Π δ(b_k, a_k),   linear through Σ, product rule, chain rule by the row of the function.

    Names other than `wrt` are constants. Bound indices are renamed apart from those of `wrt` first; deltas
    are left standing.

    Args:
        expr: an index expression.
        wrt: a scalar or a tensor entry, such as `theta[i, j]`.
    Returns: an index expression over the free indices of `expr` and `wrt`.
    Raises: TypeError: if `expr` holds something that is not in the expression language.
    """
    derivative: Expr = _diff(rename_bound(expr, free_indices(wrt) | free_indices(expr)), wrt)
    return derivative


def _diff(expr: Any, wrt: Any) -> Any:
    if expr == wrt:
        return ONE
    if isinstance(expr, Indexed):
        same = isinstance(wrt, Indexed) and expr.base == wrt.base and len(expr.indices) == len(wrt.indices)
        pairs = zip(expr.indices, wrt.indices, strict=True) if same else ()
        return Mul(*(KroneckerDelta(a, b) for a, b in pairs)) if same else ZERO
    if not _mentions(expr, wrt):
        return ZERO
    for kind, rule in RULES:
        if isinstance(expr, kind):
            return rule(expr, wrt)
    raise TypeError(f"no derivative rule for {type(expr).__name__}: {expr}")


def _mentions(expr: Any, wrt: Any) -> Any:
    return expr.has(wrt.base if isinstance(wrt, Indexed) else wrt)


def _diff_add(expr: Any, wrt: Any) -> Any:
    return Add(*(_diff(a, wrt) for a in expr.args))


def _diff_mul(expr: Any, wrt: Any) -> Any:
    args = expr.args
    return Add(*(Mul(*args[:k], _diff(a, wrt), *args[k + 1 :]) for k, a in enumerate(args)))


def _diff_pow(expr: Any, wrt: Any) -> Any:
    base, power = expr.args
    # power·base^(power−1)·base′ is valid at base = 0 too; the logarithmic term only where the power varies
    by_base = power * base ** (power - 1) * _diff(base, wrt)
    varies = _diff(power, wrt)
    return by_base if varies == 0 else by_base + expr * log(base) * varies


def _diff_sum(expr: Any, wrt: Any) -> Any:
    return bind(Sum, _diff(expr.function, wrt), *expr.limits)


def _diff_product(expr: Any, wrt: Any) -> Any:
    # logarithmic derivative; valid where no factor vanishes
    return expr * Sum(_diff(expr.function, wrt) / expr.function, *expr.limits)


def _diff_row(expr: Any, wrt: Any) -> Any:
    return row_derivative(expr.row, expr.args[0]) * _diff(expr.args[0], wrt)


def _diff_partial(expr: Any, wrt: Any) -> Any:
    return Partial(expr, wrt)


def _diff_inverse(expr: Any, wrt: Any) -> Any:
    """∂(A^{-1})_ij/∂A_km = −(A^{-1})_ik (A^{-1})_mj."""
    (k, m), (i, j) = _entry_of(expr, wrt), expr.place
    return -expr.at(i, k) * expr.at(m, j) * _in_matrix(expr, k, m)


def _diff_logdet(expr: Any, wrt: Any) -> Any:
    """∂ log det A/∂A_km = (A^{-1})_mk."""
    k, m = _entry_of(expr, wrt)
    return InverseEntry(expr.args[0], m, k, *expr.span) * _in_matrix(expr, k, m)


def _entry_of(expr: Any, wrt: Any) -> Any:
    """The row and column of an entry of the matrix of an inverse or a log-determinant."""
    if not isinstance(wrt, Indexed) or len(wrt.indices) != 2:
        raise TypeError(f"{expr} differentiated by {wrt}: expected an entry with two indices of {expr.args[0]}")
    return wrt.indices


def _in_matrix(expr: Any, *places: Any) -> Any:
    """One where the places are rows or columns of the matrix, else zero."""
    return Mul(*(ONE if within(k, *expr.span) else Inside(k, *expr.span) for k in places))


def _diff_function(expr: Any, wrt: Any) -> Any:
    slots = [Dummy() for _ in expr.args]
    local = [diff(expr.func(*slots), s).xreplace(dict(zip(slots, expr.args, strict=True))) for s in slots]
    return Add(*(d * _diff(a, wrt) for d, a in zip(local, expr.args, strict=True)))


def _diff_constant(expr: Any, wrt: Any) -> Any:
    return ZERO


RULES = (
    (Add, _diff_add),
    (Mul, _diff_mul),
    (Pow, _diff_pow),
    (exp, lambda e, w: e * _diff(e.args[0], w)),
    (log, lambda e, w: _diff(e.args[0], w) / e.args[0]),
    (Abs, lambda e, w: sign(e.args[0]) * _diff(e.args[0], w)),  # a subgradient at 0, where there is no derivative
    ((Max, Min), lambda e, w: _diff(in_brackets(e), w)),
    (Sum, _diff_sum),
    (Product, _diff_product),
    (Maximum, lambda e, w: share_weighted(e, _diff(e.function, w))),
    (RowFunction, _diff_row),
    (Partial, _diff_partial),
    (InverseEntry, _diff_inverse),
    (LogDet, _diff_logdet),
    ((KroneckerDelta, Positive, sign, Idx, Symbol), _diff_constant),
    (Function, _diff_function),
)


def row_derivative(row: Unary, z: Expr) -> Expr:
    """f′(z) of a row, in terms of its value f(z) where that is possible: σ(z)(1 − σ(z)), 1 − tanh(z)²."""
    slot, derivative = _row_derivative(row)
    found: Expr = derivative.xreplace({slot: z})
    return found


@cache
def _row_derivative(row: Unary) -> tuple[Symbol, Expr]:
    """The derivative of the textbook form, written with the function itself or another row where possible.

    A kink is a bracket b = [z > 0]: f′ = b f′|_{b=1} + (1 − b) f′|_{b=0}.
    """
    z = Dummy("z", real=True)
    textbook, head = row.expr(z), function(row)(z)
    brackets = sorted(textbook.atoms(Positive), key=str)
    if len(brackets) != 1:
        return z, _written(textbook, z, head)
    above, below = (_written(textbook.xreplace({brackets[0]: Integer(k)}), z, head) for k in (1, 0))
    return z, below + brackets[0] * (above - below)


def _written(textbook: Expr, z: Symbol, head: Expr) -> Expr:
    """The derivative of a smooth form by eliminating e^z: in terms of its value, else of σ, else as it is."""
    t, a = Dummy("t", positive=True), Dummy("a")
    value = _with_exponential(textbook, z, t)
    in_t = None if value is None else cancel(diff(value, z) + t * diff(value, t))
    if value is None or in_t is None or in_t.has(exp):
        derivative = diff(textbook, z)
        ratio = cancel(derivative / textbook)
        bell = gaussian(z)
        return _shorter(ratio) * head if not ratio.has(exp) else factor(derivative).xreplace({bell.textbook: bell})
    if not in_t.has(t):
        return _shorter(in_t)
    solved = _solve_linear(value, t, a)
    if solved is not None:
        return _shorter(cancel(in_t.subs(t, solved))).xreplace({a: head})
    return _shorter(cancel(in_t.subs(t, a / (1 - a)))).xreplace({a: sigmoid(z)})


def _shorter(expr: Expr) -> Expr:
    """Of the factored and the expanded form the shorter: a(1 − a), but 1 − a²."""
    if expr.is_number:
        return expr
    factors = Mul.make_args(factor(expr))
    oriented = [_oriented(f) for f in factors]
    sign = (-1) ** sum(f != g for f, g in zip(factors, oriented, strict=True))
    shorter: Expr = min((sign * Mul(*oriented), expr.expand()), key=operations)
    return shorter


def _oriented(expr: Expr) -> Expr:
    """A sum up to its sign: 1 − a rather than a − 1."""
    constant, rest = expr.as_coeff_Add()
    backwards = constant < 0 or (constant == 0 and rest.could_extract_minus_sign())
    return -expr if backwards and isinstance(expr, Add) else expr


def _with_exponential(expr: Expr, z: Symbol, t: Symbol) -> Expr | None:
    """The expression with e^z written as t, or None if e^(something else) is left."""
    powers: Any = expr.replace(lambda e: isinstance(e, exp), lambda e: _as_power(e, z, t))
    return None if powers.has(exp) else cancel(powers)


def _as_power(e: Any, z: Symbol, t: Symbol) -> Any:
    k = cancel(e.args[0] / z)
    return t**k if k.is_Integer else e


def _solve_linear(value: Expr, t: Symbol, a: Symbol) -> Expr | None:
    """The variable t as a function of a where value(t) = a and value is a quotient of linear forms in some t^k."""
    above, below = fraction(value)
    equation = (above - a * below).expand().as_poly(t)
    if equation is None or len(value.free_symbols - {t}) > 0:
        return None
    degrees = [m[0] for m in equation.monoms()]
    if sorted(set(degrees)) not in ([0, 1], [0, 2]):
        return None
    top = max(degrees)
    root: Expr = (-equation.coeff_monomial(1) / equation.coeff_monomial(t**top)) ** (ONE / top)
    return root
