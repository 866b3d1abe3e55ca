r"""Derivatives of terms: linear, by the rule of products and the chain rule; that of a function is a term itself."""

from __future__ import annotations

import re
from typing import Any

from sympy import Add, E, Expr, Mul, Symbol

from .table import INDEXED, NoTerm, Table, symbols_in
from .totals import CONSTANTS, total


def slope(value: Expr, by: Symbol, table: Table) -> Any:
    """The derivative of a value by a letter.

    Raises: NoTerm: if the letter stands by itself, as what may be a vector, or if it is not clear what rests on it; of
        e by itself, which is an error in ∂e/∂θ, and no number.
    """
    if value == E:
        raise NoTerm("a derivative of the number e")
    if value.is_number:
        return value * 0
    resting = [s for s in symbols_in(value) if _rests(s, by, table)]
    found = [value.diff(s) * _of_term(s, by, table) for s in resting]
    if not found:
        raise NoTerm("a derivative of what does not show the letter")
    result: Expr = Add(*found).expand()
    for summand in Add.make_args(result):
        if sum(1 for f in Mul.make_args(summand) if f.free_symbols & table.slopes.keys()) > 1:
            raise NoTerm("a product of derivatives")
    return result


def is_bare(symbol: Symbol, table: Table) -> bool:
    """Whether a term is a letter, with or without indices."""
    known = table.applied.get(symbol)
    written = "(" in symbol.name or symbol in table.totals or symbol in table.slopes
    return not written and (known is None or known.between == INDEXED)


def whole_slope(symbol: Symbol, by: Symbol, sign: str, letters: frozenset[Symbol], table: Table) -> Symbol:
    """The derivative of a letter by another one, of which nothing is known.

    Raises: NoTerm: if they may be one, or parts of one.
    """
    if re.split("[_^ ]", symbol.name)[0] == re.split("[_^ ]", by.name)[0]:
        raise NoTerm("a derivative by a part of a letter")
    table.loose = True
    derivative = table.term(f"{sign}{by} of {symbol}", table.letters_of(symbol) | letters | {by})
    table.slopes[derivative] = symbol
    return derivative


def _rests(symbol: Symbol, by: Symbol, table: Table) -> bool:
    """Whether a term rests on a letter; letters that are no constants may, whatever they show."""
    letters = table.letters_of(symbol)
    if symbol in table.letters and by in letters:
        return True
    family = by.name.split("_")[0].split("^")[0]
    if any(s.name.split("_")[0].split("^")[0] == family for s in letters):
        raise NoTerm("a derivative by a part of a letter")
    if symbol not in table.applied and symbol not in table.totals and symbol.name not in CONSTANTS:
        raise NoTerm("a letter that may rest on another one")
    return False


def _of_term(symbol: Symbol, by: Symbol, table: Table) -> Expr:
    if symbol in table.slopes:
        raise NoTerm("a second derivative")
    sum_of = table.totals.get(symbol)
    if sum_of is not None:
        if any(by in r.letters for r in sum_of.ranges):
            raise NoTerm("a derivative of a mean by what its distribution rests on")
        return total(sum_of.ranges, slope(sum_of.core, by, table), table)
    derivative = table.term(f"∂{by} {symbol}", table.letters_of(symbol))
    table.slopes[derivative] = symbol
    return derivative
