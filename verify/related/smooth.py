r"""Functions of which a text says no more than that they are smooth, at a point and small steps away from it.

f(x + h) becomes f₀ + t h f₁ + t² h² f₂/2 + …, with a letter of its own for each derivative at each point, and t a
measure of how small the steps are. f(x + d e_j) is a step along the axis j, by which ∂f/∂x_j is taken.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Any

from sympy import Expr, Integer, Mul, Rational, Symbol, cos, exp, factorial, log, sin, sqrt, tanh

from derive.notation.conventions import FUNCTION_LETTERS
from derive.notation.dictionary import Unreadable
from derive.notation.differentials import differentials, order_above
from derive.notation.names_in_notes import is_mark
from derive.notation.syntax import Bin, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym

from ..arithmetic import OPERATORS

T = Symbol("t", positive=True)
ORDERS = 4
MOST_DIRECTIONS = 3
FUNCTIONS = {"exp": exp, "log": log, "ln": log, "sin": sin, "cos": cos, "tanh": tanh, "sqrt": sqrt}
UNIT = "e_"
Place = tuple[Expr, ...]


class NotSmooth(ValueError):
    """A part that has no such reading."""


@dataclass(frozen=True, kw_only=True)
class Steps:
    """What is small in a relation.

    Attributes:
        functions: the letters of the functions of which nothing is said.
        small: the letters of the steps.
        moved: a letter to the point near which it lies: the x of f(x) ≈ f(a) + f′(a)(x − a).
        units: whether e_j is a unit vector.
        second: the letter of the Hessian, if it stands for one.
        changes: the letters that make one letter of themselves and the next, Δx.
    """

    functions: frozenset[str]
    small: frozenset[Symbol] = frozenset()
    moved: Mapping[Symbol, Symbol] = field(default_factory=dict)
    units: bool = False
    second: str = ""
    changes: frozenset[str] = frozenset()


@dataclass
class SmoothReader:
    """Reads the sides of one relation.

    Attributes:
        steps: what is small.
        places: by function where it is read first.
        letters: the letters of derivatives, with function and directions.
        shifted: whether a function was read away from its point.
    """

    steps: Steps
    places: dict[str, Place] = field(default_factory=dict)
    letters: dict[Symbol, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    shifted: bool = False

    def read(self, node: Node) -> Expr:
        """The value of a node, in t.

        Raises: NotSmooth: if it has none.
        """
        value: Expr = self._value(node)
        return value

    def _value(self, node: Node) -> Any:
        match node:
            case Num():
                return Rational(node.text.replace(",", ""))
            case Sym():
                return self._sym(node)
            case Neg():
                return -self.read(node.body)
            case Bin():
                return self._bin(node)
            case Group() if node.opening in ("(", "[", "{") and not isinstance(node.body, Listing):
                return self._raised(self.read(node.body), node.sup)
            case Fraction():
                taken = self._derivative(node)
                return self.read(node.above) / self.read(node.below) if taken is None else self._of(*taken, ())
            case Juxt():
                return self._juxt(node)
            case Sqrt() if node.degree is None:
                return sqrt(self.read(node.body))
            case Fn(name="factorial", argument=Num()) if node.argument is not None:
                return factorial(self.read(node.argument))
            case Fn() if node.name in FUNCTIONS and node.argument is not None and node.sub is None:
                return self._raised(FUNCTIONS[node.name](self.read(node.argument)), node.sup)
        raise NotSmooth("this part is no sum or product")

    # -- letters -------------------------------------------------------------------------------------------

    def _sym(self, node: Sym) -> Expr:
        if not node.sub and (node.base in ("partial", "d", "nabla") or node.base in self.steps.functions):
            raise NotSmooth("a function without its argument")
        if self.steps.units and is_unit(node):
            return self.unit(text_of(node.sub))
        if node.base == self.steps.second and (axes := _two(node.sub)) is not None and node.sup is None:
            (name,) = self.steps.functions
            if name not in self.places:
                raise NotSmooth("a derivative at no point")
            return self.value_at(name, self.places[name], axes)
        power = None if node.sup is None or is_mark(node.sup) else node.sup
        value = self.letter(text_of(dataclasses.replace(node, sup=None) if power is not None else node))
        return self._raised(value, power)

    def unit(self, name: str) -> Expr:
        """The unit vector along an axis."""
        return Symbol(f"{UNIT}{name}")

    def letter(self, name: str) -> Expr:
        """What a letter stands for, with t before it where it is small."""
        letter = Symbol(name)
        if letter in self.steps.moved:
            near: Expr = self.steps.moved[letter] + T * Symbol(f"{letter} − {self.steps.moved[letter]}")
            return near
        return T * letter if letter in self.steps.small else letter

    def product(self, factors: list[Expr]) -> Expr:
        """What factors give."""
        return Mul(*factors)

    def _raised(self, value: Expr, sup: Node | None) -> Expr:
        if sup is None:
            return value
        power = self.read(sup)
        if power.has(T):
            raise NotSmooth("an exponent that is small")
        raised: Expr = value**power
        return raised

    def _bin(self, node: Bin) -> Any:
        left, right = self.read(node.left), self.read(node.right)
        if node.op not in OPERATORS:
            raise NotSmooth(f"the operator {node.op}")
        return OPERATORS[node.op](left, right)

    # -- products, functions, derivatives -------------------------------------------------------------------

    def _juxt(self, node: Juxt) -> Expr:
        items, found = list(node.items), []
        while items:
            item = items.pop(0)
            following = items[0] if items else None
            if isinstance(item, Sym) and item.base in self.steps.changes and isinstance(following, Sym):
                items[0] = dataclasses.replace(following, base=f"{item.base} {following.base}")
                continue
            if isinstance(item, Fraction) and (taken := self._derivative(item)) is not None:
                found.append(self._evaluated(taken, items))
                continue
            if isinstance(item, Sym) and isinstance(following, Group) and item.base in self.steps.functions:
                group = items.pop(0)
                assert isinstance(group, Group)
                value = self.value_at(item.base, self.arguments(group), ("",) * _order_of(item))
                found.append(self._raised(value, group.sup))
                continue
            if isinstance(item, Sym) and isinstance(following, Group) and item.base in FUNCTION_LETTERS:
                raise NotSmooth("a function of which more may be said")  # the g of g(h(x + ε))
            found.append(self.read(item))
        return self.product(found)

    def arguments(self, group: Group) -> Place:
        """What stands in a bracket, in t."""
        parts = group.body.items if isinstance(group.body, Listing) else (group.body,)
        return tuple(self.read(p) for p in parts)

    def value_at(self, name: str, arguments: Place, taken: tuple[str, ...]) -> Expr:
        """A derivative of a function, at its point or steps away from it, as a polynomial in t."""
        place = tuple(a.subs(T, 0) for a in arguments)
        self.places.setdefault(name, place)
        steps: dict[str, Expr] = {}
        for k, (argument, at) in enumerate(zip(arguments, place, strict=True)):
            for direction, step in directions_of(argument - at):
                steps[direction or (f"#{k}" if len(place) > 1 else "")] = step
        if len(place) > 1 and "" in taken:
            raise NotSmooth("a prime on a function of several numbers")
        if not steps:
            return self._letter(name, place, taken)
        if len(steps) > MOST_DIRECTIONS:
            raise NotSmooth("steps along too many axes")
        self.shifted = True
        total: Expr = Integer(0)
        for order in range(ORDERS + 1):
            for along in combinations_with_replacement(sorted(steps), order):
                scale = Mul(*(factorial(along.count(d)) for d in set(along)))
                total += self._letter(name, place, (*taken, *along)) * Mul(*(steps[d] for d in along)) / scale
        return total

    def _letter(self, name: str, place: Place, taken: tuple[str, ...]) -> Symbol:
        directions = tuple(sorted(taken))
        letter = Symbol(f"{name}{list(directions)} at {place}")
        self.letters[letter] = name, directions
        return letter

    def _derivative(self, node: Fraction) -> tuple[tuple[Node, ...], tuple[Sym, ...]] | None:
        """What a fraction differentiates, if it is above it, and by what; None if it is a plain one."""
        try:
            above = order_above(node.above)
            below = None if above is None else differentials(node.below, above[0])
        except Unreadable:
            raise NotSmooth("a derivative of another kind") from None
        if above is None or below is None:
            return None
        by = tuple(n for n in below if isinstance(n, Sym))
        if len(by) < len(below) or above[0] != len(below):
            raise NotSmooth("a derivative by what is no letter")
        return above[1], by

    def _evaluated(self, taken: tuple[tuple[Node, ...], tuple[Sym, ...]], items: list[Node]) -> Expr:
        """A derivative with what stands behind it: d/dx f(x), or df/dx at (x)."""
        operand, by = taken
        if not operand and len(items) > 1 and isinstance(items[0], Sym) and isinstance(items[1], Group):
            operand = (items.pop(0), items.pop(0))
        if len(operand) == 1 and items and isinstance(items[0], Group):
            operand = (*operand, items.pop(0))
        return self._of(operand, by, operand[1:])

    def _of(self, operand: tuple[Node, ...], by: tuple[Sym, ...], _: tuple[Node, ...]) -> Expr:
        head = operand[0] if operand else None
        if not isinstance(head, Sym) or head.base not in self.steps.functions or head.sub or head.sup:
            raise NotSmooth("a derivative of what is no such function")
        if len(operand) > 1:
            group = operand[1]
            if not isinstance(group, Group) or group.sup is not None:
                raise NotSmooth("a derivative that goes on")
            arguments = self.arguments(group)
        elif head.base in self.places:
            arguments = self.places[head.base]
        else:
            raise NotSmooth("a derivative at no point")
        return self.value_at(head.base, arguments, tuple(self.axis(b, arguments) for b in by))

    def axis(self, by: Sym, arguments: Place) -> str:
        """The direction of ∂x_j, or of ∂y for f(x, y)."""
        at = [a.subs(T, 0) for a in arguments]
        letter = Symbol(text_of(by))
        if len(at) > 1:
            if letter not in at:
                raise NotSmooth("a derivative by what is no argument")
            return f"#{at.index(letter)}"
        if by.sub is None or letter == at[0]:
            return ""
        if Symbol(text_of(dataclasses.replace(by, sub=None))) != at[0]:
            raise NotSmooth("a derivative by what is no argument")
        return text_of(by.sub)


# -- small parts -----------------------------------------------------------------------------------------


def directions_of(step: Expr) -> Iterator[tuple[str, Expr]]:
    """A step taken apart along the axes."""
    step = step.expand()
    rest = step
    for unit in sorted((s for s in step.atoms(Symbol) if s.name.startswith(UNIT)), key=str):
        along = step.coeff(unit)
        rest -= along * unit
        yield str(unit).removeprefix(UNIT), along
    rest = rest.expand()
    if rest != 0:
        yield "", rest


def _order_of(item: Sym) -> int:
    """How often f″ or f^{(3)} is differentiated."""
    if item.sup is None and item.sub is None:
        return item.primes
    number = item.sup.body if isinstance(item.sup, Group) and item.sup.opening == "(" else None
    if item.sub is not None or item.primes or not isinstance(number, Num) or not number.text.isdigit():
        raise NotSmooth("a function with a script")
    return int(number.text)


def _two(sub: Node | None) -> tuple[str, str] | None:
    items = sub.items if isinstance(sub, Juxt | Listing) else ()
    if len(items) != 2:
        return None
    first, second = sorted(text_of(i) for i in items)
    return first, second


def text_of(node: Node | None) -> str:
    """A letter with its scripts, as a name."""
    match node:
        case None:
            return ""
        case Num():
            return node.text
        case Sym():
            scripts = [f"_{text_of(node.sub)}" if node.sub else "", f"^{text_of(node.sup)}" if node.sup else ""]
            return "".join((node.base, *node.accents, *("'" * node.primes), *scripts))
        case Group():
            return f"({text_of(node.body)})"
        case Juxt() | Listing():
            return ",".join(text_of(i) for i in node.items)
        case Bin():
            return f"{text_of(node.left)}{node.op}{text_of(node.right)}"
    raise NotSmooth("a script of another kind")


def is_unit(node: Sym) -> bool:
    """Whether a letter may be a unit vector, e_j."""
    return node.base == "e" and isinstance(node.sub, Sym | Num) and node.sup is None
