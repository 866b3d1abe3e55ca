"""Reads and writes at other places as NumPy source: windows, zeros around an array, indices as numbers, scatter."""

from __future__ import annotations

from sympy import Expr, Idx, floor

from derive.vocabulary import indices_of, name_of, scalar, tensor

from ...entries import places
from ...operations import Numbers, Read, Scatter
from ...reading import Place, Range, place_of
from .layout import Layout, is_bracketed, padding
from .naming import local
from .shapes import axis, tuple_source, whole
from .source import entry_source


def window_line(read: Read, layout: Layout) -> str:
    """`w = sliding_window_view(x, F, axis=2)[:, :, ::S]`: w[s, c, p, u] = x[s, c, S p + u].

    They are copied once, in the order of the products that take them: each of those would copy them itself.
    """
    name = name_of(read.entry)
    found = [place_of(e) for e in indices_of(read.entry)]
    at = [k for k, p in enumerate(found) if p is not None and p.tap is not None]
    lengths = [axis(p.tap).text for p in found if p is not None and p.tap is not None]
    steps = [_starts(p, stored) for p, stored in zip(found, layout.stored[name], strict=True) if p is not None]
    over = f"({', '.join(lengths)})" if len(at) > 1 else lengths[0]
    which = f"({', '.join(map(str, at))})" if len(at) > 1 else str(at[0])
    windows = f"np.lib.stride_tricks.sliding_window_view({local(name)}, {over}, axis={which})"
    while steps and steps[-1] == ":":
        steps.pop()
    windows += f"[{', '.join(steps)}]" if steps else ""
    order = layout.order_of_windows(read)
    if order:
        back = sorted(range(len(order)), key=lambda k: order[k])
        windows += f".transpose({', '.join(map(str, order))}).copy().transpose({', '.join(map(str, back))})"
    return f"{local(read.out.name)} = {windows}"


def _starts(place: Place, stored: Range) -> str:
    """The slice that takes the positions of an axis at which windows start, or those of a plain index."""
    if place.strided is None:
        return whole(place.offset - stored[0])
    i, start = place.strided, place.span[0] - stored[0]
    positions = stored[1] - stored[0] - (place.tap.upper - place.tap.lower if place.tap is not None else 0)
    last = (start + place.stride * (i.upper - i.lower)).expand()
    whole_axis = last == positions.expand() or (start == 0 and i.upper - i.lower == floor(positions / place.stride))
    stop = "" if whole_axis else whole(last + 1)
    step = "" if place.stride == 1 else f":{whole(place.stride)}"
    return f"{'' if start.expand() == 0 else whole(start)}:{stop}{step}"


def padded_lines(read: Read, layout: Layout) -> list[str]:
    """Zeros, and the part of the array that there is put in its place."""
    name, out = name_of(read.entry), local(read.out.name)
    of, to = [], []
    for k, (place, stored) in enumerate(zip(indices_of(read.entry), layout.stored[name], strict=True)):
        if is_bracketed(read, k):
            target, origin = padding(read, k, stored)
            to.append(target)
            of.append(origin)
        else:
            found = place_of(place)
            of.append(":" if found is not None and found.strided is not None else whole(place - stored[0]))
            to += [":"] if found is not None and found.strided is not None else []
    made = layout.new("zeros", read.out.axes, _lengths(read.out.axes, read.entry))
    origin = local(name) if all(part == ":" for part in of) else f"{local(name)}[{', '.join(of)}]"
    return [f"{out} = {made}", f"{out}[{', '.join(to)}] = {origin}"]


def numbers_source(numbers: Numbers, dtype: str) -> str:
    """The values of an index as an array."""
    (i,) = numbers.out.axes
    return f"np.arange({whole(i.lower)}, {whole(i.upper + 1)}, dtype={dtype})"


def scatter_lines(scatter: Scatter, dtype: str) -> list[str]:
    """Zeros, to which the entries are added, for one place within the windows after the other.

    for u in range(F):  out[:, u : u + S * (P - 1) + 1 : S] += a[:, :, u]
    """
    out, where = local(scatter.out.name), {q: place_of(place) for q, place in scatter.targets}
    taps = [p.tap for p in where.values() if p is not None and p.tap is not None]
    shape = tuple_source(_lengths(scatter.out.axes, scatter.entry))
    lines = [f"{out} = np.zeros({shape}, {dtype})"]
    indent = ""
    for tap in taps:
        lines.append(f"{indent}for {tap.label} in range({axis(tap).text}):")
        indent += "    "
    parts = [_target(i, where.get(i)) for i in scatter.out.axes]
    moved = tuple(_moving(i, where.get(i)) for i in scatter.out.axes)
    lines.append(f"{indent}{out}[{', '.join(parts)}] += {_taken(scatter.entry, taps, moved)}")
    return lines


def _lengths(axes: tuple[Idx, ...], entry: Expr) -> list[str]:
    """The lengths of a new array; one of data points has as many as the array that is read, also within a tile."""
    lengths = [axis(i).text for i in axes]
    if axes and indices_of(entry)[0] == axes[0]:
        lengths[0] = f"len({local(name_of(entry))})"
    return lengths


def _moving(q: Idx, place: Place | None) -> Idx:
    return q if place is None or place.strided is None else place.strided


def _target(q: Idx, place: Place | None) -> str:
    """The places of one tap along an axis."""
    if place is None or place.strided is None:
        return ":"
    start = place.offset + place.stride * place.strided.lower - q.lower + (_from_zero(place.tap) if place.tap else 0)
    stop = start + place.stride * (place.strided.upper - place.strided.lower) + 1
    step = "" if place.stride == 1 else f" : {whole(place.stride)}"
    return f"{whole(start)} : {whole(stop)}{step}"


def _from_zero(tap: Idx) -> Expr:
    counted: Expr = tap + tap.lower
    return counted


def _taken(entry: Expr, taps: list[Idx], axes: tuple[Idx, ...]) -> str:
    """The entries of one tap, over the axes of the result."""
    name = local(name_of(entry))
    parts = [str(i.label) if i in taps else ":" for i in places(entry)]
    while parts and parts[-1] == ":":
        parts.pop()
    rest = tuple(i for i in places(entry) if i not in taps)
    source = f"{name}[{', '.join(parts)}]" if parts else name
    return entry_source(tensor(source)[rest] if rest else scalar(source), axes)
