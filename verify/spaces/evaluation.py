"""The value of a side in one world: sums, products, norms, functions of the text, gradients and Hessians."""

from __future__ import annotations

import math
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

from ..freedifferentials import is_differential
from ..integrands import integrand
from .applied import operator, slope_of
from .integrals import integral
from .limits import limit
from .moving import Moved
from .slopes import gradient
from .values import (
    NoValue,
    Value,
    added,
    blocks,
    column,
    diagonal,
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
    stacked,
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
    "arccos": np.arccos,
}
REARRANGED: Mapping[str, Callable[[Value], Value]] = {"diag": diagonal, "vec": stacked}
EXTREMES: Mapping[str, Callable[..., Any]] = {"max": max, "min": min}
MATRICES = ("matrix", "pmatrix", "bmatrix", "smallmatrix")


@dataclass(frozen=True, kw_only=True)
class Evaluator(Moved):
    """Evaluates nodes."""

    def value(self, node: Node) -> Value:
        """The value of a node. Raises: NoValue: if it has none, or takes too much to compute."""
        self.seen.parts += 1
        if self.seen.is_too_much:
            raise NoValue("too many definitions within definitions")
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
                slope = self._slope_of(node)
                return divided(self.value(node.above), self.value(node.below)) if slope is None else slope
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
        if is_differential(item, following):
            return self._differential(items, k)
        if isinstance(item, Fraction) and operator(item) is not None:
            return self._by(item, items, k)
        if isinstance(item, Fraction) and isinstance(following, Group) and (head := slope_of(item)) is not None:
            return self._slope_at(head, following), k + 2
        if isinstance(item, Sym) and isinstance(following, Group | Array) and self._is_function(item, following):
            arguments = self._arguments(following)
            letter = self.text.letter(replace(item, primes=0))
            if letter.family not in self.text.functions and is_transpose(getattr(following, "sup", None)):
                raise NoValue("a function whose values are vectors")
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
            return self._any_function(item, following), k + 2
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
            case "otimes" if all(min(np.shape(v), default=0) > 1 for v in (left, right)):  # of vectors x yᵀ too
                return np.kron(left, right)
        raise NoValue("an operator that is not judged by numbers")

    def _group(self, node: Group) -> Value:
        if node.opening in ("\\|", "||", "|"):
            inside = self.value(node.body)
            self.seen.turns = self.seen.turns or is_number(inside)
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
        if node.argument is None or node.sub is not None:
            raise NoValue("a function of another kind")
        inside = self.value(node.argument)
        if node.primes:
            return self._primed(node, inside)
        if node.name in ELEMENTARY:
            found = self._elementary(ELEMENTARY[node.name], inside)
        elif node.name in ("tr", "Tr", "trace"):
            found = inside if is_number(inside) else np.trace(square(inside))
        elif node.name == "det":
            found = inside if is_number(inside) else np.linalg.det(square(inside))
        elif node.name in REARRANGED:
            found = REARRANGED[node.name](inside)
        else:
            raise NoValue(f"the function {node.name}")
        return found if node.sup is None else self._raised(found, node.sup)

    def _primed(self, node: Fn, inside: Value) -> Value:
        """sin′(x)."""
        if node.name not in ELEMENTARY or node.primes > 1 or node.sup is not None:
            raise NoValue("a derivative of another kind")
        self.seen.rough = True
        return gradient(lambda x: self._elementary(ELEMENTARY[node.name], x), inside)

    def _elementary(self, function: Callable[[Any], Any], inside: Value) -> Value:
        if not is_number(inside):
            raise NoValue("a function of an array")
        with np.errstate(all="ignore"):
            found = function(inside)
        if not np.isfinite(found):
            raise NoValue("no number")
        return found

    def _big(self, node: Big) -> Value:
        if node.op == "lim":
            return self._limit(node)
        if node.op == "int":
            return self._integral(node)
        if node.op in EXTREMES and node.below is None and isinstance(node.body, Group):
            return self._extreme(node.op, node.body)
        letter, first, last = self._range(node)
        if last - first > LONGEST:
            raise NoValue("a sum of too many terms")
        ends = {**self.ends, letter: last} if isinstance(node.above, Sym) and first == 1 else self.ends
        counts = ({**self.counts, letter: k} for k in range(first, last + 1))
        terms = [replace(self, counts=c, ends=ends).value(node.body) for c in counts]
        found = terms[0] if terms else float(node.op == "prod")
        for term in terms[1:]:
            found = added(found, term) if node.op == "sum" else multiplied(found, term)
        return found

    def _limit(self, node: Big) -> Value:
        """What a value tends to as a letter does."""
        below = node.below
        if not isinstance(below, Chain) or below.operators != ("to",) or not isinstance(below.operands[0], Sym):
            raise NoValue("a limit of another kind")
        squared = (
            isinstance(below.operands[0].sup, Num) and below.operands[0].sup.text == "2"
        )  # σ² goes to 0 from above
        letter = self.text.letter(replace(below.operands[0], sup=None) if squared else below.operands[0])
        if _numbers(node.body, below.operands[0].base):
            raise NoValue("a limit of a sequence")
        key = letter.family, tuple(self.count(i) for i in letter.indices)
        self.seen.rough = True

        def along(x: float) -> Value:
            number = x**0.5 if squared else x
            return replace(self, bound={**self.bound, key: number}, depth=self.depth + 1).value(node.body)

        end, side = self._end(below.operands[1])
        return limit(along, end, 1 if squared else side)

    def _integral(self, node: Big) -> Value:
        """What stands below one sign of integration, between limits that are numbers."""
        found = integrand(node.body.items if isinstance(node.body, Juxt) else (node.body,), 1)
        limits = [n for n in (node.below, node.above) if n is not None]
        infinite = any(isinstance(n, Sym) and n.base == "infty" for limit_ in limits for n in walk(limit_))
        if found is None or len(limits) < 2 or infinite or len(found[1]) != 1 or not isinstance(found[1][0], Sym):
            raise NoValue("an integral of another kind")
        items, (letter,) = found[0], (self.text.letter(n) for n in found[1] if isinstance(n, Sym))
        body = items[0] if len(items) == 1 else Juxt(items=tuple(items), span=node.body.span)
        key = letter.family, tuple(self.count(i) for i in letter.indices)
        self.seen.rough = True

        def at(x: Value) -> Value:
            return replace(self, bound={**self.bound, key: x}, depth=self.depth + 1).value(body)

        return integral(at, *(self.value(n) for n in limits))

    def _end(self, node: Node) -> tuple[float, int]:
        """Where a letter goes, and from which side: 0 if from both."""
        if isinstance(node, Group) and getattr(node.sup, "base", "") in ("+", "-") and node.opening == "{":
            return self._end(node.body)[0], 1 if getattr(node.sup, "base", "") == "+" else -1
        sign, inner_node = (-1, node.body) if isinstance(node, Neg) else (1, node)
        if isinstance(inner_node, Sym) and inner_node.base == "infty":
            return sign * math.inf, 0
        end = self.value(node)
        if not is_number(end):
            raise NoValue("a limit of another kind")
        return end, 0

    def _extreme(self, name: str, group: Group) -> Value:
        """max(a, b)."""
        parts = group.body.items if isinstance(group.body, Listing) else ()
        values = [self.value(p) for p in parts]
        if len(values) < 2 or not all(is_number(v) for v in values) or group.sup is not None:
            raise NoValue(f"a {name}")
        self.seen.turns = True
        return EXTREMES[name](values, key=np.real)

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


def _numbers(node: Node, letter: str) -> bool:
    """Whether a letter stands in an index somewhere, a_t, and so counts the steps of a sequence."""
    indices = (n.sub for n in walk(node) if isinstance(n, Sym) and n.sub is not None)
    return any(isinstance(n, Sym) and n.base == letter for sub in indices for n in walk(sub))
