"""Logarithms and quotients of exponentials, written without them where nothing then overflows.

    log(a e^u)            →   log a + u
    log(c e^u + d e^v)    →   log c + u + softplus(v − u + log(d/c))
    e^u / (e^u + c e^v)   →   σ(u − v − log c)

Each is an identity that the prover checks where it is used.
"""

from __future__ import annotations

from sympy import Add, Expr, Mul, Pow, exp, log

from derive.calculus.indices import transform
from derive.calculus.positivity import positive
from derive.model import Model
from derive.rows.functions import sigmoid, softplus
from derive.vocabulary import is_name, name_of

from .entries import arguments
from .logsums import is_sum_of_exponentials


def logs_of_products(model: Model, expr: Expr) -> Expr:
    """log(a e^u) = log a + u for a positive a, names that are such products opened."""

    def opened(factor: Expr) -> Expr:
        base, power = factor.as_base_exp()
        if not is_name(base) or name_of(base) not in model.defined:
            return factor
        body = model.body(base)
        return body**power if any(isinstance(f, exp) for f in Mul.make_args(body)) else factor

    def after(e: Expr) -> Expr | None:
        if not isinstance(e, log):
            return None
        factors = Mul.make_args(Mul(*(opened(f) for f in Mul.make_args(arguments(e)[0]))))
        return _apart(factors, model) if any(isinstance(f, exp) for f in factors) else None

    return transform(expr, after)


def _apart(factors: tuple[Expr, ...], model: Model) -> Expr:
    """log of the factors, those that are certainly positive each by itself."""
    terms, rest = [], []
    for f in factors:
        base, power = f.as_base_exp()
        if isinstance(f, exp):
            terms.append(arguments(f)[0])
        elif positive(base, model.facts):
            terms.append(power * log(base))
        else:
            rest.append(f)
    return Add(*terms, log(Mul(*rest)) if rest else 0)


def sums_opened(model: Model, expr: Expr) -> Expr:
    """A name under a logarithm or a fraction bar that is a sum of exponentials, as that sum."""

    def after(e: Expr) -> Expr | None:
        below = isinstance(e, Pow) and e.exp.is_negative
        inner = arguments(e)[0] if isinstance(e, log) or below else None
        if inner is None or not is_name(inner) or name_of(inner) not in model.defined:
            return None
        body = model.body(inner)
        return e.func(body, *arguments(e)[1:]) if is_sum_of_exponentials(body) else None

    return transform(expr, after)


def log_of_two(expr: Expr) -> Expr:
    """log(c e^u + d e^v) by the softplus of the difference, c and d positive numbers."""

    def after(e: Expr) -> Expr | None:
        terms = _two_exponentials(arguments(e)[0]) if isinstance(e, log) else None
        if terms is None:
            return None
        (c, u), (d, v) = terms
        found: Expr = log(c) + u + softplus(v - u + log(d / c))
        return found

    return transform(expr, after)


def shares_of_two(expr: Expr) -> Expr:
    """e^u / (c e^u + d e^v) = σ(u − v − log(d/c)) / c, c and d positive numbers."""

    def after(e: Expr) -> Expr | None:
        factors = list(Mul.make_args(e))
        for below in factors:
            terms = _two_exponentials(below.base) if isinstance(below, Pow) and below.exp == -1 else None
            for (c, u), (d, v) in (terms, terms[::-1]) if terms is not None else ():
                if exp(u) in factors:
                    rest = [f for f in factors if f not in (below, exp(u))]
                    return Mul(sigmoid(u - v - log(d / c)) / c, *rest)
        return None

    return transform(expr, after)


Term = tuple[Expr, Expr]


def _two_exponentials(expr: Expr) -> tuple[Term, Term] | None:
    """c, u and d, v of c e^u + d e^v."""
    if not isinstance(expr, Add) or len(expr.args) != 2:
        return None
    first, second = (_exponential(t) for t in arguments(expr))
    return None if first is None or second is None else (first, second)


def _exponential(term: Expr) -> Term | None:
    factor, rest = term.as_coeff_Mul()
    return (factor, arguments(rest)[0]) if isinstance(rest, exp) and factor.is_positive else None
