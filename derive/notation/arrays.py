"""Vectors and matrices as entries at open slots: what products, sums, norms and transposes make of them.

A value is an expression, or an `Array`: its entry at slots that stand for rows and columns. Every operation gives
entries, so that W x + b is Σ_j W_{i,j} x_j + b_i, and a sum over a slot closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from sympy import Abs, Add, Basic, Expr, Idx, Integer, KroneckerDelta, Sum, exp, sqrt

from ..calculus.indices import BINDERS, bound_in, free_indices, substitute
from ..calculus.trees import args_of
from ..vocabulary import index, maximum, size

Axis = tuple[str, int]  # a quantity and the number of one of its axes
ANY = "any "  # begins the name of an axis whose length is decided by what it meets
_FRESH = count()


@dataclass(frozen=True, kw_only=True)
class Slot:
    """An open index, the axis that it runs along, and what that is called: the columns of W."""

    index: Idx
    axis: Axis
    name: str

    @property
    def range(self) -> tuple[Expr, Expr]:
        return self.index.lower, self.index.upper


@dataclass(frozen=True, kw_only=True)
class Array:
    """A vector or a matrix.

    Attributes:
        entry: its entry at the slots.
        slots: one for a vector, two for a matrix: rows and columns.
        row: whether it is a vector written as a row, x^T.
    """

    entry: Expr
    slots: tuple[Slot, ...]
    row: bool = False

    @property
    def rank(self) -> int:
        return len(self.slots)

    def at(self, *indices: Expr) -> Expr:
        """The entry at these indices."""
        found: Expr = substitute(self.entry, {s.index: i for s, i in zip(self.slots, indices, strict=True)})
        return found

    def map(self, function: Callable[[Expr], Expr]) -> Array:
        """The function of every entry."""
        return replace(self, entry=function(self.entry))


Value = Expr | Array


class ShapeError(ValueError):
    """Two shapes that do not fit.

    Attributes:
        axes: those whose lengths differ, if it is lengths that differ.
        sides: the two values, where it is the numbers of their axes that differ.
    """

    def __init__(self, reason: str, axes: tuple[Axis, ...] = (), sides: tuple[Expr | Array, ...] = ()) -> None:
        super().__init__(reason)
        self.axes = axes
        self.sides = sides


def slot(lower: Expr, upper: Expr, axis: Axis, name: str) -> Slot:
    """A new open index; no name that a person writes begins so."""
    return Slot(index=index(f"?{next(_FRESH)}", lower, upper), axis=axis, name=name)


def opened() -> int:
    """A number above those of all slots that were opened before, and below those of all that will be."""
    return next(_FRESH)


def open_again(array: Array) -> Array:
    """The same with slots of its own, so that x^T x does not close one slot twice."""
    slots = tuple(slot(*s.range, s.axis, s.name) for s in array.slots)
    return replace(array, entry=array.at(*(s.index for s in slots)), slots=slots)


def shape_of(value: Value) -> str:
    """In words."""
    if not isinstance(value, Array):
        return "a number"
    if value.rank == 1:
        return "a row" if value.row else "a vector"
    return "a matrix" if value.rank == 2 else f"an array with {value.rank} axes"


def along(name: str, k: int, rank: int) -> str:
    """An open axis in words: the rows of W."""
    words = {1: ("entries",), 2: ("rows", "columns")}.get(rank)
    return f"the {words[k] if words else f'places at axis {k + 1}'} of {name}"


def _same_length(a: Slot, b: Slot) -> None:
    if is_flexible(a) and is_flexible(b):
        return
    (low, high), (lower, upper) = a.range, b.range
    if (low - lower).expand() != 0 or (high - upper).expand() != 0:
        raise ShapeError(
            f"the lengths do not agree: {a.name} are {low} to {high}, and {b.name} are {lower} to {upper}",
            (a.axis, b.axis),
        )


def added(operation: Callable[[Expr, Expr], Expr], left: Value, right: Value) -> Value:
    """A sum or difference; a vector is added to each row of a matrix, X W + b, or to each column, as its length says.

    Raises: ShapeError: if the shapes differ otherwise.
    """
    if not isinstance(left, Array) or not isinstance(right, Array) or {left.rank, right.rank} != {1, 2}:
        return elementwise(operation, left, right)
    matrix, vector = (left, right) if left.rank == 2 else (right, left)
    fitting = [s for s in matrix.slots[vector.row :] if s.range == vector.slots[0].range]
    if len(fitting) > 1:
        both = f"{shape_of(left)} and {shape_of(right)} are added"
        raise ShapeError(f"{both}, which may be meant for rows or for columns")
    if not fitting:
        _same_length(matrix.slots[1], vector.slots[0])
    entry = vector.at(fitting[0].index)
    return matrix.map(lambda e: operation(e, entry) if matrix is left else operation(entry, e))


# -- axes as long as what they meet ---------------------------------------------------------------------


def flexible(name: str) -> Slot:
    """An open index of the identity or of the vector of ones, as long as what it meets; equal names, equal lengths."""
    return slot(Integer(1), size(f"{ANY}{name}"), (f"{ANY}{name}", 0), "the rows of what has no size of its own")


def is_flexible(s: Slot) -> bool:
    """Whether the length of an axis is not known yet."""
    return s.axis[0].startswith(ANY)


def _meeting(left: Array, a: Slot, right: Array, b: Slot) -> tuple[Array, Array]:
    """Two arrays with the axes that meet of one length, where one of them had none of its own."""
    if is_flexible(a) and not is_flexible(b):
        return _fitted(left, a, b), right
    return (left, _fitted(right, b, a)) if is_flexible(b) and not is_flexible(a) else (left, right)


def _fitted(array: Array, mine: Slot, other: Slot) -> Array:
    mates = [s for s in array.slots if s.axis[0] == mine.axis[0]]
    new = {s.index: slot(*other.range, other.axis, other.name) for s in mates}
    indices: dict[Basic, Basic] = {old: s.index for old, s in new.items()}
    slots = tuple(new.get(s.index, s) for s in array.slots)
    return replace(array, entry=substitute(array.entry, indices), slots=slots)


def _of_known_length(*slots: Slot) -> None:
    if any(is_flexible(s) for s in slots):
        raise ShapeError("nothing says how long the identity or the vector of ones is here")


# -- operations ---------------------------------------------------------------------------------------


def elementwise(operation: Callable[[Expr, Expr], Expr], left: Value, right: Value) -> Value:
    """An operation entry by entry: +, −, ⊙; a number stands for all entries.

    Raises: ShapeError: if the shapes differ.
    """
    if not isinstance(left, Array) or not isinstance(right, Array):
        return _with_number(operation, left, right)
    if left.rank != right.rank or left.row != right.row:
        raise ShapeError(f"expected two of one shape, came {shape_of(left)} and {shape_of(right)}")
    first, second = left, right
    for k in range(left.rank):
        first, second = _meeting(first, first.slots[k], second, second.slots[k])
        _same_length(first.slots[k], second.slots[k])
    entry = second.at(*(s.index for s in first.slots))
    return first.map(lambda e: operation(e, entry))


def _with_number(operation: Callable[[Expr, Expr], Expr], left: Value, right: Value) -> Value:
    if isinstance(left, Array):
        assert not isinstance(right, Array)
        return left.map(lambda e: operation(e, right))
    return right.map(lambda e: operation(left, e)) if isinstance(right, Array) else operation(left, right)


def times(left: Value, right: Value) -> Value:
    """The product of linear algebra: W x, x^T y, x y^T, A B, and a number times anything.

    Raises: ShapeError: if there is no such product.
    """
    if not isinstance(left, Array) or not isinstance(right, Array):
        return elementwise(lambda a, b: a * b, left, right)
    right = open_again(right)
    if left.rank == 1 and not left.row:
        if right.rank == 1 and right.row:
            return Array(entry=left.entry * right.entry, slots=(*left.slots, *right.slots))
        raise ShapeError(
            f"a vector does not multiply {shape_of(right)} from the left; transpose it", sides=(left, right)
        )
    if right.row or right.rank > 2 or left.rank > 2:
        raise ShapeError(f"{shape_of(left)} does not multiply {shape_of(right)} from the left", sides=(left, right))
    return _contracted(left, right)


def _contracted(left: Array, right: Array) -> Value:
    """Σ over the last slot of the left and the first of the right."""
    left, right = _meeting(left, left.slots[-1], right, right.slots[0])
    inner, other = left.slots[-1], right.slots[0]
    _of_known_length(inner, other)
    _same_length(inner, other)
    body = left.entry * substitute(right.entry, {other.index: inner.index})
    entry: Expr = Sum(body, (inner.index, *inner.range))
    slots = (*left.slots[:-1], *right.slots[1:])
    return Array(entry=entry, slots=slots, row=left.rank == 1) if slots else entry


def inner(left: Value, right: Value) -> Value:
    """a · b, the sum of the products of the entries; of what are no two vectors the product.

    Raises: ShapeError: if the shapes differ.
    """
    if isinstance(left, Array) and isinstance(right, Array) and left.rank == right.rank == 1 and left.row == right.row:
        return closed(elementwise(lambda a, b: a * b, left, right))
    return times(left, right)


def closed(value: Value) -> Expr:
    """The sum of all entries."""
    if not isinstance(value, Array):
        return value
    _of_known_length(*value.slots)
    total: Expr = value.entry
    for s in reversed(value.slots):
        total = Sum(total, (s.index, *s.range))
    return total


def transposed(value: Value) -> Value:
    """A^T; a vector becomes a row, a row a vector."""
    if not isinstance(value, Array):
        return value
    if value.rank == 1:
        return replace(value, row=not value.row)
    if value.rank > 2:
        raise ShapeError(f"{shape_of(value)} has no transpose")
    return replace(value, slots=value.slots[::-1])


def norm(value: Value, kind: str) -> Expr:
    """The Euclidean (Frobenius) norm, the sum of magnitudes for kind "1", the largest for "infty".

    Raises: ShapeError: for another kind.
    """
    if kind == "1" and not (isinstance(value, Array) and value.rank > 1):
        return closed(value.map(Abs) if isinstance(value, Array) else Abs(value))
    spectral = kind == "2" and isinstance(value, Array) and value.rank > 1
    if kind == "infty" and isinstance(value, Array) and value.rank == 1:
        (s,) = value.slots
        return maximum(Abs(value.entry), s.index)
    if kind not in ("", "2", "F", "Fro") or spectral:
        raise ShapeError(f"the norm {kind} of {shape_of(value)} is not read here")
    squares = closed(value.map(lambda e: e**2)) if isinstance(value, Array) else value**2
    root: Expr = sqrt(squares)
    return root


def trace(value: Value) -> Expr:
    """Σ_i A_{i,i}.

    Raises: ShapeError: of what is no square matrix.
    """
    if not isinstance(value, Array) or value.rank != 2:
        raise ShapeError(f"only a matrix has a trace, here stands {shape_of(value)}")
    rows, columns = value.slots
    _of_known_length(rows, columns)
    _same_length(rows, columns)
    total: Expr = Sum(value.at(rows.index, rows.index), (rows.index, *rows.range))
    return total


def length(value: Value) -> Expr:
    """The number of entries of a vector; 1 of a number.

    Raises: ShapeError: of a matrix, or of a vector whose length nothing tells.
    """
    if not isinstance(value, Array):
        return Integer(1)
    if value.rank != 1 or is_flexible(value.slots[0]):
        raise ShapeError("the length of this is not known")
    lower, upper = value.slots[0].range
    return upper - lower + 1


def diagonal(value: Value) -> Array:
    """diag(v), the matrix with v on its diagonal.

    Raises: ShapeError: of what is no vector.
    """
    if not isinstance(value, Array) or value.rank != 1:
        raise ShapeError(f"diag is read of a vector only, here stands {shape_of(value)}")
    (rows,) = value.slots
    columns = slot(*rows.range, rows.axis, rows.name)
    return Array(entry=value.entry * KroneckerDelta(rows.index, columns.index), slots=(rows, columns))


def over(entry: Expr, place: Idx) -> Array:
    """The vector of the values that a number takes at all values of one of its indices."""
    entries = slot(place.lower, place.upper, ("over", 0), f"the values of {place.label}")
    return Array(entry=substitute(entry, {place: entries.index}), slots=(entries,))


def listed(entries: Sequence[Expr]) -> Array:
    """The vector of finitely many entries: Σ_k δ_{ik} a_k at its slot."""
    place = slot(Integer(1), Integer(len(entries)), ("list", 0), "the entries of the list")
    terms = [e * KroneckerDelta(place.index, k) for k, e in enumerate(entries, start=1)]
    return Array(entry=Add(*terms), slots=(place,))


def tabled(rows: Sequence[Sequence[Expr]]) -> Array:
    """The matrix of finitely many entries: Σ_{kl} δ_{ik} δ_{jl} a_{kl} at its slots."""
    ends = (len(rows), len(rows[0]))
    i, j = (slot(Integer(1), Integer(n), ("table", k), "the rows of the table") for k, n in enumerate(ends))
    terms = [
        entry * KroneckerDelta(i.index, k) * KroneckerDelta(j.index, m)
        for k, row in enumerate(rows, start=1)
        for m, entry in enumerate(row, start=1)
    ]
    return Array(entry=Add(*terms), slots=(i, j))


def softmax(value: Value) -> Array:
    """e^{z_k} / Σ_l e^{z_l} along the last axis.

    Raises: ShapeError: of a number.
    """
    if not isinstance(value, Array):
        raise ShapeError("softmax is a function of a vector, here stands a number")
    last = value.slots[-1]
    other = slot(*last.range, last.axis, last.name)
    below = Sum(exp(substitute(value.entry, {last.index: other.index})), (other.index, *other.range))
    return value.map(lambda e: exp(e) / below)


# -- letters for what was opened ----------------------------------------------------------------------


def lettered(expr: Expr, wanted: Callable[[Idx], Iterator[str]], taken: set[str]) -> Expr:
    """The expression with every bound slot named by a letter that nothing around it has.

    Args:
        expr: with slots bound by sums, products or maxima, its free indices named.
        wanted: the letters that would do for an index, best first, without end.
        taken: letters that may not be used.
    """
    if isinstance(expr, BINDERS):
        taken = taken | {str(i.label) for i in free_indices(expr)}
        renamed: dict[Basic, Basic] = {}
        limits: list[tuple[Idx, Expr, Expr]] = []
        for i, lower, upper in reversed(bound_in(expr)):
            opened = str(i.label).startswith("?")
            new = index(next(c for c in wanted(i) if c not in taken), lower, upper) if opened else i
            renamed[i] = new
            taken = taken | {str(new.label)}
            limits.insert(0, (new, lower, upper))
        return expr.func(lettered(substitute(expr.function, renamed), wanted, taken), *limits)
    if not expr.args or isinstance(expr, Idx) or not expr.has(*BINDERS):
        return expr
    around = taken | {str(i.label) for i in free_indices(expr)}
    done: Expr = expr.func(*(lettered(a, wanted, around) for a in args_of(expr)))
    return done
