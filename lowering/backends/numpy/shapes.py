"""Shapes: the sizes that the axes of data and parameters have, and the code that checks them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sympy import Add, Expr, Idx, Integer, Mul, Symbol, floor

from derive.calculus.trees import args_of
from derive.quantities import Quantity
from derive.vocabulary import SizeAt, length

from ...lists import listed_by
from ...program import LoweringError
from .naming import local


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The length of an axis: a size and a whole number more, `m_x + 1`, a number alone, or something of sizes.

    Attributes:
        size: the one size of a length that it can be solved from; None otherwise.
        more: how much longer than the size.
        text: as it stands in PARAMETERS, in messages and in code.
        sizes: all that it is made of.
    """

    size: str | None
    more: int
    text: str
    sizes: tuple[str, ...]

    @property
    def composed(self) -> bool:
        """Whether it follows from sizes that are known from elsewhere: `(N + 2 * P - F) // S + 1`."""
        return self.size is None and bool(self.sizes)

    def solved(self, found: str) -> str:
        """The size in terms of the length found."""
        return found if not self.more else f"{found} {'-' if self.more > 0 else '+'} {abs(self.more)}"


def axis(i: Idx) -> Axis:
    """The length of the range of an index."""
    expr: Expr = length(i).expand()
    if expr.has(SizeAt):
        letters = sorted({str(args_of(e)[0]) for e in expr.atoms(SizeAt)})
        return Axis(size=None, more=0, text=whole(expr), sizes=tuple(letters))
    sizes = sorted(expr.atoms(Symbol), key=str)
    more = expr - sizes[0] if len(sizes) == 1 else expr
    names = tuple(s.name for s in sizes)
    if not more.is_Integer:
        return Axis(size=None, more=0, text=whole(expr), sizes=names)
    return Axis(size=names[0] if names else None, more=int(more), text=whole(expr), sizes=names)


def whole(expr: Expr) -> str:
    """Python source of a whole number made of sizes and of the index of a loop.

    Raises: LoweringError: for an operation that has no such source.
    """
    plain = expr.expand()
    if isinstance(plain, Add):
        terms = sorted(plain.args, key=lambda t: (t.is_number, t.could_extract_minus_sign(), _letters(t)))
        if terms[0].could_extract_minus_sign():
            terms = terms[::-1]  # 1 - P
        text = whole(terms[0])
        for term in terms[1:]:
            negative = term.could_extract_minus_sign()
            text += f" {'-' if negative else '+'} {whole(-term if negative else term)}"
        return text
    if isinstance(plain, Mul) and plain.could_extract_minus_sign():
        return f"-{whole(-plain)}"
    if isinstance(plain, Mul):
        return " * ".join(_factor(f) for f in sorted(plain.args, key=lambda f: (not f.is_number, str(f))))
    if isinstance(plain, floor):
        above, below = plain.args[0].together().as_numer_denom()
        return f"({whole(above)}) // {whole(below)}"
    if isinstance(plain, Integer):
        return str(plain)
    if isinstance(plain, SizeAt):
        letter, place = args_of(plain)
        return f"{letter}[{whole(place)}]"
    if isinstance(plain, Idx):
        return str(plain.label)
    if isinstance(plain, Symbol):
        return plain.name
    raise LoweringError(f"{expr} is no length or place that NumPy code can be written for; use sums of sizes")


def product_source(lengths: Iterable[Expr]) -> str:
    """Python source of a product of whole numbers."""
    return " * ".join(_factor(length.expand()) for length in lengths) or "1"


def _factor(expr: Expr) -> str:
    return f"({whole(expr)})" if isinstance(expr, floor | Add) else whole(expr)


def _letters(expr: Expr) -> str:
    return str(sorted(map(str, expr.free_symbols)))


def shape(quantity: Quantity) -> tuple[Axis, ...]:
    """The lengths of the axes of a quantity."""
    return tuple(axis(i) for i in quantity.axes)


def tuple_source(parts: Iterable[str]) -> str:
    """Python source of a tuple."""
    found = tuple(parts)
    return f"({found[0]},)" if len(found) == 1 else f"({', '.join(found)})"


def dict_source(entries: Iterable[tuple[str, str]]) -> str:
    """Python source of a dict from names to code."""
    return "{" + ", ".join(f'"{name}": {value}' for name, value in entries) + "}"


def sources_of_sizes(quantities: Iterable[Quantity]) -> Mapping[str, str]:
    """For each size, the expression that reads it off the first array or list that has it: `x.shape[1] - 1`."""
    found: dict[str, str] = {}
    for q in quantities:
        over = listed_by(q.axes)
        for place, a in enumerate(shape(q)):
            if a.size is not None and a.size not in found:
                found[a.size] = a.solved(_length_source(q, place, over))
    return found


def _length_source(quantity: Quantity, place: int, over: Idx | None) -> str:
    name = local(quantity.name)
    if over is None:
        return f"{name}.shape[{place}]"
    at = quantity.axes.index(over)
    return f"len({name})" if place == at else f"{name}[0].shape[{place - (place > at)}]"
