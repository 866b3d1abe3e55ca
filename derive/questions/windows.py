"""How many windows fit: the output size of a convolution or a pooling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Expr, Idx, Indexed, floor

from ..calculus.indices import certainly_nonnegative, free_indices
from ..vocabulary import indices_of, name_of
from .answers import Answer, Line, Relation, Sign

if TYPE_CHECKING:
    from ..model import Model


@dataclass(frozen=True, kw_only=True)
class Windows:
    """For how many places of its outputs does a window stay inside what it reads?

    Attributes:
        reads: the name of what the window reads, x in x_{S p + u}.
        by: the name of what is computed of it.
    """

    reads: str
    by: str

    def answer(self, model: Model) -> Answer:
        """For each axis of the output, the number of places, that the last window fits, and that one more would not.

        The last entry that is read at p is S p + r. It is inside up to the upper end e for p ≤ (e − r)/S, so the
        number of places from 0 on is ⌊(e − r)/S⌋ + 1: by ⌊x⌋ ≤ x < ⌊x⌋ + 1, and S is positive.

        Raises: ModelError: if the output does not read it at S p + u, with p counting from 0.
        """
        from ..model import ModelError

        windows = _windows(model, self.reads, self.by)
        if not windows:
            raise ModelError(f"{self.by} does not read {self.reads} by windows; an index such as S p + u was expected")
        return Answer(
            title="The output size",
            model=model,
            lines=tuple(line for window in windows for line in window.lines()),
            conclusion=tuple(part for window in windows for part in window.said()),
            conditions=tuple(Relation(left=w.reach, sign=Sign.AT_MOST, right=w.end) for w in windows),
        )


@dataclass(frozen=True, kw_only=True)
class _Window:
    """A window along one axis: at the place p it reads up to stride · p + reach, of entries up to `end`."""

    place: Idx
    stride: Expr
    reach: Expr
    end: Expr

    @property
    def last(self) -> Expr:
        """The last place at which the window stays inside."""
        whole: Expr = floor((self.end - self.reach).expand() / self.stride)
        return whole

    def lines(self) -> tuple[Line, Line]:
        """By ⌊x⌋ ≤ x < ⌊x⌋ + 1 for x = (end − reach) / stride, since the stride is positive."""
        ends = tuple(self.stride * place + self.reach for place in (self.last, self.last + 1))
        verdict = "proved" if self.stride.is_positive else "undecided"
        return (
            Line(relation=_relation(ends[0], Sign.AT_MOST, self.end), label="the last window fits", verdict=verdict),
            Line(relation=_relation(ends[1], Sign.GREATER, self.end), label="one more would not", verdict=verdict),
        )

    def said(self) -> tuple[str | Expr, ...]:
        return "Along ", self.place, " there are ", self.last + 1, " places. "


def _relation(left: Expr, sign: Sign, right: Expr) -> Relation:
    return Relation(left=left, sign=sign, right=right)


def _windows(model: Model, reads: str, by: str) -> list[_Window]:
    """One window for each axis of the output at which an index of what is read depends on it."""
    definition = model.defined.get(by)
    if definition is None or reads not in model.quantities:
        return []
    found: dict[Idx, _Window] = {}
    entries = sorted((a for a in definition.expr.atoms(Indexed) if name_of(a) == reads), key=str)
    for entry in entries:
        for axis, where in zip(model.quantities[reads].axes, indices_of(entry), strict=True):
            for place in definition.quantity.axes:
                window = _window(place, where.expand(), axis)
                if place in free_indices(where) and where != place and window is not None:
                    found[place] = window
    return list(found.values())


def _window(place: Idx, where: Expr, axis: Idx) -> _Window | None:
    """The window that an index stride · p + … opens; None if it may begin before the axis does."""
    stride, rest = where.coeff(place), where
    first: Expr = where
    for i in sorted(free_indices(where), key=str):
        slope = where.coeff(i)
        if i == place:
            rest, first = rest - slope * i, first - slope * i
        elif slope.is_positive:
            rest, first = rest + slope * (i.upper - i), first + slope * (i.lower - i)
        else:
            return None
    inside = place.lower == 0 and certainly_nonnegative(first - axis.lower) and not free_indices(rest.expand())
    return _Window(place=place, stride=stride, reach=rest.expand(), end=axis.upper) if inside else None
