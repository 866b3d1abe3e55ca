"""Images and sequences are learnt from data, and windows give the same in tiles, in parts and at once."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from derive.catalog import find
from derive.quantities import Kind
from derive.vocabulary import length
from lowering.datasets.catalog import load
from lowering.datasets.errors import DataError
from lowering.datasets.matching import match
from lowering.loading import loaded_source
from lowering.lower import lowering
from lowering.train import Settings, train

SIZES = {"convolutional-network": {"F": 4, "O": 6, "H": 16}, "lstm-classifier": {"H": 24}}


def shapes(name: str) -> dict[str, tuple[str, ...]]:
    given = (q for q in find(name).over_data().given if q.kind is Kind.DATA)
    return {q.name: tuple(str(length(i)) for i in q.axes) for q in given}


@cache
def module(name: str) -> Any:
    return loaded_source(lowering(find(name), dtype="float64", backend="numpy").source)


@pytest.mark.parametrize("name", SIZES)
def test_handwritten_digits_are_learnt(name: str) -> None:
    """As images, and as sequences of rows."""
    matched = match(load("digits"), shapes(name), known=SIZES[name])
    plan = Settings(optimizer="adam", batch_size=32, epochs=8, step=0.01)
    run = train(module(name), matched.train, settings=plan, sizes=SIZES[name], validation=matched.test)
    first, last = run.history[0], run.history[-1]
    assert first.validation_accuracy is not None and first.validation_accuracy < 0.3
    assert last.validation_accuracy is not None and last.validation_accuracy > 0.9


@pytest.mark.parametrize("window", [1, 3, 64, 65])
@pytest.mark.parametrize("kind", ["sum", "max", "prod"])
def test_few_places_and_many_within_windows_are_reduced_alike(window: int, kind: str) -> None:
    windows = np.lib.stride_tricks.sliding_window_view(np.random.default_rng(0).normal(size=(2, 80)), window, axis=1)
    found = module("average-pooling")._within(windows, (2,), kind)
    np.testing.assert_allclose(found, getattr(windows, kind)(axis=2), rtol=1e-12, atol=1e-12)


def test_a_size_that_the_data_leave_open_is_asked_for() -> None:
    with pytest.raises(DataError, match=r"F \+ 2\*R - 2 = 8 does not settle its sizes; give F or R"):
        match(load("digits"), shapes("convolutional-network"))
