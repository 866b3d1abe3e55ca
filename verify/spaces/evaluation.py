"""The value of a side in one world: sums, products, norms, functions of the text, gradients and Hessians."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import (
    Array,
    Big,
    Bin,
    Chain,
    Fn,
    Fraction,
    Group,
    Juxt,
    Listing,
    Neg,
    Node,
    Num,
    Sqrt,
    Sym,
)

from .quantities import SIGMOID, Quantities
from .slopes import gradient, hessian
from .texts import CALLED
from .values import (
    NoValue,
    Value,
    added,
    blocks,
    column,
    divided,
    dotted,
    inner,
    inverted,
    is_column,
    is_number,
    multiplied,
    norm,
    raised,
    square,
    transposed,
)

LONGEST = 12
ELEMENTARY: Mapping[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "log": np.log,
    "ln": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "cosh": np.cosh,
    "sinh": np.sinh,
}
SIGNS = frozenset({"partial", "d"})
MATRICES = ("matrix", "pmatrix", "bmatrix", "smallmatrix")


@dataclass(frozen=True, kw_only=True)
class Evaluator(Quantities):
    """Evaluates nodes."""

    def value(self, node: Node) -> Value:
        """The value of a node. Raises: NoValue: if it has none."""
        match node:
            case Num():
                return float(node.text.replace(",", ""))
            case Sym():
                return self._sym(node)
            case Neg():
                return -self.value(node.body)
            case Bin():
                return self._bin(node)
            case Juxt():
                return self._product(node.items)
            case Group():
                return self._group(node)
            case Fraction():
                return divided(self.value(node.above), self.value(node.below))
            case Sqrt() if node.degree is None:
                return self._elementary(np.sqrt, self.value(node.body))
            case Array() if node.style in MATRICES:
                return blocks([[self.value(cell) for cell in row] for row in node.rows])
            case Fn():
                return self._fn(node)
            case Big():
                return self._big(node)
        raise NoValue("this part is not judged by numbers")

    # -- products ----------------------------------------------------------------------------------------

    def _product(self, items: tuple[Node, ...]) -> Value:
        found: Value = 1.0
        k = 0
        while k < len(items):
            factor, k = self._factor(items, k)
            found = multiplied(found, factor)
        return found

    def _factor(self, items: tuple[Node, ...], k: int) -> tuple[Value, int]:
        """The next factor of a product, and where it ends."""
        item = items[k]
        following = items[k + 1] if k + 1 < len(items) else None
        if isinstance(item, Sym) and item.base == "nabla":
            return self._slope(items, k)
        if isinstance(item, Fraction) and _operator(item) is not None:
            return self._by(item, items, k)
        if isinstance(item, Sym) and isinstance(following, Group | Array) and self._is_function(item, following):
            arguments = self._arguments(following)
            letter = self.text.letter(replace(item, primes=0))
            found = (
                self.derivative(letter.family, arguments, item.primes)
                if 0 < item.primes < 3
                else self.function_at(letter.family, arguments)
            )
            if letter.power is not None:
                found = raised(found, self.value(letter.power))
            return self._scripted(found, following), k + 2
        if (
            isinstance(item, Sym)
            and isinstance(following, Sym)
            and self._is_head(following)
            and item.base[:1].isupper()
        ):
            return self._operated(item, items, k)
        if isinstance(item, Sym) and isinstance(following, Group) and self._may_apply(item, following):
            raise NoValue("a letter before a bracket")
        return self.value(item), k + 1

    def _operated(self, sign: Sym, items: tuple[Node, ...], k: int) -> tuple[Value, int]:
        """A capital before a function: D_u f(x) in a direction, a known matrix, or an unknown operator."""
        head, group = items[k + 1], items[k + 2] if k + 2 < len(items) else None
        if sign.base == "D" and isinstance(sign.sub, Sym) and isinstance(group, Group) and isinstance(head, Sym):
            slope = self.derivative(self.text.letter(head).family, self._arguments(group), 1)
            return self._scripted(inner(slope, self.value(sign.sub)), group), k + 3
        family = self.text.letter(sign).family
        if family not in self.text.said and family not in self.text.shapes and family not in self.text.ranks:
            raise NoValue("a capital before a function")
        return self.value(sign), k + 1

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
        by = _operator(sign)
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

        if not any(isinstance(n, Sym) and n.base == by.base for n in walk(body)):
            raise NoValue("a derivative of what does not name its argument")
        self.seen.rough = True
        found = gradient(along, at) if order == 1 else hessian(along, at)
        if not np.any(found):
            raise NoValue("a derivative that vanishes: what it is taken of may rest on its letter in words only")
        return found

    # -- other parts -------------------------------------------------------------------------------------

    def _bin(self, node: Bin) -> Value:
        left, right = self.value(node.left), self.value(node.right)
        match node.op:
            case "+":
                return added(left, right)
            case "-":
                return added(left, right, -1)
            case "cdot":
                return dotted(left, right)
            case "/":
                return divided(left, right)
            case "times" | "*" if is_number(left) and is_number(right):
                return left * right
            case "odot" if np.shape(left) == np.shape(right):
                return left * right
        raise NoValue("an operator that is not judged by numbers")

    def _group(self, node: Group) -> Value:
        if node.opening in ("\\|", "||", "|"):
            inside = self.value(node.body)
            if node.opening == "|" and not is_number(inside):
                found = np.linalg.det(square(inside)) if not is_column(inside) else norm(inside)
            else:
                found = norm(inside, getattr(node.sub, "text", getattr(node.sub, "base", "")))
        elif node.opening == "\\langle" and isinstance(node.body, Listing) and len(node.body.items) == 2:
            found = inner(*(self.value(p) for p in node.body.items))
        elif isinstance(node.body, Listing) and node.opening in ("(", "["):
            found = column([self.value(p) for p in node.body.items])
        elif node.opening in ("(", "[", "{", "") and node.sub is None and not node.primes:
            found = self.value(node.body)
        else:
            raise NoValue("a bracket of another kind")
        if isinstance(node.sup, Neg) and is_transpose(node.sup.body):
            return transposed(inverted(found))
        return self._scripted(found, node)

    def _fn(self, node: Fn) -> Value:
        if node.argument is None or node.sub is not None or node.primes:
            raise NoValue("a function of another kind")
        inside = self.value(node.argument)
        if node.name in ELEMENTARY:
            found = self._elementary(ELEMENTARY[node.name], inside)
        elif node.name in ("tr", "Tr", "trace"):
            found = inside if is_number(inside) else np.trace(square(inside))
        elif node.name == "det":
            found = inside if is_number(inside) else np.linalg.det(square(inside))
        else:
            raise NoValue(f"the function {node.name}")
        return found if node.sup is None else self._raised(found, node.sup)

    def _elementary(self, function: Callable[[Any], Any], inside: Value) -> Value:
        if not is_number(inside):
            raise NoValue("a function of an array")
        with np.errstate(all="ignore"):
            found = function(inside)
        if not np.isfinite(found):
            raise NoValue("no number")
        return found

    def _big(self, node: Big) -> Value:
        letter, first, last = self._range(node)
        if last - first > LONGEST:
            raise NoValue("a sum of too many terms")
        terms = [replace(self, counts={**self.counts, letter: k}).value(node.body) for k in range(first, last + 1)]
        found = terms[0] if terms else float(node.op == "prod")
        for term in terms[1:]:
            found = added(found, term) if node.op == "sum" else multiplied(found, term)
        return found

    def _range(self, node: Big) -> tuple[str, int, int]:
        """The letter of a sum or product with its first and last value."""
        bounds = node.below
        if node.op not in ("sum", "prod"):
            raise NoValue(f"a {node.op}")
        if isinstance(bounds, Sym) and node.above is None:
            return bounds.base, 1, self.world.length(f"~{bounds.base}")
        if not isinstance(bounds, Chain) or bounds.operators != ("=",) or node.above is None:
            raise NoValue("a sum over something else")
        letter = bounds.operands[0]
        if not isinstance(letter, Sym):
            raise NoValue("a sum over something else")
        return letter.base, self.count(bounds.operands[1]), self.count(node.above)


def _operator(sign: Fraction) -> Sym | None:
    """The x of ∂/∂x; None for other fractions."""
    above, below = sign.above, sign.below
    alone = isinstance(above, Sym) and above.base in SIGNS and above.sup is None
    parts = below.items if isinstance(below, Juxt) else ()
    if alone and len(parts) == 2 and isinstance(parts[0], Sym) and parts[0].base in SIGNS and isinstance(parts[1], Sym):
        return parts[1]
    return None
