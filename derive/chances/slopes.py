"""Derivatives of terms about probabilities by a parameter: ∇ log p = ∇p / p, and what follows from Σ_x ∇p(x) = 0.

The derivative of a mass of a joint distribution is a mass of a family of its own, named with ∇: it obeys the same
laws, but for that all of it sums to 0.
"""

from __future__ import annotations

from fractions import Fraction

from .events import NotAProbability
from .forms import Joint
from .maximisers import depends
from .terms import (
    SLOPE,
    ZERO,
    Applied,
    At,
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
    minus,
    number,
    over,
    within,
)


def slope(term: Term, letter: str) -> Term:
    """The derivative of a term by a letter.

    Raises: NotAProbability: where nothing in it depends on the letter, or its own value stands in it.
    """
    if not any(changes(t, letter) for t in within(term)):
        raise NotAProbability(f"nothing here is known to depend on {letter}")
    heads = {t.family.partition("_")[0] for t in within(term) if isinstance(t, Mass) and changes(t, letter)}
    if any(_rests_on(t, heads) for t in within(term)):
        raise NotAProbability("a function or a distribution of the one that is differentiated")
    return _slope(term, letter)


def _rests_on(term: Term, heads: set[str]) -> bool:
    """Whether a name carries that of a distribution, as the Q^π and the d^π of a policy π do."""
    name = term.family if isinstance(term, Mass) else term.name if isinstance(term, Applied) else ""
    return any(depends(name.partition(mark)[2], head) for mark in "_^" for head in heads if mark in name)


def changes(term: Term, letter: str) -> bool:
    """Whether a mass or a function depends on a letter by its name or by its arguments."""
    match term:
        case Mass(family=family, events=events, given=given):
            return depends(Joint(family, events | given), letter)
        case Applied(name=name, arguments=arguments):
            return depends(name, letter) or any(_is_letter(a, letter) for a in arguments)
    return False


def _is_letter(term: Term, letter: str) -> bool:
    return (isinstance(term, Name) and term.text == letter) or (isinstance(term, Outcome) and term.value == letter)


def _slope(term: Term, letter: str) -> Term:
    match term:
        case Number():
            return ZERO
        case Name(text=text):
            if depends(text, letter):
                raise NotAProbability(f"a derivative of {text} is not read among probabilities")
            return ZERO
        case Outcome(value=value):
            if value == letter or (isinstance(value, At) and value.letter == letter):
                raise NotAProbability(f"a derivative of {letter} is not read among probabilities")
            return ZERO
        case Applied(name=name, arguments=arguments):
            return Applied(name=SLOPE + name, arguments=arguments) if changes(term, letter) else ZERO
        case Mass():
            return _of_mass(term, letter)
        case Plus(terms=terms):
            return Plus(terms=tuple(_slope(t, letter) for t in terms))
        case Times(factors=factors):
            found = [(k, _slope(f, letter)) for k, f in enumerate(factors)]
            products = (Times(factors=(*factors[:k], s, *factors[k + 1 :])) for k, s in found if s != ZERO)
            return Plus(terms=tuple(products))
        case Power(base=base, exponent=Number(value=value)):
            less = Power(base=base, exponent=Number(value=value - Fraction(1)))
            return Times(factors=(number(value), less, _slope(base, letter)))
        case Log(body=body):
            return over(_slope(body, letter), body)
        case Exp(body=body):
            return Times(factors=(term, _slope(body, letter)))
        case Total(bound=bound, body=body):
            return Total(bound=bound, body=_slope(body, letter))
        case Over(product=False):
            return Over(index=term.index, lower=term.lower, upper=term.upper, body=_slope(term.body, letter))
        case Over():
            logs = over(_slope(term.body, letter), term.body)
            return Times(factors=(term, Over(index=term.index, lower=term.lower, upper=term.upper, body=logs)))
    raise NotAProbability("this derivative is not read among probabilities")


def _of_mass(mass: Mass, letter: str) -> Term:
    """∇ p(x|z) = (∇p(x, z) − p(x|z) ∇p(z)) / p(z)."""
    if not changes(mass, letter):
        return ZERO
    whole = Mass(family=SLOPE + mass.family, events=mass.events | mass.given)
    if not mass.given:
        return whole
    below = Mass(family=mass.family, events=mass.given)
    change = Mass(family=SLOPE + mass.family, events=mass.given) if changes(below, letter) else ZERO
    return over(Plus(terms=(whole, minus(Times(factors=(mass, change))))), below)
