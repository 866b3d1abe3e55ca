"""Where the entries of a program are found: a part of an array is an entry of a tensor whose name is its source.

h[s, t − 1, j]  →  `h[:, t - 1]` at s, j within the loop over t,  `h[:, :-1]` at s, t, j after it
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from sympy import Basic, Expr, Idx

from derive.calculus.indices import certainly_nonnegative, substitute, transform
from derive.vocabulary import Inside, indices_of, is_name, name_of, scalar, tensor

from ...entries import places
from ...lists import listed_by
from ...operations import (
    Cholesky,
    Contraction,
    Elementwise,
    LogDeterminant,
    LogSumExp,
    Numbers,
    Operation,
    Read,
    Reduction,
    Residual,
    Seeded,
    Solved,
    Tensor,
)
from ...program import Loop, LoweringError, Program
from ...reading import Place, Range, place_of
from .naming import local
from .shapes import tuple_source, whole
from .zeros import zeros_kept


class Layout:
    """The arrays of one program.

    Args:
        program: what is written.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.stored = {name: self._stored(t) for name, t in program.tensors.items()}
        self.steps = {step.over for step in program.operations if isinstance(step, Loop)}
        listed = {name: listed_by(t.axes) for name, t in program.tensors.items()}
        self.lists = {name: program.tensors[name].axes.index(over) for name, over in listed.items() if over is not None}

    def _stored(self, t: Tensor) -> tuple[Range, ...]:
        """The range of each axis of the array: one more along a loop where its base, or a zero, is kept."""
        found = []
        for i in t.axes:
            lower, upper = i.lower, i.upper
            loop = self.program.in_loops.get(t.name)
            if loop is not None and loop.over == i:
                lower -= 1 if t.name in dict(loop.bases) else 0
                upper += 1 if self.looks_ahead(loop, t.name) else 0
            found.append((lower, upper))
        return tuple(found)

    def ranges(self, name: str, where: tuple[Expr, ...]) -> tuple[Range, ...]:
        """The range of each axis of the array: of a list, of the one at these places."""
        if name not in self.lists:
            return self.stored[name]
        own: dict[Basic, Basic] = {self.program.tensors[name].axes[self.lists[name]]: where[self.lists[name]]}
        return tuple((substitute(lower, own), substitute(upper, own)) for lower, upper in self.stored[name])

    def looks_ahead(self, loop: Loop, name: str) -> bool:
        """Whether a loop that runs backwards reads a result of its own at the step after."""
        return loop.backwards and any(isinstance(o, Read) and name_of(o.entry) == name for o in loop.body)

    def new(self, make: str, axes: tuple[Idx, ...], lengths: list[str]) -> str:
        """A new array; the steps of a loop lie one after the other in memory, since one is read or written at once."""
        at = next((k for k, i in enumerate(axes) if i in self.steps), 0)
        first = [lengths[at], *lengths[1:at], lengths[0], *lengths[at + 1 :]] if at else lengths
        made = f"np.{make}({tuple_source(first)}, {dtype_source(self.program)})"
        return f"{made}.swapaxes(0, {at})" if at else made

    # -- operations --------------------------------------------------------------------------------

    def placed(self, operation: Operation, loop: Loop | None = None) -> Operation:
        """The operation with its entries, and its result within a loop, as parts of arrays."""
        inside = loop.over if loop is not None else None

        def entry(e: Expr) -> Expr | None:
            return self.part(e, inside) if is_name(e) else None

        out = operation.out
        if loop is not None:
            part = self.part(out.entry, inside)
            out = Tensor(name=name_of(part), axes=places(part))
        if isinstance(operation, Numbers):
            return operation
        if isinstance(operation, Cholesky):
            return replace(operation, out=out, matrix=self.part(operation.matrix, inside))
        if isinstance(operation, LogDeterminant):
            return replace(operation, out=out, factor=self.part(operation.factor, inside))
        if isinstance(operation, Solved):
            right = None if operation.right is None else self.part(operation.right, inside)
            return replace(operation, out=out, factor=self.part(operation.factor, inside), right=right)
        if isinstance(operation, Contraction):
            left, right = (transform(e, entry) for e in (operation.left, operation.right))
            return Contraction(out=out, left=left, right=right)
        if isinstance(operation, Elementwise):
            return Elementwise(out=out, expr=zeros_kept(transform(operation.expr, entry)))
        if isinstance(operation, Residual):
            shares = self.part(operation.shares, inside)
            return replace(operation, out=out, expr=transform(operation.expr, entry), shares=shares)
        if isinstance(operation, Seeded):
            full = self.program.tensors[name_of(operation.seed)]
            own: dict[Basic, Basic] = dict(zip(full.axes, places(operation.seed), strict=True))
            seed = substitute(self.part(full.entry, inside), own)
            return replace(operation, out=out, expr=zeros_kept(transform(operation.expr, entry)), seed=seed)
        if isinstance(operation, Reduction | LogSumExp):
            return replace(operation, out=out, expr=zeros_kept(transform(operation.expr, entry)))
        at = operation.entry if isinstance(operation, Read) else self.part(operation.entry, inside)
        return replace(operation, out=out, entry=at)

    def is_inlined(self, operation: Operation) -> bool:
        """Whether a read is a slice, written where it is used."""
        if not isinstance(operation, Read):
            return False
        windows = any(p is None or p.tap is not None for p in map(place_of, indices_of(operation.entry)))
        looped = self.program.in_loops.get(operation.out.name)
        return not windows and (not operation.brackets or looped is not None)

    def has_windows(self, name: str) -> bool:
        """Whether a name is an entry of windows reduced over places within them."""
        made = self.program.by_name[name]
        return isinstance(made, Reduction) and is_name(made.expr) and set(made.over) <= self.windowed(made.expr)

    def windowed(self, entry: Expr) -> set[Idx]:
        """The indices of an entry that count places within windows."""
        read = self.program.by_name.get(name_of(entry))
        if not isinstance(read, Read):
            return set()
        taps = {p.tap for p in map(place_of, indices_of(read.entry)) if p is not None}
        return {i for own, i in zip(read.out.axes, places(entry), strict=True) if own in taps}

    def order_of_windows(self, read: Read) -> tuple[int, ...]:
        """The order of axes in which a matrix product takes windows, one for each point; none if no product does."""
        for product in (o for o in self.program.operations if isinstance(o, Contraction)):
            for axes in (places(e) for e in (product.left, product.right) if name_of(e) == read.out.name):
                if axes[0] in product.out.axes:
                    return tuple(sorted(range(len(axes)), key=lambda k: (k > 0, axes[k] in product.out.axes)))
        return ()

    # -- entries -----------------------------------------------------------------------------------

    def part(self, entry: Expr, loop: Idx | None = None) -> Expr:
        """An entry as one of the part of an array that it is read from, at its plain indices."""
        name = name_of(entry)
        operation = self.program.by_name.get(name)
        if operation is not None and self.is_inlined(operation):
            assert isinstance(operation, Read)
            own: dict[Basic, Basic] = dict(zip(operation.out.axes, indices_of(entry), strict=True))
            return self.part(substitute(operation.entry, own), loop)
        texts, axes, which = [], [], ":"
        ranges = self.ranges(name, indices_of(entry))
        passing = name in self.program.in_loops and name not in self.program.kept  # has no axis for the loop
        for k, (place, (lower, upper)) in enumerate(zip(indices_of(entry), ranges, strict=True)):
            if passing and place == loop:
                continue
            found = place_of(place)
            if found is None:
                raise LoweringError(f"{entry} cannot be read as part of an array")
            if self.lists.get(name) == k:
                which = _slice(found, (lower, upper), loop)
            else:
                texts.append(_slice(found, (lower, upper), loop))
            axes += [i for i in found.indices if i != loop]
        while texts and texts[-1] == ":":
            texts.pop()
        parts = [text for text in (which, ", ".join(texts)) if text not in (":", "")]
        source = local(name) + "".join(f"[{text}]" for text in parts) if parts else name
        return tensor(source)[tuple(axes)] if axes else scalar(source)


def dtype_source(program: Program) -> str:
    """Python source of the number type that results have."""
    reference = program.tensors[program.reference]
    return f"{local(reference.name)}{'' if listed_by(reference.axes) is None else '[0]'}.dtype"


@lru_cache(maxsize=4096)
def _slice(place: Place, stored: Range, loop: Idx | None) -> str:
    """The places along one axis of an array as a slice, or as one place."""
    i, (lower, upper) = place.strided, stored
    if i is None or i == loop:
        at = (place.span[0] if i is None else place.stride * i + place.offset) - lower
        from_end = (at - (upper - lower + 1)).expand()
        return str(from_end) if from_end.is_Integer and from_end < 0 and not at.expand().is_Integer else whole(at)
    first, last = place.span
    if place.stride != 1:
        return f"{_start(first - lower)}:{whole(last - lower + 1)}:{whole(place.stride)}"
    return f"{_start(first - lower)}:{_stop(last - upper, last - lower + 1)}"


def _start(at: Expr) -> str:
    return "" if at.expand() == 0 else whole(at)


def _stop(beyond: Expr, at: Expr) -> str:
    """Counted from the end of the axis where that is a number."""
    number = beyond.expand()
    if number == 0:
        return ""
    return str(number) if number.is_Integer and number < 0 else whole(at)


def padding(read: Read, k: int, axis: Range) -> tuple[str, str]:
    """Where the places that exist lie on an axis of the result, and on that of the array: two slices."""
    found = place_of(indices_of(read.entry)[k])
    assert found is not None and found.strided is not None
    i, shift = found.strided, found.offset
    first = _larger(i.lower, axis[0] - shift)
    last = -_larger(-i.upper, shift - axis[1])
    to = f"{_start(first - i.lower)}:{_stop(last - i.upper, last - i.lower + 1)}"
    of = f"{_start(first + shift - axis[0])}:{_stop(last + shift - axis[1], last + shift - axis[0] + 1)}"
    return to, of


def _larger(a: Expr, b: Expr) -> Expr:
    if certainly_nonnegative(a - b):
        return a
    if certainly_nonnegative(b - a):
        return b
    raise LoweringError(f"which of {a} and {b} is larger is not known, so zeros cannot be put around an array")


def is_bracketed(read: Read, k: int) -> bool:
    """Whether the k-th place of a read has a bracket."""
    return any(isinstance(b, Inside) and b.args[0] == indices_of(read.entry)[k] for b in read.brackets)
