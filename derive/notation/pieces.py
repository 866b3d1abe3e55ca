"""Layouts with what must be known to combine them: how tightly they bind and whether they are open at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from sympy import Basic

from .layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script, Words
from .names import Names
from .renderers.spacing import is_number


class Level(IntEnum):
    """How tightly a piece binds; a piece is bracketed where a higher level is needed."""

    RELATION = 0
    SUM = 1  # also anything with a leading sign
    PRODUCT = 2
    SCRIPTED = 3  # has a superscript, or is a fraction: bracketed before it is raised to a power
    ATOM = 4


@dataclass(frozen=True)
class Piece:
    r"""A layout and how it binds.

    Attributes:
        layout: as it stands alone.
        level: how tightly it binds.
        open: whether factors that follow would be taken into it: `\log x`, `\sum_i x_i`.
    """

    layout: Layout
    level: Level = Level.ATOM
    open: bool = False


@dataclass(frozen=True)
class Context:
    """What a rule needs: the names, and how the parts of its expression are printed."""

    names: Names
    press: Callable[[Basic], Piece]


Rule = Callable[[Any, Context], Piece]  # the tables give each rule only what it can print


def row(*parts: Layout | str) -> Row:
    """Parts side by side, rows dissolved; strings are atoms."""
    items: list[Layout] = []
    for part in parts:
        node = Atom(part) if isinstance(part, str) else part
        items += node.items if isinstance(node, Row) else (node,)
    return Row(tuple(items))


def listed(parts: Sequence[Layout]) -> Layout:
    """Parts with commas between them; a single one as it is."""
    if len(parts) == 1:
        return parts[0]
    return row(*[item for k, part in enumerate(parts) for item in ([","] if k else []) + [part]])


def round_brackets(layout: Layout) -> Fenced:
    """The layout in round brackets."""
    return Fenced("(", layout, ")")


def at_least(piece: Piece, level: Level) -> Layout:
    """The layout of a piece, bracketed if it binds less tightly than needed."""
    return piece.layout if piece.level >= level else round_brackets(piece.layout)


def closed(piece: Piece) -> Piece:
    r"""A piece that may be followed by factors: `\log x` becomes `\log(x)`, a sum is bracketed."""
    if not piece.open:
        return piece
    layout = piece.layout
    if isinstance(layout, BigOp) and layout.below is None and not isinstance(layout.body, BigOp):
        return Piece(replace(layout, body=round_brackets(layout.body)))
    return Piece(round_brackets(layout))


def juxtaposed(factors: Sequence[Piece]) -> Piece:
    """A product: factors side by side, with a dot only before a number."""
    if len(factors) == 1:
        return factors[0]
    several = sum(piece.open for piece in factors) > 1
    items: list[Layout | str] = []
    for position, piece in enumerate(factors):
        last = position == len(factors) - 1
        piece = piece if last and not (several and _is_big(piece)) else closed(piece)
        layout = at_least(piece, Level.PRODUCT)
        if position and _begins_with_number(layout):
            items.append(r"\cdot")
        items.append(layout)
    return Piece(row(*items), Level.PRODUCT, open=factors[-1].open and not (several and _is_big(factors[-1])))


def added(terms: Sequence[tuple[bool, Piece]]) -> Piece:
    """A sum of (negative?, term)."""
    items: list[Layout | str] = []
    for position, (negative, piece) in enumerate(terms):
        if negative or position:
            items.append("-" if negative else "+")
        items.append(at_least(piece, Level.PRODUCT))
    alone = len(terms) == 1 and not terms[0][0]
    return terms[0][1] if alone else Piece(row(*items), Level.SUM)


def raised(base: Piece, exponent: Layout) -> Piece:
    """A power; the exponent joins the subscript of a name."""
    layout = at_least(base, Level.ATOM)
    if isinstance(layout, Script) and layout.sup is None:
        return Piece(replace(layout, sup=exponent), Level.SCRIPTED)
    return Piece(Script(layout, sup=exponent), Level.SCRIPTED)


def applied(head: str, argument: Piece, *, bare: bool = False) -> Piece:
    r"""A function of its argument, bracketed unless `bare`: `\sigma(z)`, `\log x`."""
    if bare:
        return Piece(BigOp(head, None, None, argument.layout), Level.PRODUCT, open=True)
    return Piece(BigOp(head, None, None, round_brackets(argument.layout)))


def operator(name: str) -> str:
    """The head of a function that is set upright."""
    return rf"\operatorname{{{name}}}"


def weight(layout: Layout) -> int:
    """How many symbols a layout holds: a measure of its width; what does not belong in a script weighs much."""
    match layout:
        case Atom(latex):
            return len(latex) if is_number(latex) else 1
        case Words(text):
            return len(text)
        case Row(items):
            return sum(map(weight, items))
        case Script(base, sub, sup):
            return weight(base) + sum(weight(script) for script in (sub, sup) if script is not None)
        case Accent(_, base):
            return weight(base)
        case Fenced(_, body, _) | Root(body):
            return 2 + weight(body)
        case BigOp(_, below, above, body):
            return weight(body) + (1 if below is None and above is None else 100)
        case Frac() | Lines():
            return 100


def _is_big(piece: Piece) -> bool:
    return isinstance(piece.layout, BigOp) and piece.layout.below is not None


def _begins_with_number(layout: Layout) -> bool:
    match layout:
        case Atom(latex):
            return is_number(latex)
        case Row(items):
            return bool(items) and _begins_with_number(items[0])
        case Script(base=base):
            return _begins_with_number(base)
        case Frac(above, below):
            return _begins_with_number(above) and isinstance(below, Atom) and is_number(below.latex)
        case _:
            return False
