"""Means and mean squares that follow from what the text says of the distribution of a variable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from derive.chances.equality import Moments
from derive.chances.events import NotAProbability, Variables, has_label, listed
from derive.chances.reading import Reading
from derive.chances.standing import inserted, laws_of
from derive.chances.terms import Mass, Name, Outcome, Plus, Term, Times, Total, minus, number, within
from derive.notation.runs import walk
from derive.notation.syntax import Chain, Node

from .worded import meant_by_words

Values = Mapping[str, tuple[Fraction, Fraction]]
Headings = tuple[str, ...]
Told = tuple[Node, Headings]


def moments_of(
    told: Iterable[Told], variables: Variables, values: Values, words: Callable[[Headings], str]
) -> dict[Headings, dict[str, Moments]]:
    """Under each heading, the mean and the mean square of each variable of which it gives one distribution.

    Args:
        told: the statements of the text, each with the headings that it stands under.
        variables: how its letters name variables.
        values: the two values of variables that have two.
        words: those under a heading, which may tell one parametrisation from another.
    """
    found: dict[Headings, dict[str, set[Moments]]] = {}
    for root, headings in told:
        for variable, moments in _stated(root, variables, values, words(headings)):
            found.setdefault(headings, {}).setdefault(variable, set()).add(moments)
    return {
        headings: {variable: next(iter(several)) for variable, several in own.items() if len(several) == 1}
        for headings, own in found.items()
    }


def _stated(root: Node, variables: Variables, values: Values, text: str) -> Iterator[tuple[str, Moments]]:
    for node in (n for n in walk(root) if isinstance(n, Chain) and len(n.operands) == 2):
        left, right = node.operands
        try:
            if node.operators == ("~",):
                for moments in _of_law(right, variables, text):
                    yield from ((variables.variable(n), moments) for n in filter(has_label, listed(left)))
            elif node.operators == ("=",):
                yield from _of_two_values(left, right, variables, values)
        except NotAProbability:
            continue


def _of_law(law: Node, variables: Variables, text: str) -> list[Moments]:
    """The moments in each parametrisation that may be meant."""
    found: list[Moments] = []
    rows = [row for row in laws_of(law) if row[0].mean]
    names = [family.name for family, _ in rows]
    for family, places in (row for row in rows if meant_by_words(row[0].name, names, text)):
        reader = Reading(variables=variables)
        mean, variance = (reader.term(inserted(template, places)) for template in (family.mean, family.variance))
        found.append((mean, Plus(terms=(variance, Times(factors=(mean, mean))))))
    return found


def _of_two_values(left: Node, right: Node, variables: Variables, values: Values) -> Iterator[tuple[str, Moments]]:
    """From P(y = 1) = π or E[y] = μ, where y has two values a and b: y² = (a + b) y − a b."""
    given, stated = Reading(variables=variables).term(right), Reading(variables=variables).term(left)
    if not isinstance(given, Name | Outcome):
        return
    variable = _of_which(stated)
    if variable is None or variable not in values:
        return
    a, b = values[variable]
    if isinstance(stated, Mass):
        (event,) = stated.events
        if (a, b) != (Fraction(0), Fraction(1)) or event.value not in (0, 1):
            return
        given = Plus(terms=(number(1), minus(given))) if event.value == 0 else given
    square = Plus(terms=(Times(factors=(number(a + b), given)), number(-a * b)))
    yield variable, (given, square)


def _of_which(stated: Term) -> str | None:
    """The variable of which a term is the probability of a value, or the mean."""
    if isinstance(stated, Mass):
        return next(iter(stated.events)).variable if len(stated.events) == 1 and not stated.given else None
    if isinstance(stated, Total) and isinstance(stated.body, Times) and len(stated.bound) == 1:
        mass, outcome = stated.body.factors[0], stated.body.factors[-1]
        if isinstance(mass, Mass) and not mass.given and isinstance(outcome, Outcome) and len(within(stated)) == 4:
            return outcome.variable
    return None
