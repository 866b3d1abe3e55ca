"""The value of one side of a claim in a finite probability space: a number, or one for each outcome."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from derive.chances.events import conditioned, unbraced
from derive.notation.runs import walk
from derive.notation.syntax import (
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

from ..functions import key_of
from ..moments.notation import FUNCTIONS, SPREADS, operator
from .letters import CAPITALS, CHANCES, DENSITIES, MASSES, NAMED, TOTALS, is_mean_of, means_by_law, named_below
from .space import Event, NoReading, Values
from .sums import FAR, Bound, Sums

Named = tuple[tuple[Sym, ...], tuple[Sym, ...]]
INDICATORS = frozenset({"I", "1", "mathbb1", "bbone"})


@dataclass(kw_only=True)
class Reader(Sums):
    """Sides of one relation in one space.

    Attributes:
        measured: how many probabilities, distributions and moments have been read.
    """

    measured: int = 0

    def value(self, node: Node, bound: Bound) -> Values:
        """The value of a node. Raises: NoReading: if it has none here."""
        node = unbraced(node)
        match node:
            case Num(text=text):
                return np.asarray(float(text.replace(",", "")))
            case Sym():
                return self._letter(node, bound)
            case Neg(body=body):
                return -self.value(body, bound)
            case Bin(op=op, left=left, right=right):
                return self._operation(op, self.value(left, bound), self.value(right, bound))
            case Fraction(above=above, below=below):
                return self._operation("/", self.value(above, bound), self.value(below, bound))
            case Group(opening="(" | "[", body=body, sub=None):
                return self._raised(self.value(body, bound), node.sup, bound)
            case Group(opening="|", body=body, sub=None):
                return self._raised(np.abs(self.value(body, bound)), node.sup, bound)
            case Fn() if (found := operator(node)) is not None:
                return self._moment(*found, bound)
            case Sqrt(body=body, degree=None):
                return np.sqrt(self.value(body, bound))
            case Fn(name=name, argument=Group() as group, sub=Chain() as sub, sup=None) if name in SPREADS:
                return self._product((Sym(base="Var", sub=sub, span=node.span), group), bound)
            case Fn(name="log" | "ln" | "exp" as name, argument=argument, sub=None, sup=None) if argument is not None:
                return self._elementary(name, self.value(argument, bound))
            case Fn(name="min" | "max" as name, argument=Group() as group, sub=None, sup=None):
                return self._extreme(name, group, bound)
            case Juxt(items=items):
                return self._product(items, bound)
            case Big():
                return self._big(node, bound)
        raise NoReading("a part of another kind")

    # -- letters, powers, products ---------------------------------------------------------------------------

    def _letter(self, node: Sym, bound: Bound) -> Values:
        bare = dataclasses.replace(node, sup=None)
        if (found := bound.get(key_of(bare))) is not None:
            return self._raised(np.asarray(found), node.sup, bound)
        if node.base == "infty":
            return np.asarray(FAR)
        if node.base in NAMED and node.sub is not None:
            return self._raised(self._named(bare), node.sup, bound)
        if node.base in self.variables and not node.accents:
            return self._raised(self.space.variable(key_of(bare)), node.sup, bound)
        if (len(node.base) > 1 and "rm" in node.fonts) or node.base in CAPITALS or node.primes or "cal" in node.fonts:
            raise NoReading("a letter of another kind")
        return self._raised(np.asarray(self.space.letter(key_of(bare))), node.sup, bound)

    def _named(self, node: Sym) -> Values:
        r"""\mu_X, \sigma_X and \sigma_{XY}."""
        sub = unbraced(node.sub) if node.sub is not None else None
        letters = sub.items if isinstance(sub, Juxt | Listing) else (sub,)
        if not all(isinstance(n, Sym) and n.base in self.variables for n in letters):
            raise NoReading("a letter with another label")
        self.measured += 1
        values = [self.space.variable(key_of(n)) for n in letters]
        if len(values) == 2 and node.base == "sigma":
            return np.asarray(self._covariance(values[0], values[1]))
        if len(values) != 1:
            raise NoReading("a letter with another label")
        one = values[0]
        return np.asarray(self.space.mean(one) if node.base == "mu" else math.sqrt(self._covariance(one, one)))

    def _raised(self, value: Values, sup: Node | None, bound: Bound) -> Values:
        if sup is None:
            return value
        power = self.value(sup, bound)
        if power.size > 1 or float(power) != int(power) or not 0 <= power <= 6:
            raise NoReading("a power of another kind")
        return np.asarray(value ** int(power))

    def _elementary(self, name: str, value: Values) -> Values:
        if name == "exp":
            return np.exp(value)
        if np.any(value <= 0):
            raise NoReading("a logarithm of what is not positive")
        return np.log(value)

    def _operation(self, op: str, left: Values, right: Values) -> Values:
        if op in ("+", "-"):
            return left + right if op == "+" else left - right
        if op in ("cdot", "times", "*"):
            return np.asarray(left * right)
        if op == "/" and np.all(right != 0):
            return np.asarray(left / right)
        raise NoReading("an operator of another kind")

    def _product(self, items: tuple[Node, ...], bound: Bound) -> Values:
        found, k = np.asarray(1.0), 0
        while k < len(items):
            head, group = items[k], items[k + 1] if k + 1 < len(items) else None
            if isinstance(head, Big):
                rest = (*(head.body.items if isinstance(head.body, Juxt) else (head.body,)), *items[k + 1 :])
                body = rest[0] if len(rest) == 1 else Juxt(items=rest, span=head.span)
                return found * self._big(dataclasses.replace(head, body=body), bound)
            factor = self._pair(head, group, bound) if isinstance(group, Group) else None
            found = found * (self.value(head, bound) if factor is None else factor)
            k += 1 if factor is None else 2
        return found

    def _pair(self, head: Node, group: Group, bound: Bound) -> Values | None:
        """The value of a letter with the bracket behind it; None of two factors."""
        if isinstance(head, Sym) and head.base in self.errors and isinstance(group.body, Sym):
            at = bound.get(key_of(group.body), key_of(group.body))
            return self.space.variable((key_of(head), at))
        pair = Juxt(items=(head, group), span=group.span)
        if (found := operator(pair)) is not None:
            return self._moment(*found, bound)
        if is_mean_of(head, group):
            return self._raised(self._moment("E", group, bound), group.sup, bound)
        if (found_law := means_by_law(head, group)) is not None:
            return self._mean_by_law(head, *found_law, group, bound)
        if isinstance(head, Num) and head.text == "1" and group.opening == r"\{":
            return self.event(group.body, bound).astype(float)
        if not isinstance(head, Sym) or head.primes or head.accents or group.primes or group.sub is not None:
            return None
        if head.base in INDICATORS and group.opening in (r"\{", "[", "(") and ("bb" in head.fonts or head.base == "1"):
            return self.event(group.body, bound).astype(float)
        bare = dataclasses.replace(head, sup=None)
        if head.base in CHANCES and head.sub is None and head.sup is None:
            return self._raised(np.asarray(self._chance(group.body, bound)), group.sup, bound)
        if head.base in MASSES | DENSITIES | TOTALS and head.sub is not None and head.sup is None:
            return self._raised(np.asarray(self._distribution(bare, group, bound)), group.sup, bound)
        if (below := self._unnamed(head, group)) is not None:
            return self._raised(np.asarray(self._value_at(head.base, (below, ()), group, bound)), group.sup, bound)
        if (of_random := self._function_of(bare, group, bound)) is not None:
            return self._raised(self._raised(of_random, head.sup, bound), group.sup, bound)
        if head.base in FUNCTIONS and head.sub is None:
            values = self.space.function(key_of(bare), self.value(group.body, bound))
            return self._raised(self._raised(values, head.sup, bound), group.sup, bound)
        return None

    # -- measures --------------------------------------------------------------------------------------------

    def _chance(self, body: Node, bound: Bound) -> float:
        self.measured += 1
        events, given = conditioned(body)
        condition = self._all(given, bound) if given else None
        return self.space.chance(self._all(events, bound), condition)

    def _distribution(self, head: Sym, group: Group, bound: Bound) -> float:
        """p_X(x), f_{X, Y}(x, y), F_X(x), p_{Y | X}(y | x)."""
        below = named_below(head)
        if below is None:
            raise NoReading("a distribution of another kind")
        return self._value_at(head.base, below, group, bound)

    def _unnamed(self, head: Sym, group: Group) -> tuple[Sym, ...] | None:
        """The variables X, Y of p(x, y), if the claim speaks of them; None of other functions."""
        if head.base != "p" or head.sub is not None or head.sup is not None or group.opening != "(":
            return None
        items = group.body.items if isinstance(group.body, Listing) else (group.body,)
        plain = [n for n in items if isinstance(n, Sym) and n.sub is None and n.sup is None and not n.accents]
        if len(plain) != len(items) or not all(n.base.upper() in self.variables - {n.base} for n in plain):
            return None
        return tuple(dataclasses.replace(n, base=n.base.upper()) for n in plain)

    def _value_at(self, base: str, below: Named, group: Group, bound: Bound) -> float:
        body = unbraced(group.body)
        halves = body.items if isinstance(body, Listing) and body.separator in ("|", "mid") else (body,)
        parts = [h.items if isinstance(h, Listing) else (h,) for h in halves]
        if [len(p) for p in parts] != [len(letters) for letters in below if letters]:
            raise NoReading("a distribution of other letters")
        self.measured += 1
        at = [np.asarray([self.value(n, bound) for n in p]) for p in parts]
        density = base in DENSITIES or (base == "p" and self.space.continuous)
        kind = "f" if density else base
        events = [self._at(kind, letters, values) for letters, values in zip(below, at, strict=False)]
        found = self.space.chance(events[0], events[1] if len(events) > 1 else None)
        return found / self.space.width ** len(below[0]) if density else found

    def _at(self, base: str, letters: tuple[Sym, ...], values: Values) -> Event:
        """The outcomes at which variables have some values, lie in their cells, or do not exceed them."""
        found = np.ones(self.space.weights.size, dtype=bool)
        for letter, value in zip(letters, values, strict=True):
            own = self.space.variable(key_of(letter))
            if base in TOTALS:
                found &= own <= value
            elif base in DENSITIES:
                found &= self.space.cell(own) == self.space.cell(value)
            else:
                if not np.any(own == value):
                    raise NoReading("a value that is never met")
                found &= own == value
        return found

    def _mean_by_law(self, head: Node, law: Node, letter: Sym, group: Group, bound: Bound) -> Values:
        """E_{x ∼ q}[…] and its variance: x is a variable with that law, of which nothing more is known."""
        self.measured += 1
        values = self.space.variable((key_of(letter), key_of(law)))
        inner = self.value(group.body, {**bound, key_of(letter): values})
        if np.size(inner) == 1:
            raise NoReading("a mean of what does not show its letter")
        mean = isinstance(head, Sym) and head.base == "E"
        found = self.space.mean(inner) if mean else self._covariance(inner, inner)
        return self._raised(np.asarray(found), group.sup, bound)

    def _function_of(self, head: Sym, group: Group, bound: Bound) -> Values | None:
        """A function at a letter that a mean is taken over; None of other brackets."""
        inside = [n for n in walk(group.body) if isinstance(n, Sym)]
        own = [n for n in inside if np.size(bound.get(key_of(n), 0.0)) > 1]
        if not own or group.opening not in ("(", "[") or isinstance(group.body, Bin | Neg | Fraction):
            return None
        if len(own) > 1:
            raise NoReading("a function of several letters")
        values = self.space.function((key_of(head), key_of(group.body)), np.asarray(bound[key_of(own[0])]))
        return (
            values if head.base in FUNCTIONS else np.exp(np.sin(values))
        )  # a density, a weight or a policy is positive

    def _moment(self, name: str, group: Group, bound: Bound) -> Values:
        self.measured += 1
        if name == "E" or name in SPREADS:
            values = self.value(group.body, bound)
            if np.size(values) == 1:
                raise NoReading("a moment of what is not random")
            return np.asarray(self.space.mean(values) if name == "E" else self._covariance(values, values))
        parts = group.body.items if isinstance(group.body, Listing) else ()
        if len(parts) != 2 or not name.lower().startswith("cov"):
            raise NoReading("a moment of another kind")
        one, other = (self.value(p, bound) for p in parts)
        return np.asarray(self._covariance(one, other))

    def _covariance(self, one: Values, other: Values) -> float:
        mean = self.space.mean
        return mean((one - mean(one)) * (other - mean(other)))
