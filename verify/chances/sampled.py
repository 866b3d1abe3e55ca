"""The verdict on an average over samples that stands for an expected value: E_q[f(z)] ≈ 1/n Σ_i f(z^{(i)})."""

from __future__ import annotations

import dataclasses

from derive.chances.equality import equal
from derive.chances.measures import Distribution
from derive.chances.sums import ENUMERATED
from derive.chances.terms import (
    Applied,
    At,
    Event,
    Mass,
    Name,
    Number,
    Outcome,
    Over,
    Term,
    Times,
    Total,
    Value,
    inside,
    number,
    with_values,
    within,
)

from ..judge import Judgement
from ..lines import Line
from ..results import Verdict
from .judging import may_be_meant
from .knowledge import Knowledge
from .sides import Sides, differ, readings_of
from .trials import in_every_reading

SAMPLES = 7  # their number drops out of what is true
APPROXIMATELY = frozenset({"approx", "simeq", "cong", "sim"})


def judge_sampled(line: Line, knowledge: Knowledge) -> Judgement | None:
    """The verdict on a ≈ b where an average over samples stands on a side; None of anything else.

    With many samples an average is the expected value, so that both sides must be equal with each in its place.
    """
    if not knowledge.speaks or line.right is None or line.operator not in APPROXIMATELY or not knowledge.samples:
        return None
    readings: list[Sides] = []
    for sides in readings_of(line, knowledge):
        counts = {t.upper for side in sides.both for t in within(side) if isinstance(t, Over)}
        both = [with_number(averaged(side, knowledge), counts) for side in sides.both]
        if not any(averaged(side, knowledge) != side for side in sides.both) or any(
            _is_numbered(t) for side in both for t in within(side)
        ):
            continue
        readings.append(dataclasses.replace(sides, left=both[0], right=both[1]))
    if not readings:
        return None
    if any(equal(s.left, s.right, knowledge.assumed) for s in readings):
        because = "with many samples the average is the expected value, by the laws of probability"
        return Judgement(verdict=Verdict.PROVED, because=because)
    drawn = [
        dataclasses.replace(s, left=as_drawn(s.left, knowledge), right=as_drawn(s.right, knowledge)) for s in readings
    ]
    return _by_numbers(line, [*readings, *drawn], knowledge)


def _by_numbers(line: Line, readings: list[Sides], knowledge: Knowledge) -> Judgement:
    """Refuted if both sides differ, with expected values for the averages, in every reading."""
    return in_every_reading(
        line,
        readings,
        reason=lambda sides: may_be_meant(line, sides, named=False, announced=False),
        broken=lambda sides: differ(line, sides, "any", knowledge),
        otherwise="no proof was found that the two agree",
        because="with any number of samples the average does not come near to the other side",
        known=ENUMERATED,
    )


def averaged(term: Term, knowledge: Knowledge) -> Term:
    """The term with n E[f(z)] for each sum Σ_i f(z^{(i)}) over samples."""
    match term:
        case Over(index=index, lower=Number(value=1), upper=upper, body=body, product=False):
            law = _law_of(body, index, knowledge)
            if law is None:
                return term
            mean = Total(bound=law.bound, body=Times(factors=(law.mass, _at_law(body, index, law))))
            return Times(factors=(upper, mean))
    return inside(term, lambda t: averaged(t, knowledge))


def as_drawn(term: Term, knowledge: Knowledge) -> Term:
    """The term with means given what the samples are given: where z ~ p(z | x) is drawn, E[z] may be one given x."""
    if isinstance(term, Mass) and not term.given and len(variables := {e.variable for e in term.events}) == 1:
        law = knowledge.samples.get(min(variables))
        same = law is not None and law.family == term.family
        return dataclasses.replace(term, given=law.given) if same and law is not None else term
    if isinstance(term, Total):
        return dataclasses.replace(term, body=as_drawn(term.body, knowledge))
    return inside(term, lambda t: as_drawn(t, knowledge))


def with_number(term: Term, counts: set[Term]) -> Term:
    """The term with one number of samples."""
    if term in counts and isinstance(term, Name):
        return number(SAMPLES)
    return inside(term, lambda t: with_number(t, counts))


def _law_of(body: Term, index: str, knowledge: Knowledge) -> Distribution | None:
    """What the only samples in a summand are drawn from."""
    found = {variable for t in within(body) for variable, value in _valued(t) if _is_at(value, index)}
    law = knowledge.samples.get(min(found)) if len(found) == 1 else None
    if law is None or any(not isinstance(e.value, str) for e in law.events):
        return None
    letters = {letter for _, letter in law.bound}
    bound = {letter for t in within(body) if isinstance(t, Total) for _, letter in t.bound}
    free = {value for t in within(body) for _, value in _valued(t) if isinstance(value, str)}
    return None if letters & (bound | free) else law


def _valued(term: Term) -> list[tuple[str, Value]]:
    if isinstance(term, Outcome):
        return [(term.variable, term.value)]
    events: frozenset[Event] = term.events | term.given if isinstance(term, Mass) else frozenset()
    return [(e.variable, e.value) for e in events]


def _is_at(value: Value, index: str) -> bool:
    return isinstance(value, At) and value.index == index


def _at_law(body: Term, index: str, law: Distribution) -> Term:
    (letter,) = (letter for _, letter in law.bound)
    return with_values(body, lambda value: letter if _is_at(value, index) else value)


def _is_numbered(term: Term) -> bool:
    """Whether samples stand outside their averages."""
    return not isinstance(term, Applied) and any(isinstance(value, At) for _, value in _valued(term))
