"""Functions before their arguments, and derivatives of them in all the ways in which they are written."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from derive.notation.conventions import NO_QUANTITIES, PROBABILITY_LETTERS
from derive.notation.differentials import SIGNS, differentials, order_above
from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Array, Chain, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sym
from derive.notation.unreadable import Unreadable

from .quantities import SIGMOID, Quantities
from .slopes import gradient, hessian
from .texts import CALLED
from .values import NoValue, Value, inverted, is_number, transposed


@dataclass(frozen=True, kw_only=True)
class Applied(Quantities):
    """What functions and their derivatives are at their arguments."""

    def _slope(self, items: tuple[Node, ...], k: int) -> tuple[Value, int]:
        """∇f(x), ∇²f(x), ∇_w (…)."""
        sign = items[k]
        assert isinstance(sign, Sym)
        order = 1 if sign.sup is None else int(sign.sup.text) if isinstance(sign.sup, Num) else 0
        head = items[k + 1] if k + 1 < len(items) else None
        group = items[k + 2] if k + 2 < len(items) else None
        if order not in (1, 2) or head is None:
            raise NoValue("a gradient of another kind")
        by = sign.sub if isinstance(sign.sub, Sym) else None
        if isinstance(head, Sym) and self._is_head(head):
            letter = self.text.letter(head)
            said = self._function(letter.family)
            if isinstance(group, Group | Array) and self._is_function(head, group):
                if by is not None and said is not None and len(said.parameters) > 1:
                    raise NoValue("a gradient by one of several arguments")
                found = self.derivative(letter.family, self._arguments(group), order)
                return self._scripted(found, group), k + 3
            names = said.parameters if said is not None else (by,) if by is not None else ()
            if not names:
                raise NoValue("a gradient at no point")
            found = self.derivative(letter.family, [self.value(n) for n in names if n is not None], order)
            found = transposed(found) if letter.transposed else found
            return (inverted(found) if letter.inverted else found), k + 2
        if by is None:
            raise NoValue("a gradient by nothing")
        rest = items[k + 1 :]
        body = rest[0] if len(rest) == 1 else Juxt(items=rest, span=(rest[0].span[0], rest[-1].span[1]))
        return self._taken(body, by, order), len(items)

    def _is_head(self, head: Sym) -> bool:
        family = self.text.letter(head).family
        return family in self.text.heads or family in self.text.functions

    def _by(self, sign: Fraction, items: tuple[Node, ...], k: int) -> tuple[Value, int]:
        """∂/∂x of what follows."""
        by = operator(sign)
        rest = items[k + 1 :]
        if by is None or not rest:
            raise NoValue("a derivative of another kind")
        body = rest[0] if len(rest) == 1 else Juxt(items=rest, span=(rest[0].span[0], rest[-1].span[1]))
        return self._taken(body, by, 1), len(items)

    def _taken(self, body: Node, by: Sym, order: int) -> Value:
        """The derivative of an expression by a letter."""
        letter = self.text.letter(by)
        key = letter.family, tuple(self.count(i) for i in letter.indices)
        at = self.value(by)

        def along(x: Value) -> Value:
            return replace(self, bound={**self.bound, key: x}, depth=self.depth + 1).value(body)

        syms = [n for n in walk(body) if isinstance(n, Sym)]
        if not any(n.base == by.base or self.text.letter(n).family in self.text.said for n in syms):
            raise NoValue("a derivative of what does not name its argument")
        self.seen.rough = True
        found = gradient(along, at) if order == 1 else hessian(along, at)
        if not np.any(found):
            raise NoValue("a derivative that vanishes: what it is taken of may rest on its letter in words only")
        return found

    # -- ∂f/∂x ------------------------------------------------------------------------------------------

    def _slope_of(self, node: Fraction) -> Value | None:
        """∂f/∂x, d²y/dx², ∂²f/∂x∂y, of a function at its parameters or of a letter; None for other fractions."""
        try:
            above = order_above(node.above)
            below = None if above is None else differentials(node.below, above[0])
        except Unreadable as error:
            raise NoValue("a derivative of another kind") from error
        if above is None or below is None:
            return None
        order, operand = above
        by = tuple(b for b in below if isinstance(b, Sym))
        if not operand or order != len(below) or len(by) < order or order > 2:
            raise NoValue("a derivative of another kind")
        body = operand[0] if len(operand) == 1 else Juxt(items=operand, span=node.above.span)
        if isinstance(body, Sym) and self._is_head(body):
            return self._of_function(body, by)
        return self._twice(body, by)

    def _of_function(self, head: Sym, by: tuple[Sym, ...]) -> Value:
        """The derivative of a function of the text by its parameters, at these."""
        family = self.text.letter(head).family
        said = self._function(family)
        parameters = (
            said.parameters if said is not None else self.text.applied.get(family, ()) if self.text.lenient else ()
        )
        if not parameters or head.primes:
            raise NoValue("a derivative at no point")
        names = [self.text.letter(p).family for p in parameters]
        if not all(self.text.letter(b).family in names for b in by):
            raise NoValue("a derivative by what is no argument")
        span = head.span
        inside = parameters[0] if len(names) == 1 else Listing(separator=",", items=parameters, span=span)
        bracket = Group(opening="(", body=inside, closing=")", span=span)
        return self._twice(Juxt(items=(head, bracket), span=span), by)

    def _twice(self, body: Node, by: tuple[Sym, ...]) -> Value:
        """The derivative of an expression by one letter, or by two."""
        first, *others = by
        if not others:
            return self._taken(body, first, 1)
        if self.text.letter(first) == self.text.letter(others[0]):
            return self._taken(body, first, 2)
        letter = self.text.letter(first)
        key = letter.family, tuple(self.count(i) for i in letter.indices)
        self.seen.rough = True

        def along(x: Value) -> Value:
            deeper = replace(self, bound={**self.bound, key: x}, depth=self.depth + 1)
            return deeper._taken(body, others[0], 1)

        return gradient(along, self.value(first))

    def _slope_at(self, head: Sym, group: Group) -> Value:
        """dg/dx at what stands in brackets behind it: (dg/dh)(h(x)), of a function of one number."""
        body = group.body
        place = isinstance(body, Sym) or (isinstance(body, Juxt) and isinstance(body.items[0], Sym))
        if not place or group.opening != "(" or head.primes or not self._is_head(head):
            raise NoValue("a slope before a bracket")
        at = self.value(body)
        if not is_number(at):
            raise NoValue("a slope at what is no number")
        return self._scripted(self.derivative(self.text.letter(head).family, [at], 1), group)

    # -- functions ----------------------------------------------------------------------------------------

    def _any_function(self, head: Sym, group: Group) -> Value:
        """A letter of which nothing is known before a bracket: any function, where that is what it may be."""
        arguments = group.body.items if isinstance(group.body, Listing) else (group.body,)
        listed = isinstance(group.body, Listing) and group.body.separator != ","
        named = head.base in NO_QUANTITIES | PROBABILITY_LETTERS or head.base[:1].isupper()
        turned = group.sup is not None and is_transpose(group.sup)
        if not self.text.lenient or listed or named or turned or "bold" in head.fonts or head.primes:
            raise NoValue("a letter before a bracket")
        if any(isinstance(n, Listing | Chain) for a in arguments for n in walk(a)):
            raise NoValue("a letter before a bracket")
        letter = self.text.letter(head)
        return self._scripted(self.function_at(letter.family, self._arguments(group)), group)

    def _may_apply(self, head: Sym, group: Group) -> bool:
        """Whether a letter of which nothing is known may be a function, or an operator, of what stands behind it."""
        family = self.text.letter(head).family
        known = family in self.text.said or family in self.text.shapes or family in self.text.ranks
        if known or group.opening not in ("(", "[", "\\{") or head.sup is not None:
            return False
        single = isinstance(group.body, Sym | Listing)
        return head.base[:1].isupper() or head.base in CALLED or (len(head.base) > 1 and single) or single

    def _is_function(self, head: Sym, group: Group | Array) -> bool:
        if isinstance(group, Group) and group.opening not in ("(", "["):
            return False
        if head.primes > 2:
            raise NoValue("a derivative of high order")
        letter = self.text.letter(replace(head, primes=0))
        known = letter.family in self.text.functions or letter.family in self.text.heads
        if known and isinstance(head.sup, Neg) and isinstance(head.sup.body, Num):
            raise NoValue("the inverse of a function")  # f^{-1}(y) is not 1/f(y)
        if letter.family == "sigma" and not known and any(w in self.text.prose for w in SIGMOID):
            return True
        return known and (letter.family, ()) not in self.bound

    def _arguments(self, group: Group | Array) -> list[Value]:
        body = group.body if isinstance(group, Group) else group
        parts = body.items if isinstance(body, Listing) else (body,)
        return [self.value(p) for p in parts]

    def _scripted(self, found: Value, group: Node) -> Value:
        """A value with the power or transpose of the bracket behind it."""
        sup = group.sup if isinstance(group, Group) else None
        if sup is None:
            return found
        return transposed(found) if is_transpose(sup) else self._raised(found, sup)


def slope_of(node: Fraction) -> Sym | None:
    """The g of dg/dx; None for other fractions."""
    above, below = (n.items if isinstance(n, Juxt) else () for n in (node.above, node.below))
    signs = (side[0] for side in (above, below) if len(side) == 2)
    if sum(isinstance(s, Sym) and s.base == "d" and s.sup is None for s in signs) != 2:
        return None
    return above[1] if isinstance(above[1], Sym) and isinstance(below[1], Sym) else None


def operator(sign: Fraction) -> Sym | None:
    """The x of ∂/∂x; None for other fractions."""
    above, below = sign.above, sign.below
    alone = isinstance(above, Sym) and above.base in SIGNS and above.sup is None
    parts = below.items if isinstance(below, Juxt) else ()
    if alone and len(parts) == 2 and isinstance(parts[0], Sym) and parts[0].base in SIGNS and isinstance(parts[1], Sym):
        return parts[1]
    return None
