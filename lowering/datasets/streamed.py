"""A data set in NPY files that stays there: blocks of rows to train on and blocks held out, read as they are needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .dataset import MOST_CLASSES, DataSet, Split, as_float, check_size, class_names, with_ones
from .errors import DataError
from .readers import ARRAY_NAMES
from .rows import BLOCK, Array, Lines, Rows, Stored, stored, tiles


def is_streamed(path: Path) -> bool:
    """Whether a path is a folder with two arrays in NPY files."""
    return path.is_dir() and _pair(path) is not None


def _pair(path: Path) -> tuple[Path, Path] | None:
    pairs = ((path / f"{x}.npy", path / f"{y}.npy") for x, y in ARRAY_NAMES)
    return next((pair for pair in pairs if all(file.exists() for file in pair)), None)


def streamed_dataset(path: Path, *, bias: bool, seed: int, test_share: float, labels: bool | None) -> DataSet:
    """The data set in a folder; all of it is looked at once, a tile at a time.

    Args:
        path: the folder.
        bias: put a column of ones first.
        seed: of the blocks that are held out.
        test_share: of the blocks.
        labels: as for `load`.
    Raises: DataError: if the files do not hold what they say, or the numbers cannot be used.
    """
    pair = _pair(path)
    assert pair is not None  # `is_streamed`
    features, targets = (stored(file) for file in pair)
    _check_shapes(path, features, targets)
    blocks = _blocks(path, features.shape[0], test_share, seed)
    train, test = (Split(features=_features(features, b, bias), targets=_whole(targets, b)) for b in blocks)
    for part in (train, test):
        for name, rows in (("features", part.features), ("targets", part.targets)):
            _check_finite(f"{path}: the {name}", rows)
    found = _distinct(train.targets)
    whole = labels if labels is not None else found is not None and bool(np.all(found == np.rint(found)))
    classes = class_names(str(path), _some(path, found), ()) if whole else ()
    if classes and _beyond(test.targets, len(classes)):
        raise DataError(f"{path}: held-out labels go beyond 0..{len(classes) - 1}")
    return DataSet(
        name=str(path),
        description=f"read from {path.name} as needed",
        train=train,
        test=test,
        classes=classes,
        feature_shape=features.shape[1:],
        bias=bias,
    )


def _check_shapes(path: Path, features: Stored, targets: Stored) -> None:
    if len(features.shape) < 2 or len(targets.shape) != 1 or features.shape[0] != targets.shape[0]:
        found = f"{features.shape} and {targets.shape}"
        raise DataError(f"{path}: expected features of shape (n, m) and targets of shape (n,), got {found}")


def _blocks(path: Path, rows: int, share: float, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The blocks to train on and those held out, each in ascending order; the same for the same seed."""
    if not 0 < share < 1:
        raise DataError(f"the share of points held out must lie between 0 and 1, got {share}")
    count = -(-rows // BLOCK)
    if count < 2:
        raise DataError(f"{path}: {rows} rows are one block of {BLOCK}; put so few into an NPZ file")
    order = np.random.default_rng(seed).permutation(count)
    cut = min(max(round(share * count), 1), count - 1)
    return np.sort(order[cut:]), np.sort(order[:cut])


def _features(source: Stored, blocks: NDArray[np.int64], bias: bool) -> Rows:
    flat = _whole(source, blocks).then(lambda rows: rows.reshape(len(rows), -1))
    return flat.then(with_ones) if bias else flat


def _whole(source: Stored, blocks: NDArray[np.int64]) -> Rows:
    change = as_float if len(source.shape) > 1 else lambda rows: rows.astype(np.float64)
    return Rows(source=source, blocks=blocks, change=change, row=source.shape[1:])


def _check_finite(what: str, rows: Lines) -> None:
    for tile in tiles(rows):
        if not np.isfinite(tile).all():
            raise DataError(f"{what} have values that are NaN or infinite; remove those points")
        check_size(what, tile)


def _distinct(rows: Lines) -> Array | None:
    """The different values, in order; None if there are very many."""
    found = np.empty(0)
    for tile in tiles(rows):
        found = np.union1d(found, tile)
        if len(found) > MOST_CLASSES:
            return None
    return found


def _some(path: Path, found: Array | None) -> Array:
    if found is None:
        raise DataError(f"{path}: the targets have more than {MOST_CLASSES} values, too many for labels")
    return found


def _beyond(rows: Lines, count: int) -> bool:
    found = _distinct(rows)
    return found is None or not np.isin(found, np.arange(count)).all()
