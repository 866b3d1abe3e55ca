"""Partial derivatives of index expressions, with every name opaque: the rules of the trusted kernel."""

from __future__ import annotations

from functools import cache

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
    together,
)

from ..rows.functions import RowFunction, Unary, function, sigmoid
from ..vocabulary import Inside, Partial
from .indices import free_indices, rename_bound

ZERO, ONE = Integer(0), Integer(1)


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
    return _diff(rename_bound(expr, free_indices(wrt) | free_indices(expr)), wrt)


def _diff(expr: Expr, wrt: Expr) -> Expr:
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


def _mentions(expr: Expr, wrt: Expr) -> bool:
    return expr.has(wrt.base if isinstance(wrt, Indexed) else wrt)


def _diff_add(expr: Add, wrt: Expr) -> Expr:
    return Add(*(_diff(a, wrt) for a in expr.args))


def _diff_mul(expr: Mul, wrt: Expr) -> Expr:
    args = expr.args
    return Add(*(Mul(*args[:k], _diff(a, wrt), *args[k + 1 :]) for k, a in enumerate(args)))


def _diff_pow(expr: Pow, wrt: Expr) -> Expr:
    base, power = expr.args
    # power·base^(power−1)·base′ is valid at base = 0 too; the logarithmic term only where the power varies
    by_base = power * base ** (power - 1) * _diff(base, wrt)
    varies = _diff(power, wrt)
    return by_base if varies == 0 else by_base + expr * log(base) * varies


def _diff_sum(expr: Sum, wrt: Expr) -> Expr:
    return Sum(_diff(expr.function, wrt), *expr.limits)


def _diff_product(expr: Product, wrt: Expr) -> Expr:
    # logarithmic derivative; valid where no factor vanishes
    return expr * Sum(_diff(expr.function, wrt) / expr.function, *expr.limits)


def _diff_row(expr: RowFunction, wrt: Expr) -> Expr:
    return row_derivative(expr.row, expr.args[0]) * _diff(expr.args[0], wrt)


def _diff_partial(expr: Partial, wrt: Expr) -> Expr:
    return Partial(expr, wrt)


def _diff_function(expr: Function, wrt: Expr) -> Expr:
    slots = [Dummy() for _ in expr.args]
    local = [diff(expr.func(*slots), s).xreplace(dict(zip(slots, expr.args, strict=True))) for s in slots]
    return Add(*(d * _diff(a, wrt) for d, a in zip(local, expr.args, strict=True)))


def _diff_constant(expr: Expr, wrt: Expr) -> Expr:
    return ZERO


RULES = (
    (Add, _diff_add),
    (Mul, _diff_mul),
    (Pow, _diff_pow),
    (exp, lambda e, w: e * _diff(e.args[0], w)),
    (log, lambda e, w: _diff(e.args[0], w) / e.args[0]),
    (Abs, lambda e, w: e.args[0] / e * _diff(e.args[0], w)),  # undefined at 0, as the derivative is
    (Sum, _diff_sum),
    (Product, _diff_product),
    (RowFunction, _diff_row),
    (Partial, _diff_partial),
    ((KroneckerDelta, Idx, Symbol), _diff_constant),
    (Function, _diff_function),
)


def row_derivative(row: Unary, z: Expr) -> Expr:
    """f′(z) of a row, in terms of its value f(z) where that is possible: σ(z)(1 − σ(z)), 1 − tanh(z)²."""
    slot, derivative = _row_derivative(row)
    return derivative.xreplace({slot: z})


@cache
def _row_derivative(row: Unary) -> tuple[Symbol, Expr]:
    """The derivative from the textbook form, then written with f itself or another row by eliminating e^z."""
    z, t, a = Dummy("z", real=True), Dummy("t", positive=True), Dummy("a")
    textbook = row.expr(z)
    derivative = diff(textbook, z)
    in_t = _with_exponential(cancel(together(derivative)), z, t)
    value = _with_exponential(textbook, z, t)
    if in_t is None:
        ratio = cancel(derivative / textbook)
        return z, _shorter(ratio) * function(row)(z) if not ratio.has(exp) else factor(derivative)
    solved = _solve_linear(value, t, a) if value is not None else None
    if solved is not None:
        return z, _shorter(cancel(in_t.subs(t, solved))).xreplace({a: function(row)(z)})
    return z, _shorter(cancel(in_t.subs(t, a / (1 - a)))).xreplace({a: sigmoid(z)})


def _shorter(expr: Expr) -> Expr:
    """Of the factored and the expanded form the shorter: a(1 − a), but 1 − a²."""
    factored, expanded = Mul(*(_oriented(f) for f in Mul.make_args(factor(expr)))), expr.expand()
    sign = cancel(expr / factored)
    candidates = (sign * factored, expanded)
    return min(candidates, key=lambda e: e.count_ops())


def _oriented(expr: Expr) -> Expr:
    """A sum up to its sign: 1 − a rather than a − 1."""
    constant, rest = expr.as_coeff_Add()
    return (
        -expr
        if isinstance(expr, Add) and (constant < 0 or (constant == 0 and rest.could_extract_minus_sign()))
        else expr
    )


def _with_exponential(expr: Expr, z: Symbol, t: Symbol) -> Expr | None:
    """The expression with e^z written as t, or None if e^(something else) is left."""
    expr = expr.replace(lambda e: isinstance(e, exp), lambda e: _as_power(e, z, t))
    return None if expr.has(exp) else cancel(together(expr))


def _as_power(e: Expr, z: Symbol, t: Symbol) -> Expr:
    k = cancel(e.args[0] / z)
    return t**k if k.is_Integer else e


def _solve_linear(value: Expr, t: Symbol, a: Symbol) -> Expr | None:
    """t as a rational function of a where value(t) = a and value is a quotient of linear forms in some t^k."""
    above, below = fraction(value)
    equation = (above - a * below).expand().as_poly(t)
    if equation is None or len(value.free_symbols - {t}) > 0:
        return None
    degrees = [m[0] for m in equation.monoms()]
    if sorted(set(degrees)) not in ([0, 1], [0, 2]):
        return None
    top = max(degrees)
    root = -equation.coeff_monomial(1) / equation.coeff_monomial(t**top)
    return root ** (ONE / top)
