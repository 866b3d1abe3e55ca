"""Text never becomes an expression: SymPy would evaluate it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from derive.rows.functions import sigmoid
from derive.vocabulary import (
    Inside,
    Interval,
    InverseEntry,
    LogDet,
    Partial,
    Positive,
    SizeAt,
    index,
    maximum,
    product,
    size,
    total,
)

ENTRY = index("i", 1, size("n"))
WORDS: tuple[tuple[Callable[..., Any], int], ...] = (
    (SizeAt, 2),
    (Partial, 2),
    (Inside, 3),
    (Positive, 1),
    (Interval, 3),
    (InverseEntry, 5),
    (LogDet, 3),
    (sigmoid, 1),
)


@pytest.mark.parametrize(("word", "count"), WORDS, ids=[word.__name__ for word, _ in WORDS])
def test_a_word_refuses_text_and_does_not_run_it(word: Callable[..., Any], count: int, tmp_path: Path) -> None:
    made = tmp_path / "made"
    text = f"__import__('pathlib').Path({str(made)!r}).touch()"
    with pytest.raises(TypeError, match="was given text"):
        word(*[text] * count)
    assert not made.exists()


@pytest.mark.parametrize("bind", [total, product, maximum])
def test_so_does_what_binds_an_index(bind: Callable[..., Any], tmp_path: Path) -> None:
    made = tmp_path / "made"
    with pytest.raises(TypeError, match="was given text"):
        bind(f"__import__('pathlib').Path({str(made)!r}).touch()", ENTRY)
    assert not made.exists()
