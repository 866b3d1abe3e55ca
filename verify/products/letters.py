"""Letters that are vectors or matrices, with what the text says that they are, their powers and inverses."""

from __future__ import annotations

import dataclasses
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import Expr, Integer, Symbol

from derive.notation.names_in_notes import is_mark, is_transpose
from derive.notation.syntax import Neg, Node, Num, Sym

from ..functions import Key, key_of
from ..terms.reader import TermReader
from ..terms.table import INDEXED, NoTerm
from ..terms.writing import Env
from .words import COLUMN, MATRIX, Space, Words, named

CAPITALS = frozenset({"Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi", "Omega", "Xi", "Pi"})
LARGEST_POWER = 4


@dataclass(kw_only=True)
class LetterReader(TermReader):
    """Reads the letters of one relation.

    Attributes:
        bold: whether the claim sets its vectors and matrices in bold.
        transposed: the letters that the claim transposes, without their scripts, and whether they are bold.
        bare: the letters that stand alone or as factors, so that a bracket behind them is one as well.
        space: the vectors and matrices found.
    """

    bold: bool
    transposed: frozenset[tuple[str, bool]]
    bare: frozenset[str] = frozenset()
    space: Space = field(init=False)

    def __post_init__(self) -> None:
        self.space = Space(table=self.table)

    @abstractmethod
    def words(self, node: Node, env: Env) -> Words:
        """The value of a node. Raises: NoTerm: if it has none."""

    def of_letter(self, node: Sym, env: Env) -> Words:
        """The value of a letter with its scripts."""
        turned = is_transpose(node.sup)
        bare = dataclasses.replace(node, sup=None) if turned else node
        if node.base == "0" and "bold" in node.fonts:
            return {}
        inverse = is_inverse(bare.sup)
        plain = dataclasses.replace(bare, sup=None) if inverse else bare
        if not self._is_vector(plain, env):
            if turned:
                raise NoTerm("the transpose of a number")
            return {(): value} if (value := self._sym(node, env)) != 0 else {}
        words = self.vector(plain, env)
        words = self.inverted(words) if inverse else words
        return self.space.transposed(words) if turned else words

    def _is_vector(self, node: Sym, env: Env) -> bool:
        if (found := env.get(key_of(node))) is not None:
            return found in self.space.kinds or self.names_a_vector(node)
        return self.names_a_vector(node)

    def names_a_vector(self, node: Sym) -> bool:
        """Whether a letter is bold, or transposed somewhere in the claim."""
        return "bold" in node.fonts or (node.base, False) in self.transposed

    def vector(self, node: Sym, env: Env) -> Words:
        """A vector or matrix; what the text defines is written out."""
        found = env.get(key_of(node))
        if isinstance(found, Symbol) and found in self.space.kinds:
            return {(found,): Integer(1)}
        body = self.letters.get(key_of(node)) if self.manner.unfolds and not env else None
        if found is None and body is not None and key_of(node) not in self._open:
            return self._opened_words(key_of(node), node.base, body, {})
        if found is None and (member := self._member_words(node, env)) is not None:
            return member
        if node.sup is not None and (is_mark(node.sup) is False) and isinstance(node.sup, Num | Neg):
            return self.power(self.vector(dataclasses.replace(node, sup=None), env), node.sup)
        name, letters = self.written(node, env)
        self.seen.add(name)
        kind = self.kind(node)
        return {(self.space.atom(name, f"{name}ᵀ", kind, letters),): Integer(1)}

    def kind(self, node: Sym) -> str:
        """What a vector or matrix is by its letter: capitals are matrices."""
        if node.base in CAPITALS or node.base.isupper():
            return MATRIX
        return COLUMN

    def _member_words(self, node: Sym, env: Env) -> Words | None:
        """What the text says that a vector with an index is: z_i by what z_j is."""
        family = key_of(dataclasses.replace(node, sub=None))
        function = self.functions.get(family) if node.sub is not None and self.manner.unfolds else None
        if function is None or function.separators != INDEXED or family in self._open:
            return None
        assert node.sub is not None
        inner = self.at_indices(function, node.sub, env)
        return None if inner is None else self._opened_words(family, node.base, function.body, inner)

    def _opened_words(self, key: Key, name: str, body: Node, env: Env) -> Words:
        self._open.append(key)
        try:
            words = self.words(body, env)
        finally:
            self._open.pop()
        self.used[name] = None
        return words

    def power(self, words: Words, sup: Node) -> Words:
        """A small power of a matrix."""
        if not isinstance(sup, Num) or not sup.text.isdigit() or not 1 <= int(sup.text) <= LARGEST_POWER:
            raise NoTerm("a power of a vector")
        if any(not w or self.space.kind_of(w) != MATRIX for w in words):
            raise NoTerm("a power of a vector")
        result = words
        for _ in range(int(sup.text) - 1):
            result = self.space.multiplied(result, words)
        return result

    def inverted(self, words: Words) -> Words:
        """The inverse of a matrix, of which is known only that it cancels the matrix where that is one letter."""
        if any(not w or self.space.kind_of(w) == COLUMN for w in words) or not words:
            raise NoTerm("an inverse of what is no matrix")
        name, other = sum_named(words), sum_named(self.space.transposed(words))
        letters = {s for w, c in words.items() for s in self.space.letters_of(w) | self.table.letters_of(c)}
        symbol = self.space.atom(f"({name})⁻¹", f"({other})⁻¹", MATRIX, letters)
        if len(words) == 1 and len(next(iter(words))) == 1 and next(iter(words.values())) == 1:
            (atom,) = next(iter(words))
            self._pair(atom, symbol)
            self._pair(self.space.turned[atom], self.space.turned[symbol])
        return {(symbol,): Integer(1)}

    def _pair(self, one: Symbol, other: Symbol) -> None:
        self.space.inverse[one], self.space.inverse[other] = other, one


# -- small parts -----------------------------------------------------------------------------------------


def sum_named(words: Mapping[tuple[Symbol, ...], Expr]) -> str:
    """A sum as text."""
    return " + ".join(sorted(f"{c} {named(w)}" for w, c in words.items()))


def is_inverse(sup: Node | None) -> bool:
    """Whether a superscript inverts."""
    return isinstance(sup, Neg) and isinstance(sup.body, Num) and sup.body.text == "1"
