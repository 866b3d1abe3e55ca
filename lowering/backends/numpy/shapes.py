"""Shapes: the sizes that the axes of data and parameters have, and the code that checks them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sympy import Expr, Idx, Integer, Symbol

from derive.quantities import Quantity
from derive.vocabulary import length

from ...program import LoweringError
from .naming import local


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The length of an axis: a size and a whole number more, `m_x + 1`; a number alone has no size."""

    size: str | None
    more: int

    @property
    def text(self) -> str:
        """As it stands in PARAMETERS and in messages."""
        if self.size is None:
            return str(self.more)
        return self.size if not self.more else f"{self.size} {'+' if self.more > 0 else '-'} {abs(self.more)}"

    def solved(self, found: str) -> str:
        """The size in terms of the length found."""
        return found if not self.more else f"{found} {'-' if self.more > 0 else '+'} {abs(self.more)}"


def axis(i: Idx) -> Axis:
    """The length of the range of an index.

    Raises: LoweringError: if it is not a size plus a whole number.
    """
    expr: Expr = length(i).expand()
    sizes = expr.atoms(Symbol)
    more = expr - sum(sizes, Integer(0))
    if len(sizes) > 1 or not more.is_Integer:
        raise LoweringError(f"the index {i.label} runs over {expr} values; lowering needs a size plus a whole number")
    return Axis(size=next((s.name for s in sizes), None), more=int(more))


def shape(quantity: Quantity) -> tuple[Axis, ...]:
    """The lengths of the axes of a quantity."""
    return tuple(axis(i) for i in quantity.axes)


def tuple_source(parts: Iterable[str]) -> str:
    """Python source of a tuple."""
    found = tuple(parts)
    return f"({found[0]},)" if len(found) == 1 else f"({', '.join(found)})"


def sources_of_sizes(quantities: Iterable[Quantity]) -> Mapping[str, str]:
    """For each size, the expression that reads it off the first array that has it: `x.shape[1] - 1`."""
    found: dict[str, str] = {}
    for q in quantities:
        for place, a in enumerate(shape(q)):
            if a.size is not None and a.size not in found:
                found[a.size] = a.solved(f"{local(q.name)}.shape[{place}]")
    return found
