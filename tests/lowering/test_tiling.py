"""Tiles of rows: the same sums as at once, for every model that is one, and left alone where it is none."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from derive.catalog import find, names
from lowering.loading import loaded_source
from lowering.lower import Lowering, lowering
from lowering.program import LoweringError
from lowering.tiling import tiling
from lowering.trialpoints import random_point, trial_sizes

SMALL = ("points = len(arrays[0])", "points, rows = len(arrays[0]), 2")
FEW = (
    "logistic-regression",
    "softmax-regression",
    "ridge",
    "mlp",
    "deep",
    "naive-bayes",
    "mixture",
    "polynomial-regression",
    "gaussian-vector",
    "layer-norm",
    "convolution-2d",
    "convolutional-network",
)


@cache
def stages(name: str) -> Lowering:
    return lowering(find(name), dtype="float64", backend="numpy")


def in_small_tiles(source: str) -> str:
    before, after = SMALL
    assert before in source
    return source.replace(before, after)


@pytest.mark.parametrize("name", FEW)
def test_tiles_of_two_rows_give_what_all_rows_give(name: str) -> None:
    found = stages(name)
    model = found.computable.named
    whole, parts = loaded_source(found.source), loaded_source(in_small_tiles(found.source))
    sizes = next(iter(trial_sizes(model)))
    point = random_point(model, {**sizes, "n": 7}, seed=3)
    data = {**point.data, **sizes}
    value, grads = whole.value_and_grad(point.params, data)
    tiled_value, tiled = parts.value_and_grad(point.params, data)
    assert tiled_value == pytest.approx(value, rel=1e-12)
    assert parts.value(point.params, data) == pytest.approx(value, rel=1e-12)
    for key, gradient in grads.items():
        scale = max(1.0, float(np.abs(gradient).max(initial=0)))
        np.testing.assert_allclose(tiled[key], gradient, rtol=0, atol=1e-12 * scale)


def tileable(name: str) -> bool:
    try:
        found = stages(name)
    except LoweringError:
        return False
    return "_over_tiles" in found.source


def test_what_is_no_sum_over_points_is_computed_at_once() -> None:
    assert not any(tileable(name) for name in ("rnn", "boltzmann", "activation-tanh"))


def test_memory_beyond_inputs_and_gradients_does_not_grow_with_the_rows() -> None:
    """Traced by NumPy's own allocations: as many bytes for four times the rows."""
    import tracemalloc

    module = loaded_source(stages("softmax-regression").source)
    peaks = []
    for n in (40_000, 160_000):
        rng = np.random.default_rng(0)
        data = {"x": rng.standard_normal((n, 30)), "y": np.eye(10)[rng.integers(0, 10, n)]}
        params: dict[str, Any] = {"W": rng.standard_normal((30, 10))}
        tracemalloc.start()
        module.value_and_grad(params, data)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0] and peaks[1] < 2**22


def test_a_program_without_rows_has_no_tiles() -> None:
    found = stages("logistic-regression")
    sample = found.over_data.sample
    assert sample is not None
    assert tiling(found.program.pruned(("LL",)), sample) is not None
    assert tiling(found.program.pruned(("yhat",)), sample) is None  # an output with an entry for each row
    assert "ridge" in names()
