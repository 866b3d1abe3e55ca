"""Least squares with a penalty that bends: what is said to be the minimum is one, for every b, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sympy import Abs, Expr, Max, Rational, Symbol, lambdify, oo

from derive.catalog import find
from derive.kinks import NoPieces
from derive.model import ModelError
from derive.quantities import Domain
from derive.questions.answers import Sign
from derive.questions.shrunk import Shrunk
from derive.rows.building import define, name, parameter
from derive.solve.shrinkage import Case, shrunk
from derive.vocabulary import Positive, index, scalar, size, total

T, B, C, LAM, MU = (scalar(n) for n in ("theta", "b", "c", "lambda", "mu"))
FACTS = {"lambda": Domain.POSITIVE, "mu": Domain.POSITIVE, "c": Domain.POSITIVE}
VALUES: dict[Any, Any] = {C: Rational(3, 2), LAM: Rational(4, 5), MU: Rational(1, 3)}
PENALTIES = (
    LAM * Abs(T),
    LAM * Abs(T) + MU * T**2,
    LAM * Max(0, T),
    LAM * Abs(T - MU) + LAM * Abs(T),
    MU * T**2,
    LAM * T * Positive(T) - 2 * LAM * T * (1 - Positive(T)),
)
STEPS = [k / 8 for k in range(-40, 41)]


def minimised(penalty: Expr, cases: tuple[Case, ...]) -> bool:
    """At every b exactly one case holds, or two that agree, and no other θ costs less."""
    words = [{"Positive": lambda v: np.heaviside(v, 0)}, "numpy"]
    cost = lambdify([T, B], (C * (T - B) ** 2 / 2 + penalty).subs(VALUES), words)
    known = [[lambdify(B, e.subs(VALUES), "numpy") for e in (c.lower, c.solution, c.upper)] for c in cases]
    others = np.linspace(-8, 8, 3201)
    for b in STEPS:
        held = {round(float(at(b)), 12) for low, at, high in known if low(b) <= b <= high(b)}
        if len(held) != 1 or np.min(cost(others, b)) < cost(held.pop(), b) - 1e-9:
            return False
    return True


@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
def test_every_case_is_the_minimum(penalty: Expr) -> None:
    assert minimised(penalty, shrunk(penalty, T, B, C, FACTS))


def mutants(cases: tuple[Case, ...]) -> Iterator[tuple[Case, ...]]:
    for k, case in enumerate(cases):
        for solution in (case.solution + Rational(1, 4), -case.solution, case.solution + B / 5, 2 * case.solution):
            if solution != case.solution:
                yield (*cases[:k], replace(case, solution=solution), *cases[k + 1 :])
        if case.upper != oo:
            yield (*cases[:k], replace(case, upper=case.upper - 1), *cases[k + 1 :])
        yield (*cases[:k], *cases[k + 1 :])


@pytest.mark.parametrize("penalty", PENALTIES, ids=str)
def test_a_wrong_case_is_no_minimum(penalty: Expr) -> None:
    for wrong in mutants(shrunk(penalty, T, B, C, FACTS)):
        assert not minimised(penalty, wrong), wrong


@pytest.mark.parametrize(
    ("penalty", "c", "words"),
    [(-LAM * Abs(T), C, "several minima"), (LAM * Abs(T), B, "not known to be positive"), (LAM * T**4, C, "no line")],
)
def test_what_cannot_be_solved_is_refused(penalty: Expr, c: Expr, words: str) -> None:
    with pytest.raises(NoPieces, match=words):
        shrunk(penalty, T, B, c, FACTS)


def test_the_lasso_is_solved_as_numbers_solve_it() -> None:
    """With orthonormal features, the solution of the answer costs no more than any other θ that is tried."""
    answer = find("lasso").answers[0]
    assert answer.verdict == "proved"
    assert [c.sign for c in answer.conditions] == [Sign.EQUAL]
    soft = next(line for line in answer.lines if line.label == "the soft threshold").relation.right
    rng = np.random.default_rng(4)
    points, width, lam = 6, 4, 0.35
    x, _ = np.linalg.qr(rng.normal(size=(points, width)))
    y = rng.normal(size=points)
    (b,) = {a for a in soft.atoms(Symbol, type(answer.lines[2].relation.left)) if str(a).startswith("b[")}
    at = lambdify([b, scalar("lambda"), size("n")], soft, "numpy")
    best = np.asarray([at(v, lam, points) for v in x.T @ y])

    def cost(theta: np.ndarray) -> float:
        return float(np.mean((x @ theta - y) ** 2) + lam * np.abs(theta).sum())

    assert 0 < np.count_nonzero(best) < width
    for scale in (1e-4, 1e-2, 1.0):
        assert all(cost(best) <= cost(best + scale * rng.normal(size=width)) for _ in range(200))
    assert all(cost(best) < cost(best + 1e-3 * e) for e in np.eye(width))


def test_a_model_with_another_penalty_is_solved_too() -> None:
    """Elastic net: the same question, with no soft threshold to recognise."""
    lasso, j, mu = find("lasso"), index("j", 1, size("d")), parameter("mu", domain=Domain.POSITIVE)
    theta = lasso.quantities["theta"]
    both = scalar("lambda") * total(Abs(theta.at()), j) + mu.at() * total(theta.at() ** 2, j)
    changed = tuple(define(name("R"), both) if d.name == "R" else d for d in lasso.definitions)
    model = replace(lasso, given=(*lasso.given, mu), definitions=changed)
    answer = Shrunk(parameter="theta").answer(model)
    assert answer.verdict == "proved"
    assert "the soft threshold" not in [line.label for line in answer.lines]


def test_without_a_penalty_it_is_refused() -> None:
    with pytest.raises(ModelError, match="needs a penalty"):
        Shrunk(parameter="theta").answer(find("linear-regression"))
