"""Events that may exclude each other: D and H of P(T) = P(T|D)P(D) + P(T|H)P(H), which no sign marks as opposites."""

from __future__ import annotations

import dataclasses
from functools import partial
from itertools import combinations

from derive.chances.equality import equal
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
