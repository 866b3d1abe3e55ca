"""How variables and events may be related though a claim does not say so: as all there are, as values, by a formula."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from itertools import combinations

from derive.chances.equality import Assumed, equal
from derive.chances.terms import Event, Mass, Term, inside, within


def exclusive(left: Term, right: Term) -> tuple[str, ...] | None:
    """Events that never stand together, and may be all there are: two by which left = right is then true, or more."""
    masses = [m.events | m.given for side in (left, right) for m in within(side) if isinstance(m, Mass)]
    events = {name: e for m in masses for e in m if (name := _named(e)) is not None}
    together = [{_named(e) for e in m} for m in masses]
    apart = [pair for pair in combinations(sorted(events), 2) if not any(set(pair) <= stand for stand in together)]
    several = (t for t in combinations(sorted(events), 3) if all(pair in apart for pair in combinations(t, 2)))
    for one, other in apart:
        denying = partial(_denying, one=events[one], other=events[other])
        if equal(denying(left), denying(right)):
            return one, other
    return next(several, None)


def may_be_siblings(left: Term, right: Term, stem: str) -> bool:
    """Whether it matters that events H_1, H_2 may be values of one variable, or be taken to be equally likely.

    It does not for two that never stand together, if an equation stays as it is, false, where their probabilities
    are the same, or what is given each of them; whether they are all there are is tried by `exclusive`.
    """
    masses = [m.events | m.given for side in (left, right) for m in within(side) if isinstance(m, Mass)]
    named = {name: e for m in masses for e in m if (name := _named(e)) is not None}
    found = {e.variable for m in masses for e in m if e.variable.startswith(f"{stem}_")}
    if len(found) != 2 or not found <= named.keys() or any(len({e.variable for e in m} & found) > 1 for m in masses):
        return True
    one, other = (named[name] for name in sorted(found))
    same = (partial(_same, one=one, other=other, given=given) for given in (False, True))
    return any(equal(put(left), put(right)) for put in same)


def _same(term: Term, one: Event, other: Event, *, given: bool) -> Term:
    """The term with the probability of one event for that of the other, or what is given the one for the other."""
    if not isinstance(term, Mass):
        return inside(term, partial(_same, one=one, other=other, given=given))
    if given:
        return dataclasses.replace(term, given=frozenset(one if e == other else e for e in term.given))
    return dataclasses.replace(term, events=frozenset(one if e == other else e for e in term.events))


def all_values(left: Term, right: Term) -> str | None:
    """A variable of which two numbers stand in a claim that is true if they are all its values: y of y = 0, y = 1."""
    masses = [m for side in (left, right) for m in within(side) if isinstance(m, Mass)]
    numbers: dict[str, set[Fraction]] = {}
    for event in (e for m in masses for e in m.events | m.given if isinstance(e.value, Fraction)):
        numbers.setdefault(event.variable, set()).add(Fraction(str(event.value)))
    for variable, found in numbers.items():
        low, high = min(found), max(found)
        if len(found) == 2 and equal(left, right, Assumed(two_valued={variable: (low, high)})):
            return variable
        if len(found) > 2:
            return variable
    return None


def events_in(left: Term, right: Term) -> frozenset[str]:
    """The capital letters that name events by themselves."""
    masses = (m for side in (left, right) for m in within(side) if isinstance(m, Mass))
    return frozenset(name for m in masses for e in m.events | m.given if (name := _named(e)) is not None)


def computed_from(left: Term, right: Term, computed: Iterable[tuple[str, str]]) -> str | None:
    """Why sides of different variables may be equal: the text computes one of them from the other, Y = g(X)."""
    met = [{e.variable for m in within(side) if isinstance(m, Mass) for e in m.events} for side in (left, right)]
    for one, other in sorted(computed):
        if any(one in here - there and other in there for here, there in (met, met[::-1])):
            return f"the text computes {one} from {other}"
    return None


def _named(event: Event) -> str | None:
    """The capital letter that names an event by itself, not as the value of a variable; None if none does."""
    bare = isinstance(event.value, str) and event.value.rstrip("'") == event.variable and not event.denied
    return str(event.value) if bare and event.variable.removeprefix("cal ")[:1].isupper() else None


def _denying(term: Term, one: Event, other: Event) -> Term:
    """The term with what is not the case of one event for another."""
    if not isinstance(term, Mass):
        return inside(term, partial(_denying, one=one, other=other))
    denied = dataclasses.replace(one, denied=True)
    events, given = (frozenset(denied if e == other else e for e in part) for part in (term.events, term.given))
    return dataclasses.replace(term, events=events, given=given)
