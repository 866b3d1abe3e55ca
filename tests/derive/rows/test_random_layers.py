"""Layers composed at random: every parameter's gradient is proved, and is what numbers say at small sizes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from os import environ

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from measuring import Measurement, agrees
from sympy import Expr, Rational, exp, log

from derive.backprop import partial as derivative
from derive.model import Model
from derive.rows.building import data
from derive.rows.functions import FUNCTIONS, function
from derive.rows.layers import LAYERS, Build, dense
from derive.rows.sequential import sequential
from derive.vocabulary import index, size

EXAMPLES = int(environ.get("GRADPROOF_FUZZ", "8"))
MOST = 3  # of four, windows behind a normalisation exceed what the prover spends, and stay undecided
ROWS = tuple(row for row in LAYERS if row.axes == 1)
READS_WINDOWS = ("convolution", "average-pooling")
LOSSES: dict[str, Callable[[Expr, Expr], Expr]] = {
    "half square": lambda p, t: Rational(1, 2) * (p - t) ** 2,
    "log cosh": lambda p, t: log(exp(p - t) + exp(t - p)),
    "poisson": lambda p, t: exp(p) - t * p,
}


@st.composite
def networks(draw: st.DrawFn) -> tuple[Model, dict[str, int]]:
    """One to three layers, any activation and any loss, and sizes at which every window fits."""
    chosen = draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=MOST))
    builds: list[Build] = []
    for row in chosen:
        activation = function(draw(st.sampled_from(FUNCTIONS)))
        builds.append(partial(dense, activation=activation) if row.name == "dense" else row.build)
    windows = sum(row.name in READS_WINDOWS for row in chosen)
    stride = draw(st.integers(1, 2 if windows < 2 else 1))
    model = sequential(
        data("x", index("i", 1, size("n"))),
        builds,
        LOSSES[draw(st.sampled_from(sorted(LOSSES)))],
        called="-".join(row.name for row in chosen),
    )
    narrow = {f"{letter}_{k}": 2 + windows for letter in ("n", "d") for k in range(1, 5)}
    return model, {"n": 2 + windows, "F": 2, "S": stride, **narrow}


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(networks())
def test_every_gradient_of_a_random_network_is_proved_and_measured(drawn: tuple[Model, dict[str, int]]) -> None:
    _obeys(*drawn)


@pytest.mark.parametrize("row", LAYERS, ids=lambda r: r.name)
def test_every_layer_between_two_dense_ones(row: object) -> None:
    """Each row of the table at least once, whatever is drawn."""
    chosen = next(r for r in LAYERS if r is row)
    if chosen.axes == 1:
        builds: list[Build] = [dense, chosen.build, dense]
        before = data("x", index("i", 1, size("n")))
    else:
        builds, before = [chosen.build], data("x", index("t", 1, size("T")), index("a", 1, size("n")))
    model = sequential(before, builds, LOSSES["half square"], called=chosen.name)
    _obeys(model, {"n": 2, "T": 2, "c_1": 2, "F": 2, "S": 1, **{f"{x}_{k}": 3 for x in "nd" for k in (1, 2, 3)}})


def _obeys(model: Model, sizes: dict[str, int]) -> None:
    here = Measurement(model=model, sizes=sizes)
    objective = model.quantities["E"].at()
    for q in model.parameters:
        found = derivative(model, objective, q.at())
        assert found.verdict == "proved", (model.name, q.name)
        exact, measured = here.of_result(found.result, q.axes), here.by_entry("E", q.name)
        assert agrees(exact, measured), (model.name, q.name, exact, measured)
