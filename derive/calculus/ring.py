"""The ring that normal forms live in: polynomials over generators, with irreducible factors below.

A generator is a SymPy expression that no further rule takes apart; four kinds differ in the relation they obey:

    plain       none          x_i, e^z, log u, a whole sum
    bracket     g² = g        δ_ij, [0 ≤ i ≤ n]
    absolute    g² = b²       |b| of another generator b
    factor      g = p         p a polynomial with several terms, or the base of a root

A factor stands in a monomial only to a power between 0 and 1 (a root), or below the line as a whole power.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from fractions import Fraction
from math import floor

from sympy import Abs, Add, Expr, Integer, Mul, Pow, Rational

from .factoring import irreducible_factors
from .ordering import key
from .polynomials import (
    UNIT,
    Monomial,
    Number,
    Polynomial,
    constant,
    exact_quotient,
    generators_of,
    joined,
    monomial_content,
    number_content,
    plus,
    raised,
    scaled,
    times,
)

MOST_WORK = 40_000
LARGEST_POWER = 64


class TooLarge(ValueError):
    """The normal form of an expression is not worth computing, or does not exist."""


class Undefined(TooLarge):
    """An expression has no value anywhere, since a part of it divides by zero."""


class Kind(Enum):
    """The relation that a generator obeys."""

    PLAIN = auto()
    BRACKET = auto()
    ABSOLUTE = auto()
    FACTOR = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Generator:
    """An expression with its kind; `base` of an absolute value, `value` of a factor."""

    expr: Expr
    kind: Kind
    base: int = -1
    value: Polynomial = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """A fraction: a polynomial over a product of powers of irreducible factors that do not divide it."""

    above: Polynomial
    below: Mapping[int, int] = field(default_factory=dict)


ZERO, ONE = Form({}), Form(constant(1))


@dataclass
class Ring:
    """The generators of one computation, and the work done with them.

    Attributes:
        generators: by number.
        work: how many products of terms have been formed; beyond `MOST_WORK` every operation raises TooLarge.
    """

    generators: list[Generator] = field(default_factory=list)
    work: int = 0
    _numbers: dict[tuple[Expr, Kind], int] = field(default_factory=dict)
    _factors: dict[frozenset[tuple[Monomial, Number]], int] = field(default_factory=dict)
    _special: set[int] = field(default_factory=set)

    def spend(self, work: int) -> None:
        """Count work, so that no computation goes on for ever.

        Raises:
            TooLarge: if the budget is used up.
        """
        self.work += work
        if self.work > MOST_WORK:
            raise TooLarge("the expression has too many terms for a normal form; state it in smaller steps")

    # -- generators ------------------------------------------------------------------------------

    def number(self, expr: Expr, kind: Kind = Kind.PLAIN, base: int = -1) -> int:
        """The number of a generator, a new one if it has not been met."""
        found = self._numbers.get((expr, kind))
        if found is None:
            found = self._added(Generator(expr, kind, base))
            self._numbers[expr, kind] = found
        return found

    def factor(self, value: Polynomial) -> int:
        """The number of the factor that stands for a polynomial."""
        content = frozenset(value.items())
        found = self._factors.get(content)
        if found is None:
            found = self._factors[content] = self._added(
                Generator(self.expression(Form(value)), Kind.FACTOR, -1, value)
            )
        return found

    def absolute(self, base: int) -> int:
        """The number of |b| for a generator b."""
        return self.number(Abs(self.generators[base].expr, evaluate=False), Kind.ABSOLUTE, base)

    def atom(self, expr: Expr, kind: Kind = Kind.PLAIN) -> Form:
        """A generator as a form."""
        return Form({((self.number(expr, kind), 1),): 1})

    def order(self, p: Polynomial) -> list[int]:
        """The generators of a polynomial in an order that does not depend on when they were met."""
        return sorted(generators_of(p), key=lambda g: key(self.generators[g].expr))

    def _added(self, generator: Generator) -> int:
        self.generators.append(generator)
        number = len(self.generators) - 1
        if generator.kind is not Kind.PLAIN:
            self._special.add(number)
        return number

    # -- arithmetic ------------------------------------------------------------------------------

    def plus(self, *forms: Form) -> Form:
        """The sum."""
        forms = tuple(f for f in forms if f.above)
        if len(forms) < 2:
            return forms[0] if forms else ZERO
        self.spend(sum(len(f.above) for f in forms))
        below: dict[int, int] = {}
        for f in forms:
            for g, e in f.below.items():
                below[g] = max(e, below.get(g, 0))
        if not below:
            return Form(plus(*(f.above for f in forms)))
        return self._reduced(plus(*(self._lifted(f, below) for f in forms)), below)

    def _lifted(self, form: Form, below: Mapping[int, int]) -> Polynomial:
        """The numerator over the common denominator `below`."""
        above = form.above
        for g, e in below.items():
            for _ in range(e - form.below.get(g, 0)):
                above = self._times(above, self.generators[g].value)
        settled = self._settled(above)
        if settled.below:
            raise TooLarge("a root below the line could not be brought to a common denominator")
        return settled.above

    def times(self, *forms: Form) -> Form:
        """The product."""
        result = ONE
        for form in forms:
            if result is ONE or form is ONE:
                result = form if result is ONE else result
                continue
            a, b = self._reduced(result.above, form.below), self._reduced(form.above, result.below)
            product = self._times(a.above, b.above)
            settled = self._settled(product)
            below = _sum_of_powers(a.below, b.below, settled.below)
            result = Form(product, below) if settled.above is product else self._reduced(settled.above, below)
        return result

    def scaled(self, form: Form, factor: Number, by: Monomial = UNIT) -> Form:
        """The product with a number and a monomial."""
        settled = self._settled(scaled(form.above, factor, by))
        return self._reduced(settled.above, _sum_of_powers(form.below, settled.below))

    def power(self, form: Form, exponent: int) -> Form:
        """A whole power.

        Raises:
            TooLarge: for 0 to a negative power, or a power that polynomials cannot hold.
        """
        if abs(exponent) > LARGEST_POWER:
            raise TooLarge(f"the power {exponent} in a formula; the most that is expanded is {LARGEST_POWER}")
        if exponent < 0:
            return self.power(self.inverse(form), -exponent)
        if len(form.above) == 1:
            ((m, c),) = form.above.items()
            settled = self._settled(
                {raised(m, exponent): Fraction(c) ** exponent if isinstance(c, Fraction) else c**exponent}
            )
            return self._reduced(
                settled.above, _sum_of_powers(settled.below, {g: e * exponent for g, e in form.below.items()})
            )
        return self.times(*[form] * exponent)

    def inverse(self, form: Form) -> Form:
        """1 / form."""
        if not form.above:
            raise Undefined("a formula divides by zero")
        number, factors = self.factors(Form(form.above))
        if any(self.generators[g].kind is Kind.BRACKET for g, _ in factors):
            raise TooLarge("a formula divides by a bracket, which may be zero")
        monomial, below = [], {}
        for g, e in factors:
            if self.generators[g].value and isinstance(e, int):
                below[g] = e
            else:
                monomial.append((g, -e))
        above = {tuple(sorted(monomial)): _whole(1 / Fraction(number))}
        for g, e in form.below.items():
            for _ in range(e):
                above = self._times(above, self.generators[g].value)
        settled = self._settled(above)
        return self._reduced(settled.above, _sum_of_powers(below, settled.below))

    def factors(self, form: Form) -> tuple[Number, list[tuple[int, Number]]]:
        """A number, and the irreducible factors as generators with their powers, those below negative."""
        number, monomial, primitive = self.primitive(form.above)
        found = [*monomial]
        if len(primitive) > 1:
            self.spend(len(primitive))
            for p, e in irreducible_factors(primitive):
                sign, _, p = self.primitive(p)
                number = _whole(number * Fraction(sign) ** e)
                found += [(self.factor(p), e)] if len(p) > 1 else []
        found += [(g, -e) for g, e in form.below.items()]
        return number, found

    def primitive(self, p: Polynomial) -> tuple[Number, Monomial, Polynomial]:
        """Number · monomial · primitive part, whose coefficients are whole and coprime, the leading one positive."""
        content, number = monomial_content(p), number_content(p)
        if len(p) == 1:
            ((m, c),) = p.items()
            return c, m, constant(1)
        part = scaled(p, 1 / Fraction(number), raised(content, -1))
        order = self.order(part)
        lead = max(part, key=lambda m: tuple(dict(m).get(g, 0) for g in order))
        return (number, content, part) if part[lead] > 0 else (-number, content, scaled(part, -1))

    def _times(self, p: Polynomial, q: Polynomial) -> Polynomial:
        self.spend(len(p) * len(q))
        return times(p, q)

    def _reduced(self, above: Polynomial, below: Mapping[int, int]) -> Form:
        """The fraction with every factor below divided out of the numerator as often as it goes."""
        if not above or not below:
            return Form(above, {} if not above else below)
        left = {}
        for g, e in below.items():
            value = self.generators[g].value
            order = self.order(value)
            while e and generators_of(above).issuperset(order):
                self.spend(len(above) * len(value))
                quotient = exact_quotient(above, value, order)
                if quotient is None:
                    break
                above, e = quotient, e - 1
            if e:
                left[g] = e
        return Form(above, left)

    # -- relations -------------------------------------------------------------------------------

    def _settled(self, p: Polynomial) -> Form:
        """The polynomial with the relations of its generators used."""
        if not self._special or all(self._is_settled(m) for m in p):
            return Form(p)
        self.spend(len(p))
        done = {m: c for m, c in p.items() if self._is_settled(m)}
        return self.plus(Form(done), *(self._settled_term(m, c) for m, c in p.items() if m not in done))

    def _is_settled(self, m: Monomial) -> bool:
        return not any(g in self._special and not self._in_range(g, e) for g, e in m)

    def _in_range(self, g: int, e: Number) -> bool:
        kind = self.generators[g].kind
        return e == 1 if kind is Kind.BRACKET else 0 < e < (2 if kind is Kind.ABSOLUTE else 1)

    def _settled_term(self, m: Monomial, c: Number) -> Form:
        left: Monomial = UNIT
        wholes: list[tuple[int, int]] = []
        for g, e in m:
            generator = self.generators[g]
            if g not in self._special or self._in_range(g, e):
                left = joined(left, ((g, e),))
            elif generator.kind is Kind.BRACKET:
                if e < 0:
                    raise TooLarge("a formula divides by a bracket, which may be zero")
                left = joined(left, ((g, 1),))
            elif generator.kind is Kind.ABSOLUTE:
                pairs = 2 * floor(Fraction(e) / 2)
                left = joined(left, ((g, _whole(e - pairs)),)) if e != pairs else left
                left = joined(left, ((generator.base, pairs),))
            else:
                whole = floor(e)
                left = joined(left, ((g, _whole(e - whole)),)) if e != whole else left
                wholes.append((g, whole))
        first = self._settled({left: c}) if not self._is_settled(left) else Form({left: c})
        return self.times(first, *(self.power(Form(self.generators[g].value), k) for g, k in wholes))

    # -- expressions -----------------------------------------------------------------------------

    def expression(self, form: Form) -> Expr:
        """The form as a SymPy expression."""
        self.spend(2 * len(form.above))
        above = Add(*(sympy_number(c) * self.term(m) for m, c in form.above.items()))
        return above / Mul(*(self.generators[g].expr ** e for g, e in form.below.items())) if form.below else above

    def term(self, m: Monomial) -> Expr:
        """A monomial as a SymPy expression."""
        return Mul(*(self.raised(g, e) for g, e in m))

    def raised(self, g: int, e: Number) -> Expr:
        """A power of a generator as a SymPy expression."""
        expr = self.generators[g].expr
        return expr if e == 1 else Pow(expr, sympy_number(e))


def sympy_number(value: Number) -> Rational:
    """A number for SymPy."""
    number: Rational = Integer(value) if isinstance(value, int) else Rational(value.numerator, value.denominator)
    return number


def python_number(value: Rational) -> Number:
    """A number from SymPy."""
    return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))


def _sum_of_powers(*parts: Mapping[int, int]) -> dict[int, int]:
    total: dict[int, int] = {}
    for part in parts:
        for g, e in part.items():
            total[g] = total.get(g, 0) + e
    return total


def _whole(value: Number) -> Number:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def product_of(ring: Ring, powers: Iterable[tuple[int, Number]]) -> Form:
    """A product of powers of generators."""
    return ring.times(*(ring.scaled(ONE, 1, ((g, e),)) for g, e in powers))
