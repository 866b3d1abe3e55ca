"""Laws of probability: what follows from them is found equal, and what is found equal is equal in random worlds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.chances.equality import NOTHING, equal
from derive.chances.slopes import slope
from derive.chances.terms import Event, Log, Mass, Name, Outcome, Plus, Power, Term, Times, Total, minus, number
from verify.chances.evaluation import FLOATS, Evaluation, free_letters
from verify.chances.worlds import KINDS, NoWorld, world

LETTERS = ("x", "y", "z")


def event(letter: str) -> Event:
    return Event(variable=letter, value=letter)


def mass(events: str, given_: str = "", family: str = "p") -> Mass:
    return Mass(family=family, events=frozenset(map(event, events)), given=frozenset(map(event, given_)))


def total(letters: str, body: Term) -> Total:
    return Total(bound=tuple((v, v) for v in letters), body=body)


def times(*factors: Term) -> Term:
    return Times(factors=factors)


X, Y = (Outcome(variable=v, value=v) for v in "xy")
MEAN = total("x", times(mass("x"), X))
OF_T = mass("x", "y", family="p_t")
SCORE = slope(Log(body=OF_T), "t")
HOLD: dict[str, tuple[Term, Term]] = {
    "product rule": (mass("xy"), times(mass("x", "y"), mass("y"))),
    "chain of three": (mass("xyz"), times(mass("x", "yz"), mass("y", "z"), mass("z"))),
    "sum rule": (mass("x"), total("y", mass("xy"))),
    "total probability": (mass("x"), total("y", times(mass("x", "y"), mass("y")))),
    "normalised": (total("x", mass("x", "y")), number(1)),
    "mean of a mean": (MEAN, total("y", times(mass("y"), total("x", times(mass("x", "y"), X))))),
    "variance": (
        total("x", times(mass("x"), Power(base=Plus(terms=(X, minus(MEAN))), exponent=number(2)))),
        Plus(terms=(total("x", times(mass("x"), X, X)), minus(Power(base=MEAN, exponent=number(2))))),
    ),
    "log of a quotient": (
        Log(body=mass("x", "y")),
        Plus(terms=(Log(body=mass("xy")), minus(Log(body=mass("y"))))),
    ),
}
HOLD |= {
    "derivative of a logarithm": (slope(OF_T, "t"), times(OF_T, SCORE)),
    "mean of the score": (total("x", times(OF_T, SCORE)), number(0)),
    "derivative of a mean": (slope(total("x", times(OF_T, X)), "t"), total("x", times(OF_T, X, SCORE))),
}
FAIL: dict[str, tuple[Term, Term]] = {
    "inverted": (mass("x", "y"), mass("y", "x")),
    "prior left out": (mass("x"), total("y", mass("x", "y"))),
    "another distribution": (mass("x"), mass("x", family="q")),
    "derivative without its logarithm": (
        slope(total("x", times(OF_T, X)), "t"),
        total("x", times(OF_T, X, slope(OF_T, "t"))),
    ),
    "square of a mean": (total("x", times(mass("x"), X, X)), Power(base=MEAN, exponent=number(2))),
}


@pytest.mark.parametrize("name", HOLD)
def test_what_follows_from_the_laws_is_found_equal(name: str) -> None:
    assert equal(*HOLD[name])


@pytest.mark.parametrize("name", FAIL)
def test_what_does_not_follow_is_not(name: str) -> None:
    assert not equal(*FAIL[name])


masses = st.builds(
    lambda order, n, m, family: mass("".join(order[:n]), "".join(order[n : n + m]), family),
    st.permutations(LETTERS),
    st.integers(1, 2),
    st.integers(0, 1),
    st.sampled_from(("p", "q")),
)
leaves = masses | st.sampled_from((X, Y, Name(text="a"), number(1), number(2)))
terms = st.recursive(
    leaves,
    lambda inside: st.one_of(
        st.lists(inside, min_size=2, max_size=3).map(lambda t: Plus(terms=tuple(t))),
        st.lists(inside, min_size=2, max_size=3).map(lambda t: Times(factors=tuple(t))),
        st.tuples(st.sampled_from(LETTERS), inside).map(lambda t: total(*t)),
        masses.map(lambda m: Log(body=m)),
    ),
    max_leaves=6,
)


def rearranged(term: Term) -> Term:
    """The same value written otherwise: p(x|y) as a quotient, sums and products the other way round."""
    match term:
        case Mass(family=family, events=events, given=given_) if given_:
            below = Power(base=Mass(family=family, events=given_), exponent=number(-1))
            return times(Mass(family=family, events=events | given_), below)
        case Plus(terms=inside):
            return Plus(terms=tuple(rearranged(t) for t in reversed(inside)))
        case Times(factors=inside):
            return Times(factors=tuple(rearranged(t) for t in reversed(inside)))
        case Total(bound=bound, body=body):
            return Total(bound=bound, body=rearranged(body))
        case Log(body=body):
            return Log(body=rearranged(body))
    return term


@settings(max_examples=60, deadline=None)
@given(terms)
def test_a_term_equals_what_it_is_written_as_otherwise(term: Term) -> None:
    assert equal(term, rearranged(term))


@settings(max_examples=60, deadline=None)
@given(terms, terms)
def test_what_is_found_equal_is_equal_in_every_world(left: Term, right: Term) -> None:
    for a, b in ((left, right), (left, rearranged(left)), (total("x", left), total("x", rearranged(left)))):
        if not equal(a, b):
            continue
        for kind in KINDS:
            try:
                letters = free_letters((a, b))
                where = world((a, b), kind, NOTHING, seed=3)
                one, other = (Evaluation(where, FLOATS, letters).value(t) for t in (a, b))
            except NoWorld:
                continue
            one, other = np.broadcast_arrays(one, other)
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(terms, st.sampled_from(LETTERS))
def test_the_normal_form_has_the_value_of_the_term(term: Term, letter: str) -> None:
    """Multiplying by what sums to one changes nothing, in proof and in number."""
    once = times(term, total(letter, mass(letter)))
    assert equal(term, once)
    assert not equal(Plus(terms=(term, number(1))), term)
