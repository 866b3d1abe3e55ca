"""The value of an expression of random variables, constants and sums in a world: a number for each outcome."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from derive.chances.events import unbraced
from derive.notation.syntax import Big, Bin, Chain, Empty, Fraction, Group, Juxt, Listing, Neg, Node, Num, Sqrt, Sym

from ..functions import Key, key_of
from .notation import TOGETHER, Name, application, is_label, name_of, operator
from .told import Told
from .world import Values, Variable, World

SIZED, WORDS = frozenset("nNdDm"), frozenset({"in", "out"})
Bound = Mapping[str, int]
HOLDS = {"=": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


class NoReading(ValueError):
    """An expression has parts that are not read here."""


@dataclass
class Reader:
    """Expressions in one world.

    Attributes:
        world: where letters have values.
        told: what the text says of them.
        sizes: the upper limits of sums that have been met, and their values.
        moments: how many means, variances and covariances have been read.
        scripts: by letter, whether it has an index.
        places: by function, its values at each argument that it had.
    """

    world: World
    told: Told
    size: int
    sizes: dict[str, int] = field(default_factory=dict)
    moments: int = 0
    scripts: dict[Hashable, bool] = field(default_factory=dict)
    places: dict[Name, dict[Key, Values]] = field(default_factory=dict)

    def value(self, node: Node, bound: Bound) -> Values:
        """The values of an expression at the outcomes; a number is the same at all of them."""
        if (found := operator(node)) is not None:
            return self._moment(*found, bound)
        if self.told.written and (written := self.told.written.get(key_of(node))) is not None:
            return self.value(written, bound)
        match node:
            case Num(text=text):
                return np.asarray(float(text))
            case Sym():
                return self._power(self._letter(node, bound), node.sup, bound)
            case Group(opening="(" | "[" | "{" | r"\{", body=body, sub=None, sup=sup):
                return self._power(self.value(body, bound), sup, bound)
            case Neg(body=body):
                return -self.value(body, bound)
            case Bin(op=op, left=left, right=right):
                return self._operation(op, self.value(left, bound), self.value(right, bound))
            case Fraction(above=above, below=below):
                return self._operation("/", self.value(above, bound), self.value(below, bound))
            case Sqrt(body=body, degree=None):
                return self._root(self.value(body, bound))
            case Juxt(items=items):
                return self._product(items, bound)
            case Big(op="sum", below=below, above=above, body=body) if below is not None:
                return self._sum(below, above, body, bound)
        raise NoReading(f"{type(node).__name__} is not read here")

    def _operation(self, op: str, left: Values, right: Values) -> Values:
        if op in ("+", "-"):
            return left + right if op == "+" else left - right
        if op in ("cdot", "times", "*"):
            return left * right
        if op == "/" and np.all(right != 0):
            return left / right
        raise NoReading(f"{op} is not read here")

    def _root(self, values: Values) -> Values:
        if np.any(values < 0):
            raise NoReading("a root of a negative number")
        return np.asarray(np.sqrt(values))

    def _product(self, items: tuple[Node, ...], bound: Bound) -> Values:
        product, k = np.asarray(1.0), 0
        while k < len(items):
            pair = Juxt(items=items[k : k + 2], span=items[k].span) if k + 1 < len(items) else None
            if pair is not None and operator(pair) is not None:
                product, k = product * self.value(pair, bound), k + 2
            elif (
                pair is not None
                and isinstance(items[k], Num)
                and (truth := self._indicator(items[k + 1], bound)) is not None
            ):
                product, k = product * truth, k + 2
            elif pair is not None and (called := application(pair)) is not None:
                product, k = product * self._applied(*called, bound), k + 2
            else:
                product, k = product * self.value(items[k], bound), k + 1
        return product

    def _applied(self, head: Sym, group: Group, bound: Bound) -> Values:
        """The value of f(x) or f(x)², of a function that is the same one wherever its name stands."""
        name, at = name_of(head), key_of(group.body)
        if head.sub is not None or head.primes or name in self.scripts:
            raise NoReading("a function with an index, or without an argument")
        value = self.world.function(name, self.value(group.body, bound))
        self.places.setdefault(name, {})[at] = value
        return self._power(value, group.sup, bound)

    def _indicator(self, node: Node, bound: Bound) -> float | None:
        """1 if i ≠ j holds, else 0; None of what is no such bracket."""
        if not isinstance(node, Group) or node.opening != "[" or not isinstance(node.body, Chain):
            return None
        ends = [self._index(n, bound) for n in node.body.operands]
        if any(op not in HOLDS for op in node.body.operators):
            return None
        pairs = zip(node.body.operators, ends, ends[1:], strict=False)
        return float(all(HOLDS[op](a, b) for op, a, b in pairs))

    def _power(self, values: Values, sup: Node | None, bound: Bound) -> Values:
        sup = unbraced(sup) if sup is not None else None
        if sup is None or isinstance(sup, Empty):
            return values
        if not isinstance(sup, Num) or not sup.text.isdigit():
            raise NoReading("a power other than a number")
        return np.asarray(values ** int(sup.text))

    def _moment(self, name: str, group: Group, bound: Bound) -> Values:
        self.moments += 1
        items = group.body.items if isinstance(group.body, Listing) else (group.body,)
        if isinstance(group.body, Listing) and group.body.separator != ",":
            raise NoReading("a condition")
        values = [self.value(n, bound) for n in items]
        if self.places and all(np.ptp(v) == 0 for v in values):
            raise NoReading("a moment of what may be random")
        if name in TOGETHER and len(values) == 2:
            found = self.world.covariance(*values)
            if name.lower() == "corr":
                found /= float(
                    np.sqrt(self.world.covariance(values[0], values[0]) * self.world.covariance(values[1], values[1]))
                )
        elif len(values) == 1 and name not in TOGETHER:
            found = self.world.mean(values[0]) if name == "E" else self.world.covariance(values[0], values[0])
        else:
            raise NoReading("a moment of another form")
        return self._power(np.asarray(found), group.sup, bound)

    def _letter(self, sym: Sym, bound: Bound) -> Values:
        name = name_of(sym)
        if name in self.places:  # f, for the f(x) that is the only one
            if len(self.places[name]) > 1:
                raise NoReading("a function without an argument")
            return next(iter(self.places[name].values()))
        if sym.sub is None and sym.base in bound and not sym.accents:
            return np.asarray(float(bound[sym.base]))
        if sym.sub is None and sym.base in self.sizes:
            return np.asarray(float(self.sizes[sym.base]))
        if (size := size_named(sym)) in self.sizes:
            return np.asarray(float(self.sizes[size]))
        if name in self.told.defined:
            return self.value(self.told.defined[name], {})
        index = () if is_label(sym.sub) else self._indices(sym.sub, bound)
        if self.scripts.setdefault(name, bool(index)) != bool(index):
            raise NoReading(f"{sym.base} with and without an index")
        if name in self.told.moments and not index:
            return self._told_moment(*self.told.moments[name])
        if name in self.told.random:
            return self.world.variable(Variable(name, index))
        if sym.accents or sym.base.isupper() or sym.base in ("sigma", "mu", "rho", "epsilon", "e", "pi", "s"):
            raise NoReading(f"{sym.base} may be random, or a moment")
        return np.asarray(self.world.constant((name, index)))

    def _told_moment(self, kind: str, variable: Sym) -> Values:
        values = self.world.variable(Variable(name_of(variable), (1,) if variable.sub is not None else ()))
        if kind == "mean":
            return np.asarray(self.world.mean(values))
        spread = self.world.covariance(values, values)
        return np.asarray(np.sqrt(spread) if kind == "deviation" else spread)

    def _indices(self, sub: Node | None, bound: Bound) -> tuple[int, ...]:
        sub = unbraced(sub) if sub is not None else None
        if sub is None:
            return ()
        items = sub.items if isinstance(sub, Listing | Juxt) else (sub,)
        return tuple(self._index(n, bound) for n in items)

    def _index(self, node: Node, bound: Bound) -> int:
        match unbraced(node):
            case Num(text=text) if text.isdigit():
                return int(text)
            case Sym(base=base, sub=None, sup=None):
                if base in bound:
                    return bound[base]
                if base in self.sizes or base in ("n", "N", "m", "M", "K", "T", "p", "d"):
                    return self.sizes.setdefault(base, self.size)
                return {"i": 1, "j": 2, "k": 3}.get(base, 1)
            case Sym(sup=None) as sym if size_named(sym):
                return self.sizes.setdefault(size_named(sym), self.size)
            case Bin(op="+" | "-" as op, left=left, right=right):
                step = self._index(right, bound)
                return self._index(left, bound) + (step if op == "+" else -step)
        raise NoReading("an index that is not read here")

    def _sum(self, below: Node, above: Node | None, body: Node, bound: Bound) -> Values:
        total = np.asarray(0.0)
        for inner in self._runs(unbraced(below), above, bound):
            total = total + self.value(body, {**bound, **inner})
        return total

    def _runs(self, below: Node, above: Node | None, bound: Bound) -> Iterator[Bound]:
        if isinstance(below, Listing):
            first, *rest = below.items
            for one in self._runs(first, above, bound):
                for others in (
                    self._runs(Listing(items=tuple(rest), separator=",", span=below.span), above, bound)
                    if rest
                    else ({},)
                ):
                    yield {**one, **others}
            return
        start = 1
        if isinstance(below, Chain) and below.operators == ("=",):
            start, below = self._index(below.operands[1], bound), below.operands[0]
        if not isinstance(below, Sym) or below.sub is not None:
            raise NoReading("a sum over something else")
        end = self.size if above is None or isinstance(above, Empty) else self._index(above, bound)
        for k in range(start, end + 1):
            yield {below.base: k}


def size_named(sym: Sym) -> str:
    """What tells sizes apart: n, and n_{in} from n_{out}; nothing for what is no size with a label."""
    below = sym.sub.items if isinstance(sym.sub, Juxt) else (sym.sub,)
    word = "".join(n.base if isinstance(n, Sym) and n.sub is None and n.sup is None else "?" for n in below)
    return f"{sym.base}_{word}" if sym.base in SIZED and word in WORDS else ""
