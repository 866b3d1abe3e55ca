"""Averages over masks are what counting all masks gives, and nothing is said of what is no polynomial in them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sympy import Expr, Integer, Rational, exp

from derive.catalog import find
from derive.model import Model, ModelError
from derive.probability.masks import Masks
from derive.quantities import Domain
from derive.questions.masked import Masked
from derive.rows.building import data, define, name, parameter
from derive.vocabulary import index, size, total
from lowering.numeric.arithmetic import mpmath_arithmetic
from lowering.numeric.environment import Environment
from lowering.numeric.evaluate import evaluate
from lowering.numeric.forward import forward

ARITHMETIC = mpmath_arithmetic(40)
D, KEEP = 3, Rational(7, 10)
I = index("i", 1, size("d"))
X, M = data("x", I), data("m", I, domain=Domain.BINARY)
Q = parameter("q", domain=Domain.UNIT)


def model_of(expr: Expr) -> Model:
    """A scalar that depends on a mask."""
    return Model(name="masked", title="Masked", given=(X, M, Q), definitions=(define(name("E"), expr),), objective="E")


CASES = {
    "dropout": find("dropout"),
    "linear": model_of(total(X.at() * M.at(), I) + 2),
    "squares of entries": model_of(total(X.at() * (M.at() ** 2 + M.at() * Q.at()), I)),
    "a product of sums": model_of(total(X.at() * M.at(), I) * total(X.at() ** 2 * (1 - M.at()), I)),
    "no mask at all": model_of(total(X.at(), I)),
}


@pytest.mark.parametrize("model", CASES.values(), ids=CASES.keys())
def test_the_average_is_that_over_all_masks(model: Model) -> None:
    generator = np.random.default_rng(2)
    given: dict[str, Any] = {
        q.name: generator.uniform(-1, 1, (1, *(D for _ in q.axes))).round(3) for q in model.given if q.name != "m"
    }
    given["q"] = np.array([float(KEEP)])
    q, average = ARITHMETIC.convert(given["q"])[0], ARITHMETIC.convert(0)
    for mask in itertools.product((0, 1), repeat=D):
        there = forward(model, {"d": D}, {**given, "m": np.array([mask])}, ARITHMETIC)
        average = average + q ** sum(mask) * (1 - q) ** (D - sum(mask)) * there.values["E"][0]
    found = Masks(model=model, mask="m", keep="q").expectation("E")
    assert found.proof is not None
    values = {n: ARITHMETIC.convert(v) for n, v in given.items()}  # without the mask: the average has none
    values["E"] = there.values["E"]  # a name for what does not depend on the mask may stay
    lowers = {n: there.lowers[n] for n in values}
    (exact,) = evaluate(found.value, Environment(sizes={"d": D}, values=values, lowers=lowers), (), ARITHMETIC)
    assert abs(exact - average) < 1e-30


@pytest.mark.parametrize("expr", [exp(total(M.at(), I)), total(M.at(), I) ** 3], ids=["exponential", "cube"])
def test_beyond_degree_two_nothing_is_said(expr: Expr) -> None:
    with pytest.raises(ModelError, match="degree two"):
        Masks(model=model_of(expr), mask="m", keep="q").expectation("E")


def test_a_wrong_penalty_is_not_proved() -> None:
    """The average with another moment of two entries is not the one that is said."""

    class Dependent(Masks):
        def short_moment(self, entries: tuple[Expr, ...]) -> Expr:
            return Q.at() if len(entries) == 2 else super().short_moment(entries)

    assert Dependent(model=find("dropout"), mask="m", keep="q").expectation("E").proof is None
    assert Dependent(model=find("dropout"), mask="m", keep="q").moments_proof() is None


def test_a_mask_that_is_missing_is_refused() -> None:
    model = find("dropout")
    with pytest.raises(ModelError, match="not given 'r'"):
        Masked(mask="r", keep="q", of=("E",)).answer(model)
    with pytest.raises(ModelError, match="a mask with an axis"):
        Masks(model=replace(model), mask="y", keep="q")
    assert Integer(1) == Masks(model=model, mask="m", keep="q").moment(())
