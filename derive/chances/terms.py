"""Expressions about probabilities: masses of joint distributions, outcomes, sums and integrals over outcomes.

Every conditional is two masses of one joint distribution, p(x|z) = p(x,z) / p(z); an expected value is a total over
outcomes. A sum and an integral over all outcomes obey the same laws here and are one thing, a `Total`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial


@dataclass(frozen=True, kw_only=True)
class At:
    """The value of a variable at one data point: the x_i of Σ_i log p(x_i)."""

    letter: str
    index: str


Value = str | Fraction | At


@dataclass(frozen=True, kw_only=True)
class Event:
    """That a variable takes a value, or that it does not.

    Attributes:
        variable: the name of the variable.
        value: a letter, which is free or bound, a number, or the value at a data point.
        denied: whether the event is that it takes another value.
    """

    variable: str
    value: Value
    denied: bool = False


@dataclass(frozen=True, kw_only=True)
class Mass:
    """p(events | given) of the joint distribution `family`; a probability or a density."""

    family: str
    events: frozenset[Event]
    given: frozenset[Event] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number."""

    value: Fraction


@dataclass(frozen=True, kw_only=True)
class Name:
    """A number of which nothing is known."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The value of a variable as a number: the x of E[x] = Σ x p(x)."""

    variable: str
    value: Value


@dataclass(frozen=True, kw_only=True)
class Applied:
    """An unknown function of its arguments: f(x)."""

    name: str
    arguments: tuple[Term, ...]


@dataclass(frozen=True, kw_only=True)
class Plus:
    """A sum."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, kw_only=True)
class Times:
    """A product."""

    factors: tuple[Term, ...]


@dataclass(frozen=True, kw_only=True)
class Power:
    """base^exponent."""

    base: Term
    exponent: Term


@dataclass(frozen=True, kw_only=True)
class Log:
    """The natural logarithm."""

    body: Term


@dataclass(frozen=True, kw_only=True)
class Exp:
    """The exponential."""

    body: Term


@dataclass(frozen=True, kw_only=True)
class Total:
    """Σ or ∫ of `body` over all values of variables; `bound` holds (variable, letter of its value)."""

    bound: tuple[tuple[str, str], ...]
    body: Term


@dataclass(frozen=True, kw_only=True)
class Over:
    """Σ (or ∏, if `product`) of `body` over an index from `lower` to `upper`: over data points."""

    index: str
    lower: Term
    upper: Term
    body: Term
    product: bool = False


Term = Mass | Number | Name | Outcome | Applied | Plus | Times | Power | Log | Exp | Total | Over

SLOPE = "∇"  # before the name of a family or a function: its derivative by a parameter
ZERO, ONE = Number(value=Fraction(0)), Number(value=Fraction(1))


def number(value: int | Fraction) -> Number:
    """A number as a term."""
    return Number(value=Fraction(value))


def minus(term: Term) -> Term:
    """−term."""
    return Times(factors=(number(-1), term))


def over(above: Term, below: Term) -> Term:
    """above / below."""
    return Times(factors=(above, Power(base=below, exponent=number(-1))))


def parts(term: Term) -> tuple[Term, ...]:
    """The terms directly inside one."""
    match term:
        case Plus(terms=inside) | Times(factors=inside) | Applied(arguments=inside):
            return inside
        case Power(base=base, exponent=exponent):
            return base, exponent
        case Log(body=body) | Exp(body=body) | Total(body=body):
            return (body,)
        case Over(lower=lower, upper=upper, body=body):
            return lower, upper, body
    return ()


def replaced(term: Term, old: Term, new: Term) -> Term:
    """The term with one part in place of another, wherever that stands."""
    if term == old:
        return new
    match term:
        case Plus(terms=inside):
            return replace(term, terms=tuple(replaced(t, old, new) for t in inside))
        case Times(factors=inside):
            return replace(term, factors=tuple(replaced(t, old, new) for t in inside))
        case Applied(arguments=inside):
            return replace(term, arguments=tuple(replaced(t, old, new) for t in inside))
        case Power(base=base, exponent=exponent):
            return replace(term, base=replaced(base, old, new), exponent=replaced(exponent, old, new))
        case Log(body=body) | Exp(body=body) | Total(body=body) | Over(body=body):
            return replace(term, body=replaced(body, old, new))
    return term


def inside(term: Term, change: Callable[[Term], Term]) -> Term:
    """The term with a change made to the parts of a sum, product, power, logarithm or exponential."""
    match term:
        case Plus(terms=terms):
            return Plus(terms=tuple(map(change, terms)))
        case Times(factors=factors):
            return Times(factors=tuple(map(change, factors)))
        case Power(base=base, exponent=exponent):
            return Power(base=change(base), exponent=exponent)
        case Log(body=body) | Exp(body=body):
            return replace(term, body=change(body))
    return term


def within(term: Term) -> list[Term]:
    """The term and everything inside it."""
    found = [term]
    for part in parts(term):
        found += within(part)
    return found


def free_events(term: Term, bound: frozenset[str] = frozenset()) -> frozenset[Event]:
    """The variables in a term whose values are letters that no total inside it binds, with those letters."""
    found: set[Event] = set()
    if isinstance(term, Outcome) and isinstance(term.value, str):
        found.add(Event(variable=term.variable, value=term.value))
    if isinstance(term, Mass):
        found |= {e for e in term.events | term.given if isinstance(e.value, str)}
    inner = bound | {letter for _, letter in term.bound} if isinstance(term, Total) else bound
    inside = (free_events(part, inner) for part in parts(term))
    return frozenset(e for e in found if e.value not in bound).union(*inside)


def with_values(term: Term, change: Callable[[Value], Value]) -> Term:
    """The term with other values of its variables; what totals inside it bind must be left as it is."""
    same = partial(with_values, change=change)

    def moved(events: frozenset[Event]) -> frozenset[Event]:
        return frozenset(replace(e, value=change(e.value)) for e in events)

    match term:
        case Outcome(variable=variable, value=value):
            return Outcome(variable=variable, value=change(value))
        case Mass(family=family, events=events, given=given):
            return Mass(family=family, events=moved(events), given=moved(given))
        case Plus(terms=terms):
            return Plus(terms=tuple(map(same, terms)))
        case Times(factors=factors):
            return Times(factors=tuple(map(same, factors)))
        case Applied(name=name, arguments=arguments):
            return Applied(name=name, arguments=tuple(map(same, arguments)))
        case Power(base=base, exponent=exponent):
            return Power(base=same(base), exponent=same(exponent))
        case Log(body=body) | Exp(body=body) | Total(body=body):
            return replace(term, body=same(body))
        case Over(lower=lower, upper=upper, body=body):
            return replace(term, lower=same(lower), upper=same(upper), body=same(body))
    return term
