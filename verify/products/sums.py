"""Sums of words over ranges: what does not change in a sum stands before and behind it."""

from __future__ import annotations

from sympy import Add, Expr, Mul, Symbol

from ..terms.table import NoTerm, Range, symbols_in
from ..terms.totals import total
from .renaming import first_named
from .words import TURNED, Space, Word, Words, named


def summed(ranges: tuple[Range, ...], words: Words, space: Space) -> Words:
    """The sum of words over ranges. Raises: NoTerm: if it is a sum of numbers and vectors."""
    if () in words and len(words) > 1:
        raise NoTerm("a number beside a vector")
    for one in reversed(ranges):
        parts = []
        for word, coefficient in words.items():
            for summand in Add.make_args(coefficient.expand()):
                parts.append(_summed(one, *_opened(one, word, summand, space), space))
        words = space.added(*parts)
    return words


def _opened(one: Range, word: Word, coefficient: Expr, space: Space) -> tuple[Word, Expr]:
    """A summand with its row times column as a word, where only a part of it changes in a sum."""
    for factor in Mul.make_args(coefficient) if not word else ():
        inner = space.numbers.get(factor, ()) if isinstance(factor, Symbol) and factor not in space.traces else ()
        before, moving, behind = _apart(one, inner, space)
        if moving and (before or behind):
            return inner, coefficient / factor
    return word, coefficient


def _summed(one: Range, word: Word, coefficient: Expr, space: Space) -> Words:
    before, moving, behind = _apart(one, word, space)
    if not moving:
        return {word: first_named(total((one,), coefficient, space.table), space)}
    core = moving[0] if len(moving) == 1 else _whole(moving, space)
    symbol, rest = _sum_of(one, core, coefficient, space)
    if symbol not in space.kinds:
        other, _ = _sum_of(one, space.turned[core], coefficient, space)
        space.kinds[symbol], space.kinds[other] = space.kinds[core], TURNED[space.kinds[core]]
        space.turned[symbol], space.turned[other] = other, symbol
    return {(*before, symbol, *behind): rest}


def _apart(one: Range, word: Word, space: Space) -> tuple[Word, Word, Word]:
    """What stands in a word before all that changes in a sum, what changes, and what stands behind it."""
    changes = [k for k, a in enumerate(word) if one.bound is None or space.table.letters_of(a) & one.bound]
    if not changes:
        return word, (), ()
    return word[: changes[0]], word[changes[0] : changes[-1] + 1], word[changes[-1] + 1 :]


def _whole(word: Word, space: Space) -> Symbol:
    """One symbol for a word."""
    name, turned = named(word), named(space.turn(word))
    return space.atom(f"⟪{name}⟫", f"⟪{turned}⟫", space.kind_of(word), space.letters_of(word))


def _sum_of(one: Range, core: Symbol, coefficient: Expr, space: Space) -> tuple[Symbol, Expr]:
    """The sum that a vector or matrix is in, and what stands before it."""
    factors = Mul.make_args(total((one,), coefficient * core, space.table))
    within = [f for f in factors if isinstance(f, Symbol) and (f == core or _holds(f, core, space))]
    if len(within) != 1:
        raise NoTerm("a sum that is not taken apart")
    (symbol,) = symbols_in(first_named(within[0], space))
    return symbol, Mul(*(f for f in factors if f is not within[0]))


def _holds(symbol: Symbol, core: Symbol, space: Space) -> bool:
    """Whether a symbol is a sum with another one in it, or with what that one is a sum of."""
    whole, own = space.table.totals.get(symbol), space.table.totals.get(core)
    if whole is None:
        return False
    parts = set(symbols_in(whole.core))
    return core in parts or (own is not None and set(symbols_in(own.core)) <= parts)
