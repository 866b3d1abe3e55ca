"""Plots are files that depend on their data alone."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from reports.document import ReportError
from reports.plots import SUFFIXES, Curve, History, Layer, network_diagram, training_curve

HISTORY = History(
    at=(1, 2, 3),
    curves=(
        Curve(quantity="objective", part="train", values=(0.7, 0.3, 0.2)),
        Curve(quantity="objective", part="held-out", values=(0.7, math.nan, 0.2)),
        Curve(quantity="accuracy of $x", part="ŷ", values=(0.5, 0.9, math.inf)),
    ),
)
LAYERS = (Layer(caption="x", units=784), Layer(caption="h"), Layer(caption="$y", units=2))
STARTS = {".pdf": b"%PDF", ".svg": b"<?xml", ".png": b"\x89PNG"}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_data_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    first, again, net = (tmp_path / f"{name}{suffix}" for name in ("first", "again", "net"))
    training_curve(HISTORY, first, again)
    before = first.read_bytes()
    training_curve(HISTORY, first)
    network_diagram(LAYERS, net)
    assert before == first.read_bytes() == again.read_bytes()
    assert before.startswith(STARTS[suffix]) and net.read_bytes().startswith(STARTS[suffix])


def test_curves_are_named_where_they_end(tmp_path: Path) -> None:
    one = History(at=HISTORY.at, curves=HISTORY.curves[:1])
    two = History(at=HISTORY.at, curves=HISTORY.curves[:2])
    training_curve(one, tmp_path / "one.svg")
    training_curve(two, tmp_path / "two.svg")
    assert (tmp_path / "one.svg").read_text() != (tmp_path / "two.svg").read_text()
    assert "<!-- held-out -->" in (tmp_path / "two.svg").read_text()


@pytest.mark.parametrize(
    ("history", "complaint"),
    [
        (History(at=(), curves=()), "no points"),
        (History(at=(1, 2), curves=(Curve(quantity="q", part="train", values=(1.0,)),)), "1 points, expected 2"),
    ],
)
def test_a_history_that_cannot_be_drawn_says_why(tmp_path: Path, history: History, complaint: str) -> None:
    with pytest.raises(ReportError, match=complaint):
        training_curve(history, tmp_path / "a.png")


def test_unknown_suffixes_and_lone_layers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"a\.bmp"):
        training_curve(HISTORY, tmp_path / "a.bmp")
    with pytest.raises(ReportError, match="two layers"):
        network_diagram(LAYERS[:1], tmp_path / "a.png")
