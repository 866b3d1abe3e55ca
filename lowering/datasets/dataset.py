"""A data set: features and targets, checked and split in two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import DataError
from .rows import Lines

Array = NDArray[Any]

MOST_CLASSES = 1000
LARGEST = 1e154  # beyond, a square overflows


@dataclass(frozen=True, kw_only=True)
class Split:
    """Some of the points: features of shape (n, m) and targets of shape (n,), both float64, or read as such."""

    features: Lines
    targets: Lines


@dataclass(frozen=True, kw_only=True)
class Raw:
    """What a reader found, unchecked.

    Attributes:
        features: (n, ...); all axes but the first are one point.
        targets: (n,).
        held_out: features and targets that the source itself keeps for testing.
        classes: what the labels 0..K-1 mean, if the source says so.
    """

    features: Array
    targets: Array
    held_out: tuple[Array, Array] | None = None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """Points to train on and points held out.

    Attributes:
        name: its name or path.
        description: one line for people.
        train: the points to train on.
        test: the points held out.
        classes: the meaning of the labels 0..K-1; () where targets are numbers.
        feature_shape: the shape of one point before it was made a row, (8, 8) for an image.
        bias: whether the first feature is the constant 1.
    """

    name: str
    description: str
    train: Split
    test: Split
    classes: tuple[str, ...] = ()
    feature_shape: tuple[int, ...] = ()
    bias: bool = False

    @property
    def sizes(self) -> Mapping[str, int]:
        """`n` points to train on and `m_x` features, the constant one not counted."""
        points, columns = self.train.features.shape
        return {"n": points, "m_x": columns - int(self.bias)}


def dataset(
    name: str,
    description: str,
    raw: Raw,
    *,
    bias: bool = False,
    seed: int = 0,
    test_share: float = 0.25,
    labels: bool | None = None,
) -> DataSet:
    """Check what was read and split it.

    Args:
        name: for messages.
        description: one line for people.
        raw: what a reader found.
        bias: put a column of ones first.
        seed: of the split.
        test_share: of the points, class by class.
        labels: whether targets are labels 0..K-1 (True), numbers (False), or labels if they are whole (None).

    Raises:
        DataError: if the data are empty, not finite, of unlike lengths, or labels are out of range.
    """
    kept = _checked(name, raw.features, raw.targets)
    whole = bool(np.all(kept[1] == np.rint(kept[1]))) if labels is None else labels
    classes = class_names(name, kept[1], raw.classes) if whole else ()
    if raw.held_out is None:
        chosen = _chosen(name, kept[1], whole, test_share, seed)
        kept, held_out = ((kept[0][rows], kept[1][rows]) for rows in chosen)
    else:
        held_out = _checked(name, *raw.held_out)
        _check_alike(name, kept, held_out, classes)
    return DataSet(
        name=name,
        description=description,
        train=_split(*kept, bias),
        test=_split(*held_out, bias),
        classes=classes,
        feature_shape=tuple(kept[0].shape[1:]),
        bias=bias,
    )


def _checked(name: str, features: Array, targets: Array) -> tuple[Array, Array]:
    """Features as float64 with at least two axes, targets as float64 with one."""
    for part, array in (("features", features), ("targets", targets)):
        if array.dtype.kind not in "biuf":
            raise DataError(f"{name}: the {part} are of type {array.dtype}, expected real numbers")
        if not array.size:
            raise DataError(f"{name}: the {part} are empty (shape {array.shape})")
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    if features.ndim < 2 or targets.ndim != 1:
        raise DataError(
            f"{name}: expected features of shape (n, m) and targets of shape (n,), "
            f"got {features.shape} and {targets.shape}"
        )
    if len(features) != len(targets):
        raise DataError(f"{name}: {len(features)} rows of features, but {len(targets)} targets")
    scaled = as_float(features)
    for part, array in (("features", scaled), ("targets", targets.astype(np.float64))):
        check_size(f"{name}: the {part}", array)
        bad = np.argwhere(~np.isfinite(array))
        if len(bad):
            where = ", ".join(str(position + 1) for position in bad[0])
            raise DataError(
                f"{name}: {len(bad)} of the {part} are NaN or infinite, the first in row (and column) {where}"
            )
    return scaled, targets.astype(np.float64)


def class_names(name: str, targets: Array, named: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the classes; every label 0..K-1 must occur.

    Raises: DataError: if one does not, or there are other numbers.
    """
    found = np.unique(targets)
    if len(found) < 2:
        raise DataError(f"{name}: all labels are {found[0]:g}; at least two classes are needed")
    count = len(named) or len(found)
    if not np.array_equal(found, np.arange(count)) or count > MOST_CLASSES:
        shown = ", ".join(f"{label:g}" for label in found[:8]) + (", …" if len(found) > 8 else "")
        raise DataError(
            f"{name}: whole targets are taken as labels, which must be 0..{min(count, MOST_CLASSES) - 1} with each of "
            f"them present; got {shown}. Relabel them from 0 (in Python, labels=False takes them as numbers)"
        )
    return named or tuple(str(label) for label in range(count))


def _chosen(name: str, targets: Array, by_class: bool, share: float, seed: int) -> tuple[Array, Array]:
    """The rows to train on and the rows held out, in a random order; the same for the same seed."""
    if not 0 < share < 1:
        raise DataError(f"the share of points held out must lie between 0 and 1, got {share}")
    rng = np.random.default_rng(seed)
    kept, held_out = [], []
    for label in np.unique(targets) if by_class else [None]:
        rows = rng.permutation(np.flatnonzero(targets == label) if by_class else len(targets))
        if len(rows) < 2:
            what = f"class {label:g} has 1 row" if label is not None else "there is 1 row"
            raise DataError(f"{name}: {what}, at least 2 are needed to hold one out")
        cut = min(max(round(share * len(rows)), 1), len(rows) - 1)
        held_out.append(rows[:cut])
        kept.append(rows[cut:])
    return rng.permutation(np.concatenate(kept)), rng.permutation(np.concatenate(held_out))


def _check_alike(name: str, kept: tuple[Array, Array], held_out: tuple[Array, Array], classes: tuple[str, ...]) -> None:
    if held_out[0].shape[1:] != kept[0].shape[1:]:
        raise DataError(f"{name}: held-out points have shape {held_out[0].shape[1:]}, the others {kept[0].shape[1:]}")
    if classes and not np.isin(held_out[1], np.arange(len(classes))).all():
        raise DataError(f"{name}: held-out labels go beyond 0..{len(classes) - 1}")


def _split(features: Array, targets: Array, bias: bool) -> Split:
    rows = features.reshape(len(features), -1)
    return Split(features=with_ones(rows) if bias else rows, targets=targets)


def check_size(what: str, array: Array) -> None:
    """Refuse numbers whose squares overflow, so that no step of training could be computed.

    Raises: DataError: which says how large they are.
    """
    largest = float(np.abs(array).max(initial=0.0, where=np.isfinite(array)))
    if largest > LARGEST:
        raise DataError(
            f"{what} reach {largest:.3g}, whose square overflows; scale them, or see if the file is damaged"
        )


def as_float(features: Array) -> Array:
    """Bytes as numbers in [0, 1], others as they are, in float64."""
    return features / 255 if features.dtype == np.uint8 else features.astype(np.float64)


def with_ones(features: Array) -> Array:
    """The features (n, m) with a column of ones in front, (n, m + 1)."""
    return np.hstack([np.ones((len(features), 1)), features])
