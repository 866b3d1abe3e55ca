"""Gradients held against the proof in training: recursions, windows, any labels, saturation; errors are caught."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from derive.catalog import find
from lowering.history import TrainingError
from lowering.loading import loaded_source
from lowering.lower import Lowering, lowering
from lowering.spotcheck import SpotCheck
from lowering.trialpoints import random_point, trial_sizes

SYSTEMS = ("mlp", "softmax-regression", "rnn", "lstm", "convolution-1d", "max-pooling", "gaussian-vector")
ERRORS = ("scaled", "one component", "sign")


@cache
def stages(name: str) -> tuple[Lowering, Any]:
    found = lowering(find(name), dtype="float64", backend="numpy")
    return found, loaded_source(found.source)


def given(name: str, module: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    over = stages(name)[0].over_data
    point = random_point(over, next(trial_sizes(over)), seed=4)
    sizes = {n: k for n, k in point.sizes.items() if n in module.DATA and n not in point.data}
    return dict(point.params), {**point.data, **sizes}


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_right_gradient_is_held_to_be_right(name: str) -> None:
    found, module = stages(name)
    params, data = given(name, module)
    check = SpotCheck(model=found.over_data, module=module)
    check(params, data)
    check({n: 0.1 * a if a.ndim < 2 or a.shape[0] != a.shape[1] else a for n, a in params.items()}, data)
    assert check.done == 2 and check.worst < 1e-12


def test_labels_that_do_not_sum_to_one_are_none_of_its_business() -> None:
    found, module = stages("softmax-regression")
    params, data = given("softmax-regression", module)
    check = SpotCheck(model=found.over_data, module=module)
    check(params, {**data, "y": np.abs(np.random.default_rng(0).standard_normal(data["y"].shape))})
    assert check.worst < 1e-12


@pytest.mark.parametrize("name", ("mlp", "softmax-regression"))
def test_saturated_outputs_are_no_special_case(name: str) -> None:
    found, module = stages(name)
    params, data = given(name, module)
    check = SpotCheck(model=found.over_data, module=module)
    check({n: 100 * a for n, a in params.items()}, data)
    assert check.worst < 1e-9


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("name", SYSTEMS)
def test_a_wrong_gradient_stops_the_training(name: str, error: str) -> None:
    found, module = stages(name)
    params, data = given(name, module)
    wrong = next(iter(params))

    def value_and_grad(at: Any, points: Any) -> Any:
        value, grads = module.value_and_grad(at, points)
        off = grads[wrong].copy()
        if error == "one component":
            off.flat[0] += 5e-6 * max(1.0, abs(off.flat[0]))
        return value, {**grads, wrong: off * {"scaled": 1.0005, "sign": -1.0}.get(error, 1.0)}

    other = SimpleNamespace(**{**vars(module), "value_and_grad": value_and_grad})
    with pytest.raises(TrainingError, match=rf"does not agree with the proof: {wrong}"):
        SpotCheck(model=found.over_data, module=other)(params, data)
