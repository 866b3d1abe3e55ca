"""Lists of arrays, one for each layer, as NumPy source: those that a loop fills, and those with none at the end.

Beyond the last layer there is one of no units: what is summed over it is zero, in the shape of the layer before.
"""

from __future__ import annotations

from sympy import Basic, Expr, Idx

from derive.calculus.indices import certainly_nonnegative, free_indices, placed, substitute
from derive.calculus.trees import args_of
from derive.vocabulary import SizeAt, indices_of, length, name_of

from ...operations import Read
from ...program import Loop, LoweringError
from ...reading import place_of
from .layout import Layout, dtype_source
from .naming import local
from .shapes import tuple_source, whole
from .source import source


def list_lines(name: str, loop: Loop, layout: Layout) -> list[str]:
    """The list that keeps the arrays of all steps, with what it has before the first and after the last of them."""
    t = layout.program.tensors[name]
    lower, upper = layout.stored[name][layout.lists[name]]
    lines = [f"{local(name)} = [None] * {_factor(whole(upper - lower + 1))}"]
    base = dict(loop.bases).get(name)
    if base is not None:
        before = placed(t.axes, {loop.over: loop.over.lower - 1})
        place = layout.part(substitute(t.entry, dict(zip(t.axes, before, strict=True))))
        lines.append(f"{name_of(place)} = {source(base, tuple(i for i in before if isinstance(i, Idx)))}")
    if layout.looks_ahead(loop, name):
        after = placed(t.axes, {loop.over: loop.over.upper + 1})
        there = name_of(layout.part(substitute(t.entry, dict(zip(t.axes, after, strict=True)))))
        lengths = ["0" if free_indices(length(i)) else whole(length(i)) for i in t.axes if i != loop.over]
        lines.append(f"{there} = np.zeros({tuple_source(lengths)}, {dtype_source(layout.program)})")
    return lines


def padded_list_line(read: Read, layout: Layout, dtype: str) -> str:
    """`W_padded = [*W[1:], np.zeros((0, n[L]), W.dtype)]`: the arrays one step ahead, and none at the end.

    Raises: LoweringError: for any other read.
    """
    name = name_of(read.entry)
    t, k = layout.program.tensors[name], layout.lists[name]
    over, place = t.axes[k], place_of(indices_of(read.entry)[k])
    found = read.out.axes[layout.lists[read.out.name]]
    if place is None or place.strided != found or place.stride != 1 or place.offset != 1 or _bounds(read) != {k}:
        raise LoweringError(f"{read.entry} is read beyond a list of arrays, but not one step ahead")
    last: dict[Basic, Basic] = {found: over.upper}
    lengths = [_there(substitute(length(i), last), over.upper) for i in read.out.axes if i != found]
    return f"{local(read.out.name)} = [*{local(name)}[1:], np.zeros({tuple_source(lengths)}, {dtype})]"


def _bounds(read: Read) -> set[int]:
    """The positions of the places that have a bracket."""
    return {k for k, place in enumerate(indices_of(read.entry)) if any(b.args[0] == place for b in read.brackets)}


def _there(count: Expr, last: Expr) -> str:
    """A length as it is at the last step: nothing beyond it."""
    places = [args_of(e)[1] for e in count.atoms(SizeAt)]
    return "0" if any(certainly_nonnegative(p - last - 1) for p in places) else whole(count)


def _factor(text: str) -> str:
    return text if text.isidentifier() else f"({text})"
