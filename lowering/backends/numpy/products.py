"""Contractions as NumPy source: matrix products where there are any, else `einsum`."""

from __future__ import annotations

from sympy import Expr, Idx

from derive.vocabulary import name_of

from ...entries import places
from ...labels import form_of
from ...operations import Contraction
from .layout import Layout
from .naming import local
from .shapes import axis
from .source import entry_source


def contraction(operation: Contraction, layout: Layout) -> str:
    """A matrix product where there is one, or one for each point or place, else an einsum."""
    return (
        _by_labels(operation, layout)
        or _over_windows(operation, layout)
        or _product(operation, layout)
        or _einsum(operation)
    )


def _by_labels(operation: Contraction, layout: Layout) -> str | None:
    """Rows looked up, or added, by labels, if the data have labels."""
    for side, other in ((operation.left, operation.right), (operation.right, operation.left)):
        name = name_of(side)
        if name in layout.program.labels:
            if form_of(operation, name):
                return f"_rows({local(name)}, {local(name_of(other))})"
            return f"_added_rows({local(name)}, {local(name_of(other))}, {axis(operation.out.axes[0]).text})"
    return None


def _product(operation: Contraction, layout: Layout) -> str | None:
    """One matrix product, or one for each value of some indices; steps of loops come first, as they do in memory."""
    out, steps = operation.out.axes, layout.steps
    over = tuple(sorted(operation.over, key=lambda i: i not in steps))
    found = []
    for left, right in ((operation.left, operation.right), (operation.right, operation.left)):
        rows = tuple(i for i in places(left) if i not in over)
        columns = tuple(i for i in places(right) if i not in over)
        if rows + columns == out and not set(rows) & set(columns):
            if len(over) == 1 and max(len(rows), len(columns)) <= 1:
                found.append(_plain(entry_source(left, rows + over), entry_source(right, over + columns)))
            else:
                found.append(_tensordot(left, right, over, next((i for i in rows[1:] if i in steps), None)))
    plain = min(found, key=lambda text: text.count(".T"), default=None)
    return plain or _batched(operation) or _stacked(operation)


def _plain(left: str, right: str) -> str:
    """A product of two matrices or vectors; of whole arrays as a method, which begins sooner but copies parts."""
    return f"{left} @ {right}" if "[" in left + right else f"{left}.dot({right})"


def _tensordot(left: Expr, right: Expr, over: tuple[Idx, ...], step: Idx | None) -> str:
    """One product of all rows, in the order in which the steps of a loop read them if they are those of a loop."""
    first, second = ([places(e).index(i) for i in over] for e in (left, right))
    swap = "" if step is None or 0 in first else f".swapaxes(0, {places(left).index(step)})"
    sides = f"{local(name_of(left))}{swap}, {local(name_of(right))}"
    return f"np.tensordot({sides}, axes=({first}, {second})){swap}"


def _over_windows(operation: Contraction, layout: Layout) -> str | None:
    """Σ over points and windows: a matrix product for each point, added up, since windows are copied fastest so."""
    out, over = operation.out.axes, operation.over
    for left, right in ((operation.left, operation.right), (operation.right, operation.left)):
        rows, columns = (tuple(i for i in out if i in places(e)) for e in (left, right))
        if layout.windowed(right) and len(over) > 1 and rows + columns == out and not set(rows) & set(columns):
            sides = (entry_source(e, over[:1] + axes + over[1:]) for e, axes in ((left, rows), (right, columns)))
            return f"_added({', '.join(sides)}, {len(over) - 1})"
    return None


def _batched(operation: Contraction) -> str | None:
    """A matrix product for each value of the indices that both sides keep: `Q @ K.transpose(0, 2, 1)`."""
    out, over = operation.out.axes, operation.over
    for left, right in ((operation.left, operation.right), (operation.right, operation.left)):
        both = tuple(i for i in out if i in places(left) and i in places(right))
        rows, columns = (tuple(i for i in places(e) if i in out and i not in both) for e in (left, right))
        if both + rows + columns == out and len(rows) == len(columns) == len(over) == 1:
            return f"{entry_source(left, both + rows + over)} @ {entry_source(right, both + over + columns)}"
    return None


def _stacked(operation: Contraction) -> str | None:
    """The same where one side lacks those indices, such as the weights of a convolution those of points and places."""
    out, over = operation.out.axes, operation.over
    for left, right in ((operation.left, operation.right), (operation.right, operation.left)):
        rows, columns = (tuple(i for i in out if i in places(e)) for e in (left, right))
        first = out.index(rows[0]) if rows else 0
        if 0 < first < len(columns) and out == columns[:first] + rows + columns[first:]:
            sides = f"{entry_source(left, rows + over)}, {entry_source(right, columns + over)}"
            return f"_stacked({sides}, {first}, {len(over)})"
    return None


def _einsum(operation: Contraction) -> str:
    indices = dict.fromkeys((*places(operation.left), *places(operation.right)))
    letters = {i: chr(ord("a") + k) for k, i in enumerate(indices)}
    left, right, out = (
        "".join(letters[i] for i in axes)
        for axes in (places(operation.left), places(operation.right), operation.out.axes)
    )
    operands = f"{local(name_of(operation.left))}, {local(name_of(operation.right))}"
    return f'np.einsum("{left},{right}->{out}", {operands}, optimize=True)'
