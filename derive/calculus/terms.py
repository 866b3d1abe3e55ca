"""Linear terms: a fraction as a sum of independent terms, so that sums and exponents may be split term by term.

A polynomial is such a sum already. Fractions are split as partial fractions: in one generator fully,
1/(E(1+E)) = 1/E − 1/(1+E); for a denominator in several, the numerator is reduced by its leading term,
a/(a+b) = 1 − b/(a+b).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from .polynomials import Monomial, Number, Polynomial, divided, generators_of, joined, plus, raised, scaled
from .ring import Form, Ring, TooLarge

Powers = tuple[tuple[int, int], ...]  # factor and its power below the line
Dense = tuple[Fraction, ...]  # coefficients of a polynomial in one generator, the constant first


def linear_terms(ring: Ring, form: Form) -> list[tuple[Monomial, Number]]:
    """Terms and coefficients whose sum is the form; factors below have negative exponents."""
    if not form.below:
        return list(form.above.items())
    parts: dict[Powers, Polynomial] = {(): form.above}
    for g, e in sorted(form.below.items()):
        parts = _split_one(ring, parts, g, e) if len(ring.order(ring.generators[g].value)) > 1 else _under(parts, g, e)
    for v in _single(ring, form.below):
        parts = _split_all(ring, parts, v)
    terms: Polynomial = {}
    for below, above in parts.items():
        ring.spend(len(above))
        terms = plus(terms, scaled(above, 1, tuple(sorted((g, -e) for g, e in below))))
    return list(terms.items())


def _under(parts: Mapping[Powers, Polynomial], g: int, e: int) -> dict[Powers, Polynomial]:
    return {(*below, (g, e)): above for below, above in parts.items()}


def _split_one(ring: Ring, parts: Mapping[Powers, Polynomial], g: int, e: int) -> dict[Powers, Polynomial]:
    """N/p^e as a sum of r_k/p^k with every r_k reduced by the leading term of p."""
    result: dict[Powers, Polynomial] = {}
    value = ring.generators[g].value
    order = ring.order(value)
    for below, above in parts.items():
        left = above
        for k in range(e, 0, -1):
            ring.spend(len(left) * len(value))
            left, remainder = _divided(left, value, order)
            _add(result, (*below, (g, k)), remainder)
        _add(result, below, left)
    return result


def _divided(p: Polynomial, value: Polynomial, order: list[int]) -> tuple[Polynomial, Polynomial]:
    """Division where negative powers of the generators stay outside, monomial by monomial."""
    groups: dict[Monomial, Polynomial] = {}
    for m, c in p.items():
        outside = tuple((g, e) for g, e in m if g in order and (e < 0 or not isinstance(e, int)))
        groups.setdefault(outside, {})[joined(m, raised(outside, -1))] = c
    quotient: Polynomial = {}
    remainder: Polynomial = {}
    for outside, part in groups.items():
        q, r = divided(part, value, order)
        quotient, remainder = plus(quotient, scaled(q, 1, outside)), plus(remainder, scaled(r, 1, outside))
    return quotient, remainder


def _add(parts: dict[Powers, Polynomial], below: Powers, above: Polynomial) -> None:
    total = plus(parts.get(below, {}), above)
    if total:
        parts[below] = total
    else:
        parts.pop(below, None)


def _single(ring: Ring, below: Mapping[int, int]) -> list[int]:
    """The generators in which some factor below the line is a polynomial of one variable."""
    return sorted({next(iter(gs)) for g in below if len(gs := generators_of(ring.generators[g].value)) == 1})


def _split_all(ring: Ring, parts: Mapping[Powers, Polynomial], v: int) -> dict[Powers, Polynomial]:
    """Partial fractions in the generator v."""
    result: dict[Powers, Polynomial] = {}
    for below, above in parts.items():
        inside = [(g, e) for g, e in below if generators_of(ring.generators[g].value) == {v}]
        dense = [_dense(ring.generators[g].value, v) for g, _ in inside]
        if not inside or any(d is None for d in dense):
            _add(result, below, above)
            continue
        outside = tuple((g, e) for g, e in below if (g, e) not in inside)
        for m, c in above.items():
            power = dict(m).get(v, 0)
            whole = power if isinstance(power, int) else 0
            rest = joined(m, ((v, -whole),)) if whole else m
            split = _apart(whole, tuple((d, e) for d, (_, e) in zip(dense, inside, strict=True) if d is not None))
            ring.spend(len(split))
            for k, position, depth, number in split:
                term: Polynomial = {joined(rest, ((v, k),)) if k else rest: c * number}
                _add(result, tuple(sorted((*outside, (inside[position][0], depth)))) if depth else outside, term)
    return result


def _dense(value: Polynomial, v: int) -> Dense | None:
    powers = {dict(m).get(v, 0): c for m, c in value.items()}
    if not all(isinstance(e, int) for e in powers):
        return None
    return tuple(Fraction(powers.get(k, 0)) for k in range(int(max(powers)) + 1))


@lru_cache(maxsize=4096)
def _apart(power: int, below: tuple[tuple[Dense, int], ...]) -> tuple[tuple[int, int, int, Fraction], ...]:
    """v^power / Π p^e as terms number · v^k / p^depth: tuples (k, position of p, depth, number)."""
    found: dict[tuple[int, int, int], Fraction] = {}
    bases = [*below, ((Fraction(0), Fraction(1)), -power)] if power < 0 else list(below)
    start: Dense = tuple([Fraction(0)] * max(power, 0) + [Fraction(1)])
    for position, (p, e) in enumerate(bases):
        # modulo p^e the other denominators are units: N/(p^e Q) has the part (N Q⁻¹ mod p^e)/p^e
        whole = _power(p, e)
        others = _product([_power(q, f) for k, (q, f) in enumerate(bases) if k != position])
        part = _rest(_times(start, _inverse(others, whole)), whole)
        for depth in range(e, 0, -1):
            part, digit = _divmod(part, p)
            for k, c in enumerate(digit):
                if c and position < len(below):
                    found[k, position, depth] = found.get((k, position, depth), Fraction(0)) + c
                elif c:
                    found[-depth, 0, 0] = found.get((-depth, 0, 0), Fraction(0)) + c
    polynomial, _ = _divmod(start, _product([_power(p, e) for p, e in bases]))
    for k, c in enumerate(polynomial):
        if c:
            found[k, 0, 0] = found.get((k, 0, 0), Fraction(0)) + c
    return tuple((k, position, depth, c) for (k, position, depth), c in found.items() if c)


# -- polynomials in one variable --------------------------------------------------------------------


def _trimmed(p: list[Fraction]) -> Dense:
    while p and not p[-1]:
        p.pop()
    return tuple(p)


def _times(p: Dense, q: Dense) -> Dense:
    result = [Fraction(0)] * max(len(p) + len(q) - 1, 0)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] += a * b
    return _trimmed(result)


def _product(parts: list[Dense]) -> Dense:
    result: Dense = (Fraction(1),)
    for p in parts:
        result = _times(result, p)
    return result


def _power(p: Dense, e: int) -> Dense:
    return _product([p] * e)


def _divmod(p: Dense, q: Dense) -> tuple[Dense, Dense]:
    left, quotient = list(p), [Fraction(0)] * max(len(p) - len(q) + 1, 0)
    for k in range(len(p) - len(q), -1, -1):
        quotient[k] = left[k + len(q) - 1] / q[-1]
        for j, c in enumerate(q):
            left[k + j] -= quotient[k] * c
    return _trimmed(quotient), _trimmed(left)


def _rest(p: Dense, q: Dense) -> Dense:
    return _divmod(p, q)[1]


def _inverse(p: Dense, modulus: Dense) -> Dense:
    """p⁻¹ modulo a coprime polynomial, by Euclid."""
    a, b = modulus, _rest(p, modulus)
    s: Dense = ()
    t: Dense = (Fraction(1),)
    while len(b) > 1:
        quotient, rest = _divmod(a, b)
        width = max(len(s), len(quotient) + len(t))
        step = _times(quotient, t)
        s, t = t, _trimmed([_at(s, k) - _at(step, k) for k in range(width)])
        a, b = b, rest
    if not b:
        raise TooLarge("two denominators have a common factor that was not found")
    return tuple(c / b[0] for c in t)


def _at(p: Dense, k: int) -> Fraction:
    return p[k] if k < len(p) else Fraction(0)
