"""The value of a side at given indices: letters with an index are sequences, others are numbers."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Bin, Fn, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym

from ..arithmetic import OPERATORS

Env = Mapping[str, int]
FUNCTIONS = {"exp": math.exp, "sqrt": math.sqrt}
LEAST, MOST = 0.2, 0.9
MOST_TERMS = 100


class NoValue(ValueError):
    """A part that has no value here."""


@dataclass
class World:
    """Random values for all letters, each as it is asked for; those of the recursion are computed before.

    Attributes:
        seed: of the random numbers.
        known: by letter and index what is computed or given.
        asked: the letters with the indices at which they had to be drawn.
    """

    seed: int
    known: dict[tuple[str, int | None], float] = field(default_factory=dict)
    asked: set[tuple[str, int | None]] = field(default_factory=set)

    def of(self, name: str, index: int | None) -> float:
        """The value of a letter at an index, or of one without."""
        key = name, index
        if key not in self.known:
            self.asked.add(key)
            code = [self.seed, *(ord(c) for c in name), 0 if index is None else 100 + index]
            self.known[key] = float(np.random.default_rng(code).uniform(LEAST, MOST))
        return self.known[key]

    def value(self, node: Node, env: Env) -> float:
        """The value of a node. Raises: NoValue: if it has none."""
        match node:
            case Num():
                return float(node.text.replace(",", ""))
            case Neg():
                return -self.value(node.body, env)
            case Fraction():
                return self.value(node.above, env) / self.value(node.below, env)
            case Bin() if node.op in OPERATORS:
                return float(OPERATORS[node.op](self.value(node.left, env), self.value(node.right, env)))
            case Sqrt(degree=None):
                return math.sqrt(self.value(node.body, env))
            case Fn(argument=Group() as argument, sub=None, sup=None) if node.name in FUNCTIONS:
                return FUNCTIONS[node.name](self.value(argument, env))
            case Group(sub=None, primes=0) if node.opening in ("(", "[", "{") and not isinstance(node.body, Listing):
                return self._raised(self.value(node.body, env), node.sup, env)
            case Big(op="sum" | "prod"):
                return self._big(node, env)
            case Juxt():
                return self._product(node, env)
            case Sym():
                return self._sym(node, env)
        raise NoValue

    def _product(self, node: Juxt, env: Env) -> float:
        """The value of factors side by side; a sum takes all that stand behind it."""
        for k, item in enumerate(node.items):
            following = node.items[k + 1] if k + 1 < len(node.items) else None
            if isinstance(item, Sym) and isinstance(following, Group) and not isinstance(following.body, Bin):
                raise NoValue  # a function at its arguments
            if isinstance(item, Big) and following is not None:
                rest = Juxt(items=(item.body, *node.items[k + 1 :]), span=item.span)
                before = (self.value(f, env) for f in node.items[:k])
                return math.prod(before) * self._big(dataclasses.replace(item, body=rest), env)
        return math.prod(self.value(f, env) for f in node.items)

    def _sym(self, node: Sym, env: Env) -> float:
        index, power = script_of(node)
        if index is None and node.base in env and not node.accents:
            return self._raised(float(env[node.base]), power, env)
        place = None if index is None else index_of(index, env)
        return self._raised(self.of(name_of(node), place), power, env)

    def _raised(self, value: float, power: Node | None, env: Env) -> float:
        if power is None:
            return value
        raised = value ** self.value(power, env)
        if isinstance(raised, complex):
            raise NoValue
        return float(raised)

    def _big(self, node: Big, env: Env) -> float:
        bound = binder(node.below)
        if bound is None or bound[1] is None or node.above is None or bound[0] in env:
            raise NoValue
        first, last = index_of(bound[1], env), index_of(node.above, env)
        if last - first > MOST_TERMS:
            raise NoValue
        values = [self.value(node.body, {**env, bound[0]: k}) for k in range(first, last + 1)]
        return sum(values) if node.op == "sum" else math.prod(values)


def script_of(node: Sym) -> tuple[Node | None, Node | None]:
    """The index of a letter, below it or in brackets above it, and its exponent. Raises: NoValue: for other marks."""
    if node.primes:
        raise NoValue
    above = node.sup.body if isinstance(node.sup, Group) and node.sup.opening == "(" else None
    if above is not None:
        if node.sub is not None:
            raise NoValue
        return above, None
    if isinstance(node.sup, Sym) and node.sup.base in ("T", "top", "*", "ast", "star", "prime", "intercal", "dagger"):
        raise NoValue
    return node.sub, node.sup


def name_of(node: Sym) -> str:
    """A letter without its scripts."""
    return " ".join((node.base, *node.accents, *(f for f in node.fonts if f in ("cal", "bb"))))


def index_of(node: Node, env: Env) -> int:
    """The value of an index. Raises: NoValue."""
    match node:
        case Num() if node.text.isdigit():
            return int(node.text)
        case Sym(sub=None, sup=None) if node.base in env:
            return env[node.base]
        case Bin(op="+" | "-"):
            step = index_of(node.right, env)
            return index_of(node.left, env) + (step if node.op == "+" else -step)
    raise NoValue


def members_in(node: Node, name: str) -> Iterator[Node]:
    """The indices at which a letter stands in a node. Raises: NoValue: where it stands without one."""
    for sym in (n for n in walk(node) if isinstance(n, Sym)):
        if name_of(sym) == name:
            index, _ = script_of(sym)
            if index is None:
                raise NoValue
            yield index


def uses_of(node: Node) -> set[tuple[str, bool]]:
    """The letters of a node, each with whether it stands there with an index; indices and bound letters are none."""
    bound = {b[0] for n in walk(node) if isinstance(n, Big) and (b := binder(n.below)) is not None}
    inside = {id(n) for s in walk(node) if isinstance(s, Sym) for part in (s.sub, s.sup) if part for n in walk(part)}
    limits = {
        id(n) for b in walk(node) if isinstance(b, Big) for part in (b.below, b.above) if part for n in walk(part)
    }
    syms = (n for n in walk(node) if isinstance(n, Sym) and id(n) not in inside | limits and n.base not in bound)
    return {(name_of(n), script_of(n)[0] is not None) for n in syms}
