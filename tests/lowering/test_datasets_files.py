"""Data files: each format read back, and every kind of damage refused by name before any work."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lowering.datasets import readers
from lowering.datasets.catalog import load
from lowering.datasets.errors import DataError

FEATURES = np.random.default_rng(0).integers(0, 256, size=(12, 2, 3)).astype(np.uint8)
LABELS = np.tile([0, 1, 2], 4).astype(np.uint8)


def idx(array: Any, code: int = 8) -> bytes:
    return bytes([0, 0, code, array.ndim]) + bytes(np.array(array.shape, ">u4")) + bytes(array.tobytes())


def npz(**arrays: Any) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def same_points(path: Path, scale: float = 1.0) -> bool:
    data = load(path)
    rows = np.vstack([np.column_stack([p.features, p.targets]) for p in (data.train, data.test)])
    expected = np.column_stack([FEATURES.reshape(12, -1) * scale, LABELS])
    return bool(np.allclose(sorted(map(tuple, rows)), sorted(map(tuple, expected))))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("header", ["", "y,a,b,c,d,e,f", "a,b,c,d,e,f,other"])
def test_csv(tmp_path: Path, delimiter: str, header: str) -> None:
    columns = [*FEATURES.reshape(12, -1).T, LABELS]
    table = np.column_stack(columns[-1:] + columns[:-1] if header.startswith("y") else columns)
    lines = [header] * bool(header) + [",".join(map(str, row)) for row in table]
    path = tmp_path / "points.csv"
    path.write_text("\ufeff" + "\r\n".join(lines).replace(",", delimiter) + "\r\n\r\n", encoding="utf-8")
    assert same_points(path)


@pytest.mark.parametrize(
    "names", [("X", "y"), ("x", "y"), ("features", "targets"), ("data", "target"), ("data", "labels")]
)
def test_npz(tmp_path: Path, names: tuple[str, str]) -> None:
    path = tmp_path / "points.npz"
    path.write_bytes(npz(**{names[0]: FEATURES, names[1]: LABELS}))
    assert same_points(path, 1 / 255)
    assert load(path).feature_shape == (2, 3)


def test_npz_with_its_own_split(tmp_path: Path) -> None:
    path = tmp_path / "points.npz"
    path.write_bytes(npz(x_train=FEATURES[:9], y_train=LABELS[:9], x_test=FEATURES[9:], y_test=LABELS[9:]))
    np.testing.assert_array_equal(load(path).test.targets, LABELS[9:])


@pytest.mark.parametrize("packed", [False, True])
def test_idx(tmp_path: Path, packed: bool) -> None:
    for name, array in zip(readers.IDX_PARTS, (FEATURES[:9], LABELS[:9], FEATURES[9:], LABELS[9:]), strict=True):
        content = idx(array)
        (tmp_path / (name + ".gz" * packed)).write_bytes(gzip.compress(content) if packed else content)
    assert same_points(tmp_path, 1 / 255)
    np.testing.assert_array_equal(load(tmp_path).test.targets, LABELS[9:])
    alone = load(tmp_path / (readers.IDX_PARTS[0] + ".gz" * packed))
    assert len(alone.train.targets) + len(alone.test.targets) == 9


@pytest.mark.parametrize(("code", "kind"), readers.IDX_TYPES.items())
def test_idx_of_every_type(tmp_path: Path, code: int, kind: str) -> None:
    (tmp_path / readers.IDX_PARTS[0]).write_bytes(idx((FEATURES % 100).astype(kind), code))
    (tmp_path / readers.IDX_PARTS[1]).write_bytes(idx(LABELS))
    scale = 255 if kind == "u1" else 1
    found = load(tmp_path)
    rows = np.vstack([found.train.features, found.test.features]) * scale
    np.testing.assert_allclose(sorted(map(tuple, rows)), sorted(map(tuple, FEATURES.reshape(12, -1) % 100)))


def lying_npz() -> bytes:
    """An array whose header promises a thousand times what follows."""
    buffer, array = io.BytesIO(), io.BytesIO()
    np.lib.format.write_array_header_1_0(array, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10**6)})
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("X.npy", array.getvalue() + bytes(64))
        archive.writestr("y.npy", b"not an array")
    return buffer.getvalue()


class Harmful:
    """An object whose unpickling would run code."""

    def __reduce__(self) -> Any:
        return (Path("/nonexistent/harm").write_text, ("",))


GOOD_NPZ, GOOD_IDX = npz(X=FEATURES, y=LABELS), idx(FEATURES)
BROKEN = (
    ("a.csv", b"", "the file is empty"),
    ("a.csv", b"\n\n", "the file is empty"),
    ("a.csv", b"a,b,y\n", "a header, but no rows"),
    ("a.csv", b"1\n2\n", "one column"),
    ("a.csv", b"a,y\n1,2\n1,2,3\n", "line 3: expected 2 columns, got 3"),
    ("a.csv", b"a,y\n1,0\n,1\n", "line 3, column 1: expected a number, got ''"),
    ("a.csv", b"1,0\nx,1\n", "line 2, column 1: expected a number, got 'x'"),
    ("a.csv", b"1,0\nnan,1\n2,0\n", r"1 of the features are NaN or infinite, .* 2, 1"),
    ("a.csv", b"1,0\n2,inf\n2,0\n", r"1 of the targets are NaN"),
    ("a.csv", b"\xff\xfe1,2", "not a text file in UTF-8"),
    ("a.csv", b"1,5\n2,6\n", "must be 0..1"),
    ("a.npz", b"", "not a whole NPZ file"),
    ("a.npz", GOOD_NPZ[:-40], "not a whole NPZ file"),
    ("a.npz", npz(X=FEATURES), "expected arrays X and y, got X"),
    ("a.npz", npz(X=FEATURES, y=LABELS[:5]), "12 rows of features, but 5 targets"),
    ("a.npz", npz(X=np.array([Harmful()], dtype=object), y=LABELS), "X.npy holds Python objects"),
    ("a.npz", lying_npz(), "X.npy promises .* but 64 bytes follow"),
    ("images-idx3-ubyte", GOOD_IDX, "file of labels beside it"),
    ("a.bin", b"1", "not a format that can be read; the formats are CSV, Parquet, NPZ, IDX"),
)


@pytest.mark.parametrize(("name", "content", "message"), BROKEN, ids=[f"{n} {m}" for n, _, m in BROKEN])
def test_damage_is_refused_by_name(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"{name}.*{message}"):
        load(path)


BROKEN_IDX = (
    (b"", "not an IDX file .it begins with nothing"),
    (b"\x1f\x8b\x08\x00", "not an IDX file"),
    (GOOD_IDX[:9], "truncated within its header"),
    (GOOD_IDX[:-1], r"promises \(12, 2, 3\), 72 bytes, but 71 follow"),
    (GOOD_IDX + b"0", "72 bytes, but 73 follow"),
    (bytes([0, 0, 8, 3]) + b"\xff" * 12, "the header promises"),
    (bytes([0, 0, 7, 1, 0, 0, 0, 0]), "not an IDX file"),
)


@pytest.mark.parametrize(("content", "message"), BROKEN_IDX, ids=[message for _, message in BROKEN_IDX])
def test_damaged_idx_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / readers.IDX_PARTS[0]).write_bytes(content)
    (tmp_path / readers.IDX_PARTS[1]).write_bytes(idx(LABELS))
    with pytest.raises(DataError, match=message):
        load(tmp_path)


def test_a_truncated_gz_is_refused(tmp_path: Path) -> None:
    (tmp_path / (readers.IDX_PARTS[0] + ".gz")).write_bytes(gzip.compress(GOOD_IDX)[:-12])
    (tmp_path / readers.IDX_PARTS[1]).write_bytes(idx(LABELS))
    with pytest.raises(DataError, match="cannot be read to its end"):
        load(tmp_path)


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the folder lacks train-images"):
        load(tmp_path)


def test_more_than_may_be_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MOST_BYTES", 100)
    contents = (("a.csv", b"1,0\n" * 100), ("a.npz", npz(X=np.zeros((99, 99)), y=LABELS)))
    for name, content in contents:
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataError, match="larger than 100 bytes"):
            load(tmp_path / name)


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra data is not installed")
    from pyarrow import parquet

    columns = {"a": [1.0, 2, 3, 4], "Label": [0, 1, 0, 1], "b": [5, 6, 7, 8]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    data = load(tmp_path / "a.parquet")
    both = np.vstack([data.train.features, data.test.features])
    assert sorted(map(tuple, both)) == [(1, 5), (2, 6), (3, 7), (4, 8)] and data.classes == ("0", "1")


@pytest.mark.parametrize(
    ("columns", "kept", "said"),
    [
        ({"a": [1.0, 2], "y": [0, 1]}, 0.6, "not a whole Parquet file"),
        ({"a": ["u", "v"], "y": [0, 1]}, 1, "column 'a' holds .*string, expected numbers"),
        ({"a": [1.0, None], "y": [0, 1]}, 1, "NaN or infinite"),
        ({"y": [0, 1]}, 1, "expected features and a target"),
    ],
)
def test_damaged_parquet_is_refused(tmp_path: Path, columns: dict[str, list[Any]], kept: float, said: str) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="the extra data is not installed")
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table(columns), path)
    path.write_bytes(path.read_bytes()[: int(kept * path.stat().st_size)])
    with pytest.raises(DataError, match=said):
        load(path)


def test_a_folder_with_one_of_two_arrays_says_which_is_missing(tmp_path: Path) -> None:
    np.save(tmp_path / "X.npy", np.zeros((9, 2)))
    with pytest.raises(DataError, match=r"has X\.npy, but no y\.npy"):
        load(tmp_path)


def test_numbers_whose_squares_overflow_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(npz(X=np.full((len(LABELS), 2), 1e200), y=LABELS))
    with pytest.raises(DataError, match=r"the features reach 1e\+200, whose square overflows"):
        load(tmp_path / "a.npz")
