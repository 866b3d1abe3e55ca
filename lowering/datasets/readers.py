"""Files of data: CSV, Parquet, NPZ and IDX.

A reader trusts no header: what it promises is compared with what is there.
"""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from .dataset import Array, Raw
from .errors import DataError

MOST_BYTES = 2**31

TARGET_COLUMNS = ("y", "label", "target", "class")
ARRAY_NAMES = (("X", "y"), ("x", "y"), ("features", "targets"), ("data", "target"), ("data", "labels"))
STORED = ("X.npy", "y.npy")
IDX_TYPES: Mapping[int, str] = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
IDX_PARTS = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A format.

    Attributes:
        description: for people.
        accepts: whether a path looks like this format.
        read: reads it; raises DataError.
    """

    description: str
    accepts: Callable[[Path], bool]
    read: Callable[[Path], Raw]


def read_csv(path: Path) -> Raw:
    """Numbers separated by comma, semicolon or tab; the target is the column `y`, `label`, `target` or the last one.

    A first line that is not all numbers is taken as the header.
    """
    lines = _text(path).splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    rows = [(number, row) for number, row in enumerate(csv.reader(lines, delimiter=delimiter), 1) if any(row)]
    if not rows:
        raise DataError(f"{path}: the file is empty")
    header = [] if all(_is_number(cell) for cell in rows[0][1]) else [cell.strip().lower() for cell in rows.pop(0)[1]]
    if not rows:
        raise DataError(f"{path}: a header, but no rows")
    width = len(header or rows[0][1])
    if width < 2:
        raise DataError(f"{path}: one column; expected features and a target, separated by comma, semicolon or tab")
    table = np.array([_numbers(path, number, row, width) for number, row in rows])
    at = next((header.index(name) for name in TARGET_COLUMNS if name in header), width - 1)
    return Raw(features=np.delete(table, at, axis=1), targets=table[:, at])


def read_npz(path: Path) -> Raw:
    """Arrays named as in `ARRAY_NAMES`, or `x_train`, `y_train`, `x_test` and `y_test`."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive)
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            found = {name: np.asarray(arrays[name]) for name in arrays.files}
    except (OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise DataError(f"{path}: not a whole NPZ file ({error})") from error
    if {"x_train", "y_train", "x_test", "y_test"} <= set(found):
        held_out = (found["x_test"], found["y_test"])
        return Raw(features=found["x_train"], targets=found["y_train"], held_out=held_out)
    for features, targets in ARRAY_NAMES:
        if features in found and targets in found:
            return Raw(features=found[features], targets=found[targets])
    raise DataError(f"{path}: expected arrays X and y, got {', '.join(sorted(found)) or 'none'}")


def read_idx(path: Path) -> Raw:
    """A folder with the four files of MNIST and its kin, or one file of images beside its file of labels."""
    if path.is_dir():
        paths = [_present(path / name) for name in IDX_PARTS]
        stored = [name for name in STORED if (path / name).exists()]
        if len(stored) == 1:
            lacking = next(name for name in STORED if name not in stored)
            raise DataError(f"{path}: the folder has {stored[0]}, but no {lacking}")
        if paths[0] is None or paths[1] is None:
            raise DataError(f"{path}: the folder lacks {IDX_PARTS[0]} or {IDX_PARTS[1]} (with or without .gz)")
        tests = (paths[2], paths[3])
        held_out = None if tests[0] is None or tests[1] is None else (_idx(tests[0]), _idx(tests[1]))
        return Raw(features=_idx(paths[0]), targets=_idx(paths[1]), held_out=held_out)
    labels = _present(path.with_name(_plain(path).replace("images", "labels").replace("idx3", "idx1")))
    if "images" not in path.name or labels is None:
        raise DataError(f"{path}: expected a file of images with its file of labels beside it")
    return Raw(features=_idx(path), targets=_idx(labels))


def read_parquet(path: Path) -> Raw:
    """Columns of numbers; the target is the column `y`, `label`, `target` or `class`, or the last one."""
    import pyarrow.parquet as parquet
    from pyarrow.lib import ArrowException

    try:
        with parquet.ParquetFile(path) as file:
            names, rows = [name.strip().lower() for name in file.schema_arrow.names], file.metadata.num_rows
            if 8 * len(names) * rows > MOST_BYTES:
                raise DataError(f"{path}: {rows} rows of {len(names)} columns are more than {MOST_BYTES} bytes")
            columns = [(column.type, column.to_numpy()) for column in file.read().columns]
    except (OSError, ArrowException) as error:
        raise DataError(f"{path}: not a whole Parquet file ({str(error).splitlines()[0]})") from error
    if len(columns) < 2:
        raise DataError(f"{path}: {len(columns)} column; expected features and a target")
    for name, (kind, column) in zip(names, columns, strict=True):
        if column.dtype.kind not in "biuf":
            raise DataError(f"{path}: the column {name!r} holds {kind}, expected numbers")
    at = next((names.index(name) for name in TARGET_COLUMNS if name in names), len(names) - 1)
    table = np.column_stack([column.astype(np.float64) for k, (_, column) in enumerate(columns) if k != at])
    return Raw(features=table, targets=columns[at][1])


READERS: tuple[Reader, ...] = (
    Reader(description="CSV", accepts=lambda path: path.suffix.lower() in (".csv", ".tsv", ".txt"), read=read_csv),
    Reader(description="Parquet", accepts=lambda path: path.suffix.lower() == ".parquet", read=read_parquet),
    Reader(description="NPZ", accepts=lambda path: path.suffix.lower() == ".npz", read=read_npz),
    Reader(description="IDX", accepts=lambda path: path.is_dir() or "idx" in path.name.lower(), read=read_idx),
)


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not a text file in UTF-8 ({error.reason} at byte {error.start})") from error


def _bytes(path: Path) -> bytes:
    """The content, unpacked if the name ends in .gz, and refused if it is larger than it may be."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, EOFError) as error:
        raise DataError(f"{path}: cannot be read to its end ({error})") from error
    if len(content) > MOST_BYTES:
        raise DataError(f"{path}: larger than {MOST_BYTES} bytes")
    return bytes(content)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _numbers(path: Path, number: int, row: list[str], width: int) -> list[float]:
    if len(row) != width:
        raise DataError(f"{path}, line {number}: expected {width} columns, got {len(row)}")
    for column, cell in enumerate(row, 1):
        if not _is_number(cell):
            raise DataError(f"{path}, line {number}, column {column}: expected a number, got {cell[:40]!r}")
    return [float(cell) for cell in row]


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    """Compare the header of each array with the bytes that follow it, before anything is allocated."""
    if sum(info.file_size for info in archive.infolist()) > MOST_BYTES:
        raise DataError(f"{path}: larger than {MOST_BYTES} bytes when unpacked")
    for info in archive.infolist():
        with archive.open(info) as member:
            try:
                version = np.lib.format.read_magic(member)
                reader = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}[version[0]]
                shape, _, dtype = reader(member)
            except (ValueError, KeyError) as error:
                raise DataError(f"{path}: {info.filename} is not an array ({error})") from error
            there = info.file_size - member.tell()
        if dtype.hasobject:
            raise DataError(f"{path}: {info.filename} holds Python objects, expected numbers")
        if prod(shape) * dtype.itemsize != there:
            promised = f"{shape} of {dtype} ({prod(shape) * dtype.itemsize} bytes)"
            raise DataError(f"{path}: {info.filename} promises {promised}, but {there} bytes follow")


def _idx(path: Path) -> Array:
    content = _bytes(path)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in IDX_TYPES or content[3] == 0:
        raise DataError(f"{path}: not an IDX file (it begins with {content[:4].hex(' ') or 'nothing'})")
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise DataError(f"{path}: truncated within its header")
    shape = tuple(int(n) for n in np.frombuffer(content, ">u4", count=content[3], offset=4))
    dtype = np.dtype(IDX_TYPES[content[2]])
    if prod(shape) * dtype.itemsize != len(content) - start:
        promised = prod(shape) * dtype.itemsize
        raise DataError(f"{path}: the header promises {shape}, {promised} bytes, but {len(content) - start} follow")
    return np.frombuffer(content, dtype, offset=start).reshape(shape)


def _plain(path: Path) -> str:
    return path.name.removesuffix(".gz")


def _present(path: Path) -> Path | None:
    """The path with or without .gz, whichever exists."""
    candidates = (path, path.with_name(path.name + ".gz"))
    return next((candidate for candidate in candidates if candidate.exists()), None)
