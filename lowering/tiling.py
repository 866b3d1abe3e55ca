"""Sums over data points as sums over tiles of them, so that what is computed in between stays in the cache.

Σ_s f(x_s) = Σ_tiles Σ_{s in the tile} f(x_s), where f needs nothing that is summed over all points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr, Idx, Mul, Sum, cancel, fraction

from derive.vocabulary import indices_of, length, name_of

from .operations import (
    Contraction,
    Elementwise,
    LogSumExp,
    Operation,
    Read,
    Reduction,
    Residual,
    Scatter,
    Solved,
    entries,
)
from .program import Loop, Program, Step, step_reads

WITHIN = (
    Elementwise,
    Contraction,
    Reduction,
    LogSumExp,
    Residual,
    Solved,
    Read,
    Scatter,
)  # what may be computed for a tile by itself


@dataclass(frozen=True, kw_only=True)
class Tiling:
    """A program in three parts.

    Attributes:
        program: its operations in the order before, within, after.
        before: how many come before the tiles.
        within: how many are carried out for each tile.
        rows: the given tensors of which a tile has some rows.
        sums: what is added up over the tiles.
        widths: the lengths of a point's arrays within, where windows make them far larger than the data.
    """

    program: Program
    before: int
    within: int
    rows: tuple[str, ...]
    sums: tuple[str, ...]
    widths: tuple[tuple[Expr, ...], ...] = ()


def tiling(program: Program, sample: Idx) -> Tiling | None:
    """The program with all that has an entry for each point within tiles; None if it is no such sum.

    Args:
        program: whose outputs have no axis of points.
        sample: the index of the points; others over its range count as it.
    """
    found = _Parts(program, (sample.lower, sample.upper))
    if not found.fits or not found.within:
        return None
    order: tuple[Step, ...] = (*found.before, *found.within, *found.after)
    later = {name for step in found.after for name in step_reads(step)} | set(program.outputs)
    sums = tuple(o.out.name for o in found.within if o.out.name in found.sums and o.out.name in later)
    return Tiling(
        program=replace(program, operations=order),
        before=len(found.before),
        within=len(found.within),
        rows=tuple(sorted(found.rows, key=[t.name for t in program.given].index)),
        sums=sums,
        widths=found.widths() if any(isinstance(o, Read | Scatter) for o in found.within) else (),
    )


class _Parts:
    """The steps of a program by whether they belong before, within or after the tiles."""

    def __init__(self, program: Program, points: tuple[object, object]) -> None:
        self.points = points
        self.rows = {t.name for t in program.given if self.sampled(t.axes)}
        given = [t.axes for t in program.given if t.name in self.rows]
        self.fits = bool(given) and all(self.leads(axes) for axes in given)
        self.before: list[Step] = []
        self.within: list[Operation] = []
        self.after: list[Step] = []
        self.sums: set[str] = set()  # over all points, and what is computed from them
        for step in program.operations:
            self.place(step)
        produced = {o.out.name for o in self.within if self.sampled(o.out.axes)}
        self.fits = self.fits and not produced & set(program.outputs)

    def sampled(self, axes: tuple[Expr, ...]) -> bool:
        """Whether an axis counts points."""
        return any(isinstance(i, Idx) and (i.lower, i.upper) == self.points for i in axes)

    def leads(self, axes: tuple[Expr, ...]) -> bool:
        """Whether the first axis counts points, and no other."""
        return self.sampled(axes[:1]) and not self.sampled(axes[1:])

    def widths(self) -> tuple[tuple[Expr, ...], ...]:
        """The lengths of the arrays that are made for each point, but for those that are never the largest."""
        made = [o.out.axes for o in self.within if self.sampled(o.out.axes)]
        found = [tuple(length(i) for i in axes if not self.sampled((i,))) for axes in made]
        numbers = {Mul(*lengths).expand(): lengths for lengths in found}
        return tuple(lengths for a, lengths in numbers.items() if not any(_smaller(a, b) for b in numbers))

    def place(self, step: Step) -> None:
        """Put a step where it belongs."""
        names = set(step_reads(step))
        if isinstance(step, Loop):
            self.fits = self.fits and not self.reads_rows(names) and not self.sampled((step.over,))
            (self.after if names & self.sums else self.before).append(step)
            self.sums |= set(step.names) if names & self.sums else set()
            return
        if self.sampled(step.out.axes):
            plain = isinstance(step, WITHIN) and self.covered(step)
            once = sum(self.sampled((i,)) for i in step.out.axes) == 1
            self.fits = self.fits and plain and once and not names & self.sums
            self.within.append(step)
        elif self.reads_rows(names):
            adds = isinstance(step, Contraction) or (isinstance(step, Reduction) and step.kind is Sum)
            self.fits = self.fits and adds and not names & self.sums
            self.within.append(step)
            self.sums.add(step.out.name)
        elif names & self.sums:
            self.after.append(step)
            self.sums.add(step.out.name)
        else:
            self.before.append(step)

    def reads_rows(self, names: set[str]) -> bool:
        """Whether something is read that has an entry for each point."""
        made = {o.out.name for o in self.within if self.sampled(o.out.axes)}
        return bool(names & (self.rows | made))

    def covered(self, step: Operation) -> bool:
        """Whether the axis of points comes from what is read, so that its length needs no name."""
        if isinstance(step, Read | Scatter):
            return self.leads(step.out.axes) and indices_of(step.entry)[:1] == step.out.axes[:1]
        return any(self.sampled(indices_of(e)) for e in entries(step) if name_of(e) not in self.sums)


def _smaller(a: Expr, b: Expr) -> bool:
    """Whether one product of lengths is another with fewer factors."""
    return bool(a != b and fraction(cancel(b / a))[1] == 1)
