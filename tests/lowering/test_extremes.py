"""At any size of its parameters a module gives what its textbook form gives with as many digits as it needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive.catalog import find, names
from derive.model import Model
from derive.prove import prove
from derive.quantities import Domain
from lowering.checks import called, settled
from lowering.loading import loaded_source
from lowering.lower import lowering
from lowering.oracle import Oracle, extreme_points
from lowering.trialpoints import Point, random_point, trial_sizes

LARGEST = (0.0, 30.0, -30.0, 745.0, -745.0, 800.0, -800.0, 1e4, -1e4)
TOLERANCES = {"float64": 1e-12, "float32": 1e-5}


def moved(model: Model) -> list[str]:
    """The parameters that may be of any size."""
    return [q.name for q in model.parameters if q.domain is Domain.REAL]


SYSTEMS = (
    *(name for name in names() if name.startswith(("loss-", "activation-")) and moved(find(name))),
    "boltzmann",
    "canonical-ensemble",
    "categorical",
    "cross-entropy",
    "gaussian",
    "gaussian-naive-bayes",
    "linear-discriminant-classes",
    "mixture",
    "smooth-perceptron",
    "vae-kl",
)


def scaled(oracle: Oracle, largest: float) -> Point:
    """An ordinary point with its real parameters scaled until the largest is so large."""
    real = moved(oracle.model)
    point = random_point(oracle.model, next(iter(trial_sizes(oracle.model))), seed=7)
    factor = largest / max(float(np.abs(point.params[name]).max()) for name in real)
    return replace(point, params={**point.params, **{name: point.params[name] * factor for name in real}})


@pytest.mark.parametrize("name", SYSTEMS)
def test_value_and_gradient_are_exact_however_large_the_parameters(name: str) -> None:
    """The value to 1e-12 of itself, or of 1, the gradient to that part of its largest component; in float32 to 1e-5."""
    stages = lowering(find(name), dtype="float64", backend="numpy")
    module, oracle = loaded_source(stages.source), Oracle(stages.computable.named)
    points = [scaled(oracle, largest).cast(dtype) for largest in LARGEST for dtype in TOLERANCES]
    for point, (_, exact, gradient) in zip(points, settled(oracle, points), strict=True):
        value, grads, trouble = called(module, point)
        tolerance = TOLERANCES[str(value.dtype)]
        scale = max(1e-3, *(float(np.abs(g).max()) for g in gradient.values()))
        assert not trouble
        assert abs(value - exact) <= tolerance * max(abs(exact), 1.0)
        assert max(float(np.abs(grads[k] - g).max()) for k, g in gradient.items()) <= tolerance * scale


@pytest.mark.parametrize("name", ["mlp", "rnn", "gru", "lstm", "softmax-regression"])
def test_float32_is_exact_where_a_pre_activation_is_extreme(name: str) -> None:
    stages = lowering(find(name), dtype="float64", backend="numpy")
    module, oracle = loaded_source(stages.source), Oracle(stages.computable.named)
    points = [point.cast("float32") for *_, point in extreme_points(oracle, (30.0, 745.0, 800.0, 1e4))]
    for point, (_, exact, gradient) in zip(points, settled(oracle, points), strict=True):
        value, grads, trouble = called(module, point)
        scale = max(1e-3, *(float(np.abs(g).max()) for g in gradient.values()))
        assert points and not trouble
        assert abs(value - exact) <= TOLERANCES["float32"] * max(abs(exact), 1.0)
        assert max(float(np.abs(grads[k] - g).max()) for k, g in gradient.items()) <= TOLERANCES["float32"] * scale


@pytest.mark.parametrize(
    "name", ["boltzmann", "canonical-ensemble", "cross-entropy", "gaussian-naive-bayes", "loss-log-cosh"]
)
def test_what_makes_them_safe_is_proved(name: str) -> None:
    found = lowering(find(name), dtype="float64", backend="numpy").computable
    assert found.rewrites
    assert all(r.proof is not None and prove(r.before, r.after + 1, found.named) is None for r in found.rewrites)
