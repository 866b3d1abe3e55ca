"""The normal form of a normal form is that form: over the catalogue, and over sums whose parts look alike."""

from __future__ import annotations

import pytest
from sympy import Expr, Sum, exp, log, sqrt

from derive.backprop import partial
from derive.calculus.normalform import normal_form
from derive.catalog import all_models
from derive.model import Model
from derive.prove import reliable_facts
from derive.vocabulary import Inside, index, scalar, size, tensor, total

beta, b, c = scalar("beta"), scalar("b"), scalar("c")
g, x = tensor("g"), tensor("x")
n, T = size("n"), size("T")
t, s = index("t", 1, T), index("s", 1, T)
earlier, later = index("r", 1, t), index("r", t, T)
shifted = index("k", 3, n + 2)

SUMS: tuple[Expr, ...] = (
    Sum(beta ** (t - s) * g[s], (s, 1, t)),
    total(beta ** (T - t) * g[t], t),
    total(beta ** (t - 1) * g[t] / (1 - beta**t), t),
    total(g[t] / ((1 - beta**t) * (c + sqrt(g[t] / (1 - b**t)))), t),
    Sum(beta ** (t - earlier) * g[earlier], (earlier, 1, t), (t, 1, T)),
    Sum(beta ** (later - t) * g[later] * x[t], (later, t, T), (t, 1, T)),
    total(x[shifted] * x[shifted - 1] ** 2 * exp(x[shifted] + shifted), shifted),
    total(Inside(t - 1, 1, T) * beta**t * g[t - 1], t),
    total(log(1 + beta ** (2 * t)) * t**2, t),
    total(total(beta ** (t + s) * g[t], t) * x[s], s) * total(beta**t, t),
    sqrt(b / (1 - beta)) ** 3 + sqrt(b / (1 - beta)),
    1 / sqrt(b / (1 - beta)) * sqrt(-b / c),
)


@pytest.mark.parametrize("expr", SUMS, ids=str)
def test_sums_that_look_alike(expr: Expr) -> None:
    once = normal_form(expr)
    assert normal_form(once) == once


@pytest.mark.parametrize("model", all_models(), ids=lambda m: m.name)
def test_definitions_and_gradients_of_the_catalogue(model: Model) -> None:
    facts = reliable_facts(model)
    exprs = [d.expr for d in model.definitions]
    if model.objective:
        above = [q for q in model.quantities.values() if model.depends(model.objective, q.name)]
        exprs += [partial(model, model.quantities[model.objective].at(), q.at()).result for q in above]
    for expr in exprs:
        once = normal_form(expr, facts)
        assert normal_form(once, facts) == once, expr
