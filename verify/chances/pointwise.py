"""Derivatives of expected values, ∇_θ E[ℓ(x, θ)] = E[…]: judged for every outcome by itself.

Under a distribution that does not depend on the parameter both sides are equal if what stands in the brackets is, for
every outcome. Probabilities and functions of which no formula is given are unknown functions of the parameter: any
value and any derivative.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import mpmath

from derive.chances.events import NotAProbability, has_label, is_probability, label, listed, unbraced
from derive.chances.shapes import FUNCTIONS as FUNCTIONS_OF_TEXTS
from derive.chances.shapes import differentiated_by, is_expectation
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Bin, Empty, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym

from ..context import Context
from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..results import Counterexample, Verdict
from .duals import Dual, added, constant, divided, multiplied, power, scaled

INSIDE = ("(", "[", r"\{")
POINTS = 4
DIGITS = 40
APART = mpmath.mpf(10) ** -20
FUNCTIONS = {"log": mpmath.log, "ln": mpmath.log, "exp": mpmath.exp}


class NotPointwise(ValueError):
    """A formula that is not one of every outcome by itself, or that is not read here."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a text says: names, functions with their letters, and logarithms of probabilities."""

    names: Mapping[str, Node]
    functions: Mapping[str, tuple[tuple[str, ...], Node]]
    logarithms: Mapping[Node, Node]


def judge_pointwise(line: Line, context: Context) -> Judgement | None:
    """The verdict on a derivative of an expected value; None of anything else, or where it has no such reading.

    A difference alone speaks against no claim: under some distributions both sides may agree.
    """
    if line.right is None or line.operator != "=" or _wrt(line) is None:
        return None
    told = told_by(context, line.number)
    try:
        differences = [_difference(line, told, seed) for seed in range(POINTS)]
    except (NotPointwise, NotAProbability, ArithmeticError, RecursionError):
        return None
    if all(d is None for d in differences):
        because = "no proof was found; trials agree for every outcome under the expected value"
        return Judgement(verdict=Verdict.HOLDS, because=because)
    if any(d is None for d in differences) or any(of_words(line)):
        return None
    because = "the two sides differ under the expected value, for any outcome"
    return Judgement(verdict=Verdict.REFUTED, because=because, counterexample=differences[0])


def holds_pointwise(line: Line, told: Told) -> Verdict:
    """Whether an edited line holds."""
    if line.right is None or line.operator != "=" or _wrt(line) is None:
        return Verdict.UNDECIDED
    try:
        agrees = all(_difference(line, told, seed) is None for seed in range(POINTS))
    except (NotPointwise, NotAProbability, ArithmeticError, RecursionError):
        return Verdict.UNDECIDED
    return Verdict.HOLDS if agrees else Verdict.UNDECIDED


def _wrt(line: Line) -> Sym | None:
    """The one letter by which a relation differentiates an expected value."""
    assert line.right is not None
    found: dict[str, Sym] = {}
    parts = [n for side in (line.left, line.right) for n in walk(side)]
    for node in parts:
        for by in (differentiated_by(node), differentiated_by(node, of=True)):
            if isinstance(by, Sym) and has_label(by):
                found[label(by)] = by
    expected = any(isinstance(n, Sym) and n.base == "E" and (n.fonts or n.sub is not None) for n in parts)
    return next(iter(found.values())) if len(found) == 1 and expected else None


def _difference(line: Line, told: Told, seed: int) -> Counterexample | None:
    """Numbers at which the sides differ; None if they agree."""
    wrt = _wrt(line)
    assert wrt is not None and line.right is not None
    point = Point(told=told, wrt=label(wrt), seed=seed)
    with mpmath.workdps(DIGITS):
        left, known = point.dual(line.left).value, frozenset(point.used)
        point.used.clear()
        right = point.dual(line.right).value
        if not point.means or not left or not right:
            raise NotPointwise("nothing here is an expected value that is known to depend on the parameter")
        if abs(left - right) <= APART * (abs(left) + abs(right)):
            return None
        if known != point.used:
            raise NotPointwise("it may say what a letter is that stands on one side only")
        shown = {name: mpmath.nstr(v, 4) for name, v in point.shown.items()}
        return Counterexample(sizes={}, values=shown, left=mpmath.nstr(left, 6), right=mpmath.nstr(right, 6))


def told_by(context: Context, but: int) -> Told:
    """What the other lines of a text say."""
    names: dict[str, Node] = {}
    functions: dict[str, tuple[tuple[str, ...], Node]] = {}
    logarithms: dict[Node, Node] = {}
    every = context.lines.lines
    for line, following in zip(every, (*every[1:], None), strict=True):
        if line.right is None or line.link or line.number == but or line.operator not in ("=", ":="):
            continue
        line = _completed(line, following)
        assert line.right is not None
        left = unbraced(line.left)
        items = left.items if isinstance(left, Juxt) else ()
        if isinstance(left, Sym) and has_label(left):
            names.setdefault(label(left), line.right)
        elif isinstance(left, Fn) and left.name in ("log", "ln") and left.argument is not None:
            logarithms.setdefault(unplaced(left.argument), line.right)
        elif len(items) == 2 and isinstance(items[0], Sym) and isinstance(items[1], Group) and has_label(items[0]):
            letters = listed(items[1].body)
            if not is_probability(items[0], items[1]) and all(map(has_label, letters)):
                functions.setdefault(label(items[0]), (tuple(map(label, letters)), line.right))
    return Told(names=names, functions=functions, logarithms=logarithms)


def _completed(line: Line, following: Line | None) -> Line:
    """`log q = const. − x²` with what stands behind the point of the abbreviation."""
    assert line.right is not None
    letters = [n.base for n in walk(line.right) if isinstance(n, Sym)]
    if "".join(letters) != "const" or following is None or following.right is not None:
        return line
    if following.formula.offset != line.formula.offset or not isinstance(_first(following.left), Neg):
        return line
    return dataclasses.replace(line, right=following.left)  # a constant has no derivative


def _first(node: Node) -> Node:
    return _first(node.left) if isinstance(node, Bin) else node


@dataclass(kw_only=True)
class Point:
    """One outcome, with random values of all that is not known.

    Attributes:
        told: what the text says.
        wrt: the letter of the parameter.
        seed: of the random numbers.
        values: what unknown things are.
        bound: the letters of functions, with what stands in their places.
        shown: the numbers by name.
        used: what is not known and stands in the formula, or in what is put in.
        means: what stands below the signs of expected values.
        depth: how many definitions are being put in.
    """

    told: Told
    wrt: str
    seed: int
    values: dict[object, Dual] = field(default_factory=dict)
    bound: dict[str, Dual] = field(default_factory=dict)
    shown: dict[str, mpmath.mpf] = field(default_factory=dict)
    used: set[object] = field(default_factory=set)
    means: set[object] = field(default_factory=set)
    depth: int = 0

    @cached_property
    def generator(self) -> random.Random:
        return random.Random(self.seed)

    def dual(self, node: Node) -> Dual:
        """A formula at this outcome.

        Raises: NotPointwise: where it has no such value.
        """
        node = unbraced(node)
        match node:
            case Num(text=text):
                return constant(mpmath.mpf(text.replace(",", "")))
            case Sym():
                return self._sym(node)
            case Neg(body=body):
                return scaled(self.dual(body), -1)
            case Group(opening=opening, body=body) if opening in (*INSIDE, "{") and node.sub is None:
                return self._raised(self.dual(body), node.sup)
            case Bin(left=Empty(), right=right):
                return self.dual(right)
            case Bin(op="+" | "-", left=left, right=right):
                return added(self.dual(left), scaled(self.dual(right), -1 if node.op == "-" else 1))
            case Bin(op="cdot" | "times" | "*", left=left, right=right):
                self._refuse_means(left, right)
                return multiplied(self.dual(left), self.dual(right))
            case Bin(op="/", left=left, right=right):
                return divided(self.dual(left), self.dual(right))
            case Fraction():
                return self._fraction(node)
            case Sqrt(body=body, degree=None):
                return power(self.dual(body), mpmath.mpf(1) / 2)
            case Fn():
                return self._fn(node)
            case Juxt():
                return self._product(list(node.items))
        raise NotPointwise(f"{type(node).__name__.lower()} is not read here")

    # -- letters and functions -------------------------------------------------------------------

    def _sym(self, node: Sym) -> Dual:
        if node.base in ("nabla", "partial", "infty", "E"):
            raise NotPointwise(f"{node.base} is not read here")
        if node.base == "e" and node.sup is not None and node.sub is None:
            return self._applied(mpmath.exp, self.dual(node.sup))
        bare = dataclasses.replace(node, sup=None)
        if node.sup is not None and label(node) not in self.told.names:
            return self._raised(self._letter(bare), node.sup)
        return self._letter(node)

    def _letter(self, node: Sym) -> Dual:
        name = label(node)
        if name in self.bound:
            return self.bound[name]
        if name in self.told.names:
            return self._put_in(self.told.names[name])
        if name in self.told.functions:
            return self._put_in(self.told.functions[name][1])
        return self._unknown(name, node, mpmath.mpf(1) if name == self.wrt else None)

    def _put_in(self, node: Node, bound: dict[str, Dual] | None = None) -> Dual:
        if self.depth > 8:
            raise NotPointwise("a definition that uses itself")
        before, self.bound, self.depth = self.bound, bound or {}, self.depth + 1
        try:
            return self.dual(node)
        finally:
            self.bound, self.depth = before, self.depth - 1

    def _unknown(self, name: str, node: Node, slope: mpmath.mpf | None = None) -> Dual:
        """A value between 0.2 and 0.9, and a derivative where the parameter stands in the name."""
        key = unplaced(node)
        self.used |= {key} if name != self.wrt else set()
        if key not in self.values:
            value = mpmath.mpf(self.generator.randint(200, 900)) / 1000
            change = mpmath.mpf(self.generator.randint(-900, 900)) / 1000
            depends = any(isinstance(n, Sym) and has_label(n) and label(n) == self.wrt for n in walk(node))
            fixed = isinstance(node, Sym) or (
                isinstance(node, Juxt) and getattr(node.items[0], "sub", None) is not None
            )
            self.values[key] = Dual(
                value=value, slope=slope or (change if depends else mpmath.mpf(0) if fixed else None)
            )
            self.shown[name] = value
        return self.values[key]

    def _fn(self, node: Fn) -> Dual:
        if node.name not in FUNCTIONS or node.argument is None or node.sub is not None:
            raise NotPointwise(f"the function {node.name} is not read here")
        inside = node.argument.body if isinstance(node.argument, Group) and node.argument.sup is None else node.argument
        known = self.told.logarithms.get(unplaced(inside)) if node.name != "exp" else None
        found = (
            self._put_in(known) if known is not None else self._applied(FUNCTIONS[node.name], self.dual(node.argument))
        )
        return self._raised(found, node.sup)

    def _applied(self, function: Callable[[Any], Any], inside: Dual) -> Dual:
        value = function(inside.value)
        by = value if function is mpmath.exp else 1 / inside.value
        return Dual(value=value, slope=None if inside.slope is None else by * inside.slope)

    def _raised(self, base: Dual, sup: Node | None) -> Dual:
        if sup is None:
            return base
        exponent = self.dual(sup)
        if exponent.slope != 0:
            raise NotPointwise("an exponent that depends on the parameter")
        return power(base, exponent.value)

    # -- products, expected values, derivatives --------------------------------------------------

    def _product(self, items: list[Node]) -> Dual:
        found = constant(mpmath.mpf(1))
        self._refuse_means(*items)
        while items:
            head = items.pop(0)
            group = items[0] if items and isinstance(items[0], Group) and items[0].opening in INSIDE else None
            if isinstance(head, Sym) and is_expectation(head, group):
                found = multiplied(found, self._mean(head, items))
            elif (wrt := differentiated_by(head)) is not None and items:
                found = multiplied(found, self._slope(wrt, items))
            elif isinstance(head, Sym) and group is not None and self._is_applied(head, group):
                items.pop(0)
                found = multiplied(found, self._called(head, group))
            else:
                found = multiplied(found, self.dual(head))
        return found

    def _mean(self, head: Sym, items: list[Node]) -> Dual:
        """E[…] as what stands in it; the distribution must not depend on the parameter."""
        below = head.sub
        if below is not None and any(isinstance(n, Sym) and label(n) == self.wrt for n in walk(below) if has_label(n)):
            raise NotPointwise("a distribution that depends on the parameter")
        self.means.add(None if below is None else unplaced(below))
        if len(self.means) > 1:
            raise NotPointwise("expected values under two distributions")
        first = items[0] if items else None
        if isinstance(first, Group) and first.opening in INSIDE:
            items.pop(0)
            if first.sup is not None or isinstance(first.body, Listing):
                raise NotPointwise("a power of an expected value, or one under a condition")
            return self.dual(first.body)
        rest = list(items)
        items.clear()
        return self._product(rest)

    def _slope(self, wrt: Node, items: list[Node]) -> Dual:
        if label(wrt) != self.wrt:
            raise NotPointwise("a derivative by another letter")
        count = 2 if len(items) > 1 and isinstance(items[0], Sym) and isinstance(items[1], Group) else 1
        if isinstance(items[0], Sym) and is_expectation(items[0], items[1] if count == 2 else None):  # type: ignore[arg-type]
            count = len(items)
        unit = [items.pop(0) for _ in range(count)]
        inside = self._product(unit)
        if inside.slope is None:
            raise NotPointwise("a second derivative")
        return Dual(value=inside.slope, slope=None)

    def _fraction(self, node: Fraction) -> Dual:
        if (wrt := differentiated_by(node, of=True)) is not None and isinstance(node.above, Juxt):
            return self._slope(wrt, list(node.above.items[1:]))
        return divided(self.dual(node.above), self.dual(node.below))

    def _is_applied(self, head: Sym, group: Group) -> bool:
        if not has_label(head):
            return False
        if is_probability(head, group) or label(head) in self.told.functions:
            return True
        parts = group.body.items if isinstance(group.body, Listing) else (group.body,)
        names = all(isinstance(unbraced(n), Sym | Listing) for n in parts)
        function = head.base in FUNCTIONS_OF_TEXTS or (len(head.base) == 1 and head.base.isupper()) or head.primes
        if function and not names:
            raise NotPointwise(f"it is not clear what {label(head)}(…) is")
        return bool(function) or (names and head.sub is not None)

    def _called(self, head: Sym, group: Group) -> Dual:
        """A probability, a function that the text defines, or an unknown one."""
        name = label(head)
        if name in self.told.functions and not is_probability(head, group):
            letters, body = self.told.functions[name]
            arguments = listed(group.body)
            if len(arguments) != len(letters):
                raise NotPointwise(f"{name} with another number of arguments")
            places = {k: self.dual(a) for k, a in zip(letters, arguments, strict=True) if k != self.wrt}
            return self._raised(self._put_in(body, places), group.sup)
        bare = Juxt(items=(head, dataclasses.replace(group, sup=None)), span=head.span)
        if (known := self.told.logarithms.get(unplaced(bare))) is not None:
            return self._raised(self._applied(mpmath.exp, self._put_in(known)), group.sup)
        return self._raised(self._unknown(f"{name}(…)", bare), group.sup)

    def _refuse_means(self, *factors: Node) -> None:
        """A factor beside an expected value must be a number or a letter that stands for one."""
        means = [
            f for f in factors if any(isinstance(n, Sym) and n.base == "E" and (n.fonts or n.sub) for n in walk(f))
        ]
        if not means:
            return
        start = list(factors).index(means[0])
        for node in (f for f in factors[:start] if differentiated_by(f) is None):
            for part in walk(node):
                fine = isinstance(part, Num | Fraction | Neg | Group | Juxt | Bin) or _is_constant(part)
                if not fine:
                    raise NotPointwise("a factor beside an expected value")
        if sum(isinstance(n, Sym) and n.base == "E" and bool(n.fonts or n.sub) for f in factors for n in walk(f)) > 1:
            raise NotPointwise("a product of expected values")


def _is_constant(node: Node) -> bool:
    """Whether a letter is one of parameters: Greek, or the sign of a derivative."""
    return isinstance(node, Sym) and (len(node.base) > 1 or node.base in ("d", "E"))
