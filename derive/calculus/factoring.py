"""Irreducible factors of polynomials, by SymPy where a look does not settle it."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import lcm

from sympy import QQ
from sympy.polys.rings import PolyRing, ring

from .polynomials import Monomial, Number, Polynomial, generators_of

# beyond these a polynomial is taken as its own only factor, which is sound but splits less
MOST_TERMS, MOST_GENERATORS, HIGHEST_DEGREE = 40, 10, 12


def irreducible_factors(p: Polynomial) -> list[tuple[Polynomial, int]]:
    """The factors over the rationals of a polynomial without monomial or number content, with their powers."""
    if _evidently_irreducible(p):
        return [(p, 1)]
    generators = sorted(generators_of(p))
    if len(p) > MOST_TERMS or len(generators) > MOST_GENERATORS:
        return [(p, 1)]
    scales = [_common_denominator(p, g) for g in generators]
    if any(_degree(p, g) * k > HIGHEST_DEGREE for g, k in zip(generators, scales, strict=True)):
        return [(p, 1)]
    content = tuple(
        sorted(
            (tuple(int(dict(m).get(g, 0) * k) for g, k in zip(generators, scales, strict=True)), Fraction(c))
            for m, c in p.items()
        )
    )
    back = [(g, Fraction(1, k)) for g, k in zip(generators, scales, strict=True)]
    return [(_polynomial(factor, back), e) for factor, e in _factor_list(content, len(generators))]


def _evidently_irreducible(p: Polynomial) -> bool:
    """Whether p = a v^e + b with a single term a: linear in v^e, and without content, hence irreducible."""
    for g in generators_of(p):
        powers = [dict(m).get(g, 0) for m in p]
        nonzero = [e for e in powers if e]
        if len(nonzero) == 1 and (nonzero[0] == 1 or Fraction(nonzero[0]).numerator == 1):
            return True
    return False


Content = tuple[tuple[tuple[int, ...], Fraction], ...]


@lru_cache(maxsize=4096)
def _factor_list(content: Content, count: int) -> tuple[tuple[Content, int], ...]:
    poly = _ring(count)({exponents: QQ(c.numerator, c.denominator) for exponents, c in content})
    scale, found = poly.factor_list()
    factors = [
        (tuple((tuple(m), Fraction(int(c.numerator), int(c.denominator))) for m, c in f.terms()), int(e))
        for f, e in found
    ]
    number = Fraction(int(scale.numerator), int(scale.denominator))
    if number != 1:  # the sign, or the number, goes to a factor of its own power
        factors.append(((((0,) * count, number),), 1))
    return tuple(factors)


@lru_cache(maxsize=32)
def _ring(count: int) -> PolyRing:
    found: PolyRing = ring([f"g{k}" for k in range(count)], QQ)[0]
    return found


def _polynomial(content: Content, generators: list[tuple[int, Fraction]]) -> Polynomial:
    result: Polynomial = {}
    for exponents, c in content:
        powers = [(g, _whole(e * k)) for (g, k), e in zip(generators, exponents, strict=True) if e]
        monomial: Monomial = tuple(powers)
        result[monomial] = _whole(c)
    return result


def _common_denominator(p: Polynomial, g: int) -> int:
    return lcm(*(Fraction(e).denominator for m in p for h, e in m if h == g))


def _degree(p: Polynomial, g: int) -> Number:
    return max(e for m in p for h, e in m if h == g)


def _whole(value: Number) -> Number:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value
