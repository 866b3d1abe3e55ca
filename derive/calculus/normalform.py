"""The normal form that decides equality: a rational function of algebraically independent atoms.

Every subtree that is not +, ·, ^ of an integer becomes a generator in a form of its own: entries and scalars as
they are; e^z one generator for each independent term of z (e^{a+b} = e^a e^b); log split over the factors that
are certainly positive; b^z = e^{z log b} for b > 0; functions of rows by their textbook form; sums by
`contraction`; products of positive terms as e^{Σ log}. SymPy's polynomial fields do the rest.
`simplify` is never used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import (
    QQ,
    Add,
    Basic,
    Dummy,
    Expr,
    Function,
    Idx,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    NumberSymbol,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    ilcm,
    log,
)
from sympy.polys.fields import FracElement
from sympy.polys.fields import field as fraction_field

from ..rows.functions import RowFunction
from ..vocabulary import Inside, Partial
from .contraction import collapse, contraction, flatten
from .indices import bound_in, free_indices, rename_bound
from .positivity import NO_FACTS, Facts, positive

ZERO, ONE = Integer(0), Integer(1)
LARGEST_POWER = 64


class TooLarge(ValueError):
    """The normal form of an expression would be too large to be worth computing."""


def normal_form(expr: Expr, facts: Facts = NO_FACTS) -> Expr:
    """The normal form as a SymPy expression; equal expressions with equal normal forms are equal.

    Args:
        expr: an index expression (docs/architecture.md).
        facts: plain name -> domain, for logarithms, roots and powers.
    Returns: an expression that `==` compares structurally.
    Raises: TooLarge: if a power is beyond what polynomials can hold.
    """
    return Normaliser(facts).normal(expr)


def is_zero(expr: Expr, facts: Facts = NO_FACTS) -> bool:
    """Whether the expression is certainly zero: its normal form is, in every case of its deltas and brackets."""
    return Normaliser(facts).zero(expr)


@dataclass
class Normaliser:
    """One computation: the facts it may use and the forms already known."""

    facts: Facts
    known: dict[Expr, Expr] = field(default_factory=dict)

    def normal(self, expr: Expr) -> Expr:
        """The normal form of one expression."""
        found = self.known.get(expr)
        if found is None:
            found = self.known[expr] = self.fraction(expr).as_expr()
        return found

    def fraction(self, expr: Expr) -> Fraction:
        """Numerator and denominator over the generators of this expression."""
        table = _Table()
        tree = _integral_powers(self._atomise(expr, table), table)
        symbols = sorted(table.symbols, key=lambda s: _order(table.symbols[s]))
        if not symbols:
            return Fraction(None, tree, {})
        _, *elements = fraction_field(symbols, QQ)
        try:
            value = _evaluate(tree, dict(zip(symbols, elements, strict=True)))
        except ZeroDivisionError:
            raise TooLarge(f"division by zero in {expr}") from None
        return Fraction(_reduced(value, symbols, table), ZERO, table.symbols)

    def zero(self, expr: Expr) -> bool:
        """Zero in every case that the free deltas and brackets distinguish."""
        form = self.fraction(expr)
        above = form.above
        if above == 0:
            return True
        choice = next(iter(sorted(above.atoms(KroneckerDelta, Inside), key=str)), None)
        if choice is None:
            return self._merged_zero(above)
        if free_indices(choice) - free_indices(above):
            return False
        return all(self.zero(case) for case in _cases(above, choice))

    def _merged_zero(self, above: Expr) -> bool:
        """Whether sums over one range, taken together again, vanish: Σ a/(a+b) + Σ b/(a+b) − Σ 1."""
        sums: dict[tuple[Expr, ...], Expr] = {}
        loose = ZERO
        for term in Add.make_args(above.expand()):
            heads = [f for f in Mul.make_args(term) if isinstance(f, Sum)]
            if not heads:
                loose += term
                continue
            head = max(heads, key=lambda s: (len(s.limits), _order(s)))
            inner = rename_bound(head, free_indices(term) - free_indices(head))
            rest = Mul(*(f for f in Mul.make_args(term) if f is not head))
            limits = tuple(inner.limits)
            sums[limits] = sums.get(limits, ZERO) + rest * inner.function
        if loose != 0:  # r = Σ_i r / (number of i), which only one range can take up
            if len(sums) != 1:
                return False
            ((limits, body),) = sums.items()
            sums[limits] = body + loose / Mul(*(upper - lower + 1 for _, lower, upper in limits))
        if any(len(Add.make_args(body)) < 2 for body in sums.values()):
            return False
        return bool(sums) and all(self.fraction(body).above == 0 for body in sums.values())

    # -- subtrees to generators ------------------------------------------------------------------

    def _atomise(self, expr: Expr, table: _Table) -> Expr:
        """A tree of +, ·, ^rational over generator symbols."""
        if isinstance(expr, Rational):
            return expr
        if isinstance(expr, Add | Mul):
            return expr.func(*(self._atomise(a, table) for a in expr.args))
        for kind, method in _METHODS:
            if isinstance(expr, kind):
                return method(self, expr, table)
        return table.symbol(expr.func(*(self._argument(a) for a in expr.args)) if expr.args else expr)

    def _argument(self, arg: Basic) -> Basic:
        return self.normal(arg) if isinstance(arg, Expr) else arg.func(*map(self._argument, arg.args))

    def _name(self, expr: Expr, table: _Table) -> Expr:
        if isinstance(expr, Indexed):
            expr = expr.base[tuple(k.expand() for k in expr.indices)]
        return table.symbol(expr)

    def _delta(self, expr: KroneckerDelta, table: _Table) -> Expr:
        return table.symbol(KroneckerDelta(*(a.expand() for a in expr.args[:2])))

    def _row(self, expr: RowFunction, table: _Table) -> Expr:
        return self._atomise(expr.textbook, table)

    def _power(self, expr: Pow, table: _Table) -> Expr:
        base, power = expr.args
        if power.is_Integer:
            if abs(power) > LARGEST_POWER:
                raise TooLarge(f"the power {power} in a formula; the most that is expanded is {LARGEST_POWER}")
            return self._atomise(base, table) ** power
        return self._exp(power * log(base), table) if not isinstance(base, exp) else self._exp(
            power * base.args[0], table
        )

    def _exp(self, argument: Expr, table: _Table) -> Expr:
        """e^argument as a product over the terms of the normal form of the argument."""
        result = ONE
        for coefficient, term in self.terms(argument):
            result *= self._exp_term(coefficient, term, table)
        return result

    def _exp_term(self, coefficient: Rational, term: Expr, table: _Table) -> Expr:
        if isinstance(term, log):  # e^{c log u} = u^c
            base = term.args[0]
            if coefficient.is_Integer and abs(coefficient) <= LARGEST_POWER:
                return self._atomise(base, table) ** coefficient
            whole = coefficient.p // coefficient.q
            return self._atomise(base, table) ** whole * table.root(base, coefficient - whole)
        logs = [f for f in Mul.make_args(term) if isinstance(f, log)]
        if len(logs) == 1:
            return table.symbol(Pow(logs[0].args[0], term / logs[0], evaluate=False)) ** coefficient
        return table.symbol(exp(term)) ** coefficient

    def terms(self, expr: Expr) -> list[tuple[Rational, Expr]]:
        """The normal form of an expression as Σ coefficient · term with rational coefficients."""
        form = self.fraction(expr)
        below = ONE / form.below
        found = []
        for term in Add.make_args(form.above.expand()):
            coefficient, rest = term.as_coeff_Mul()
            if coefficient != 0:
                scale, below_rest = below.as_coeff_Mul()
                found.append((coefficient * scale, rest * below_rest))
        return found

    def _log(self, expr: log, table: _Table) -> Expr:
        """log u with the certainly positive factors of u split off."""
        coefficient, factors = self.factors(expr.args[0])
        result, whole = ZERO, ONE
        for base, power in factors:
            if positive(base, self.facts):
                result += power * self._log_factor(base, table)
            elif positive(-base, self.facts):
                result += power * self._log_factor(-base, table)
                coefficient *= (-1) ** power
            else:
                whole *= base**power
        if whole != 1 or coefficient <= 0:
            return result + table.symbol(log(self.normal(coefficient * whole)))
        for number, sign in ((coefficient.p, 1), (coefficient.q, -1)):
            for prime, power in _prime_factors(number):
                result += sign * power * table.symbol(log(prime, evaluate=False))
        return result

    def _log_factor(self, base: Expr, table: _Table) -> Expr:
        if isinstance(base, exp):
            return self._atomise(base.args[0], table)
        if isinstance(base, Pow):
            return self._atomise(base.args[1], table) * self._log_factor(base.args[0], table)
        if isinstance(base, Product):
            return self._atomise(Sum(log(base.function), *base.limits), table)
        return table.symbol(log(base, evaluate=False))

    def factors(self, expr: Expr) -> tuple[Rational, list[tuple[Expr, Integer]]]:
        """A rational coefficient and the irreducible factors of the normal form with their powers."""
        form = self.fraction(expr)
        if form.value is None:
            return form.constant, []
        found = []
        coefficient = ONE
        for part, sign in ((form.value.numer, 1), (form.value.denom, -1)):
            scale, factors = part.factor_list()
            coefficient *= Rational(scale.numerator, scale.denominator) ** sign
            found += [(form.expression(base), Integer(sign * power)) for base, power in factors]
        return coefficient, found

    def _sum(self, expr: Sum, table: _Table) -> Expr:
        """A sum as a combination of canonical contractions."""
        body = expr.function
        for limit in bound_in(expr):
            body = self._sum_over(body, limit)
        return self._atomise_canonical(body, table)

    def _sum_over(self, body: Expr, limit: tuple[Idx, Expr, Expr]) -> Expr:
        body = rename_bound(Sum(body, limit), _free_names(body, limit[0]))
        i, body = body.limits[0][0], body.function
        form = self.fraction(body)
        below = [(b, -p) for b, p in self._split(form, i)]
        outside = Mul(*(b**p for b, p in below if i not in free_indices(b)))
        under = [b**p for b, p in below if i in free_indices(b)]
        total = ZERO
        for term in Add.make_args(form.above.expand()):
            coefficient, rest = term.as_coeff_Mul()
            total += coefficient * self._contract((*Mul.make_args(rest), *under), (i,))
        return outside * total

    def _split(self, form: Fraction, i: Idx) -> list[tuple[Expr, Integer]]:
        if form.value is None:
            return [(form.below, ONE)]
        scale, factors = form.value.denom.factor_list()
        number = Rational(scale.numerator, scale.denominator)
        return [(number, ONE), *((form.expression(b), Integer(p)) for b, p in factors)]

    def _contract(self, factors: tuple[Expr, ...], bound: tuple[Idx, ...]) -> Expr:
        flat, indices = flatten(tuple(f for f in factors if f != 1), bound)
        left, rest = collapse(flat, indices)
        if rest != indices:  # what a delta made equal may now cancel
            body = Mul(*left)
            for i in rest:
                body = Sum(body, (i, i.lower, i.upper))
            return self.normal(body)
        return contraction(left, rest)

    def _atomise_canonical(self, expr: Expr, table: _Table) -> Expr:
        """Like `_atomise`, for an expression whose sums are canonical already."""
        if isinstance(expr, Sum):
            return table.symbol(expr)
        if isinstance(expr, Add | Mul):
            return expr.func(*(self._atomise_canonical(a, table) for a in expr.args))
        if isinstance(expr, Pow) and expr.args[1].is_Integer:
            return self._atomise_canonical(expr.args[0], table) ** expr.args[1]
        return self._atomise(expr, table)

    def _product(self, expr: Product, table: _Table) -> Expr:
        if positive(expr.function, self.facts):
            return self._exp(Sum(log(expr.function), *expr.limits), table)
        return table.symbol(Product(self.normal(expr.function), *expr.limits))


_METHODS = (
    (NumberSymbol, Normaliser._name),
    (Idx, Normaliser._name),
    (Indexed, Normaliser._name),
    (Symbol, Normaliser._name),
    (Pow, Normaliser._power),
    (exp, lambda self, e, table: self._exp(e.args[0], table)),
    (log, Normaliser._log),
    (RowFunction, Normaliser._row),
    (Sum, Normaliser._sum),
    (Product, Normaliser._product),
    (KroneckerDelta, Normaliser._delta),
    (Partial, lambda self, e, table: table.symbol(e)),
    (Function, lambda self, e, table: table.symbol(e.func(*(self._argument(a) for a in e.args)))),
)


@dataclass
class _Table:
    """The generators of one fraction: a positive dummy for each, and which power of it the dummy stands for."""

    symbols: dict[Symbol, Expr] = field(default_factory=dict)
    known: dict[Expr, Symbol] = field(default_factory=dict)

    def symbol(self, generator: Expr) -> Symbol:
        if generator not in self.known:
            dummy = Dummy(f"g{len(self.known)}", positive=True)
            self.known[generator] = dummy
            self.symbols[dummy] = generator
        return self.known[generator]

    def root(self, base: Expr, power: Rational) -> Expr:
        """base^(p/q) as the p-th power of the generator base^(1/q)."""
        return self.symbol(Pow(base, Rational(1, power.q), evaluate=False)) ** power.p


@dataclass(frozen=True)
class Fraction:
    """A reduced fraction over generators, or a constant."""

    value: FracElement | None
    constant: Expr
    generators: Mapping[Symbol, Expr]

    def expression(self, polynomial: object) -> Expr:
        """A polynomial over the generators as an expression."""
        return polynomial.as_expr().xreplace(self.generators)  # type: ignore[attr-defined]

    @property
    def above(self) -> Expr:
        return self.constant if self.value is None else self.expression(self.value.numer)

    @property
    def below(self) -> Expr:
        return ONE if self.value is None else self.expression(self.value.denom)

    def as_expr(self) -> Expr:
        return self.above / self.below


def _evaluate(tree: Expr, elements: Mapping[Symbol, FracElement]) -> FracElement:
    if isinstance(tree, Symbol):
        return elements[tree]
    if isinstance(tree, Rational):
        return next(iter(elements.values())).field(QQ(tree.p, tree.q))
    if isinstance(tree, Pow):
        return _evaluate(tree.args[0], elements) ** int(tree.args[1])
    values = [_evaluate(a, elements) for a in tree.args]
    result = values[0]
    for value in values[1:]:
        result = result + value if isinstance(tree, Add) else result * value
    return result


def _integral_powers(tree: Expr, table: _Table) -> Expr:
    """Write g^(p/q) with h = g^(1/q) for the common q of each generator, so that only integer powers are left."""
    roots: dict[Symbol, int] = {}
    for power in tree.atoms(Pow):
        base, e = power.args
        if isinstance(base, Symbol) and e.is_Rational and not e.is_Integer:
            roots[base] = int(ilcm(roots.get(base, 1), e.q))
    if not roots:
        return tree
    for dummy, q in roots.items():
        generator = table.symbols[dummy]
        table.symbols[dummy] = exp(generator.args[0] / q) if isinstance(generator, exp) else Pow(
            generator, Rational(1, q)
        )
    return tree.xreplace({d: d**q for d, q in roots.items()})


def _reduced(value: FracElement, symbols: list[Symbol], table: _Table) -> FracElement:
    """Use what generators satisfy: δ² = δ, [·]² = [·], (u^(1/q))^q = u for u itself a generator or a number."""
    numerator = value.numer
    ring = numerator.ring
    changed = ring.zero
    for monomial, coefficient in numerator.terms():
        exponents = list(monomial)
        for k, s in enumerate(symbols):
            if isinstance(table.symbols[s], KroneckerDelta | Inside) and exponents[k] > 1:
                exponents[k] = 1
        changed += ring({tuple(exponents): coefficient})
    return value if changed == numerator else value.field(changed) / value.field(value.denom)


def _cases(expr: Expr, choice: Expr) -> tuple[Expr, ...]:
    """The expression where a delta or bracket is 0, and where it is 1."""
    from .indices import substitute

    if isinstance(choice, KroneckerDelta):
        a, b = choice.args[:2]
        old, new = (a, b) if isinstance(a, Idx) else (b, a)
        return expr.xreplace({choice: ZERO}), substitute(expr.xreplace({choice: ONE}), {old: new})
    return expr.xreplace({choice: ZERO}), expr.xreplace({choice: ONE})


def _free_names(body: Expr, i: Idx) -> set[Basic]:
    return free_indices(body) - {i}


def _prime_factors(number: int) -> list[tuple[Integer, int]]:
    from sympy import factorint

    return [(Integer(p), k) for p, k in factorint(number).items()] if 1 < number < 10**12 else (
        [(Integer(number), 1)] if number > 1 else []
    )


def _order(expr: Expr) -> str:
    from .contraction import _key

    return _key(expr)
