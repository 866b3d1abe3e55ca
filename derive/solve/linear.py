"""Expressions that are linear in a power of one unknown, up to a common factor: c (a θ^p − b)."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Dummy, Expr, Integer, Mul, Poly, Pow, Rational, Sum, cancel, fraction, gcd

from ..calculus.indices import bound_in
from ..calculus.tidy import oriented, pull_out, tidy
from ..calculus.trees import args_of
from .neat import neat


@dataclass(frozen=True, kw_only=True)
class Linear:
    """c (a t^p − b) for an unknown t, where c has the factor t^low."""

    c: Expr
    a: Expr
    b: Expr
    p: int
    low: int


def linear_in(expr: Expr, theta: Expr) -> Linear | None:
    """An expression as c (a θ^p − b), by its numerator as a polynomial in θ over everything else held as symbols."""
    t = Dummy("t")
    held: dict[Expr, Expr] = {}
    plain = _held(_separated(expr, theta), theta, t, held)
    if plain is None:
        return None
    above, below = fraction(cancel(plain))
    terms = Poly(above, t).terms()
    if len(terms) == 1 and terms[0][0] == (1,):  # a θ alone, b = 0
        terms.append(((0,), Integer(0)))
    if len(terms) != 2:
        return None
    ((top,), first), ((low,), last) = terms
    common = gcd(first, last)
    back = {symbol: e for e, symbol in held.items()} | {t: theta}
    a, b = (neat(tidy(cancel(x / common).xreplace(back))) for x in (first, -last))
    c = oriented((common * t**low / below.factor()).xreplace(back))
    return Linear(c=c, a=a, b=b, p=top - low, low=low)


def _separated(expr: Expr, theta: Expr) -> Expr:
    """Sums of terms in which θ stands in front of the sum: Σ_s (x_s − θ)/σ² = Σ_s x_s/σ² − n θ/σ²."""
    if not expr.has(theta) or not expr.args or expr == theta:
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*(_separated(a, theta) for a in args_of(expr)))
    body = _separated(expr.function, theta)
    return Add(*(_in_front(t, expr, theta) for t in Add.make_args(body)))


def _in_front(term: Expr, whole: Expr, theta: Expr) -> Expr:
    apart = pull_out(Sum(term, *bound_in(whole)))
    if not any(s.has(theta) for s in apart.atoms(Sum)):
        return apart
    return Add(*(pull_out(Sum(t, *bound_in(whole))) for t in Add.make_args(_expanded_in(term, theta))))


def _expanded_in(expr: Expr, theta: Expr) -> Expr:
    """The expression multiplied out as far as θ goes, with sums and powers that do not hold it kept whole."""
    kept: dict[Expr, Expr] = {}

    def held(e: Expr) -> Expr:
        if not e.args or e == theta or (e.has(theta) and not isinstance(e, Add | Mul | Pow)):
            return e
        if not e.has(theta) and not isinstance(e, Mul):
            return kept.setdefault(e, Dummy(f"k{len(kept):03d}"))
        return e.func(*(held(a) for a in args_of(e)))

    opened = held(expr).expand()
    return opened.xreplace({symbol: e for e, symbol in kept.items()})


def _held(expr: Expr, theta: Expr, t: Expr, held: dict[Expr, Expr]) -> Expr | None:
    """+, · and whole powers over symbols; None if θ is under anything else."""
    if expr == theta:
        return t
    if isinstance(expr, Rational):
        return expr
    if isinstance(expr, Add | Mul):
        parts = [_held(a, theta, t, held) for a in args_of(expr)]
        return None if any(p is None for p in parts) else expr.func(*parts)
    if isinstance(expr, Pow) and expr.args[1].is_Integer:
        base = _held(args_of(expr)[0], theta, t, held)
        return None if base is None else base ** args_of(expr)[1]
    return None if expr.has(theta) else held.setdefault(expr, Dummy(f"v{len(held):03d}"))
