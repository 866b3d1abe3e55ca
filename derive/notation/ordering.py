"""In which order a textbook writes factors and terms, and where it puts signs and fraction bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Float,
    Function,
    Idx,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Number,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    log,
)

from ..vocabulary import Inside, Maximum, Partial, indices_of, is_name, name_of
from .names import Names

_BIG = (Sum, Product, Maximum)


@dataclass(frozen=True, kw_only=True)
class Factors:
    """A product taken apart: `± numerator/denominator · above/below`.

    Attributes:
        negative: its sign.
        numerator, denominator: of its rational coefficient, positive.
        above, below: the other factors, in no order yet.
    """

    negative: bool
    numerator: int
    denominator: int
    above: tuple[Expr, ...]
    below: tuple[Expr, ...]


def factors(expr: Expr) -> Factors:
    """The parts of a product; signs are gathered from all factors, `y - 1` counting as `-(1 - y)`."""
    negative, coefficient = False, Rational(1)
    above: list[Expr] = []
    below: list[Expr] = []
    alone = not isinstance(expr, Mul)
    for factor in Mul.make_args(expr):
        if isinstance(factor, Rational):
            coefficient *= factor
            continue
        content, factor = _content(factor, alone)
        coefficient *= content
        flipped, factor = _flipped(factor, alone)
        negative ^= flipped
        if isinstance(factor, Pow) and isinstance(factor.exp, Rational) and factor.exp.is_negative:
            below.append(Pow(factor.base, -factor.exp))
        else:
            above.append(factor)
    return Factors(
        negative=negative ^ bool(coefficient < 0),
        numerator=abs(int(coefficient.p)),
        denominator=int(coefficient.q),
        above=tuple(above),
        below=tuple(below),
    )


def is_negative(term: Expr) -> bool:
    """Whether the term is written with a minus before it."""
    return factors(term).negative


def arranged(parts: Sequence[Expr], names: Names) -> list[Expr]:
    """Factors in textbook order: numbers, scalars, brackets, `a(1 - a)` kept together, entries, functions, sums."""
    units = sorted(_units(parts), key=lambda unit: _unit_key(unit, names))
    flat = [factor for unit in units for factor in unit]
    partials = _chained([factor for factor in flat if isinstance(factor, Partial)])
    return [partials.pop(0) if isinstance(factor, Partial) else factor for factor in flat]


def ordered_terms(expr: Expr, names: Names) -> list[Expr]:
    """The terms of a sum in textbook order, a positive one first where there is one: `y - yhat`, `1 - h`, `i + 1`."""
    terms = sorted(Add.make_args(expr), key=lambda term: _term_key(term, names))
    constants = [term for term in terms if term.is_Number]
    others = [term for term in terms if not term.is_Number]
    terms = constants + others if _constant_leads(constants, others, expr) else others + constants
    first = next((k for k, term in enumerate(terms) if not is_negative(term)), 0)
    return [terms[first], *terms[:first], *terms[first + 1 :]]


def is_size(expr: Basic) -> bool:
    """Whether an expression is index arithmetic: sizes, indices and whole numbers only."""
    if isinstance(expr, Symbol | Idx | Integer):
        return bool(expr.is_integer)
    return isinstance(expr, Add | Mul) and all(map(is_size, expr.args))


def is_monomial(expr: Basic) -> bool:
    """Whether a factor is a name, a size, or a whole positive power of one."""
    if isinstance(expr, Pow):
        return isinstance(expr.exp, Integer) and bool(expr.exp > 0) and is_monomial(expr.base)
    return is_name(expr) or isinstance(expr, Symbol | Idx)


def has_big(expr: Basic) -> bool:
    """Whether a factor is set with a large operator that must not stand above a fraction bar."""
    return isinstance(expr, Sum | Product | Maximum | Partial | Piecewise)


def _content(factor: Expr, alone: bool) -> tuple[Rational, Expr]:
    """The number that all terms of a bracket share, and the bracket without it: `2y - 2p` is `2 (y - p)`."""
    if alone or not isinstance(factor, Add) or factor.has(Float):
        return Rational(1), factor
    content, primitive = factor.primitive()
    return content, primitive


def _flipped(factor: Expr, alone: bool) -> tuple[bool, Expr]:
    """The factor with the sign that is pulled out of it."""
    if isinstance(factor, Float) and factor < 0:
        return True, -factor
    base, exponent = factor.as_base_exp() if isinstance(factor, Pow) else (factor, Integer(1))
    if alone and exponent == 1:
        return False, factor
    if not (isinstance(base, Add) and isinstance(exponent, Integer) and _reads_better_negated(base)):
        return False, factor
    return bool(exponent % 2), Pow(Add(*[-term for term in base.args]), exponent)


def _reads_better_negated(base: Add) -> bool:
    signs = [_has_minus(term) for term in base.args]
    if all(signs):
        return True
    return len(base.args) == 2 and base.args[0] == -1 and is_name(base.args[1])


def _has_minus(term: Expr) -> bool:
    coefficient = term.as_coeff_Mul()[0]
    return bool(coefficient.is_negative)


def _constant_leads(constants: list[Expr], others: list[Expr], expr: Expr) -> bool:
    if not constants or is_size(expr) or is_negative(constants[0]):
        return False
    return len(others) == 1 or not any(_degree(term) for term in others if not is_negative(term))


def _units(parts: Sequence[Expr]) -> list[tuple[Expr, ...]]:
    """Factors, each `a` or power of it followed at once by its `1 - a`."""
    rest = sorted(parts, key=str)
    units: list[tuple[Expr, ...]] = []
    while rest:
        factor = rest.pop(0)
        base = _base(factor)
        complements = [other for other in rest if _base(other) == 1 - base] if not isinstance(base, Add) else []
        originals = [other for other in rest if _base(other) == 1 - base] if isinstance(base, Add) else []
        partner = next(iter(complements or originals), None)
        if partner is None or isinstance(base, Number):
            units.append((factor,))
            continue
        rest.remove(partner)
        units.append((factor, partner) if complements else (partner, factor))
    return units


def _base(factor: Expr) -> Expr:
    return factor.base if isinstance(factor, Pow) else factor


def _unit_key(unit: tuple[Expr, ...], names: Names) -> tuple[float, tuple[int, str], str]:
    base = _base(unit[0])
    rank = _rank(base, names)
    if len(unit) == 2 and rank != _ENTRY:
        rank = _PAIR
    return (rank, names.place(name_of(base)) if is_name(base) else (len(names.order), ""), str(unit[0]))


_NUMBER, _SIZE, _SCALAR, _BRACKET, _PAIR, _PARTIAL, _ENTRY, _DELTAS, _DELTA, _FUNCTION, _LOG, _LAST = range(12)


def _rank(base: Expr, names: Names) -> int:
    """The place of a kind of factor in a product."""
    if isinstance(base, Add):
        return _SIZE if is_size(base) else _DELTAS if base.has(KroneckerDelta, Inside) else _BRACKET
    if is_name(base):
        sample = int(names.has_sample_axis(name_of(base)))
        return _ENTRY if len(indices_of(base)) > sample else _SCALAR
    for kind, rank in _RANKS:
        if isinstance(base, kind):
            return rank
    return _FUNCTION


_RANKS: tuple[tuple[type | tuple[type, ...], int], ...] = (
    ((Symbol, Idx), _SIZE),
    (_BIG, _LAST),
    (Partial, _PARTIAL),
    ((KroneckerDelta, Inside), _DELTA),
    ((log, Piecewise), _LOG),
    ((Function, Abs), _FUNCTION),
    (Indexed, _ENTRY),
    (Expr, _NUMBER),
)


def _chained(partials: list[Partial]) -> list[Partial]:
    """Partials so that each continues the one before it: ∂L/∂y ∂y/∂h ∂h/∂x."""
    chain: list[Partial] = []
    rest = list(partials)
    while rest:
        inner = {partial.args[1] for partial in rest}
        head = next((p for p in rest if chain and p.args[0] == chain[-1].args[1]), None)
        head = head or next((p for p in rest if p.args[0] not in inner), rest[0])
        rest.remove(head)
        chain.append(head)
    return chain


def _degree(term: Expr) -> int:
    """The degree of a product of names; 0 for anything else."""
    parts = factors(term)
    if parts.below or not all(map(is_monomial, parts.above)):
        return 0
    return sum(int(part.exp) if isinstance(part, Pow) else 1 for part in parts.above)


def _term_key(term: Expr, names: Names) -> tuple[bool, bool, int, int, tuple[tuple[int, str], ...], str]:
    big = any(isinstance(part, _BIG) for part in factors(term).above)
    degree = _degree(term)
    size = 0 if degree else int(term.count_ops()) + len(term.atoms(Symbol))
    places = tuple(sorted(names.place(name_of(atom)) for atom in term.atoms(Symbol, Indexed) if is_name(atom)))
    return (big, degree == 0, -degree, size, places, str(term))
