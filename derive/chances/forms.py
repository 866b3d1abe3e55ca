"""The normal form of a term about probabilities: a sum of products of powers of atoms.

An atom is a mass of a joint distribution, an outcome, a name, a logarithm, a total that no law takes apart, …
Equal normal forms are equal whatever the distributions are, and however many outcomes there are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .terms import (
    SLOPE,
    Applied,
    At,
    Event,
    Exp,
    Log,
    Mass,
    Name,
    Number,
    Outcome,
    Over,
    Plus,
    Power,
    Term,
    Times,
    Total,
)

MOST_TERMS = 400


class TooLarge(ValueError):
    """A normal form with more terms than are worth comparing."""


@dataclass(frozen=True)
class Joint:
    """p(events), the mass of a joint distribution; positive."""

    family: str
    events: frozenset[Event]


@dataclass(frozen=True)
class Atom:
    """Anything else that no law takes apart: its kind, and what tells it from others of that kind."""

    kind: str
    content: tuple[Any, ...]


def is_slope(atom: Joint | Atom) -> bool:
    """Whether an atom is the derivative of a mass, which has any sign."""
    return isinstance(atom, Joint) and atom.family.startswith(SLOPE)


Monomial = frozenset[tuple["Joint | Atom", Fraction]]
Form = Mapping[Monomial, Fraction]
Frozen = frozenset[tuple[Monomial, Fraction]]

UNIT: Monomial = frozenset()
ONE: Form = {UNIT: Fraction(1)}


def frozen(form: Form) -> Frozen:
    """The form as a value that can be part of an atom."""
    return frozenset(form.items())


def constant(value: Fraction | int) -> Form:
    """A number as a form."""
    return {UNIT: Fraction(value)} if value else {}


def single(atom: Joint | Atom, power: Fraction | int = 1) -> Form:
    """atom^power; the mass of no event is 1, and its derivative 0."""
    if isinstance(atom, Joint) and not atom.events:
        return {} if is_slope(atom) else ONE
    return {frozenset({(atom, Fraction(power))}): Fraction(1)}


def add(*forms: Form) -> Form:
    """The sum."""
    total: dict[Monomial, Fraction] = {}
    for form in forms:
        for monomial, factor in form.items():
            total[monomial] = total.get(monomial, Fraction(0)) + factor
    return {m: c for m, c in total.items() if c}


def scaled(form: Form, factor: Fraction | int) -> Form:
    """factor · form."""
    return {m: c * factor for m, c in form.items()} if factor else {}


def multiply(*forms: Form) -> Form:
    """The product, written out.

    Raises: TooLarge: if it has too many terms.
    """
    product: Form = ONE
    for form in forms:
        if len(product) * len(form) > MOST_TERMS:
            raise TooLarge("the two sides have too many terms to be compared")
        product = add(*({_joined(m, n): c * d} for m, c in product.items() for n, d in form.items()))
    return product


def _joined(first: Monomial, second: Monomial) -> Monomial:
    powers = dict(first)
    for atom, power in second:
        powers[atom] = powers.get(atom, Fraction(0)) + power
    return frozenset((a, p) for a, p in powers.items() if p)


def raised(form: Form, power: Fraction) -> Form:
    """form^power; the reciprocal of a sum is an atom, as is its root."""
    if not form:
        return {} if power > 0 else single(Atom("power", (frozen(form), power)))
    if len(form) == 1:
        ((monomial, factor),) = form.items()
        if factor == 1 or power.denominator == 1:
            return {frozenset((a, p * power) for a, p in monomial): factor ** int(power) if factor != 1 else factor}
    if power.denominator == 1 and 0 < power <= 4:
        return multiply(*[form] * int(power))
    return single(Atom("sum", (frozen(form),)), power)


def log_of(form: Form) -> Form:
    """The logarithm, split over the factors of a product."""
    if len(form) == 1:
        ((monomial, factor),) = form.items()
        if factor > 0:
            logs = [scaled(_log_of_atom(a), p) for a, p in monomial]
            return add(*logs, single(Atom("log", (factor,))) if factor != 1 else {})
    return single(Atom("log", (frozen(form),)))


def _log_of_atom(atom: Joint | Atom) -> Form:
    if isinstance(atom, Atom) and atom.kind == "exp":
        return dict(atom.content[0])
    if isinstance(atom, Atom) and atom.kind == "product":
        index, lower, upper, body = atom.content
        return _summed("index", lower, upper, log_of(dict(renamed(body, {index: "index"}))))
    return single(Atom("log", (atom,)))


def exp_of(form: Form) -> Form:
    """The exponential, a product over the terms; exp of a logarithm is what it is the logarithm of."""
    product: Form = ONE
    for monomial, factor in form.items():
        ((atom, power),) = monomial if len(monomial) == 1 else ((None, Fraction(0)),)
        if isinstance(atom, Atom) and atom.kind == "log" and power == 1 and isinstance(atom.content[0], Joint | Atom):
            product = multiply(product, single(atom.content[0], factor))
        elif isinstance(atom, Atom) and atom.kind == "log" and power == 1 and isinstance(atom.content[0], frozenset):
            product = multiply(product, raised(dict(atom.content[0]), factor))
        else:
            product = multiply(product, single(Atom("exp", (frozenset({(monomial, Fraction(1))}),)), factor))
    return product


# -- values that occur, and their names ---------------------------------------------------------------


def values_in(thing: Any) -> set[str]:
    """The letters of values and indices that occur in an atom, a monomial or a form."""
    if isinstance(thing, Event):
        return values_in(thing.value)
    if isinstance(thing, At):
        return {thing.letter, thing.index}
    if isinstance(thing, Joint):
        return set().union(*(values_in(e) for e in thing.events))
    if isinstance(thing, Atom):
        return set().union(*(values_in(c) for c in thing.content[len(_kept(thing)) :]), ())
    if isinstance(thing, frozenset | tuple):
        return set().union(*(values_in(part) for part in thing), ())
    return {thing} if isinstance(thing, str) else set()


def _kept(atom: Atom) -> tuple[Any, ...]:
    """The part of an atom that is no letter of a value: the name of a variable or of a function."""
    return atom.content[:1] if atom.kind in ("outcome", "applied", "count") else ()


def renamed(thing: Any, names: Mapping[str, str]) -> Any:
    """The same with letters of values renamed."""
    if isinstance(thing, Event):
        return dataclasses.replace(thing, value=renamed(thing.value, names))
    if isinstance(thing, At):
        return At(letter=names.get(thing.letter, thing.letter), index=names.get(thing.index, thing.index))
    if isinstance(thing, Joint):
        return Joint(thing.family, frozenset(renamed(e, names) for e in thing.events))
    if isinstance(thing, Atom):
        kept = _kept(thing)
        return Atom(thing.kind, kept + tuple(renamed(c, names) for c in thing.content[len(kept) :]))
    if isinstance(thing, frozenset):
        return frozenset(renamed(part, names) for part in thing)
    if isinstance(thing, tuple):
        return tuple(renamed(part, names) for part in thing)
    return names.get(thing, thing) if isinstance(thing, str) else thing


# -- totals over outcomes -----------------------------------------------------------------------------

Bound = tuple[tuple[str, str], ...]


def total_of(bound: Bound, form: Form) -> Form:
    """Σ over all values of variables: linear, factors free of them in front, what is summed out left out."""
    return add(*(scaled(_total(bound, monomial), factor) for monomial, factor in form.items()))


def _total(bound: Bound, monomial: Monomial) -> Form:
    bound, monomial = _opened(bound, monomial)
    outside: Form = ONE
    left = list(bound)
    while left:
        found = next((b for b in left if _summed_out(b, monomial) is not None), None)
        if found is None:
            break
        factor, monomial = _summed_out(found, monomial) or (ONE, monomial)
        outside = multiply(outside, factor)
        left.remove(found)
    for group, inside in _components(left, monomial):
        outside = multiply(outside, _closed(group, inside) if group else {inside: Fraction(1)})
    return outside


def _opened(bound: Bound, monomial: Monomial) -> tuple[Bound, Monomial]:
    """Totals inside that depend on what is bound outside become part of the outer one."""
    letters = {letter for _, letter in bound}
    for atom, power in monomial:
        if isinstance(atom, Atom) and atom.kind == "total" and power == 1 and letters & values_in(atom):
            inner, body = atom.content
            fresh = {old: f"{old}'{len(bound)}" for old in inner}
            rest = monomial - {(atom, power)}
            more = tuple((variable_of(old), fresh[old]) for old in inner)
            return _opened((*bound, *more), _joined(rest, renamed(body, fresh)))
    return bound, monomial


def _summed_out(bound: tuple[str, str], monomial: Monomial) -> tuple[Form, Monomial] | None:
    """Σ_z p(x, z) = p(x), where z occurs nowhere else; without z at all, the number of its values."""
    variable, letter = bound
    holding = [(a, p) for a, p in monomial if letter in values_in(a)]
    if not holding:
        return single(Atom("count", (variable,))), monomial
    atom, power = holding[0]
    event = Event(variable=variable, value=letter)
    if len(holding) > 1 or power != 1 or not isinstance(atom, Joint) or event not in atom.events:
        return None
    less = Joint(atom.family, atom.events - {event})
    if letter in values_in(less):
        return None
    if not single(less):
        return {}, monomial
    return ONE, _joined(monomial - {(atom, power)}, next(iter(single(less))))


def _components(bound: Iterable[tuple[str, str]], monomial: Monomial) -> list[tuple[Bound, Monomial]]:
    """Σ_x Σ_y f(x) g(y) as two: the bound values that share an atom, with their atoms; what is free of them."""
    groups: list[tuple[set[tuple[str, str]], set[Any]]] = [({b}, set()) for b in bound]
    free = set()
    for item in monomial:
        touched = [g for g in groups if {letter for _, letter in g[0]} & values_in(item[0])]
        if not touched:
            free.add(item)
            continue
        merged = (set().union(*(g[0] for g in touched)), set().union(*(g[1] for g in touched)) | {item})
        groups = [g for g in groups if g not in touched] + [merged]
    return [(tuple(sorted(g)), frozenset(m)) for g, m in groups] + [((), frozenset(free))]


def _closed(bound: Bound, monomial: Monomial) -> Form:
    """A total as an atom, its bound values named by their variables."""
    taken = values_in(monomial) - {letter for _, letter in bound}
    names: dict[str, str] = {}
    for variable, letter in bound:
        k = 0
        while f"#{variable}.{k}" in taken or f"#{variable}.{k}" in names.values():
            k += 1
        names[letter] = f"#{variable}.{k}"
    return single(Atom("total", (tuple(sorted(names.values())), renamed(monomial, names))))


def variable_of(name: str) -> str:
    """The variable over whose values the bound letter `#variable.k` runs."""
    return name[1 : name.rindex(".")]


# -- sums and products over data points ---------------------------------------------------------------


def _summed(index: str, lower: Frozen, upper: Frozen, form: Form) -> Form:
    return add(*(scaled(_summed_one(index, lower, upper, m), c) for m, c in form.items()))


def _summed_one(index: str, lower: Frozen, upper: Frozen, monomial: Monomial) -> Form:
    inside = frozenset((a, p) for a, p in monomial if index in values_in(a))
    outside = {monomial - inside: Fraction(1)}
    if not inside:
        return multiply(outside, add(dict(upper), scaled(dict(lower), -1), ONE))
    new = _index_name(inside)
    body = frozenset({(renamed(inside, {index: new}), Fraction(1))})
    return multiply(outside, single(Atom("over", (new, lower, upper, body))))


def _index_name(inside: Monomial) -> str:
    taken = values_in(inside)
    return next(name for k in range(99) if (name := f"#{k}") not in taken)


def _product(index: str, lower: Frozen, upper: Frozen, form: Form) -> Form:
    """∏ over data points: factor by factor; of a sum an atom."""
    if len(form) != 1:
        new = _index_name(frozenset(m for mono in form for m in mono))
        return single(Atom("product", (new, lower, upper, renamed(frozen(form), {index: new}))))
    ((monomial, factor),) = form.items()
    count = add(dict(upper), scaled(dict(lower), -1), ONE)
    found = exp_of(multiply(count, log_of(constant(factor)))) if factor != 1 else ONE
    for atom, power in monomial:
        if index in values_in(atom):
            new = _index_name(frozenset({(atom, power)}))
            body = renamed(frozen(single(atom)), {index: new})
            found = multiply(found, single(Atom("product", (new, lower, upper, body)), power))
        else:
            found = multiply(found, exp_of(multiply(count, scaled(log_of(single(atom)), power))))
    return found


# -- terms --------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def form_of(term: Term) -> Form:
    """The normal form of a term; nobody changes a form once it is made.

    Raises: TooLarge: if it has too many terms.
    """
    match term:
        case Number(value=value):
            return constant(value)
        case Name(text=text):
            return single(Atom("name", (text,)))
        case Outcome(variable=variable, value=value):
            return constant(value) if isinstance(value, Fraction) else single(Atom("outcome", (variable, value)))
        case Applied(name=name, arguments=arguments):
            return single(Atom("applied", (name, *(frozen(form_of(a)) for a in arguments))))
        case Mass(family=family, events=events, given=given):
            above = single(Joint(family, events | given))
            return multiply(above, single(Joint(family, given), -1)) if given else above
        case Plus(terms=terms):
            return add(*map(form_of, terms))
        case Times(factors=factors):
            return multiply(*map(form_of, factors))
        case Power(base=base, exponent=exponent):
            return _power(form_of(base), form_of(exponent))
        case Log(body=body):
            return log_of(form_of(body))
        case Exp(body=body):
            return exp_of(form_of(body))
        case Total(bound=bound, body=body):
            return total_of(bound, form_of(body))
        case Over(index=index, lower=lower, upper=upper, body=body, product=product):
            act = _product if product else _summed
            return act(index, frozen(form_of(lower)), frozen(form_of(upper)), form_of(body))


def _power(base: Form, exponent: Form) -> Form:
    if not exponent:
        return ONE
    if set(exponent) == {UNIT}:
        return raised(base, exponent[UNIT])
    return exp_of(multiply(exponent, log_of(base)))
