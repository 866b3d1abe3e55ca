"""Proofs of a ≤ b: b − a is a sum of squares and of what is positive, or follows from Cauchy–Schwarz or convexity.

- b − a ≥ 0 by the signs of its terms, in its own form or in normal form, with sums over one range taken together;
- a quadratic form with a positive semidefinite matrix of numbers: a² − 2ab + b²;
- a polynomial in one letter or function value that has no root of odd order within its domain: u(1 − u) ≤ 1/4;
- a convex function of one letter is not less than at its minimum: log x ≤ x − 1;
- (Σ a b)² ≤ Σ a² Σ b², and what follows by squaring: |x·y| ≤ ‖x‖‖y‖, ‖x + y‖ ≤ ‖x‖ + ‖y‖.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Integer,
    Matrix,
    Max,
    Mul,
    Poly,
    PolynomialError,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    fraction,
    log,
    oo,
    sqrt,
    together,
)

from .calculus.indices import transform
from .calculus.normalform import TooLarge, normal_form
from .calculus.positivity import Facts, nonnegative, positive
from .calculus.trees import args_of
from .model import Model
from .prove import carried_out, prove, reliable_facts
from .quantities import Domain
from .rows.functions import RowFunction
from .vocabulary import Partial, is_name, name_of, names_in

MARGIN = Rational(1, 1000)
MOST_UNFOLDINGS = 40
MOST_ATOMS = 6
STATIONARY = (Integer(0), Integer(1), Integer(-1), Integer(1) / 2, Integer(2))
ENDS: Mapping[Domain, tuple[Expr, Expr]] = {
    Domain.POSITIVE: (Integer(0), oo),
    Domain.NONNEGATIVE: (Integer(0), oo),
    Domain.UNIT: (Integer(0), Integer(1)),
}


def prove_order(lower: Expr, upper: Expr, model: Model) -> bool:
    """Whether lower ≤ upper certainly holds at all sizes and all values in the domains; False if it is not known.

    Args:
        lower: an expression in the names of the model; derivatives are carried out.
        upper: another.
        model: gives definitions, unfolded where the names alone do not show it, and domains.
    """
    facts = reliable_facts(model)
    try:
        lower, upper = carried_out(lower, model), carried_out(upper, model)
        if lower.has(Partial) or upper.has(Partial):
            return False
        pairs = {(lower, upper): None, (_unfolded(lower, model), _unfolded(upper, model)): None}
        return any(_not_less(b, a, facts, model) for a, b in pairs)
    except (TooLarge, RecursionError, PolynomialError):
        return False


def prove_strict_order(lower: Expr, upper: Expr, model: Model) -> bool:
    """Whether lower < upper certainly holds, as `prove_order`."""
    facts = reliable_facts(model)
    try:
        gap = carried_out(_unfolded(upper - lower, model), model)
        if any(positive(form, facts) for form in (gap, normal_form(gap, facts))):
            return True
    except (TooLarge, RecursionError):
        return False
    return prove_order(lower + MARGIN, upper, model)


def _unfolded(expr: Expr, model: Model) -> Expr:
    """The expression with the names of the model that are no recursions written out."""
    for _ in range(MOST_UNFOLDINGS):
        names = {name_of(a) for a in names_in(expr)} & set(model.defined)
        open_ = [n for n in names if not model.recurs(n)]
        if not open_:
            return expr
        expr = carried_out(model.unfold(expr, *open_), model)
    return expr


def _not_less(upper: Expr, lower: Expr, facts: Facts, model: Model) -> bool:
    if isinstance(lower, Max):
        return all(_not_less(upper, a, facts, model) for a in args_of(lower))
    if isinstance(upper, Max) and any(_not_less(a, lower, facts, model) for a in args_of(upper)):
        return True
    if isinstance(upper, log) and _is_nonnegative(upper.args[0] - exp(lower), facts):  # x ≤ log A as e^x ≤ A
        return True
    return _is_nonnegative(upper - lower, facts) or _by_squares(upper, lower, facts, model)


def _is_nonnegative(expr: Expr, facts: Facts) -> bool:
    """By signs, as a quadratic form, as a polynomial of one letter, or as a convex function of one."""
    plain = normal_form(expr, facts)
    forms = dict.fromkeys((expr, plain, _together(plain)))
    if any(nonnegative(form, facts) for form in forms):
        return True
    above, below = fraction(together(plain)) if not plain.has(Sum) else (plain, Integer(1))
    if not nonnegative(below, facts):
        return _is_convex_above(expr, facts)
    polynomials = (expr.expand(), above, *_bodies(plain))
    if any(_is_sum_of_squares(p, facts) for p in polynomials):
        return True
    return _is_convex_above(expr, facts)


# -- sums taken together -------------------------------------------------------------------------------


def _together(expr: Expr) -> Expr:
    """Σ a² − 2 Σ a b + Σ b² as Σ (a² − 2 a b + b²), for sums over one range with numbers before them."""
    found: dict[object, tuple[Sum, Expr]] = {}
    rest: list[Expr] = []
    for term in Add.make_args(expr):
        scale, inner = term.as_coeff_Mul()
        if isinstance(inner, Sum):
            total = found.get(inner.limits, (inner, Integer(0)))[1]
            found[inner.limits] = inner, total + scale * inner.function
        else:
            rest.append(term)
    return Add(*rest, *(Sum(body, *first.limits) for first, body in found.values()))


def _bodies(expr: Expr) -> Iterator[Expr]:
    """What an expression that is one sum sums up."""
    whole = _together(expr)
    if isinstance(whole, Sum):
        yield whole.function


# -- polynomials -----------------------------------------------------------------------------------------


def _atoms_of(expr: Expr) -> dict[Expr, Dummy] | None:
    """A letter for each name, function value and exponential that stands outermost; None if there are too many."""
    found: dict[Expr, Dummy] = {}

    def lettered(e: Expr) -> Expr | None:
        return found.setdefault(e, Dummy(real=True)) if is_name(e) or isinstance(e, RowFunction | exp | Abs) else None

    transform(expr, lettered)
    return found if 0 < len(found) <= MOST_ATOMS else None


def _is_sum_of_squares(expr: Expr, facts: Facts) -> bool:
    """Whether a polynomial is nowhere negative: one of degree two by its matrix, one of one letter by its roots."""
    atoms = _atoms_of(expr)
    if atoms is None:
        return False
    try:
        polynomial = Poly(expr.xreplace(atoms), *atoms.values())
    except PolynomialError:
        return False
    if not all(c.is_Rational for c in polynomial.coeffs()):
        return False
    if len(atoms) == 1:
        return _has_no_sign_change(polynomial, *_ends(next(iter(atoms)), facts))
    return polynomial.total_degree() == 2 and bool(_matrix(polynomial).is_positive_semidefinite)


def _matrix(polynomial: Poly) -> Matrix:
    """M with p(x) = (1, x)ᵀ M (1, x)."""
    count = len(polynomial.gens) + 1
    matrix = Matrix.zeros(count, count)
    for powers, coefficient in polynomial.terms():
        places = [k for k, n in enumerate(powers, start=1) for _ in range(n)]
        i, j = (*places, 0, 0)[:2]
        matrix[i, j] += coefficient / 2
        matrix[j, i] += coefficient / 2
    return matrix


def _ends(atom: Expr, facts: Facts) -> tuple[Expr, Expr]:
    """The interval in which a letter or a function value lies."""
    if isinstance(atom, exp | Abs):
        return Integer(0), oo
    if isinstance(atom, RowFunction):
        return ENDS.get(atom.row.range, (-oo, oo))
    domain = facts.get(name_of(atom), Domain.REAL)
    return ENDS.get(domain, (-oo, oo))


def _has_no_sign_change(polynomial: Poly, low: Expr, high: Expr) -> bool:
    """Whether a polynomial of one letter is nowhere negative in an interval."""
    odd = Poly(1, polynomial.gen)
    for factor, power in polynomial.sqf_list()[1]:
        odd = odd * factor if power % 2 else odd
    inside = odd.count_roots(None if low == -oo else low, None if high == oo else high)
    inside -= sum(1 for end in (low, high) if end.is_finite and odd(end) == 0)
    middle = Integer(0) if low == -oo else (low + high) / 2 if high.is_finite else low + 1
    places = (middle, middle + Integer(1) / 7, middle - Integer(1) / 9)  # a root of even order may lie at one
    return not inside and all(polynomial(p) >= 0 for p in places)


# -- convexity -------------------------------------------------------------------------------------------


def _is_convex_above(expr: Expr, facts: Facts) -> bool:
    """Whether a convex function of one number is nowhere negative, because it is not where it is least."""
    names = set(names_in(expr))
    if len(names) != 1 or expr.has(Sum, RowFunction, Abs):
        return False
    (name,) = names
    if not is_name(name) or expr.free_symbols - name.free_symbols:
        return False
    positive = facts.get(name_of(name)) in (Domain.POSITIVE, Domain.UNIT)
    x = Symbol("x", real=True, positive=True) if positive else Symbol("x", real=True)
    body = expr.xreplace({name: x})
    if any(p.exp.is_negative and p.has(x) for p in body.atoms(Pow)) or any(
        f.args[0].diff(x, 2) for f in body.atoms(log)
    ):
        return False
    bend = together(body.diff(x, 2))
    if not all(nonnegative(part, {"x": facts.get(name_of(name), Domain.REAL)}) for part in fraction(bend)):
        return False
    return any(_is_least_at(body, x, at) for at in STATIONARY)


def _is_least_at(body: Expr, x: Symbol, at: Expr) -> bool:
    slope, value = body.diff(x).subs(x, at), body.subs(x, at)
    return bool(slope.is_number and slope.equals(0) and value.is_real and value.is_nonnegative)


# -- Cauchy–Schwarz, and squaring -------------------------------------------------------------------------


def _by_squares(upper: Expr, lower: Expr, facts: Facts, model: Model) -> bool:
    """Whether lower² ≤ upper² for upper ≥ 0, where one of them has a root or a magnitude of a sum."""
    if not upper.has(Sum) or not nonnegative(upper, facts):
        return False
    if _is_product_of_norms(normal_form(upper, facts), normal_form(lower, facts), model):
        return True
    inner = lower.replace(lambda e: isinstance(e, Abs), lambda e: e.args[0]) if isinstance(lower, Abs) else lower
    above, below = (normal_form(side**2, facts) for side in (upper, inner))
    if _is_product_of_norms(above, below, model):
        return True
    left = normal_form(above - below, facts)  # ‖x‖² + 2‖x‖‖y‖ + ‖y‖² − ‖x + y‖² = 2(‖x‖‖y‖ − x·y)
    terms = Add.make_args(left)
    roots = [t for t in terms if t.has(sqrt(Integer(2)).func) and _is_root(t)]
    if len(roots) != 1 or len(terms) != 2:
        return False
    other = normal_form(roots[0] - left, facts)
    squares = normal_form(roots[0] ** 2, facts), normal_form(other**2, facts)
    return nonnegative(roots[0], facts) and _is_product_of_norms(*squares, model)


def _is_root(term: Expr) -> bool:
    return any(p.exp.is_Rational and p.exp.q == 2 for p in term.atoms(Pow))


def _is_product_of_norms(above: Expr, below: Expr, model: Model) -> bool:
    """Whether above = c Σ a² Σ b² and below = c (Σ a b)² for a number c > 0."""
    scale = below.as_coeff_Mul()[0]
    if not scale.is_positive:
        return False
    for term in below.atoms(Sum):
        factors = Mul.make_args(term.function)
        for count in range(1, len(factors) // 2 + 1):
            for chosen in combinations(factors, count):
                a = Mul(*chosen)
                b = Mul(*(f for f in factors if f not in chosen))
                sums = [Sum(e**2, *term.limits) for e in (a, b)]
                if prove(above, Mul(*sums) * scale, model) and prove(below, term**2 * scale, model):
                    return True
    return False
