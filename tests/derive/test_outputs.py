"""Derivatives in terms of the output: what is found is what numbers say, and where none is, numbers show why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import mpmath
import pytest
from sympy import Expr, cos, exp, lambdify, log

from derive.analysis.outputs import OutputForm, Turning, in_output
from derive.catalog import all_models
from derive.questions.outputs import FORWARD, NOT_FOUND, TURNS, InOutput
from derive.rows.functions import FUNCTIONS, RowFunction, Unary
from derive.vocabulary import Positive, scalar

Z, A = scalar("z"), scalar("a")
POINTS = ("-9", "-2.5", "-1", "-0.125", "0.25", "1", "3.75", "8")
MORE: tuple[Expr, ...] = (  # no rows
    exp(Z),
    log(exp(2 * Z) + 2),
    (1 - exp(-Z)) / (1 + exp(-Z)),
    3 / (2 + exp(Z)),
    5 - 2 * Z,
    Z * Positive(Z) + (exp(3 * Z) - 1) / 3 * (1 - Positive(Z)),
)
NONE: tuple[Expr, ...] = (Z**2 + 1, Z * exp(Z), exp(Z) + exp(-Z), cos(Z))
ALL = (*(row.expr(Z) for row in FUNCTIONS), *MORE)


def number(expr: Expr, **values: Any) -> Any:
    plain: Any = expr
    while plain.has(RowFunction):
        plain = plain.replace(lambda e: isinstance(e, RowFunction), lambda e: e.textbook)
    names = [Z, A]
    words: list[Any] = [{"Positive": lambda v: mpmath.mpf(v > 0)}, "mpmath"]
    return lambdify(names, plain, words)(values.get("z", 0), values.get("a", 0))


def root(f: Any, low: Any, high: Any) -> Any:
    """A root of f, which has other signs at the two ends."""
    return mpmath.findroot(f, (low, high), solver="anderson", tol=1e-25)


def chosen(forms: tuple[OutputForm, ...], output: Any) -> OutputForm:
    """The form of the piece that an output belongs to: the last one that begins below it."""
    return [f for k, f in enumerate(forms) if k == 0 or output > number(forms[k - 1].above)][-1]


def law(textbook: Expr, forms: tuple[OutputForm, ...]) -> bool:
    """g(f(z)) is the derivative, with the output alone to tell the pieces apart."""
    with mpmath.workdps(50):
        for point in POINTS:
            at = mpmath.mpf(point)
            output = number(textbook, z=at)
            slope = mpmath.diff(lambda x: number(textbook, z=x), at)
            if abs(number(chosen(forms, output).slope, a=output) - slope) > mpmath.mpf("1e-20"):
                return False
    return True


@pytest.mark.parametrize("textbook", ALL, ids=str)
def test_what_is_found_is_the_derivative(textbook: Expr) -> None:
    found = in_output(textbook, Z, A)
    if isinstance(found, tuple):
        assert law(textbook, found)
        assert not any(form.slope.has(Z) or form.solved.has(Z) for form in found)


@pytest.mark.parametrize("textbook", ALL, ids=str)
def test_the_input_is_eliminated_as_it_says(textbook: Expr) -> None:
    found = in_output(textbook, Z, A)
    for form in found if isinstance(found, tuple) else ():
        for point in (mpmath.mpf(p) for p in POINTS):
            inside = (float(form.piece.lower) < point) and (point < float(form.piece.upper))
            if form.power != 0 and inside:
                output = number(textbook, z=point)
                assert mpmath.almosteq(number(form.power, z=point), number(form.solved, a=output), 1e-9)


def mutants(forms: tuple[OutputForm, ...]) -> Iterator[tuple[OutputForm, ...]]:
    """One slope wrong, or two exchanged."""
    for k, form in enumerate(forms):
        for wrong in (-form.slope, form.slope + 1, 2 * form.slope, form.slope * A, form.slope.subs(A, A + 1)):
            if wrong != form.slope:
                yield (*forms[:k], replace(form, slope=wrong), *forms[k + 1 :])
    if len({form.slope for form in forms}) > 1:
        yield tuple(replace(a, slope=b.slope) for a, b in zip(forms, forms[::-1], strict=True))


@pytest.mark.parametrize("textbook", ALL, ids=str)
def test_a_wrong_form_breaks_the_law(textbook: Expr) -> None:
    found = in_output(textbook, Z, A)
    for wrong in mutants(found) if isinstance(found, tuple) else ():
        assert not law(textbook, wrong), wrong


@pytest.mark.parametrize("textbook", MORE, ids=str)
def test_functions_without_a_row_have_one_too(textbook: Expr) -> None:
    assert isinstance(in_output(textbook, Z, A), tuple)


@pytest.mark.parametrize("textbook", [*NONE, *(r.expr(Z) for r in FUNCTIONS)], ids=str)
def test_where_there_is_none_one_output_has_two_slopes(textbook: Expr) -> None:
    """Between the falling and the rising point, a level is found on both sides of the turn."""
    found = in_output(textbook, Z, A)
    assert textbook not in NONE or isinstance(found, Turning)
    if not isinstance(found, Turning):
        return
    with mpmath.workdps(40):

        def f(x: Any) -> Any:
            return number(textbook, z=x)

        (left, first), (right, second) = sorted([found.falls, found.rises], key=lambda pair: float(pair[0]))
        assert mpmath.sign(mpmath.diff(f, float(left))) == mpmath.sign(number(first))
        assert mpmath.sign(mpmath.diff(f, float(right))) == mpmath.sign(number(second)) != mpmath.sign(number(first))
        ends = [mpmath.mpf(float(left)), mpmath.mpf(float(right))]
        turn = root(lambda x: mpmath.diff(f, x), *ends)
        level = (f(turn) + min((f(end) for end in ends), key=lambda v: abs(v - f(turn)))) / 2
        twice = [root(lambda x: f(x) - level, end, turn) for end in ends]
        assert mpmath.diff(f, twice[0]) * mpmath.diff(f, twice[1]) < 0


def test_what_is_asked_of_every_row_is_answered() -> None:
    """By a form, by a reason, or by saying that none was found; the softmax by its Jacobian."""
    said = {}
    for model in all_models():
        for question in model.questions:
            if isinstance(question, InOutput):
                answer = question.answer(model)
                assert answer.verdict == "proved"
                said[model.name] = answer.conclusion
    assert set(said.values()) <= {(FORWARD,), (TURNS,), (NOT_FOUND,)}
    assert said["activation-softmax"] == (FORWARD,)
    assert len(said) == len(FUNCTIONS) + 1


def test_a_row_of_ones_own_is_asked_like_any_other() -> None:
    row = Unary(name="mine", latex="m", expr=lambda z: 2 / (1 + exp(-2 * z)) - 1, stable="np.tanh({z})", source="here")
    found = in_output(row.expr(Z), Z, A)
    assert isinstance(found, tuple)
    assert found[0].slope == 1 - A**2
