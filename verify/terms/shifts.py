"""Sums without end that begin one step later: Σ_{k≥0} f(k) is f(0) + Σ_{k≥0} f(k + 1)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from sympy import Expr, Integer, Symbol, expand, powsimp

from .table import Applied, NoTerm, Table, Total, symbols_in

ENDLESS = "..infty"


def telescoped(value: Expr, table: Table) -> Expr:
    """A value with what is left of pairs of endless sums that differ by one step."""
    sums = [s for s in symbols_in(value) if _start(table.totals.get(s)) is not None]
    for first, second in permutations(sums, 2):
        left = _first_term(value, first, second, table)
        if left is not None:
            return telescoped(left, table)
    return value


def _first_term(value: Expr, first: Symbol, second: Symbol, table: Table) -> Any:
    """A value in which a sum and minus the same one, a step later, leave the first term; None if they are no such."""
    one, other = table.totals[first], table.totals[second]
    scale, against = value.coeff(first), value.coeff(second)
    if one.ranges != other.ranges or scale == 0 or against == 0:
        return None
    bound = next(iter(one.ranges[0].bound or ()))
    try:
        later = at(one.core, bound, bound + 1, table)
        if powsimp(expand(scale * later + against * other.core)) != 0:
            return None
        begins = at(one.core, bound, Integer(_start(one) or 0), table)
    except NoTerm:
        return None
    return expand(value - scale * first - against * second + scale * begins)


def _start(total: Total | None) -> int | None:
    """The number with which an endless sum over one letter begins; None for other sums."""
    if total is None or len(total.ranges) != 1 or len(total.ranges[0].bound or ()) != 1:
        return None
    begins, endless, _ = total.ranges[0].key.partition(ENDLESS)
    return int(begins) if endless and begins.isdigit() else None


def at(value: Expr, letter: Symbol, place: Expr, table: Table) -> Expr:
    """A value with something in the place of a letter, within its terms too. Raises: NoTerm: if it is out of reach."""
    new: dict[Any, Any] = {letter: place}
    for symbol in symbols_in(value):
        if symbol != letter and letter in table.letters_of(symbol):
            known = table.applied.get(symbol)
            if known is None:
                raise NoTerm("a term that is not taken apart")
            new[symbol] = _moved(known, letter, place, table)
    moved: Expr = value.subs(new, simultaneous=True)
    return moved


def _moved(known: Applied, letter: Symbol, place: Expr, table: Table) -> Symbol:
    """A function at arguments in which something stands in the place of a letter."""
    outcome = tuple(at(a, letter, place, table) for a in known.outcome)
    given = tuple(at(a, letter, place, table) for a in known.given)
    moved = Applied(
        base=known.base,
        outcome=outcome,
        given=given,
        separators=known.separators,
        between=known.between,
        name=known.name,
        joint=known.joint,
    )
    letters = frozenset(s for a in moved.arguments for s in table.letters_of(a))
    symbol = table.term(moved.written(), letters)
    table.applied.setdefault(symbol, moved)
    return symbol
