"""Laws of the rows of losses, which a wrong row breaks: a loss is least where the prediction is right."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sympy import Expr, Rational, lambdify

from derive.quantities import Domain
from derive.rows.losses import LOSSES, Loss, Over
from derive.vocabulary import scalar, size

T, P, COUNT = scalar("t"), scalar("p"), size("K")
NUMBERS = {Domain.REAL: (-1.3, 0.0, 0.6, 2.2), Domain.NATURAL: (1, 2, 5)}
VECTORS = ((0.2, 0.3, 0.5), (0.6, 0.1, 0.3), (0.05, 0.9, 0.05))
CORNERS = ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0))
CONSTANTS = (0.4, 0.7)
each = pytest.mark.parametrize("row", LOSSES, ids=lambda row: row.name)


def function(row: Loss) -> Callable[..., Any]:
    """The term as a function of target, prediction and constants, in numbers."""
    names = [scalar(c.name) for c in row.constants]
    expr = row.term(T, P, *names, *([COUNT] if row.entries else []))
    words: list[Any] = [{"Positive": lambda v: float(v > 0)}, "math"]
    compiled: Callable[..., Any] = lambdify([T, P, *names], expr.subs(COUNT, 3), words)
    return compiled


def law(row: Loss) -> bool:
    """Least at the target, among numbers, labels or probabilities; for labels −1 and 1 by the margin t p."""
    f = function(row)
    return all(_holds(row, f, constants) for constants in itertools.product(CONSTANTS, repeat=len(row.constants)))


def _holds(row: Loss, f: Callable[..., Any], constants: tuple[float, ...]) -> bool:
    if row.target is Domain.SIGN:
        margins = np.linspace(-3, 3, 25)
        costs = [[f(t, t * margin, *constants) for margin in margins] for t in (1, -1)]
        falls = all(a >= b for a, b in itertools.pairwise(costs[0]))
        return falls and costs[0] == costs[1] and costs[0][-1] == 0 < costs[0][0]
    if row.prediction is Domain.UNIT:
        return _proper(row, f, constants)
    targets = NUMBERS[row.target]
    away = [d for d in np.linspace(-2, 2, 21) if d]
    least = {t: f(t, t, *constants) for t in targets}
    pairs = [(t, t + d) for t in targets for d in away if row.prediction is Domain.REAL or t + d > 0]
    return all(f(t, p, *constants) > least[t] for t, p in pairs)


def _proper(row: Loss, f: Callable[..., Any], constants: tuple[float, ...]) -> bool:
    """Over all probabilities the sum is least at the target, or at what the labels are smoothed to."""
    if row.over is Over.ONE:
        chances = np.linspace(0.05, 0.95, 19)

        def expected(q: float, p: float) -> float:
            return float(q * f(1, p, *constants) + (1 - q) * f(0, p, *constants))

        return all(expected(q, p) > expected(q, q) for q in chances for p in chances if p != q)
    targets = VECTORS if row.target is Domain.UNIT else (*VECTORS, *CORNERS)
    return all(_least_at_best(row, f, constants, t) for t in targets)


def _least_at_best(row: Loss, f: Callable[..., Any], constants: tuple[float, ...], target: tuple[float, ...]) -> bool:
    epsilon = constants[0] if row.entries else 0.0
    best = [(1 - epsilon) * t + epsilon / 3 for t in target]

    def whole(p: Any) -> float:
        return float(sum(f(t, q, *constants) for t, q in zip(target, p, strict=True) if t or epsilon))

    if min(best) == 0:  # a corner, approached
        near = [1 - 2e-6 if b else 1e-6 for b in best]
        return all(whole(v) > whole(near) > 0 for v in VECTORS)
    others = [v for v in (*VECTORS, (1 / 3, 1 / 3, 1 / 3)) if not np.allclose(v, best)]
    near = [np.array(best) + 0.01 * (np.eye(3)[j] - np.eye(3)[k]) for j, k in itertools.permutations(range(3), 2)]
    return all(whole(v) > whole(best) for v in (*others, *near))


@each
def test_a_loss_is_least_where_the_prediction_is_right(row: Loss) -> None:
    assert law(row)


def mutants(row: Loss) -> Iterator[tuple[str, Loss]]:
    """The row with a term that is wrong."""
    changes: tuple[tuple[str, Callable[..., Expr]], ...] = (
        ("negated", lambda t, p, *c: -row.term(t, p, *c)),
        ("the prediction negated", lambda t, p, *c: row.term(t, -p, *c)),
        ("pulled away", lambda t, p, *c: row.term(t, p, *c) - p**2),
        ("target shifted", lambda t, p, *c: row.term(t + Rational(1, 3), p, *c)),
        ("constant", lambda t, p, *c: row.term(t, t, *c)),
    )
    for word, term in changes:
        yield word, replace(row, term=term)


@each
def test_a_wrong_row_breaks_the_law(row: Loss) -> None:
    for word, wrong in mutants(row):
        try:
            kept = law(wrong)
        except (ValueError, ZeroDivisionError):  # the logarithm of a negative number
            kept = False
        assert not kept, word
