"""The bound letter of a sum under its first free name, so that sums say the same wherever they stand."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from sympy import Expr, Symbol

from ..terms.table import symbols_in
from ..terms.totals import total
from .words import TURNED, Space

NUMBERED = re.compile(r"(•.*?)(\d+)\Z")


def first_named(value: Expr, space: Space) -> Expr:
    """A value whose sums over one letter give it the first name that they do not use."""
    new: dict[Any, Any] = {s: _first_named(s, space) for s in symbols_in(value) if s in space.table.totals}
    named: Expr = value.subs(new, simultaneous=True)
    return named


def _first_named(symbol: Symbol, space: Space) -> Expr:
    inner = space.table.totals[symbol]
    one = inner.ranges[0]
    (old,) = one.bound if one.bound is not None and len(one.bound) == 1 else (None,)
    numbered = NUMBERED.fullmatch(old.name) if old is not None and one.key.endswith(f" {old}") else None
    if old is None or numbered is None or len(inner.ranges) > 1:
        return symbol
    used = space.table.letters_of(inner.core) | one.letters
    new = next((n for k in range(int(numbered[2])) if (n := Symbol(f"{numbered[1]}{k}")) not in used), None)
    if new is None:
        return symbol
    renaming = _Renaming(space=space, old=old, new=new)
    again = dataclasses.replace(one, key=renaming.text(one.key), bound=frozenset({new}))
    return total((again,), renaming.value(inner.core), space.table)


@dataclasses.dataclass
class _Renaming:
    space: Space
    old: Symbol
    new: Symbol

    def text(self, text: str) -> str:
        return re.sub(re.escape(self.old.name) + r"(?!\d)", self.new.name, text)

    def value(self, value: Expr) -> Expr:
        new: dict[Any, Any] = {s: self.symbol(s) for s in symbols_in(value)}
        renamed: Expr = value.subs(new, simultaneous=True)
        return renamed

    def symbol(self, symbol: Symbol) -> Symbol:
        """A term in which the letter has its new name."""
        space, table = self.space, self.space.table
        if self.old not in table.letters_of(symbol):
            return symbol
        name = self.text(symbol.name)
        if symbol == self.old:
            return self.new
        new = table.term(name, {self.new if s == self.old else s for s in table.letters[symbol]})
        if symbol in table.applied:
            told = table.applied[symbol]
            outcome, given = tuple(map(self.value, told.outcome)), tuple(map(self.value, told.given))
            table.applied.setdefault(new, dataclasses.replace(told, outcome=outcome, given=given))
        if symbol in table.totals:
            inner = table.totals[symbol]
            ranges = tuple(dataclasses.replace(r, key=self.text(r.key)) for r in inner.ranges)
            table.totals.setdefault(new, dataclasses.replace(inner, ranges=ranges, core=self.value(inner.core)))
        if symbol in table.slopes:
            table.slopes.setdefault(new, self.symbol(table.slopes[symbol]))
        if symbol in space.numbers:
            space.numbers.setdefault(new, tuple(map(self.symbol, space.numbers[symbol])))
            space.traces |= {new} if symbol in space.traces else set()
        space.owned |= {new} if symbol in space.owned else set()
        if symbol in space.kinds and new not in space.kinds:
            other = Symbol(self.text(space.turned[symbol].name))
            space.atom(name, other.name, space.kinds[symbol], table.letters[new])
            assert space.kinds[other] == TURNED[space.kinds[new]]
        return new
