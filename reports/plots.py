"""Curves of a training run and a drawing of a network, in the type and colours of the reports.

The same data give the same bytes: no date, no version and no random identifier gets into a file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.files import write_bytes

from .document import ReportError

if TYPE_CHECKING:  # matplotlib takes a third of a second to import: only drawing pays for it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".pdf", ".svg", ".png")
_WIDTH_IN = 5.75  # the text width of the report templates
_INK, _PALE = "#1b1d1f", "#9aa0a6"
_LINES = (
    ("#2f4b6e", "-"),
    ("#b3622c", (0, (5, 1.5))),
    ("#3f7f6f", (0, (1.2, 1.2))),
    ("#8a6a1b", (0, (6, 1.5, 1, 1.5))),
)
_STYLE: Any = {
    "font.family": ["cmr10", "DejaVu Serif"],
    "mathtext.fontset": "cm",
    "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": False,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _INK,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.4,
    "svg.fonttype": "path",
    "svg.hashsalt": "report",
    "pdf.fonttype": 3,
}
_METADATA = {
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    ".svg": {"Date": None, "Creator": None},
    ".png": {"Software": None},
}


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One curve: what is measured (`objective`), on which part of the data (`train`, `held-out`), point by point."""

    quantity: str
    part: str
    values: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class History:
    """What a training run measured.

    Attributes:
        at: where each point was taken, in units of `unit`: steps or epochs.
        curves: each as long as `at`; a value that is not finite leaves a gap.
    """

    at: tuple[float, ...]
    curves: tuple[Curve, ...]
    unit: str = "epoch"


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A column of a network: its caption and its number of units, or None where it is not fixed."""

    caption: str
    units: int | None = None


def training_curve(history: History, *paths: str | Path) -> None:
    """Draws each quantity in a panel of its own, named at the ends of its curves, into files by their suffix.

    Raises: ReportError: for no curve, a curve of another length, or a suffix other than .pdf, .svg and .png.
    """
    quantities = tuple(dict.fromkeys(curve.quantity for curve in history.curves))
    wrong = [curve for curve in history.curves if len(curve.values) != len(history.at)]
    if not quantities or not history.at:
        raise ReportError("the training history holds no points; train for at least one step")
    if wrong:
        got, expected = len(wrong[0].values), len(history.at)
        raise ReportError(f"curve {wrong[0].quantity!r} ({wrong[0].part}) has {got} points, expected {expected}")

    def draw(figure: Figure) -> None:
        for position, quantity in enumerate(quantities):
            _panel(figure.add_subplot(1, len(quantities), position + 1), quantity, history)

    _save(draw, 2.3, paths)


def network_diagram(layers: tuple[Layer, ...], *paths: str | Path) -> None:
    """Draws the layers as columns of units, each joined with all units of the next; long columns are shortened.

    Raises: ReportError: for fewer than two layers or a suffix other than .pdf, .svg and .png.
    """
    if len(layers) < 2:
        raise ReportError(f"a network diagram needs at least two layers, got {len(layers)}")
    _save(lambda figure: _draw_network(figure, layers), 2.4, paths)


@contextmanager
def _figure(height_in: float) -> Iterator[Figure]:
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with matplotlib.rc_context({**matplotlib.rcParamsDefault, **_STYLE}):
        figure = Figure(figsize=(_WIDTH_IN, height_in), layout="constrained")
        FigureCanvasAgg(figure)
        yield figure


def _panel(axes: Axes, quantity: str, history: History) -> None:
    curves = [curve for curve in history.curves if curve.quantity == quantity]
    for curve, (colour, dashes) in zip(curves, _repeated(len(curves)), strict=True):
        marker = "o" if len(history.at) == 1 else None
        axes.plot(history.at, curve.values, color=colour, linestyle=dashes, marker=marker, markersize=3)
    axes.set_title(_plain(quantity), fontsize=9.5, loc="left")
    axes.set_xlabel(_plain(history.unit))
    if len(curves) > 1:
        _name_ends(axes, curves, history.at)


def _name_ends(axes: Axes, curves: list[Curve], at: tuple[float, ...]) -> None:
    """Names beside the last finite points, moved apart where they would touch."""
    ends = []
    for curve, (colour, _) in zip(curves, _repeated(len(curves)), strict=True):
        finite = [(x, y) for x, y in zip(at, curve.values, strict=True) if math.isfinite(y)]
        if finite:
            ends.append((finite[-1][1], finite[-1][0], curve.part, colour))
    low, high = axes.get_ylim()
    gap, floor = 0.09 * (high - low), -math.inf
    for y, x, part, colour in sorted(ends):
        floor = max(y, floor + gap)
        axes.annotate(
            _plain(part), (x, floor), xytext=(4, 0), textcoords="offset points", color=colour, va="center", fontsize=8.5
        )


def _draw_network(figure: Figure, layers: tuple[Layer, ...]) -> None:
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.set_aspect("equal")
    columns = [_column(2.2 * position, layer) for position, layer in enumerate(layers)]
    for left, right in pairwise(columns):
        for x, y in left:
            for u, v in right:
                axes.plot([x, u], [y, v], color=_PALE, linewidth=0.45, zorder=1)
    for column, layer in zip(columns, layers, strict=True):
        _draw_column(axes, column, layer)


def _column(x: float, layer: Layer) -> list[tuple[float, float]]:
    shown = min(layer.units or 4, 5)
    gap = 0.35 if _is_shortened(layer) else 0.0
    heights = [0.62 * (shown - 1) / 2 - 0.62 * unit for unit in range(shown)]
    return [(x, y + gap if unit < shown - 1 else y - gap) for unit, y in enumerate(heights)]


def _draw_column(axes: Axes, column: list[tuple[float, float]], layer: Layer) -> None:
    from matplotlib.patches import Circle

    for x, y in column:
        axes.add_patch(Circle((x, y), 0.19, facecolor="white", edgecolor=_LINES[0][0], linewidth=0.9, zorder=2))
    x, bottom = column[-1]
    if _is_shortened(layer):
        middle = (column[-2][1] + bottom) / 2
        axes.plot([x] * 3, [middle - 0.13, middle, middle + 0.13], ".", color=_INK, markersize=2, zorder=3)
    size = f"\n{layer.units}" if layer.units is not None else ""
    axes.text(x, -2.05, _plain(layer.caption) + size, ha="center", va="top", fontsize=8.5, color=_INK)


def _is_shortened(layer: Layer) -> bool:
    return layer.units is None or layer.units > 5


def _repeated(count: int) -> list[tuple[str, Any]]:
    return [_LINES[position % len(_LINES)] for position in range(count)]


def _plain(text: str) -> str:
    """The text without its power over matplotlib, which reads formulas between dollar signs."""
    return text.replace("$", r"\$")


def _save(draw: Callable[[Figure], None], height_in: float, paths: tuple[str | Path, ...]) -> None:
    """Draws anew for every file: the layout of a figure that was saved before is not the same again."""
    for path in paths:
        suffix = Path(path).suffix.lower()
        if suffix not in SUFFIXES:
            raise ReportError(f"a plot cannot be written to {Path(path).name}; use a name in .pdf, .svg or .png")
        buffer = BytesIO()
        with _figure(height_in) as figure:
            draw(figure)
            figure.savefig(buffer, format=suffix[1:], dpi=200, metadata=_METADATA[suffix])
        write_bytes(path, buffer.getvalue())
