r"""Derivatives by vectors and matrices: of w^T x by w it is x, of x^T W y by W it is x y^T, of tr(A W) by W it is A^T.

By a column it is a column, by a row a row, by a matrix one of its shape.
"""

from __future__ import annotations

import re

from sympy import Expr, Integer, Symbol

from ..terms.table import NoTerm, symbols_in
from .sums import summed
from .words import COLUMN, MATRIX, Space, Word, Words


def gradient(value: Expr, by: Symbol, space: Space) -> Words:
    """The derivative of a number by a column or a matrix.

    Raises: NoTerm: if it is not clear what rests on it.
    """
    parts = []
    for symbol in symbols_in(value):
        if (own := _of_term(symbol, by, space)) is not None:
            slope = value.diff(symbol)
            parts.append({word: slope * c for word, c in own.items()})
    if not parts:
        raise NoTerm("a derivative of what does not show the letter")
    return space.added(*parts)


def jacobian(words: Words, by: Symbol, space: Space) -> Words:
    """The matrix A in a sum of columns A x + c, which is its derivative by the row x^T."""
    found = []
    for word, coefficient in words.items():
        before, last = word[:-1], word[-1:]
        if _rests(before, by, space) or any(_shows(s, by, space) for s in symbols_in(coefficient)):
            raise NoTerm("a column of another kind")
        if last == (by,):
            found.append({before: coefficient})
        elif _rests(last, by, space):
            raise NoTerm("a column of another kind")
    if not found:
        raise NoTerm("a derivative of what does not show the letter")
    return space.added(*found)


def _of_term(symbol: Symbol, by: Symbol, space: Space) -> Words | None:
    """The derivative of a term; None if it does not rest on the letter."""
    if not _shows(symbol, by, space):
        return None
    if symbol in space.numbers:
        word, trace = space.numbers[symbol], symbol in space.traces
        return space.added(*(_at(word, k, by, space, trace) for k in _places(word, by, space)))
    if (inner := space.table.totals.get(symbol)) is not None:
        letters = {s for r in inner.ranges for s in r.letters}
        if any(r.bound is None for r in inner.ranges) or letters & space.table.letters_of(by):
            raise NoTerm("a derivative of a sum whose range may rest on the letter")
        return summed(inner.ranges, gradient(inner.core, by, space), space)
    if symbol not in space.table.applied or space.kinds[by] != COLUMN:
        raise NoTerm("a derivative of a part of another kind")
    name = f"∂{by} {symbol}"
    return {(space.atom(name, f"{name}ᵀ", COLUMN, space.table.letters_of(symbol)),): Integer(1)}


def _at(word: Word, place: int, by: Symbol, space: Space, trace: bool) -> Words:
    """The derivative of a row times a column, or of a trace, by what stands at one place in it."""
    before, behind = word[:place], word[place + 1 :]
    turned = word[place] != by
    if trace:
        rest = behind + before
        return {rest if turned else space.turn(rest): Integer(1)}
    if space.kinds[by] == MATRIX:
        return {behind + before if turned else space.turn(before) + space.turn(behind): Integer(1)}
    return {behind if turned else space.turn(before): Integer(1)}


def _places(word: Word, by: Symbol, space: Space) -> list[int]:
    """Where a letter stands in a word, in which nothing else may rest on it."""
    places = [k for k, a in enumerate(word) if a in (by, space.turned[by])]
    if _rests(tuple(a for k, a in enumerate(word) if k not in places), by, space):
        raise NoTerm("a derivative of an inverse, or of a sum in a product")
    return places


def _rests(word: Word, by: Symbol, space: Space) -> bool:
    return any(_shows(a, by, space) for a in word)


def _shows(symbol: Symbol, by: Symbol, space: Space) -> bool:
    """Whether a term shows the letter. Raises: NoTerm: if it shows a part of it, or may hide it."""
    letters = space.table.letters_of(symbol)
    if by in letters:
        return True
    if any(_family(s) == _family(by) for s in letters):
        raise NoTerm("a derivative by a part of a letter")
    bare = symbol not in space.kinds and symbol not in space.numbers and symbol not in space.table.totals
    if bare and symbol not in space.table.applied and (symbol.name[:1].isupper() or " " in symbol.name):
        raise NoTerm("a letter that may rest on another one")
    return False


def _family(symbol: Symbol) -> str:
    """A letter without its scripts, accents and fonts."""
    return re.split("[_^ ]", symbol.name)[0]
