"""Data sets: what is bundled, what is split, and what fits a module's data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowering.datasets.catalog import DATASETS, load
from lowering.datasets.dataset import Raw, dataset
from lowering.datasets.errors import DataError
from lowering.datasets.matching import match
from lowering.datasets.sizes import read_size, solve_sizes


@pytest.mark.parametrize("row", DATASETS, ids=lambda row: row.name)
def test_every_bundled_data_set_is_sound(row: Any) -> None:
    try:
        data = load(row.name, seed=3)
    except (ModuleNotFoundError, DataError):
        assert row.comes_with
        pytest.skip(f"{row.name} needs {row.comes_with}")
    for part in (data.train, data.test):
        assert part.features.shape == (len(part.targets), data.sizes["m_x"])
        assert 0 <= part.features.min() < part.features.max() <= 1
        assert set(part.targets) == set(range(len(data.classes)))
    assert np.prod(data.feature_shape) == data.sizes["m_x"]


def test_one_is_one_and_two_is_nought() -> None:
    both, every = load("digits-1-vs-2"), load("digits")
    ones = {row.tobytes() for part in (every.train, every.test) for row in part.features[part.targets == 1]}
    for part in (both.train, both.test):
        assert {row.tobytes() in ones for row in part.features[part.targets == 1]} == {True}
        assert {row.tobytes() in ones for row in part.features[part.targets == 0]} == {False}
    assert both.classes == ("2", "1")


@given(st.lists(st.integers(2, 30), min_size=2, max_size=4), st.integers(0, 99), st.floats(0.05, 0.95))
def test_a_split_is_a_stratified_partition_that_the_seed_decides(counts: list[int], seed: int, share: float) -> None:
    targets = np.repeat(np.arange(len(counts)), counts)
    raw = Raw(features=np.arange(len(targets), dtype=float)[:, None], targets=targets)
    first, again = (dataset("d", "", raw, seed=seed, test_share=share) for _ in range(2))
    rows = np.concatenate([first.train.features, first.test.features])[:, 0]
    assert sorted(rows) == list(range(len(targets)))
    np.testing.assert_array_equal(first.train.features, again.train.features)
    for label, count in enumerate(counts):
        held_out = int(np.sum(first.test.targets == label))
        assert held_out == min(max(round(share * count), 1), count - 1)
    for part in (first.train, first.test):
        np.testing.assert_array_equal(part.targets, targets[part.features[:, 0].astype(int)])


def test_another_seed_is_another_split() -> None:
    assert not np.array_equal(load("digits-1-vs-2", seed=0).test.features, load("digits-1-vs-2", seed=1).test.features)


def test_bias_is_a_constant_feature_in_front() -> None:
    plain, biased = (load("digits-1-vs-2", bias=bias) for bias in (False, True))
    assert plain.sizes == biased.sizes == {"n": len(plain.train.targets), "m_x": 64}
    np.testing.assert_array_equal(biased.train.features[:, 0], 1)
    np.testing.assert_array_equal(biased.train.features[:, 1:], plain.train.features)


X, Y = np.arange(12.0).reshape(6, 2), np.array([0, 1, 0, 1, 0, 1])

REFUSED: tuple[tuple[Raw, str], ...] = (
    (Raw(features=np.zeros((0, 2)), targets=np.zeros(0)), "features are empty"),
    (Raw(features=X, targets=Y[:4]), "6 rows of features, but 4 targets"),
    (Raw(features=X[:, 0], targets=Y), r"expected features of shape \(n, m\)"),
    (Raw(features=X, targets=X), r"targets of shape \(n,\), got \(6, 2\) and \(6, 2\)"),
    (Raw(features=np.where(X == 7, np.nan, X), targets=Y), "1 of the features are NaN or infinite.* 4, 2$"),
    (Raw(features=X, targets=np.where(Y == 1, np.inf, 0.0)), "3 of the targets are NaN or infinite.* 2$"),
    (Raw(features=X.astype("U4"), targets=Y), "expected real numbers"),
    (Raw(features=X + 1j, targets=Y), "of type complex128"),
    (Raw(features=X, targets=Y + 1), r"must be 0..1 with each of them present; got 1, 2\. Relabel"),
    (Raw(features=X, targets=2 * Y - 1), "got -1, 1"),
    (Raw(features=X, targets=0 * Y), "all labels are 0; at least two classes"),
    (Raw(features=X, targets=0 * Y + 1), "all labels are 1; at least two classes"),
    (Raw(features=X, targets=Y, classes=("a", "b", "c")), "must be 0..2"),
    (Raw(features=X, targets=np.array([0, 0, 0, 0, 0, 1])), "class 1 has 1 row"),
    (Raw(features=X, targets=Y, held_out=(X[:, :1], Y)), r"held-out points have shape \(1,\), the others \(2,\)"),
    (Raw(features=X, targets=Y, held_out=(X, Y + 1)), "held-out labels go beyond 0..1"),
)


@pytest.mark.parametrize(("raw", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_unusable_data_are_refused_by_name(raw: Raw, message: str) -> None:
    with pytest.raises(DataError, match=f"^things: .*{message}"):
        dataset("things", "", raw)


def test_numbers_as_targets_are_no_labels() -> None:
    numbers = dataset("d", "", Raw(features=X, targets=Y + 1), labels=False)
    assert numbers.classes == ()
    assert dataset("d", "", Raw(features=X, targets=Y + 0.5)).classes == ()


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(DataError, match=r"nowhere: neither a file nor a data set.*digits-1-vs-2, digits"):
        load("nowhere")


def test_match_adds_the_ones_that_a_sum_from_nought_needs() -> None:
    shapes = {"X": ("n", "m_x + 1"), "y": ("n",)}
    for bias in (False, True):
        data = load("digits-1-vs-2", bias=bias)
        fitted = match(data, shapes, binary=("y",))
        assert fitted.sizes == {"n": len(data.train.targets), "m_x": 64}
        assert fitted.train["X"].shape == (fitted.sizes["n"], 65)
        np.testing.assert_array_equal(fitted.test["X"][:, 0], 1)
        np.testing.assert_array_equal(fitted.test["y"], data.test.targets)


def test_match_without_ones_one_hot_and_images() -> None:
    data = load("digits")
    plain = match(data, {"t": ("N", "K"), "inputs": ("N", "D")})
    assert plain.sizes == {"N": len(data.train.targets), "D": 64, "K": 10}
    np.testing.assert_array_equal(plain.train["t"].argmax(axis=1), data.train.targets)
    np.testing.assert_array_equal(plain.train["t"].sum(axis=1), 1)
    images = match(data, {"X": ("n", "H", "W"), "c": ("n",)})
    assert images.sizes["H"] == images.sizes["W"] == 8
    np.testing.assert_array_equal(images.test["X"].reshape(-1, 64), data.test.features)
    alone = match(data, {"X": ("n", "d")})
    assert list(alone.train) == ["X"]


def test_a_single_feature_may_be_a_vector() -> None:
    data = dataset("line", "", Raw(features=X[:, :1], targets=Y + 0.5), bias=True)
    fitted = match(data, {"x": ("n",), "y": ("n",)})
    np.testing.assert_array_equal(fitted.train["x"], data.train.features[:, 1])
    np.testing.assert_array_equal(fitted.train["y"], data.train.targets)


@pytest.mark.parametrize(
    ("name", "shapes", "binary", "message"),
    [
        ("digits", {"X": ("n", "m_x"), "y": ("n",)}, ("y",), "y must be 0 or 1, but digits has 10 classes"),
        ("digits", {"X": ("n", "a", "b", "c"), "y": ("n",)}, (), r"X has 4 axes \(n, a, b, c\), but a point of digits"),
        ("digits", {"X": ("n", "m_x"), "y": ("n", "a", "b")}, (), "y has 3 axes"),
        ("digits", {"X": ("n", "n"), "y": ("n",)}, (), r"X, axis 2: expected n = \d+ \(n = \d+\), got 64"),
        ("digits", {"X": ("n", "63"), "y": ("n",)}, (), "X, axis 2: expected 63 = 63 .*, got 64"),
        ("digits", {"X": ("n", "2*m"), "y": ("n", "m")}, (), "expected m = 32 .*, got 10"),
        ("digits", {}, (), "asks for no data"),
        ("digits", {"a": ("n",), "b": ("n",), "c": ("n",)}, (), "asks for a, b, c; digits has features and targets"),
    ],
)
def test_a_misfit_names_the_size(name: str, shapes: Any, binary: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        match(load(name), shapes, binary=binary)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(-3, 3), st.integers(1, 3))
def test_sizes_are_solved_from_lengths(a: int, b: int, constant: int, factor: int) -> None:
    text = f"{factor}*a - b {'+' if constant >= 0 else '-'} {abs(constant)}"
    shapes = {"U": ("b",), "V": (text, "a + b")}
    assert read_size(text).at({"a": a, "b": b}) == factor * a - b + constant
    assert solve_sizes(shapes, {"U": (b,), "V": (factor * a - b + constant, a + b)}) == {"a": a, "b": b}


@pytest.mark.parametrize(
    ("text", "names"), [("(N + 2 * P - F) // S + 1", ("N", "P", "F", "S")), ("P * S + F - S", ("P", "S", "F", "S"))]
)
def test_sizes_that_follow_from_others_are_left_to_the_module(text: str, names: tuple[str, ...]) -> None:
    assert read_size(text).composed and read_size(text).names == names
    assert solve_sizes({"x": ("n", text)}, {"x": (3, 7)}) == {"n": 3}


@pytest.mark.parametrize("text", ["", " ", "a b", "2a", "a**2", "(a)", "a +", "+", "a/2", "__import__('os')", "a.b"])
def test_other_sizes_are_refused(text: str) -> None:
    with pytest.raises(DataError, match="size"):
        read_size(text)


@pytest.mark.parametrize(
    ("shapes", "found", "message"),
    [
        ({"X": ("n",)}, {}, r"X is missing; expected shape \(n,\)"),
        ({"X": ("n", "m")}, {"X": (3,)}, r"X has shape \(3,\), expected 2 axes, \(n, m\)"),
        ({"X": ("n",), "y": ("n",)}, {"X": (3,), "y": (4,)}, r"y, axis 1: expected n = 3 \(n = 3\), got 4"),
        ({"X": ("2*n",)}, {"X": (3,)}, r"X, axis 1: 2\*n = 3 has no whole positive solution for n"),
        ({"X": ("n + 1",)}, {"X": (1,)}, "no whole positive solution"),
        ({"X": ("a + b",)}, {"X": (3,)}, r"a \+ b = 3 does not settle its sizes"),
    ],
)
def test_unsolvable_sizes_say_why(shapes: Any, found: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        solve_sizes(shapes, found)
