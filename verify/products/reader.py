r"""Reads a side of a relation as a sum of products of vectors and matrices, whatever their sizes.

Bold letters, and letters that a claim transposes, are vectors and matrices. In a claim without bold letters any other
letter may be one as well. What is a number has its reading as a term.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Integer, Symbol, sqrt

from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym

from ..functions import key_of
from ..terms.extremes import leaks
from ..terms.reader import taken_by
from ..terms.table import INDEXED, NoTerm, symbols_in
from ..terms.writing import Env, items_of
from .gradients import gradient, jacobian
from .letters import LetterReader, is_inverse, sum_named
from .sums import summed
from .words import COLUMN, MATRIX, UNKNOWN, Words

PLAIN = frozenset({"eta", "epsilon", "lambda", "n", "m", "N", "d", "k"})  # numbers wherever they stand
NORMS = frozenset({"\\|", "||", "‖"})


@dataclass(kw_only=True)
class ProductReader(LetterReader):
    """Reads the sides of one relation."""

    def value(self, node: Node, env: Env) -> Expr:
        """The value of a node that is a number."""
        return _only_number(self.words(node, env))

    def words(self, node: Node, env: Env) -> Words:
        """The value of a node. Raises: NoTerm: if it has none."""
        match node:
            case Num():
                return self._number(super().value(node, env))
            case Sym():
                return self.of_letter(node, env)
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
            case Fraction() if (by := taken_by(node)) is not None and by[0] and self.names_a_vector(by[1]):
                return self._derivative(by[1], by[0], self._in_order(list(by[0]), env), env)
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
        if applied and isinstance(item, Sym) and isinstance(following, Group) and self.names_a_vector(item):
            applied = not self._multiplies(item, following)
            if applied:
                return self._column_at(waiting, "", env, self.kind(item))
        if isinstance(item, Big) and item.op == "sum":
            behind = tuple(waiting[1:])
            waiting.clear()
            return self._sum(item, behind, env)
        if (by := _derivative_by(item)) is not None and self.names_a_vector(by) and len(waiting) > 1:
            return self._differentiated(by, waiting, env)
        if isinstance(item, Sym) and item.base == "nabla" and item.sub is None and item.sup is None:
            waiting.pop(0)
            return self._column_at(waiting, "∇ ", env)
        if applied and isinstance(item, Sym) and (f"{item.base}()", False) in self.transposed:
            return self._column_at(waiting, "", env)
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
        return sum_of and self.kind(head) == MATRIX and key_of(head) not in self.functions

    def _multiplied(self, factors: list[Words]) -> Words:
        """A product; beside vectors, what may be one itself counts as one."""
        if any(set(f) - {()} for f in factors):
            factors = [self._guarded(f, behind=self._may_meet(factors[:k])) for k, f in enumerate(factors)]
        result: Words = {(): Integer(1)}
        for factor in factors:
            result = self.space.multiplied(result, factor)
        return result

    def _may_meet(self, before: list[Words]) -> bool:
        """Whether the last vector or matrix before a factor may be multiplied by a vector: a column may not."""
        last = next((f for f in reversed(before) if set(f) - {()}), {})
        return any(w and self.space.kinds[w[-1]] != COLUMN for w in last)

    def _guarded(self, factor: Words, *, behind: bool) -> Words:
        """A factor as it counts beside vectors, also behind a row or a matrix."""
        number = factor.get(())
        if number is None or all(self._is_number(s, behind=behind) for s in symbols_in(number)):
            if () in factor and len(factor) > 1:
                raise NoTerm("a number beside a vector")
            return factor
        if len(factor) > 1 or not isinstance(number, Symbol):
            raise NoTerm("what may be a vector")
        return {(self.space.atom(number.name, f"{number.name}ᵀ", UNKNOWN, self.table.letters_of(number)),): Integer(1)}

    def _is_number(self, symbol: Symbol, *, behind: bool = False) -> bool:
        """Whether a term is a number beside vectors; behind a row or a matrix few letters certainly are one."""
        if symbol in self.space.numbers or symbol in self.space.owned:
            return True
        if symbol in self.table.slopes:
            return False
        if (inner := self.table.totals.get(symbol)) is not None:
            return all(self._is_number(s, behind=behind) for s in symbols_in(inner.core))
        if symbol in self.table.applied and self.table.applied[symbol].between != INDEXED:
            return False
        letter = symbol.name.split("_")[0]
        if "(" in symbol.name or (letter[:1].isupper() and letter not in PLAIN):
            return False
        return letter in PLAIN or symbol.name[0] == "•" or (self.bold and not behind)

    # -- derivatives ---------------------------------------------------------------------------------------

    def _differentiated(self, by: Sym, waiting: list[Node], env: Env) -> Words:
        """The derivative of the factor behind ∂/∂x, or of all of them."""
        factors = tuple(waiting[1:])
        waiting.pop(0)
        if not self.manner.reaches and len(factors) > 1 and is_transpose(getattr(factors[0], "sup", None)):
            raise NoTerm("the derivative of a row without the column behind it")
        body = self._in_order(waiting, env) if self.manner.reaches else self._next(waiting, env)
        return self._derivative(by, factors[: len(factors) - len(waiting)], body, env)

    def _derivative(self, by: Sym, items: tuple[Node, ...], body: Words, env: Env) -> Words:
        """The derivative of a number by a column, a row or a matrix, or of a column by a row."""
        turned = is_transpose(by.sup)
        words = self.vector(dataclasses.replace(by, sup=None) if turned else by, env)
        if [len(w) for w in words] != [1] or self._hides(items):
            raise NoTerm("a derivative by what is no letter")
        (((letter,), _),) = words.items()
        if letter not in self.space.kinds or (by.sup is not None and not turned):
            raise NoTerm("a derivative by what is no letter")
        if not set(body) - {()}:
            found = gradient(body.get((), Integer(0)), letter, self.space)
            return self.space.transposed(found) if turned else found
        if self.space.kinds[letter] != COLUMN:
            raise NoTerm("a derivative of a vector by a matrix")
        if turned:
            return jacobian(body, letter, self.space)
        return self.space.transposed(jacobian(self.space.transposed(body), letter, self.space))

    def _hides(self, items: tuple[Node, ...]) -> bool:
        """Whether what is differentiated has a letter that the text defines and that is not written out in it."""
        nodes = [n for item in items for n in walk(item)]
        written_out = self.manner.unfolds and not any(isinstance(n, Big) for n in nodes)
        return not written_out and any(
            isinstance(n, Sym) and key_of(dataclasses.replace(n, sup=None)) in self.letters for n in nodes
        )

    def _column_at(self, waiting: list[Node], mark: str, env: Env, kind: str = COLUMN) -> Words:
        """A function at arguments that is a column, or the gradient of one there, of which nothing more is known."""
        head, group = waiting.pop(0), waiting.pop(0) if waiting else None
        if not isinstance(head, Sym) or not isinstance(group, Group) or not self._is_applied(head, group):
            raise NoTerm("a gradient of what is no function")
        turned = is_transpose(group.sup)
        value = self._applied(head, group, env)
        if (group.sup is not None and not turned) or value not in self.table.applied:
            raise NoTerm("a function that is written out, or raised")
        name = f"{mark}{value}"
        words: Words = {(self.space.atom(name, f"{name}ᵀ", kind, self.table.letters_of(value)),): Integer(1)}
        return self.space.transposed(words) if turned else words

    # -- brackets, powers, sums ----------------------------------------------------------------------------

    def _of_bracket(self, node: Group, env: Env) -> Words:
        if node.opening in NORMS:
            return self._norm(node, env)
        if node.opening == "\\langle":
            return self._inner(node, env)
        if node.sub is not None and node.sup is None and not set(self.words(node.body, env)) & {()}:
            name, letters = self.written(node, env)
            entry = self.table.term(f"⟦{name}⟧", letters)  # (W)_{ij}
            self.space.owned.add(entry)
            return self._number(entry)
        if node.opening == "|" or isinstance(node.body, Listing) or node.sub is not None or node.primes:
            return self._number(super()._found(node, env))
        words = self.words(node.body, env)
        if node.sup is None:
            return words
        if is_transpose(node.sup):
            return self._turned(words)
        if not set(words) - {()}:
            return self._number(self._raised(words.get((), Integer(0)), node.sup, env))
        return self.inverted(words) if is_inverse(node.sup) else self.power(words, node.sup)

    def _turned(self, words: Words) -> Words:
        number = words.get((), Integer(0))
        if not all(self._is_number(s) for c in words.values() for s in symbols_in(c)) or (
            number != 0 and len(words) > 1
        ):
            raise NoTerm("the transpose of what may be a number")
        return self.space.transposed(words)

    def _norm(self, node: Group, env: Env) -> Words:
        """The length of a vector, the Frobenius norm of a matrix; another norm is a number of its own."""
        words = self.words(node.body, env)
        kinds = {self.space.kind_of(w) if w else UNKNOWN for w in words}
        squared = self.space.multiplied(self._turned(words), words)
        below = getattr(node.sub, "text", getattr(node.sub, "base", None))
        if kinds == {COLUMN} and below in (None, "2"):
            norm = sqrt(squared.get((), Integer(0)))
        elif kinds == {MATRIX} and below == "F":
            norm = sqrt(self.space.trace(squared))
        else:
            norm = self._own("‖", words, f"‖ {self.written(node.sub, env)[0]}")
        return self._number(self._raised(norm, node.sup, env))

    def _own(self, opening: str, words: Words, closing: str) -> Symbol:
        """A number that is made of a vector or matrix, or of what is opposite to it, in a way of its own."""
        name = min(sum_named(words), sum_named(self._scaled(words, -1)))
        letters = {s for w, c in words.items() for s in self.space.letters_of(w) | self.table.letters_of(c)}
        symbol = self.table.term(f"{opening}{name}{closing}", letters)
        self.space.owned.add(symbol)
        return symbol

    def _inner(self, node: Group, env: Env) -> Words:
        """⟨x, y⟩ of two columns."""
        if not isinstance(node.body, Listing) or len(node.body.items) != 2 or node.sub is not None:
            raise NoTerm("a bracket of another kind")
        first, second = (self.words(n, env) for n in node.body.items)
        if any(not w or self.space.kind_of(w) != COLUMN for w in (*first, *second)):
            raise NoTerm("an inner product of what may be no column")
        product = self.space.multiplied(self._turned(first), second)
        return self._number(self._raised(_only_number(product), node.sup, env))

    def _sum(self, node: Big, behind: tuple[Node, ...], env: Env) -> Words:
        if (few := self.written_out(node, env)) is not None:
            return self.space.added(*(self._in_order([*items_of(node.body), *behind], own) for own in few))
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
        return self.space.atom(f"⟨{sum_named(words)}⟩", f"⟨{sum_named(words)}⟩ᵀ", UNKNOWN, letters)


def _only_number(words: Words) -> Expr:
    if set(words) - {()}:
        raise NoTerm("a vector in the place of a number")
    value: Expr = words.get((), Integer(0))
    return value


def _factors(node: Node) -> list[Node]:
    if isinstance(node, Bin) and node.op in ("cdot", "times", "*"):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _differentiates(node: Node) -> bool:
    return isinstance(node, Fraction) and any(
        isinstance(n, Sym) and n.base in ("partial", "d", "nabla") for n in walk(node.below)
    )


def _derivative_by(node: Node) -> Sym | None:
    """What ∂/∂x or ∇_x before other factors differentiates by."""
    if isinstance(node, Sym) and node.base == "nabla" and node.sup is None and isinstance(node.sub, Sym):
        return node.sub
    by = taken_by(node) if isinstance(node, Fraction) else None
    return by[1] if by is not None and not by[0] else None


def _is_trace(node: Node) -> bool:
    return isinstance(node, Fn) and node.name == "tr" and node.argument is not None and node.sup is None
