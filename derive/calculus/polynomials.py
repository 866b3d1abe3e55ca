"""Polynomials over numbered generators, as dictionaries: exponents may be negative or fractions.

    3 g₀² g₁⁻¹ − g₂^{1/2}   is   {((0, 2), (1, -1)): 3, ((2, 1/2),): -1}

A monomial lists (generator, exponent) in the order of the generators, without zeros; a polynomial has no zero
coefficients. Numbers are `int` where they are whole and `Fraction` elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from heapq import heapify, heappop, heappush
from math import gcd, lcm

Number = int | Fraction
Monomial = tuple[tuple[int, Number], ...]
Polynomial = dict[Monomial, Number]

UNIT: Monomial = ()


def constant(value: Number) -> Polynomial:
    """A number as a polynomial."""
    return {UNIT: _whole(value)} if value else {}


def joined(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    if not a or not b:
        return a or b
    exponents = dict(a)
    for g, e in b:
        total = _whole(exponents.get(g, 0) + e)
        if total:
            exponents[g] = total
        else:
            del exponents[g]
    return tuple(sorted(exponents.items()))


def raised(a: Monomial, power: Number) -> Monomial:
    """A power of a monomial."""
    return tuple((g, _whole(e * power)) for g, e in a) if power else UNIT


def plus(*polynomials: Polynomial) -> Polynomial:
    """The sum."""
    total = dict(polynomials[0]) if polynomials else {}
    for polynomial in polynomials[1:]:
        for m, c in polynomial.items():
            new = total.get(m, 0) + c
            if new:
                total[m] = new
            else:
                del total[m]
    return total


def scaled(p: Polynomial, factor: Number, by: Monomial = UNIT) -> Polynomial:
    """The product with a number and a monomial."""
    if not factor:
        return {}
    return {joined(m, by): _whole(c * factor) for m, c in p.items()}


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    """The product."""
    if len(p) > len(q):
        p, q = q, p
    if len(p) == 1:
        ((m, c),) = p.items()
        return scaled(q, c, m)
    total: Polynomial = {}
    for m, c in p.items():
        for n, d in q.items():
            mn = joined(m, n)
            total[mn] = total.get(mn, 0) + c * d
    return {m: _whole(c) for m, c in total.items() if c}


def generators_of(p: Polynomial) -> set[int]:
    """The generators that occur."""
    return {g for m in p for g, _ in m}


def monomial_content(p: Polynomial) -> Monomial:
    """The product of the least powers of each generator: what can be divided out to leave a true polynomial."""
    least: dict[int, Number] = {}
    for g in generators_of(p):
        least[g] = min(_exponent(m, g) for m in p)
    return tuple(sorted((g, e) for g, e in least.items() if e))


def number_content(p: Polynomial) -> Number:
    """The positive number whose division leaves coprime whole coefficients."""
    below = lcm(*(c.denominator for c in p.values()))
    above = gcd(*(int(c * below) for c in p.values()))
    return _whole(Fraction(above, below))


def exact_quotient(p: Polynomial, divisor: Polynomial, order: Sequence[int]) -> Polynomial | None:
    """p / divisor if that is a polynomial (up to monomials), else None; the divisor has no monomial content."""
    within = set(order)
    shift = tuple((g, e) for g, e in monomial_content(p) if g in within)
    quotient, remainder = divided(scaled(p, 1, raised(shift, -1)), divisor, order, exact=True)
    return None if remainder else scaled(quotient, 1, shift)


def divided(
    p: Polynomial, divisor: Polynomial, order: Sequence[int], *, exact: bool = False
) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder by the leading term of the divisor, which divides no term of the remainder.

    Args:
        p: a polynomial with no negative exponents of the generators of the divisor.
        divisor: a polynomial with no negative exponents.
        order: the generators of the divisor, the most important first; exponents compare lexicographically.
        exact: whether to stop at the first term that shows that there is a remainder.
    """
    lead = max(divisor, key=lambda m: _exponents(m, order))
    top, inverse = divisor[lead], raised(lead, -1)
    rest = [(m, c) for m, c in divisor.items() if m != lead]
    left, quotient, remainder = dict(p), dict[Monomial, Number](), dict[Monomial, Number]()
    queue = [(_descending(m, order), m) for m in left]
    heapify(queue)
    while queue:
        _, m = heappop(queue)
        c = left.pop(m, 0)
        if not c:
            continue
        if any(_exponent(m, g) < e for g, e in lead):
            remainder[m] = c
            if exact:
                break
            continue
        by, factor = joined(m, inverse), _whole(Fraction(c) / top)
        quotient[by] = factor
        for n, d in rest:
            target = joined(n, by)
            if target not in left:
                heappush(queue, (_descending(target, order), target))
            left[target] = _whole(left.get(target, 0) - factor * d)
    return quotient, remainder


def product(polynomials: Iterable[Polynomial]) -> Polynomial:
    """The product of several."""
    return reduce(times, polynomials, constant(1))


def _descending(m: Monomial, order: Sequence[int]) -> tuple[Number, ...]:
    return tuple(-e for e in _exponents(m, order))


def _exponents(m: Monomial, order: Sequence[int]) -> tuple[Number, ...]:
    exponents = dict(m)
    return tuple(exponents.get(g, 0) for g in order)


def _exponent(m: Monomial, g: int) -> Number:
    for h, e in m:
        if h == g:
            return e
    return 0


def _whole(value: Number) -> Number:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value
