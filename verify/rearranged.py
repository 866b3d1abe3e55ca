"""What an equation gives when it is written in another way: 0 = J + H d + K d²/2, hence J/H = −d − K d²/(2H).

The equation is solved for a letter in which it is linear, and the value put into what is said to follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sympy import Expr, Integer, expand, together

from derive.calculus.indices import transform
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.vocabulary import is_name, name_of, names_in

from .context import Context
from .lines import Line
from .roles import introduction

BOTH_SIDES = re.compile(
    r"\b(?:divid\w+|multiply\w*|rearrang\w+|regroup\w*|reorder\w*|collect\w*|bring\w*)\b", re.IGNORECASE
)
MOST_NAMES = 8
REACH = 600  # characters between an equation and what is said to follow from it


def rearranged(line: Line, others: Iterable[Line], context: Context) -> tuple[Expr, Expr, Expr, Reader, str] | None:
    """The sides of a relation with the value that the last equation of the same letters gives one of them.

    Behind them the right side as it is written, what has read it, and the letter.

    Raises: Unreadable, ModelError: if a side has no reading.
    """
    if line.right is None or line.link or line.carried is not None or line.operator not in ("=", ":="):
        return None
    if not BOTH_SIDES.search(introduction(line.formula)):
        return None
    reader = Reader(context.dictionary)
    left, right = reader.read(line.left), reader.read(line.right)
    own = _names(left) | _names(right)
    if reader.opened or len(own) < 2 or len(own) > MOST_NAMES:
        return None
    near = [n for n in others if _is_origin(n, line)]
    for other in reversed([n for n in near if not _is_of_a_system(n, near)]):
        for name, value in _solved(other, context):
            if own <= _names(value) | {name} and name in own:
                return _put(left, name, value), _put(right, name, value), right, reader, name
    return None


def _is_origin(other: Line, line: Line) -> bool:
    """Whether an equation stands near before a line and is not itself said to be another one written anew."""
    near = 0 <= line.formula.offset - other.formula.offset < REACH
    return near and not BOTH_SIDES.search(introduction(other.formula))


def _is_of_a_system(line: Line, others: Iterable[Line]) -> bool:
    """Whether an equation stands with others in one display, of which any may be meant: rows to be eliminated."""
    return any(n is not line and not n.link and n.formula is line.formula for n in others)


def _solved(line: Line, context: Context) -> Iterator[tuple[str, Expr]]:
    """The letters in which an equation is linear, each with its value."""
    there = Reader(context.dictionary)
    try:
        difference = there.read(line.left) - there.read(line.right or line.left)
    except (Unreadable, ValueError):
        return
    if there.opened:
        return
    for letter in sorted({a for a in names_in(difference) if is_name(a) and not a.args}, key=str):
        start = difference.xreplace({letter: Integer(0)})
        slope = difference.xreplace({letter: Integer(1)}) - start
        linear = expand(start + slope * letter - difference) == 0
        if linear and slope != 0 and letter not in slope.free_symbols:
            yield name_of(letter), together(-start / slope)


def _put(side: Expr, name: str, value: Expr) -> Expr:
    return transform(side, lambda e: value if is_name(e) and name_of(e) == name else None)


def _names(expr: Expr) -> set[str]:
    return {name_of(a) for a in names_in(expr)}
