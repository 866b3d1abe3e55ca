r"""Reads a side of a relation as a sum of products of vectors and matrices, whatever their sizes.

Bold letters, and letters that a claim transposes, are vectors and matrices. In a claim without bold letters any other
letter may be one as well. What is a number has its reading as a term.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, Integer, Symbol

from derive.notation.names_in_notes import is_mark, is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym

from ..functions import Key, key_of
from ..terms.extremes import leaks
from ..terms.reader import TermReader
from ..terms.table import INDEXED, NoTerm, symbols_in
from ..terms.writing import Env, items_of
from .sums import summed
from .words import COLUMN, MATRIX, UNKNOWN, Space, Words, named

PLAIN = frozenset({"eta", "epsilon", "n", "m", "N", "d", "k"})  # letters that are numbers also where none is bold
CAPITALS = frozenset({"Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi", "Omega", "Xi", "Pi"})
NORMS = frozenset({"\\|", "||", "‖"})
LARGEST_POWER = 4


@dataclass(kw_only=True)
class ProductReader(TermReader):
    """Reads the sides of one relation.

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

    def value(self, node: Node, env: Env) -> Expr:
        """The value of a node that is a number."""
        return _only_number(self.words(node, env))

    def words(self, node: Node, env: Env) -> Words:
        """The value of a node. Raises: NoTerm: if it has none."""
        match node:
            case Num():
                return self._number(super().value(node, env))
            case Sym():
                return self._of_letter(node, env)
            case Neg():
                return self._scaled(self.words(node.body, env), -1)
            case Bin(op="+" | "-") if not leaks(node):
                second = self.words(node.right, env)
                return self.space.added(
                    self.words(node.left, env), second if node.op == "+" else self._scaled(second, -1)
                )
            case Bin(op="cdot" | "times" | "*"):
                return self._multiplied([self.words(n, env) for n in _factors(node)])
            case Bin(op="/"):
                return self._multiplied([self.words(node.left, env), self._number(1 / self.value(node.right, env))])
            case Fraction() if not _differentiates(node):
                return self._multiplied([self.words(node.above, env), self._number(1 / self.value(node.below, env))])
            case Group():
                return self._of_bracket(node, env)
            case Juxt():
                return self._in_order(list(node.items), env)
            case Big(op="sum"):
                return self._sum(node, (), env)
            case Fn(name="tr") if node.argument is not None and node.sup is None:
                return self._number(self.space.trace(self.words(node.argument, env)))
        return self._number(super()._found(node, env))

    # -- letters -------------------------------------------------------------------------------------------

    def _of_letter(self, node: Sym, env: Env) -> Words:
        turned = is_transpose(node.sup)
        bare = dataclasses.replace(node, sup=None) if turned else node
        if node.base == "0" and "bold" in node.fonts:
            return {}
        inverse = _is_inverse(bare.sup)
        plain = dataclasses.replace(bare, sup=None) if inverse else bare
        if not self._is_vector(plain, env):
            if turned:
                raise NoTerm("the transpose of a number")
            return self._number(super()._sym(node, env))
        words = self._vector(plain, env)
        words = self._inverted(words) if inverse else words
        return self.space.transposed(words) if turned else words

    def _is_vector(self, node: Sym, env: Env) -> bool:
        if (found := env.get(key_of(node))) is not None:
            return found in self.space.kinds or self._names_a_vector(node)
        return self._names_a_vector(node)

    def _names_a_vector(self, node: Sym) -> bool:
        return "bold" in node.fonts or (node.base, False) in self.transposed

    def _vector(self, node: Sym, env: Env) -> Words:
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
            return self._power(self._vector(dataclasses.replace(node, sup=None), env), node.sup)
        name, letters = self.written(node, env)
        self.seen.add(name)
        kind = self._kind(node)
        return {(self.space.atom(name, f"{name}ᵀ", kind, letters),): Integer(1)}

    def _kind(self, node: Sym) -> str:
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
        return self._opened_words(
            family, node.base, function.body, {key_of(function.parameters[0]): super().value(node.sub, env)}
        )

    def _opened_words(self, key: Key, name: str, body: Node, env: Env) -> Words:
        self._open.append(key)
        try:
            words = self.words(body, env)
        finally:
            self._open.pop()
        self.used[name] = None
        return words

    # -- products ------------------------------------------------------------------------------------------

    def product(self, items: Any, env: Env) -> Expr:
        """The value of factors side by side that is a number."""
        return _only_number(self._in_order(list(items), env))

    def _in_order(self, waiting: list[Node], env: Env) -> Words:
        found = []
        while waiting:
            found.append(self._next(waiting, env))
        return self._multiplied(found)

    def _next(self, waiting: list[Node], env: Env) -> Words:
        """The first of several factors, which is taken off."""
        item = waiting[0]
        following = waiting[1] if len(waiting) > 1 else None
        applied = isinstance(item, Sym) and isinstance(following, Group) and self._is_applied(item, following)
        if applied and isinstance(item, Sym) and isinstance(following, Group) and self._names_a_vector(item):
            applied = not self._multiplies(item, following)
            if applied:
                raise NoTerm("a bracket behind a vector")
        if isinstance(item, Big) and item.op == "sum":
            behind = tuple(waiting[1:])
            waiting.clear()
            return self._sum(item, behind, env)
        own = isinstance(item, Group | Bin | Neg | Fraction) and not _differentiates(item)
        if own or (isinstance(item, Sym) and not applied and item.base != "nabla") or _is_trace(item):
            return self.words(waiting.pop(0), env)
        return self._number(self._first(waiting, env))

    def _is_applied(self, head: Sym, group: Group) -> bool:
        summed = isinstance(group.body, Bin | Neg) and group.opening == "(" and key_of(head) not in self.functions
        return super()._is_applied(head, group) and not (summed and head.base in self.bare)

    def _multiplies(self, head: Sym, group: Group) -> bool:
        """Whether a matrix stands before a bracket that it multiplies: W (x − y), where the text has no function W."""
        sum_of = isinstance(group.body, Bin | Neg) and group.opening == "("
        return sum_of and self._kind(head) == MATRIX and key_of(head) not in self.functions

    def _multiplied(self, factors: list[Words]) -> Words:
        """A product; beside vectors, what may be one itself counts as one."""
        if any(set(f) - {()} for f in factors):
            factors = [self._guarded(f) for f in factors]
        result: Words = {(): Integer(1)}
        for factor in factors:
            result = self.space.multiplied(result, factor)
        return result

    def _guarded(self, factor: Words) -> Words:
        """A factor as it counts beside vectors."""
        number = factor.get(())
        if number is None or all(self._is_number(s) for s in symbols_in(number)):
            if () in factor and len(factor) > 1:
                raise NoTerm("a number beside a vector")
            return factor
        if len(factor) > 1 or not isinstance(number, Symbol):
            raise NoTerm("what may be a vector")
        return {(self.space.atom(number.name, f"{number.name}ᵀ", UNKNOWN, self.table.letters_of(number)),): Integer(1)}

    def _is_number(self, symbol: Symbol) -> bool:
        """Whether a term is a number beside vectors."""
        if symbol in self.space.numbers or symbol.name.startswith("entry "):
            return True
        if symbol in self.table.slopes:
            return False
        if (inner := self.table.totals.get(symbol)) is not None:
            return all(self._is_number(s) for s in symbols_in(inner.core))
        if symbol in self.table.applied and self.table.applied[symbol].between != INDEXED:
            return False
        return "(" not in symbol.name and (self.bold or symbol.name.split("_")[0] in PLAIN or symbol.name[0] == "•")

    # -- brackets, powers, sums ----------------------------------------------------------------------------

    def _of_bracket(self, node: Group, env: Env) -> Words:
        if node.opening in NORMS:
            return self._norm(node, env)
        if node.sub is not None and node.sup is None and not set(self.words(node.body, env)) & {()}:
            name, letters = self.written(node, env)
            return self._number(self.table.term(f"entry {name}", letters))  # (W)_{ij}
        if node.opening == "|" or isinstance(node.body, Listing) or node.sub is not None or node.primes:
            return self._number(super()._found(node, env))
        words = self.words(node.body, env)
        if node.sup is None:
            return words
        if is_transpose(node.sup):
            return self._turned(words)
        if not set(words) - {()}:
            return self._number(self._raised(words.get((), Integer(0)), node.sup, env))
        return self._inverted(words) if _is_inverse(node.sup) else self._power(words, node.sup)

    def _turned(self, words: Words) -> Words:
        number = words.get((), Integer(0))
        if not all(self._is_number(s) for c in words.values() for s in symbols_in(c)) or (
            number != 0 and len(words) > 1
        ):
            raise NoTerm("the transpose of what may be a number")
        return self.space.transposed(words)

    def _norm(self, node: Group, env: Env) -> Words:
        """The square of the length of a vector, or of the Frobenius norm of a matrix."""
        if not isinstance(node.sup, Num) or node.sup.text != "2":
            raise NoTerm("a norm")
        words = self.words(node.body, env)
        kinds = {self.space.kind_of(w) if w else UNKNOWN for w in words}
        squared = self.space.multiplied(self._turned(words), words)
        below = getattr(node.sub, "text", getattr(node.sub, "base", None))
        if kinds == {COLUMN} and below in (None, "2"):
            return squared
        if kinds == {MATRIX} and below == "F":
            return self._number(self.space.trace(squared))
        raise NoTerm("a norm")

    def _power(self, words: Words, sup: Node) -> Words:
        if not isinstance(sup, Num) or not sup.text.isdigit() or not 1 <= int(sup.text) <= LARGEST_POWER:
            raise NoTerm("a power of a vector")
        if any(not w or self.space.kind_of(w) != MATRIX for w in words):
            raise NoTerm("a power of a vector")
        return self._multiplied([words] * int(sup.text))

    def _inverted(self, words: Words) -> Words:
        """The inverse of a matrix, of which is known only that it cancels the matrix where that is one letter."""
        if any(not w or self.space.kind_of(w) == COLUMN for w in words) or not words:
            raise NoTerm("an inverse of what is no matrix")
        name, other = _sum_named(words), _sum_named(self.space.transposed(words))
        letters = {s for w, c in words.items() for s in self.space.letters_of(w) | self.table.letters_of(c)}
        symbol = self.space.atom(f"({name})⁻¹", f"({other})⁻¹", MATRIX, letters)
        if len(words) == 1 and len(next(iter(words))) == 1 and next(iter(words.values())) == 1:
            (atom,) = next(iter(words))
            self._pair(atom, symbol)
            self._pair(self.space.turned[atom], self.space.turned[symbol])
        return {(symbol,): Integer(1)}

    def _pair(self, one: Symbol, other: Symbol) -> None:
        self.space.inverse[one], self.space.inverse[other] = other, one

    def _sum(self, node: Big, behind: tuple[Node, ...], env: Env) -> Words:
        ranges, inner = self._ranges(node, env)
        return summed(ranges, self._in_order([*items_of(node.body), *behind], inner), self.space)

    # -- small parts ---------------------------------------------------------------------------------------

    def _number(self, value: Expr) -> Words:
        return {(): value} if value != 0 else {}

    def _scaled(self, words: Words, by: int) -> Words:
        return {w: by * c for w, c in words.items()}

    def _argument(self, node: Node, env: Env) -> Any:
        """The value of an argument; one symbol for a vector."""
        try:
            words = self.words(node, env)
        except NoTerm:
            return super()._argument(node, env)
        if not set(words) - {()}:
            return words.get((), Integer(0))
        if len(words) == 1 and len(next(iter(words))) == 1 and next(iter(words.values())) == 1:
            return next(iter(words))[0]
        letters = {s for w, c in words.items() for s in self.space.letters_of(w) | self.table.letters_of(c)}
        return self.space.atom(f"⟨{_sum_named(words)}⟩", f"⟨{_sum_named(words)}⟩ᵀ", UNKNOWN, letters)


def _only_number(words: Words) -> Expr:
    if set(words) - {()}:
        raise NoTerm("a vector in the place of a number")
    value: Expr = words.get((), Integer(0))
    return value


def _sum_named(words: Mapping[tuple[Symbol, ...], Expr]) -> str:
    return " + ".join(sorted(f"{c} {named(w)}" for w, c in words.items()))


def _factors(node: Node) -> list[Node]:
    if isinstance(node, Bin) and node.op in ("cdot", "times", "*"):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _differentiates(node: Node) -> bool:
    return isinstance(node, Fraction) and any(
        isinstance(n, Sym) and n.base in ("partial", "d", "nabla") for n in walk(node.below)
    )


def _is_inverse(sup: Node | None) -> bool:
    return isinstance(sup, Neg) and isinstance(sup.body, Num) and sup.body.text == "1"


def _is_trace(node: Node) -> bool:
    return isinstance(node, Fn) and node.name == "tr" and node.argument is not None and node.sup is None
