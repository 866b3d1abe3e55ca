"""Terms: the letters, the values of functions and the sums of which an expression is made, each one a symbol."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sympy import Expr, Symbol

from derive.notation.names_in_notes import MARKS

INDEXED = ("_",)  # the separators of a function whose only argument stands below it


class NoTerm(ValueError):
    """A part that has no reading as a sum or product of terms."""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What a symbol stands for that is a function at arguments: p, with x before and y behind the stroke.

    Attributes:
        base: the letter of the function.
        outcome: the arguments before a stroke, or all of them.
        given: those behind it.
        separators: what stands before each of these.
        between: what stands between the outcomes; INDEXED where the only one is an index.
        name: of the function, with its scripts.
        joint: whether it is the probability of all its outcomes in any order.
    """

    base: str
    outcome: tuple[Expr, ...]
    given: tuple[Expr, ...] = ()
    separators: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    name: str = ""
    joint: bool = False

    @property
    def arguments(self) -> tuple[Expr, ...]:
        """All arguments."""
        return (*self.outcome, *self.given)

    def written(self) -> str:
        """The function with its arguments, as a name."""
        if self.between == INDEXED:
            return indexed(self.name, str(self.outcome[0]))
        inside = zip(("", *self.between, *self.separators), self.arguments, strict=True)
        return f"{self.name}({''.join(f'{s}{a}' for s, a in inside)})"


def indexed(name: str, index: str, mark: str = "_") -> str:
    """A letter with a script, as a name."""
    return f"{name}{mark}{index}" if index.isalnum() or index in MARKS else f"{name}{mark}{{{index}}}"


@dataclass(frozen=True, kw_only=True)
class Range:
    """What a sum, a mean or an integral runs over.

    Attributes:
        key: what tells it from others.
        bound: the symbols that it binds; None if it is not known which, as under a bare E.
        letters: the free letters of its limits, or of its distribution.
        mean: whether the mean of 1 over it is 1.
        everywhere: whether it runs over all values of what it binds, as distributions are normalised over.
    """

    key: str
    bound: frozenset[Symbol] | None
    letters: frozenset[Symbol] = frozenset()
    mean: bool = False
    everywhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Total:
    """What a symbol stands for that is a sum over ranges."""

    ranges: tuple[Range, ...]
    core: Expr


@dataclass
class Table:
    """The terms of a claim, with the letters that each rests on.

    Attributes:
        letters: by term, the free letters in it; other symbols are letters themselves.
        applied: by term, the function and its arguments.
        totals: by term, the sum.
        slopes: the terms that are derivatives, with what is differentiated.
        dropped: whether a mean was left out of what does not show the letter that it is taken over.
        loose: whether it holds sums or extremes of which little is known, so that what differs need not be wrong.
    """

    letters: dict[Symbol, frozenset[Symbol]] = field(default_factory=dict)
    applied: dict[Symbol, Applied] = field(default_factory=dict)
    totals: dict[Symbol, Total] = field(default_factory=dict)
    slopes: dict[Symbol, Symbol] = field(default_factory=dict)
    loose: bool = False
    dropped: bool = False

    def term(self, name: str, letters: Iterable[Symbol]) -> Symbol:
        """The symbol of a term that rests on some letters."""
        symbol = Symbol(name)
        self.letters.setdefault(symbol, frozenset(letters))
        return symbol

    def letters_of(self, value: Expr) -> frozenset[Symbol]:
        """The free letters that a value rests on."""
        found: set[Symbol] = set()
        for symbol in symbols_in(value):
            found |= self.letters.get(symbol, frozenset({symbol}))
        return frozenset(found)


def symbols_in(value: Expr) -> list[Symbol]:
    """The symbols of which a value is made, in the order of their names."""
    return sorted((s for s in value.free_symbols if isinstance(s, Symbol)), key=str)
