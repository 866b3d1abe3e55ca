"""Layers composed at random, lowered: every component of the gradient against complex steps of the definitions."""

from __future__ import annotations

from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.model import Model
from derive.rows.building import data
from derive.rows.functions import FUNCTIONS, function
from derive.rows.layers import LAYERS, Build, dense
from derive.rows.sequential import sequential
from derive.vocabulary import index, size
from lowering.lower import lower

ROWS = tuple(row for row in LAYERS if row.axes == 1 and row.name not in ("convolution", "average-pooling"))


@st.composite
def networks(draw: st.DrawFn) -> Model:
    """One to three layers, any activations, half the square of the error."""
    builds: list[Build] = []
    for row in draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=3)):
        activation = function(draw(st.sampled_from(FUNCTIONS)))
        builds.append(partial(dense, activation=activation) if row.name == "dense" else row.build)
    features = data("x", index("i", 1, size("n")))
    return sequential(features, builds, lambda p, t: (p - t) ** 2 / 2, called="composed")


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(networks())
def test_the_gradient_is_what_complex_steps_say(model: Model) -> None:
    found = lower(model).certificate.as_data()["checks"]
    steps = [c for c in found if c["method"].startswith("complex-step") and c["dtype"] == "float64"]
    assert steps and all(c["passed"] and c["tolerance"] <= 1e-8 for c in steps)
