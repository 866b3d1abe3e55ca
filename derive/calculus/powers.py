"""Exponentials, logarithms, powers and absolute values as generators of the ring.

    e^{Σ c_k t_k} = Π (e^{t_k})^{c_k},   e^{c log u} = u^c
    log Π b^k = Σ k log b,   b^z = e^{z log b}      for b > 0

Where the sign of a factor b is not known: log b² = 2 log|b|, (b²)^{1/2} = |b|, and odd powers stay together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sympy import Idx, Integer, Pow, Product, S, exp, factorint, log

from .contraction import canonical_product
from .indices import opening_level, substitute
from .polynomials import UNIT, Monomial, Number, constant
from .ring import ONE, ZERO, Form, Kind, TooLarge, Undefined, product_of
from .sums import opened_names, sum_over, times_over
from .terms import linear_terms

if TYPE_CHECKING:
    from .normalform import Normaliser

LARGEST_NUMBER = 10**12


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A form as number · Π known^e · Π unknown^e.

    Attributes:
        number: a rational number other than zero.
        known: generators that are certainly not negative, with their powers.
        unknown: the others.
    """

    number: Any
    known: Sequence[tuple[int, Number]]
    unknown: Sequence[tuple[int, Number]]


def signed(n: Normaliser, form: Form) -> Signed:
    """The irreducible factors of a form, by what is known of their signs."""
    number, factors = n.ring.factors(form)
    known: list[tuple[int, Number]] = []
    unknown: list[tuple[int, Number]] = []
    for g, e in factors:
        if n.nonnegative(g) or not isinstance(e, int):  # b^{1/2} has a value only where b ≥ 0
            known.append((g, e))
        elif (opposite := n.opposite(g)) is not None:
            number = -number if e % 2 else number
            known.append((opposite, e))
        else:
            unknown.append((g, e))
    return Signed(number=number, known=known, unknown=unknown)


# -- exponentials ------------------------------------------------------------------------------------


def exponential(n: Normaliser, argument: Form) -> Form:
    """e^argument, a product over the linear terms of the argument."""
    return n.ring.times(ONE, *(_exponential_of_term(n, m, c) for m, c in linear_terms(n.ring, argument)))


def _exponential_of_term(n: Normaliser, m: Monomial, c: Number) -> Form:
    ring = n.ring
    logs = [(g, e) for g, e in m if isinstance(ring.generators[g].expr, log)]
    if len(logs) == 1 and logs[0][1] == 1:
        inside: Any = ring.generators[logs[0][0]].expr.args[0]
        rest = tuple(pair for pair in m if pair != logs[0])
        if not rest:
            return rational_power(n, n.form(inside), c)
        return n.ring.scaled(ONE, 1, ((ring.number(Pow(inside, ring.term(rest), evaluate=False)), c),))
    generator = S.Exp1 if m == UNIT else exp(ring.term(m), evaluate=False)
    return n.ring.scaled(ONE, 1, ((ring.number(generator), c),))


# -- powers ------------------------------------------------------------------------------------------


def power(n: Normaliser, base: Form, exponent: Form) -> Form:
    """base^exponent."""
    if not exponent.above or (exponent.above.keys() == {UNIT} and not exponent.below):
        return rational_power(n, base, exponent.above.get(UNIT, 0))
    if not base.above:
        raise TooLarge("a formula has zero to a symbolic power")
    parts = signed(n, base)
    logs = [n.ring.scaled(logarithm_of(n, g), e) for g, e in parts.known]
    logs.append(_log_of_number(n, abs(parts.number)))
    result = exponential(n, n.ring.times(exponent, n.ring.plus(*logs)))
    if parts.number > 0 and not parts.unknown:
        return result
    whole = bool(n.ring.expression(exponent).is_integer)
    nested = [(g, e) for g, e in parts.unknown if whole and _is_whole_power(n, g)]
    others = [pair for pair in parts.unknown if pair not in nested]
    powers = [_nested_power(n, g, n.ring.scaled(exponent, e)) for g, e in nested]
    if others or parts.number < 0:
        rest = n.ring.scaled(product_of(n.ring, others), 1 if parts.number > 0 else -1)
        powers += [_opaque_power(n, rest, m, c) for m, c in linear_terms(n.ring, exponent)]
    return n.ring.times(result, *powers)


def _is_whole_power(n: Normaliser, g: int) -> bool:
    generator = n.ring.generators[g]
    return generator.kind is Kind.PLAIN and isinstance(generator.expr, Pow) and bool(generator.expr.args[1].is_integer)


def _nested_power(n: Normaliser, g: int, exponent: Form) -> Form:
    """(b^t)^z = b^{tz} for whole t and z, whatever the sign of b."""
    base: Any
    inner: Any
    base, inner = n.ring.generators[g].expr.args
    return power(n, n.form(base), n.ring.times(n.form(inner), exponent))


def _opaque_power(n: Normaliser, base: Form, m: Monomial, c: Number) -> Form:
    """b^{c m} for b of unknown sign: b^{m/q} to the whole power p, with c = p/q."""
    if m == UNIT:
        return rational_power(n, base, c)
    top, bottom = c.numerator, c.denominator
    inner = Pow(n.ring.expression(base), n.ring.term(m) / Integer(bottom), evaluate=False)
    return n.ring.scaled(ONE, 1, ((n.ring.number(inner), top),))


def rational_power(n: Normaliser, base: Form, exponent: Number) -> Form:
    """base^(p/q), where it has a real value."""
    if exponent == int(exponent):
        return n.ring.power(base, int(exponent))
    if not base.above:
        if exponent > 0:
            return ZERO
        raise Undefined("a formula divides by zero")
    parts = signed(n, base)
    even = [(g, e) for g, e in parts.unknown if int(e) % 2 == 0]
    odd = [(g, e) for g, e in parts.unknown if int(e) % 2]
    powers: list[tuple[int, Number]] = [(g, e * exponent) for g, e in parts.known]
    powers += [(n.ring.absolute(g), e * exponent) for g, e in even]
    powers += [(n.ring.factor(constant(p)), k * exponent) for p, k in _primes(abs(parts.number))]
    if len(odd) == 1 and parts.number > 0:  # b^3 ≥ 0 only where b ≥ 0
        powers.append((odd[0][0], odd[0][1] * exponent))
    elif odd or parts.number < 0:  # Π b^e = Π |b|^{e−1} Π b, where e − 1 is even
        powers += [(n.ring.absolute(g), (e - 1) * exponent) for g, e in odd if e != 1]
        together = n.ring.scaled(product_of(n.ring, [(g, 1) for g, _ in odd]), 1 if parts.number > 0 else -1)
        powers.append((n.ring.factor(together.above), exponent))
    return product_of(n.ring, powers)


def absolute(n: Normaliser, form: Form) -> Form:
    """|form| = |number| Π |b|^e."""
    if not form.above:
        return ZERO
    parts = signed(n, form)
    powers = [*parts.known]
    powers += [(g, e) if int(e) % 2 == 0 else (n.ring.absolute(g), e) for g, e in parts.unknown]
    return n.ring.scaled(product_of(n.ring, powers), abs(parts.number))


# -- logarithms --------------------------------------------------------------------------------------


def logarithm(n: Normaliser, form: Form) -> Form:
    """log of a form, split over its factors as far as their signs are known."""
    if not form.above:
        raise TooLarge("a formula has the logarithm of zero")
    parts = signed(n, form)
    even = [(g, e) for g, e in parts.unknown if int(e) % 2 == 0]
    odd = [(g, e) for g, e in parts.unknown if int(e) % 2]
    logs = [n.ring.scaled(logarithm_of(n, g), e) for g, e in parts.known]
    logs += [
        n.ring.scaled(n.ring.atom(log(n.ring.generators[n.ring.absolute(g)].expr, evaluate=False)), e) for g, e in even
    ]
    logs.append(_log_of_number(n, abs(parts.number)))
    if len(odd) == 1 and parts.number > 0:
        logs.append(n.ring.scaled(logarithm_of(n, odd[0][0]), odd[0][1]))
    elif odd or parts.number < 0:
        together = n.ring.scaled(product_of(n.ring, odd), 1 if parts.number > 0 else -1)
        logs.append(n.ring.atom(log(n.ring.expression(together), evaluate=False)))
    return n.ring.plus(*logs)


def logarithm_of(n: Normaliser, g: int) -> Form:
    """log g of one generator: log e^t = t, log b^t = t log b."""
    generator = n.ring.generators[g]
    expr = generator.expr
    if expr is S.Exp1:
        return ONE
    if generator.kind is Kind.PLAIN and isinstance(expr, exp):
        return n.form(expr.args[0])
    if generator.kind is Kind.PLAIN and isinstance(expr, Pow) and n.positive_expr(expr.args[0]):
        return n.ring.times(n.form(expr.args[1]), logarithm(n, n.form(expr.args[0])))
    if generator.kind is Kind.FACTOR and generator.value.keys() == {UNIT}:
        return _log_of_number(n, generator.value[UNIT])
    return n.ring.atom(log(expr, evaluate=False))


def _log_of_number(n: Normaliser, number: Number) -> Form:
    return n.ring.plus(*(Form({((n.ring.number(log(Integer(p), evaluate=False)), 1),): k}) for p, k in _primes(number)))


def _primes(number: Number) -> list[tuple[int, int]]:
    """A positive number as a product of primes, or of what is too large to factor."""
    found: list[tuple[int, int]] = []
    value = Fraction(number)
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        if part > 1:
            primes = factorint(part).items() if part < LARGEST_NUMBER else [(part, 1)]
            found += [(int(p), sign * int(k)) for p, k in primes]
    return found


# -- products ----------------------------------------------------------------------------------------


def product_form(n: Normaliser, expr: Product) -> Form:
    """The form of Π, one index after the other from the innermost."""
    names, bound = opened_names(expr, {}, opening_level((expr,)))
    result = n.form(substitute(expr.function, names))
    for i in reversed(bound):
        result = _product_over(n, result, i)
    return result


def _product_over(n: Normaliser, body: Form, i: Idx) -> Form:
    """Π as e^{Σ log} over the factors that are positive; the others keep their product."""
    if (values := n.values(i)) is not None:
        n.ring.spend(20 * len(values))
        return n.ring.times(ONE, *(n.form(substitute(n.ring.expression(body), {i: k})) for k in values))
    if not body.above:
        raise TooLarge("a product of zeros depends on whether its range is empty")
    parts = signed(n, body)
    logs: list[Form] = [_log_of_number(n, abs(parts.number))]
    others = [] if parts.number > 0 else [power(n, Form(constant(-1)), times_over(n, i))]
    for g, e in (*parts.known, *parts.unknown):
        if n.positive(g):
            logs.append(n.ring.scaled(logarithm_of(n, g), e))
        elif not isinstance(e, int):
            raise TooLarge("a product of roots of unknown sign")
        elif i in n.free(g):
            over = n.ring.atom(canonical_product(n.ring.generators[g].expr, i))
            others.append(n.ring.power(over, e))
        else:
            one = n.ring.scaled(ONE, 1, ((g, 1),))
            others.append(n.ring.power(power(n, one, times_over(n, i)), e))
    total = sum_over(n, n.ring.plus(*logs), (i,))
    return n.ring.times(exponential(n, total), *others)
