"""Closed forms of linear recursions: found for any factor and addend, and what the steps give; else not claimed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring import Measurement
from sympy import Expr, Integer, Rational, exp

from derive.analysis.recurrences import closed_forms, linear_recursion
from derive.calculus.indices import substitute
from derive.model import Model, ModelError
from derive.quantities import Domain, Kind, Quantity
from derive.questions.unrolled import Unrolled
from derive.questions.weighted import Weighted
from derive.rows.building import data, define, name, parameter
from derive.rows.catalogue.optimizers import adam, gradient_descent
from derive.vocabulary import index, size

T = index("t", 1, size("T"))
C, B, S = parameter("c", domain=Domain.UNIT), data("b", T), parameter("s")
V = name("v", T)
BEFORE = V.at(T - 1)


def model_of(expr: Expr, base: Expr, *given: Quantity) -> Model:
    """v_t = expr from a base, alone."""
    return Model(
        name="recursion",
        title="A recursion",
        given=given,
        definitions=(define(V, expr, over=T, base=base),),
        objective="",
    )


CASES = {
    "constant factor": model_of(C.at() * BEFORE + B.at(), S.at(), C, B, S),
    "multiplied out": model_of((C.at() + 1) * (BEFORE + B.at()) - BEFORE, S.at(), C, B, S),
    "a sum of steps": model_of(BEFORE + B.at() ** 2, Integer(0), B),
    "a geometric series": model_of(C.at() * BEFORE + 3, S.at(), C, S),
    "arithmetic": model_of(BEFORE + C.at(), S.at(), C, S),
    "the step itself": model_of(BEFORE / 2 + T, S.at(), S),
}


@pytest.mark.parametrize("model", CASES.values(), ids=CASES.keys())
def test_closed_forms_are_what_the_steps_give(model: Model) -> None:
    here = Measurement(model=model, sizes={"T": 5})
    found = closed_forms(model, "v")
    assert found
    for form in found:
        for t in range(1, 6):
            (value,) = here.of_result(substitute(form.value, {T: Integer(t)}), ())
            assert abs(value - here.environment.values["v"][0, t]) < 1e-30


@pytest.mark.parametrize(
    "expr",
    [BEFORE**2 + B.at(), exp(BEFORE), T * BEFORE + B.at(), B.at() * BEFORE, 1 / BEFORE],
    ids=["square", "exponential", "growing factor", "given factor", "reciprocal"],
)
def test_what_is_not_linear_with_one_factor_has_none(expr: Expr) -> None:
    assert closed_forms(model_of(expr, Integer(0), B), "v") == ()


@settings(max_examples=15, deadline=None)
@given(
    factor=st.fractions(-3, 3, max_denominator=4).filter(bool),
    added=st.fractions(-3, 3, max_denominator=4),
    base=st.fractions(-3, 3, max_denominator=4),
)
def test_series_with_any_numbers(factor: Fraction, added: Fraction, base: Fraction) -> None:
    c, b, start = (Rational(x.numerator, x.denominator) for x in (factor, added, base))
    value = start
    form = closed_forms(model_of(c * BEFORE + b, start), "v")[-1].value
    for t in range(1, 5):
        value = c * value + b
        assert (substitute(form, {T: Integer(t)}).doit() - value).expand() == 0


def test_the_factor_and_the_addend_are_found() -> None:
    found = linear_recursion(CASES["multiplied out"], "v")
    assert found is not None and (found.factor - C.at()).expand() == 0


def test_a_name_that_is_no_recursion_is_refused() -> None:
    with pytest.raises(ModelError, match="no recursion"):
        closed_forms(gradient_descent(), "E")


def test_an_average_of_something_else_is_refused() -> None:
    with pytest.raises(ModelError, match="no average of g\\^3"):
        Weighted(average="m", of="g", power=3).answer(adam())


def test_without_a_closed_form_nothing_is_claimed() -> None:
    answer = Unrolled(recursion="v").answer(model_of(BEFORE**2 + B.at(), Integer(0), B))
    assert not answer.lines and answer.verdict == "undecided"


def test_weights_that_do_not_add_up_are_not_said_to() -> None:
    """A start away from 0 leaves a term that no division removes."""
    model = adam()
    first = model.defined["m"]
    start = Quantity(name="m_0", latex="m", axes=first.quantity.axes[1:], kind=Kind.PARAMETER)
    moved = tuple(replace(d, base=start.at()) if d.name == "m" else d for d in model.definitions)
    answer = Weighted(average="m", of="g").answer(replace(model, given=(*model.given, start), definitions=moved))
    assert answer.lines[-1].verdict == "undecided"
