"""The data sets that come with the installation, a row each, and the one way to load any data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .dataset import DataError, DataSet, Raw, dataset
from .readers import READERS, Reader


@dataclass(frozen=True, kw_only=True)
class DatasetRow:
    """A bundled data set.

    Attributes:
        name: what it is loaded by.
        description: one line for people.
        read: reads it from the installation.
        source: where it is from.
    """

    name: str
    description: str
    read: Callable[[], Raw]
    source: str


def load(
    name_or_path: str | Path,
    *,
    bias: bool = False,
    seed: int = 0,
    test_share: float = 0.25,
    labels: bool | None = None,
) -> DataSet:
    """A data set by its name, or from a CSV, NPZ or IDX file or a folder of IDX files.

    Args:
        name_or_path: a name in `DATASETS` or a path.
        bias: put a column of ones first, for sums that start at 0 with x_0 = 1.
        seed: of the split into points to train on and points held out.
        test_share: of the points held out, class by class; unused where the source splits itself.
        labels: whether targets are labels 0..K-1 (True), numbers (False), or labels if they are whole (None).

    Raises:
        DataError: if there is no such data, or it cannot be used.
    """
    for row in DATASETS:
        if row.name == str(name_or_path):
            raw, description = row.read(), row.description
            break
    else:
        path = Path(name_or_path)
        raw, description = _reader(path).read(path), f"read from {path.name}"
    return dataset(str(name_or_path), description, raw, bias=bias, seed=seed, test_share=test_share, labels=labels)


def _reader(path: Path) -> Reader:
    if not path.exists():
        names = ", ".join(row.name for row in DATASETS)
        raise DataError(f"{path}: neither a file nor a data set; the data sets are {names}")
    for reader in READERS:
        if reader.accepts(path):
            return reader
    formats = ", ".join(reader.description for reader in READERS)
    raise DataError(f"{path}: not a format that can be read; the formats are {formats}")


def _digits() -> Raw:
    from sklearn.datasets import load_digits

    bundle = load_digits()
    return Raw(features=bundle.images / 16, targets=bundle.target, classes=tuple("0123456789"))


def _one_against_two() -> Raw:
    """The digit 1 has y = 1, the digit 2 has y = 0."""
    digits = _digits()
    chosen = np.isin(digits.targets, (1, 2))
    return Raw(
        features=digits.features[chosen],
        targets=(digits.targets[chosen] == 1).astype(np.float64),
        classes=("2", "1"),
    )


DATASETS: tuple[DatasetRow, ...] = (
    DatasetRow(
        name="digits-1-vs-2",
        description="handwritten digits 1 (y = 1) and 2 (y = 0), 8×8 pixels in [0, 1]",
        read=_one_against_two,
        source="UCI ML hand-written digits, as bundled with scikit-learn",
    ),
    DatasetRow(
        name="digits",
        description="handwritten digits 0 to 9, 8×8 pixels in [0, 1]",
        read=_digits,
        source="UCI ML hand-written digits, as bundled with scikit-learn",
    ),
)
