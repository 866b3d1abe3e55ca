"""Fitting a data set to the data that a module asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from .dataset import DataSet, Split, with_ones
from .errors import DataError
from .rows import Array, Lines, changed, tiles
from .sizes import read_size, solve_sizes

Shapes = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The arrays that a module asks for, by its names.

    Attributes:
        train: to train on; in memory or read from a file as they are needed.
        test: held out.
        sizes: those that follow from the data, the number of training points among them.
    """

    train: Mapping[str, Lines]
    test: Mapping[str, Lines]
    sizes: Mapping[str, int]


def match(
    dataset: DataSet,
    shapes: Shapes,
    *,
    binary: Collection[str] = (),
    labels: Collection[str] = (),
    known: Mapping[str, int] | None = None,
) -> Matched:
    """Give the features and targets of a data set the names and shapes of a module's `DATA`.

    Targets go to the name that begins with `y`, `label` or `target`, else to the one with fewer axes, else to one
    that begins with `t`, else to the second; features go to the other. An axis such as `m_x + 1` means a column of
    ones in front; points become images where three axes or more are asked for. Where one-hot rows are asked for, labels
    become such rows, or stay as they are if the module takes labels; so does a single column of features.

    Args:
        dataset: what there is.
        shapes: name to sizes, `{"X": ("n", "m_x + 1"), "y": ("n",)}`.
        binary: names whose values must be 0 or 1.
        labels: names of rows that the module also takes as labels.
        known: sizes that are chosen, such as that of a window where 2 * R + F - 2 = 28.

    Raises:
        DataError: if it does not fit; names the size, what was expected and what came.
    """
    features, targets = _roles(dataset, shapes)
    short = {name for name in labels if len(shapes[name]) == 2 and shapes[name][1].isidentifier()}
    train, test = (_arrays(dataset, part, shapes, features, targets, short) for part in (dataset.train, dataset.test))
    found = {name for name in short if len(train[name].shape) == 1}
    least = {targets: len(dataset.classes)}
    known = {**(known or {}), **_counts(shapes, {n: least.get(n, 1) for n in found}, known or {}, (train, test))}
    shapes = {name: axes[:1] if name in found else axes for name, axes in shapes.items()}
    for name in binary:
        if name in train and not _only(train[name], (0, 1)):
            raise DataError(f"{name} must be 0 or 1, but {dataset.name} has {_classes(dataset)}")
    solve_sizes(shapes, {name: array.shape for name, array in test.items()}, known)
    sizes = solve_sizes(shapes, {name: array.shape for name, array in train.items()}, known)
    return Matched(train=train, test=test, sizes=sizes)


def _roles(dataset: DataSet, shapes: Shapes) -> tuple[str, str | None]:
    """The name for the features and the name for the targets, if any."""
    names = list(shapes)
    if not 1 <= len(names) <= 2:
        raise DataError(f"the module asks for {', '.join(names) or 'no data'}; {dataset.name} has features and targets")
    if len(names) == 1:
        return names[0], None
    target = _spelled(names, ("y", "label", "target")) or _fewest_axes(shapes) or _spelled(names, ("t",)) or names[1]
    return next(name for name in names if name != target), target


def _spelled(names: list[str], beginnings: tuple[str, ...]) -> str | None:
    found = [name for name in names if name.lower().startswith(beginnings)]
    return found[0] if len(found) == 1 else None


def _fewest_axes(shapes: Shapes) -> str | None:
    least = min(len(axes) for axes in shapes.values())
    found = [name for name, axes in shapes.items() if len(axes) == least]
    return found[0] if len(found) == 1 else None


def _only(rows: Lines, values: tuple[int, ...]) -> bool:
    """Whether there are no other values."""
    return all(np.isin(tile, values).all() for tile in tiles(rows))


def _counts(
    shapes: Shapes, least: Mapping[str, int], known: Mapping[str, int], parts: Collection[Mapping[str, Lines]]
) -> dict[str, int]:
    """How many labels there are: as many as have been given, or as the data need."""
    counts: dict[str, int] = {}
    for name, count in least.items():
        size = shapes[name][1]
        needed = max(count, *(1 + int(tile.max()) for part in parts for tile in tiles(part[name])))
        if known.get(size, needed) < needed:
            raise DataError(f"{name} needs {size} = {needed} for its labels 0 to {needed - 1}, not {known[size]}")
        counts[size] = max(counts.get(size, 0), known.get(size, needed))
    return counts


def _arrays(
    dataset: DataSet, part: Split, shapes: Shapes, features: str, targets: str | None, labels: Collection[str]
) -> dict[str, Lines]:
    labelled = features in labels and dataset.feature_shape == (1,)
    read = _labels if labelled else _features
    arrays = {features: read(dataset, part, features, shapes[features])}
    if targets is not None:
        arrays[targets] = _targets(dataset, part, targets, shapes[targets], targets in labels)
    return {name: arrays[name] for name in shapes}


def _labels(dataset: DataSet, part: Split, name: str, axes: tuple[str, ...]) -> Lines:
    """A single column of features as labels."""
    column = changed(part.features, lambda rows: rows[:, -1])
    if any(not ((tile >= 0) & (tile == np.rint(tile))).all() for tile in tiles(column)):
        raise DataError(
            f"{name} has shape ({', '.join(axes)}); the one column of {dataset.name} is no such rows, and no labels: "
            f"whole numbers from 0"
        )
    return changed(column, _as_labels)


def _as_labels(numbers: Array) -> Array:
    return numbers.astype(np.intp)


def _features(dataset: DataSet, part: Split, name: str, axes: tuple[str, ...]) -> Lines:
    rows, shape = part.features, dataset.feature_shape
    if len(axes) == 2:
        wants_ones = read_size(axes[1]).constant >= 1 and bool(read_size(axes[1]).factors)
        return changed(rows, with_ones) if wants_ones and not dataset.bias else rows
    plain = changed(rows, lambda r: r[:, 1:]) if dataset.bias else rows
    if len(axes) == 1 and plain.shape[1] == 1:
        return changed(plain, lambda r: r[:, 0])
    if len(axes) == 1 + len(shape):
        return changed(plain, lambda r: r.reshape(len(r), *shape))
    raise DataError(f"{name} has {len(axes)} axes ({', '.join(axes)}), but a point of {dataset.name} has shape {shape}")


def _targets(dataset: DataSet, part: Split, name: str, axes: tuple[str, ...], labelled: bool) -> Lines:
    if len(axes) == 1:
        return part.targets
    if len(axes) == 2 and dataset.classes:
        count = len(dataset.classes)
        return changed(part.targets, _as_labels if labelled else lambda each: np.eye(count)[each.astype(np.int64)])
    raise DataError(f"{name} has {len(axes)} axes ({', '.join(axes)}), but {dataset.name} has {_classes(dataset)}")


def _classes(dataset: DataSet) -> str:
    return f"{len(dataset.classes)} classes" if dataset.classes else "numbers as targets"
