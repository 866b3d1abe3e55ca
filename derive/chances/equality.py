"""Whether two terms about probabilities are equal whatever the distributions are."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from fractions import Fraction

from .forms import (
    ONE,
    Atom,
    Form,
    Joint,
    Monomial,
    TooLarge,
    add,
    form_of,
    is_slope,
    multiply,
    raised,
    scaled,
    single,
    total_of,
    values_in,
    variable_of,
)
from .terms import Event, Term

Moments = tuple[Term, Term]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Assumed:
    """What the text says of its variables.

    Attributes:
        two_valued: variable to the two numbers that are all its values.
        independent: variables that are independent of one another.
        moments: variable to its mean and the mean of its square, where the text says how it is distributed.
    """

    two_valued: Mapping[str, tuple[Fraction, Fraction]] = dataclasses.field(default_factory=dict)
    independent: frozenset[str] = frozenset()
    moments: Mapping[str, Moments] = dataclasses.field(default_factory=dict)


NOTHING = Assumed()


def equal(left: Term, right: Term, assumed: Assumed = NOTHING) -> bool:
    """Whether left = right follows from the laws of probability and what is assumed; False where it is not shown."""
    try:
        difference = add(form_of(left), scaled(form_of(right), -1))
        difference = _cleared(_with_moments(_independent(difference, assumed.independent), assumed.moments))
        return not _complemented(difference, assumed)
    except TooLarge:
        return False


def equal_up_to_factor(left: Term, right: Term, letters: frozenset[str]) -> bool:
    """Whether left / right is free of these letters of values."""
    try:
        ratio = multiply(form_of(left), raised(form_of(right), Fraction(-1)))
    except TooLarge:
        return False
    return len(ratio) == 1 and not any(letters & _letters(m) for m in ratio)


def _letters(monomial: Monomial) -> set[str]:
    return values_in(monomial)


def _independent(form: Form, variables: frozenset[str]) -> Form:
    """p(x, y) = p(x) p(y) for independent variables, where nothing else stands in the mass."""
    if len(variables) < 2:
        return form
    return add(*(scaled(multiply(*(_split(atom, power, variables) for atom, power in m)), c) for m, c in form.items()))


def _split(atom: Joint | Atom, power: Fraction, variables: frozenset[str]) -> Form:
    if (
        isinstance(atom, Joint)
        and not is_slope(atom)
        and len(atom.events) > 1
        and {e.variable for e in atom.events} <= variables
    ):
        return multiply(*(single(Joint(atom.family, frozenset({e})), power) for e in atom.events))
    if isinstance(atom, Atom) and atom.kind == "total":
        bound, body = atom.content
        inside = _independent({body: Fraction(1)}, variables)
        if inside != {body: Fraction(1)}:
            return raised(total_of(tuple((variable_of(b), b) for b in bound), inside), power)
    return single(atom, power)


def difference_by_moments(left: Term, right: Term, assumed: Assumed) -> Form | None:
    """left − right, if with what is assumed it is a polynomial in names of numbers; else None.

    Raises: TooLarge: if it has too many terms.
    """
    difference = add(form_of(left), scaled(form_of(right), -1))
    difference = _cleared(_with_moments(_independent(difference, assumed.independent), assumed.moments))
    atoms = {atom for monomial in difference for atom, _ in monomial}
    return difference if all(isinstance(a, Atom) and a.kind in ("name", "outcome") for a in atoms) else None


def _with_moments(form: Form, moments: Mapping[str, Moments]) -> Form:
    """The form with Σ x p(x) and Σ x² p(x) written as what they are for a known distribution."""
    if not moments:
        return form
    return add(*(scaled(multiply(*(_known(atom, power, moments) for atom, power in m)), c) for m, c in form.items()))


def _known(atom: Joint | Atom, power: Fraction, moments: Mapping[str, Moments]) -> Form:
    if isinstance(atom, Atom) and atom.kind == "total" and len(atom.content[0]) == 1:
        (letter,), body = atom.content
        variable = variable_of(letter)
        event = Event(variable=variable, value=letter)
        outcome = Atom("outcome", (variable, letter))
        rest = {a: p for a, p in body if (a, p) != (Joint("p", frozenset({event})), 1)}
        if variable in moments and len(rest) == len(body) - 1 and set(rest) == {outcome} and rest[outcome] in (1, 2):
            return raised(form_of(moments[variable][int(rest[outcome]) - 1]), power)
    return single(atom, power)


def _cleared(form: Form) -> Form:
    """The form times all its denominators, which are positive masses, or sums that are not zero."""
    for _ in range(4):
        lowest: dict[Joint | Atom, Fraction] = {}
        for atom, power in (item for monomial in form for item in monomial):
            if power < 0 and power.denominator == 1:
                lowest[atom] = min(lowest.get(atom, Fraction(0)), power)
        form = multiply(form, *(single(a, -p) for a, p in lowest.items()))
        form = add(*(scaled(multiply(*(_written_out(a, p) for a, p in m)), c) for m, c in form.items()))
        if not lowest:
            break
    return form


def _written_out(atom: Joint | Atom, power: Fraction) -> Form:
    if isinstance(atom, Atom) and atom.kind == "sum" and power.denominator == 1 and power > 0:
        return raised(dict(atom.content[0]), power)
    return single(atom, power)


def _complemented(form: Form, assumed: Assumed) -> Form:
    """Masses of denied events, and of the first of two values, by those of the others: p(¬a, b) = p(b) − p(a, b)."""
    return add(*(scaled(multiply(*(_by_others(a, p, assumed) for a, p in m)), c) for m, c in form.items()))


def _by_others(atom: Joint | Atom, power: Fraction, assumed: Assumed) -> Form:
    if isinstance(atom, Joint) and power > 0 and power.denominator == 1:
        for event in sorted(atom.events, key=str):
            other = _other(event, assumed)
            if other is not None:
                rest = atom.events - {event}
                inside = [single(Joint(atom.family, rest)), scaled(single(Joint(atom.family, rest | {other})), -1)]
                return raised(add(*(_each_by_others(f, assumed) for f in inside)), power)
    return single(atom, power)


def _each_by_others(form: Form, assumed: Assumed) -> Form:
    return add(*(scaled(multiply(ONE, *(_by_others(a, p, assumed) for a, p in m)), c) for m, c in form.items()))


def _other(event: Event, assumed: Assumed) -> Event | None:
    if event.denied:
        return dataclasses.replace(event, denied=False)
    values = assumed.two_valued.get(event.variable)
    if values is not None and event.value == values[0]:
        return dataclasses.replace(event, value=values[1])
    return None
