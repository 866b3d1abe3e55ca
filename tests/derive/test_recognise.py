"""Closed forms recognised: every row of functions from its textbook form, and what must not be taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Rational, exp, log

from derive.analysis.recognise import INVERSES, as_function, in_functions, split
from derive.calculus.normalform import is_zero
from derive.catalog import all_models, find
from derive.prove import prove
from derive.rows.functions import FUNCTIONS, function, sigmoid, softplus, tanh
from derive.vocabulary import index, scalar, tensor, total

X, A, B, Z = scalar("x"), scalar("a"), scalar("b"), tensor("z")
TWO = index("l", 1, 2)

EQUAL: tuple[tuple[Expr, Expr], ...] = (
    (exp(A) / (exp(A) + exp(B)), sigmoid(A - B)),
    (exp(Z[1]) / total(exp(Z[TWO]), TWO), sigmoid(Z[1] - Z[2])),
    (exp(Z[2]) / total(exp(Z[TWO]), TWO), sigmoid(Z[2] - Z[1])),
    (1 - sigmoid(X), sigmoid(-X)),
    (2 * sigmoid(2 * X) - 1, tanh(X)),
    ((1 - exp(-2 * X)) / (1 + exp(-2 * X)), tanh(X)),
    (log(exp(A) + exp(B)) - B, softplus(A - B)),
    (-log(sigmoid(-X)), softplus(X)),
)
NOT: tuple[Expr, ...] = (
    X,
    exp(X),
    sigmoid(X),
    X / (1 + X),
    3 / (1 + exp(-X)),
    1 / (2 + exp(-X)),
    exp(A) / (exp(A) + 2 * exp(B)),
    exp(A) / (exp(A) + exp(B) + 1),
    1 / (1 - exp(-X)),
    exp(A) / (exp(A) - exp(B)),
    Rational(1, 2),
)


@pytest.mark.parametrize(("expr", "expected"), EQUAL, ids=str)
def test_what_is_a_function_of_something_simpler_is_recognised(expr: Expr, expected: Expr) -> None:
    found = as_function(expr, {})
    assert found is not None and found.func is expected.func
    assert is_zero(found - expected)


@pytest.mark.parametrize("expr", NOT, ids=str)
def test_what_is_none_is_left(expr: Expr) -> None:
    assert as_function(expr, {}) is None


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([f for f, _ in INVERSES]),
    st.integers(-4, 4).filter(bool),
    st.integers(-4, 4).filter(bool),
)
def test_the_argument_of_a_textbook_form_is_found(row: type, a: int, b: int) -> None:
    argument = a * A + b * B
    found = as_function(row(argument).textbook, {})
    assert found is not None and is_zero(found - row(argument))


def test_inverses_are_inverse() -> None:
    rows = {function(row) for row in FUNCTIONS}
    assert all(f in rows and is_zero(inverse(f(X)) - X) for f, inverse in INVERSES)


def test_the_two_states_of_boltzmann_are_logistic() -> None:
    model = find("boltzmann")
    beta, low, high = (model.quantities[n].at() for n in ("beta", "epsilon_0", "epsilon_1"))
    for state, gap in (("P_0", high - low), ("P_1", low - high)):
        derivation = in_functions(model, state)
        assert derivation is not None and derivation.verdict == "proved"
        assert prove(derivation.result, sigmoid(beta * gap), model) is not None
        assert prove(derivation.target, sigmoid(beta * gap), model) is not None
        for wrong in (-beta * gap, gap / beta, beta * gap + 1, 2 * beta * gap):
            assert prove(derivation.target, sigmoid(wrong), model) is None


def test_a_definition_that_is_no_function_gives_none() -> None:
    assert in_functions(find("boltzmann"), "Delta") is None
    assert in_functions(find("softmax-regression"), "p") is None  # of C classes


@pytest.mark.parametrize("over_data", [False, True])
def test_the_divergence_is_cross_entropy_less_entropy(over_data: bool) -> None:
    model = find("cross-entropy").over_data() if over_data else find("cross-entropy")
    s = model.sample
    derivation = split(model.quantities["D"].at(), model)
    assert derivation is not None and derivation.verdict == "proved"
    entropy, cross = model.quantities["H"].at(), model.quantities["C_E"].at()
    wanted, *wrong = (
        e if s is None else total(e, s) for e in (cross - entropy, cross + entropy, entropy - cross, cross, 2 * cross)
    )
    assert is_zero(derivation.result - wanted)
    assert all(prove(derivation.target, other, model) is None for other in wrong)


def test_a_sum_is_split_by_multiples_of_names_and_keeps_what_has_none() -> None:
    model = find("cross-entropy")
    k = model.quantities["p"].axes[0]
    p, q = model.quantities["p"].at(), model.quantities["q"].at()
    derivation = split(total(p * (3 * log(p) - log(q) * 2 + q), k), model)
    assert derivation is not None and derivation.verdict == "proved"
    cross, entropy = model.quantities["C_E"].at(), model.quantities["H"].at()
    assert is_zero(derivation.result - (2 * cross - 3 * entropy + total(p * q, k)))


def test_without_a_name_for_a_part_there_is_nothing_to_split() -> None:
    model = find("cross-entropy")
    k = model.quantities["p"].axes[0]
    p, q = model.quantities["p"].at(), model.quantities["q"].at()
    assert split(total(q * log(q), k), model) is None
    assert split(total(p * q, k), model) is None
    assert split(model.quantities["H"].at(), model) is None  # not in terms of D, which would be no gain


def test_all_that_is_recognised_in_the_catalogue_is_proved() -> None:
    found = [
        derivation
        for model in all_models()
        for d in model.definitions
        for derivation in (in_functions(model, d.name), split(d.target, model))
        if derivation is not None
    ]
    assert len(found) >= 3
    assert all(derivation.verdict == "proved" for derivation in found)
