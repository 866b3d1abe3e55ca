r"""Sums of products in which the order counts: each product, a word of vectors and matrices, with its coefficient.

A word that ends where a row meets a column is a number, and its own transpose: x^T A y = y^T A^T x. It is a term like
any other. Of sizes nothing is assumed but that columns have one column and rows one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from sympy import Add, Expr, Integer, Symbol

from ..terms.table import NoTerm, Table

Word = tuple[Symbol, ...]
Words = dict[Word, Expr]

COLUMN, ROW, MATRIX, UNKNOWN = "column", "row", "matrix", "unknown"
TURNED = {COLUMN: ROW, ROW: COLUMN, MATRIX: MATRIX, UNKNOWN: UNKNOWN}
UNFIT = {(COLUMN, COLUMN), (COLUMN, MATRIX), (ROW, ROW), (MATRIX, ROW)}  # kinds that cannot stand side by side
MOST_WORDS = 60


@dataclass
class Space:
    """The vectors and matrices of a claim.

    Attributes:
        table: its terms.
        kinds: by symbol, what it is; other symbols are numbers.
        turned: by symbol, its transpose.
        inverse: by symbol, its inverse.
        numbers: the terms that are products of a row and a column, or traces, with those products.
        traces: those that are traces.
        owned: other terms that are numbers: entries and norms.
    """

    table: Table
    kinds: dict[Symbol, str] = field(default_factory=dict)
    turned: dict[Symbol, Symbol] = field(default_factory=dict)
    inverse: dict[Symbol, Symbol] = field(default_factory=dict)
    numbers: dict[Symbol, Word] = field(default_factory=dict)
    traces: set[Symbol] = field(default_factory=set)
    owned: set[Symbol] = field(default_factory=set)

    def atom(self, name: str, turned: str, kind: str, letters: Iterable[Symbol]) -> Symbol:
        """A vector or matrix, with its transpose."""
        one, other = (self.table.term(n, letters) for n in (name, turned))
        self.kinds.setdefault(one, kind)
        self.kinds.setdefault(other, TURNED[kind])
        self.turned[one], self.turned[other] = other, one
        return one

    def letters_of(self, word: Word) -> frozenset[Symbol]:
        """The free letters in a word."""
        return frozenset(s for atom in word for s in self.table.letters_of(atom))

    def kind_of(self, word: Word) -> str:
        """What a word is. Raises: NoTerm: if its factors do not fit together."""
        kinds = [self.kinds[a] for a in word]
        if any(pair in UNFIT for pair in pairwise(kinds)):
            raise NoTerm("factors that do not fit")
        if UNKNOWN in kinds:
            return UNKNOWN
        return COLUMN if kinds[-1] == COLUMN else ROW if kinds[0] == ROW else MATRIX

    # -- arithmetic ----------------------------------------------------------------------------------------

    def normal(self, word: Word, coefficient: Expr) -> tuple[Word, Expr]:
        """A word with its coefficient, the numbers in it and what cancels taken out."""
        kinds = [self.kinds[a] for a in word]
        for k, (one, other) in enumerate(pairwise(word)):
            if self.inverse.get(one) == other:
                return self.normal(word[:k] + word[k + 2 :], coefficient)
        for k, kind in enumerate(kinds):
            end = next((m for m in range(k + 1, len(kinds)) if kinds[m] != MATRIX), None)
            if kind == ROW and end is not None and kinds[end] == COLUMN:
                number = self.number(word[k : end + 1])
                return self.normal(word[:k] + word[end + 1 :], coefficient * number)
        if word:
            self.kind_of(word)
        return word, coefficient

    def number(self, word: Word) -> Symbol:
        """A row times a column, whichever way it is written."""
        word = min(word, self.turn(word), key=named)
        symbol = self.table.term(f"⟪{named(word)}⟫", self.letters_of(word))
        self.numbers[symbol] = word
        return symbol

    def turn(self, word: Word) -> Word:
        """The transpose of a word."""
        return tuple(self.turned[a] for a in reversed(word))

    def added(self, *parts: Mapping[Word, Expr]) -> Words:
        """The sum of several sums."""
        found: Words = {}
        for part in parts:
            for word, coefficient in part.items():
                word, coefficient = self.normal(word, coefficient)
                found[word] = found.get(word, Integer(0)) + coefficient
        if len(found) > MOST_WORDS:
            raise NoTerm("too many products")
        return {w: c for w, c in ((w, c.expand()) for w, c in found.items()) if c != 0}

    def multiplied(self, first: Words, second: Words) -> Words:
        """The product of two sums."""
        products = ({a + b: c * d} for a, c in first.items() for b, d in second.items())
        return self.added(*products)

    def transposed(self, words: Words) -> Words:
        """The transpose of a sum."""
        if () in words and len(words) > 1:
            raise NoTerm("a number beside a vector")
        return {self.turn(w): c for w, c in words.items()}

    def trace(self, words: Words) -> Expr:
        """The trace of a sum of matrices: of each word, whichever way it is turned round."""
        found: list[Expr] = []
        for word, coefficient in words.items():
            if not word or self.kind_of(word) != MATRIX:
                raise NoTerm("a trace of what is no matrix")
            found.append(coefficient * self._trace(word))
        result: Expr = Add(*found)
        return result

    def _trace(self, word: Word) -> Expr:
        rounds = [w[k:] + w[:k] for w in (word, self.turn(word)) for k in range(len(word))]
        for one in rounds:
            if self.kinds[one[0]] == ROW and self.kinds[one[-1]] == COLUMN:
                rest, number = self.normal(one, Integer(1))
                if not rest:
                    return number
        first = min(rounds, key=named)
        symbol = self.table.term(f"tr⟪{named(first)}⟫", self.letters_of(word))
        self.numbers[symbol] = first
        self.traces.add(symbol)
        return symbol


def named(word: Word) -> str:
    """A word as text."""
    return " ".join(a.name for a in word)
