"""Σ y log σ(z) + (1 − y) log(1 − σ(z)) in one call: which lines it takes the place of, and its digits."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp

from derive.catalog import find
from lowering.backends.numpy.binary import with_binary
from lowering.loading import loaded_source
from lowering.lower import lowering

VALUE = "LL = _total(_less_softplus(y * z, z, {}))"
DECAY, SLOPE = "decay_z = _decay(z)", "_less_sigmoid(y, z, decay_z)"
BOTH = VALUE.format("decay_z")
CASES = {
    "the value alone": ([VALUE.format("_decay(z)")], ["LL = _binary_log_likelihood(z, y)"]),
    "slopes with a name": (
        [DECAY, BOTH, f"d_z = {SLOPE}", "d_w = d_z.dot(x)"],
        ["LL, d_z = _binary_log_likelihood(z, y, slopes=True)", "d_w = d_z.dot(x)"],
    ),
    "slopes of a mean": (
        [DECAY, BOTH, f"d_z = -{SLOPE} / n"],
        ["LL, error_z_ = _binary_log_likelihood(z, y, slopes=True)", "d_z = -error_z_ / n"],
    ),
    "slopes of others": (
        [DECAY, BOTH, "d_z = _less_sigmoid(u, z, decay_z)"],
        [DECAY, "LL = _binary_log_likelihood(z, y)", "d_z = _less_sigmoid(u, z, decay_z)"],
    ),
    "weights": ([DECAY, "LL = _total(w * _less_softplus(y * z, z, decay_z))"],) * 2,
    "logits of others": (["LL = _total(_less_softplus(y * u, z, _decay(z)))"],) * 2,
}


@pytest.mark.parametrize("case", CASES)
def test_lines(case: str) -> None:
    before, after = CASES[case]
    assert with_binary(before, {"error_z", "z", "y"}) == after


@pytest.mark.parametrize(("dtype", "digits"), [("float64", 1e-14), ("float32", 1e-6)])
def test_all_digits_of_value_and_slopes_where_labels_are_right(dtype: str, digits: float) -> None:
    likelihood = loaded_source(lowering(find("mlp"), dtype=dtype, backend="numpy").source)._binary_log_likelihood
    z = np.array([30.0, -30.0, 60.0, -0.0, 0.0, 1e4, -1e4], dtype)
    y = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0], dtype)
    for k in range(len(z)):
        value, slope = likelihood(z[k : k + 1], y[k : k + 1], slopes=True)
        assert value.dtype == slope.dtype == dtype
        with mp.workdps(60):
            share = 1 / (1 + mp.exp(-mp.mpf(float(abs(z[k])))))  # of the label, where it is right
            expected = (mp.log(share), (1 - share) * (1 if y[k] else -1))
        tiny = 0 if abs(z[k]) < 1e4 else 1e-300
        assert abs(value - float(expected[0])) <= digits * abs(float(expected[0])) + tiny
        assert abs(slope[0] - float(expected[1])) <= digits * abs(float(expected[1])) + tiny
        assert likelihood(z[k : k + 1], y[k : k + 1]) == value
