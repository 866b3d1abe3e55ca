r"""Sums, products, integrals, means and divergences of two distributions: what each binds, and over which values.

The mean under x ∼ p(x), the sum over all x and the integral over all x of p(x) f(x) are one thing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from sympy import Add, Expr, Integer, Mul, Poly, Symbol, exp

from derive.notation.names_in_notes import is_mark
from derive.notation.syntax import Big, Chain, Empty, Group, Juxt, Listing, Node, Num, Sym

from ..functions import Key, applied, key_of
from ..integrands import integrand
from .extremes import EXTREMES, extreme, largest
from .logs import log_of
from .slopes import is_bare, whole_slope
from .slopes import slope as derivative
from .table import NoTerm, Range, symbols_in
from .totals import CONSTANTS, LAWS, total
from .writing import Env, Writer, inside, is_word, items_of

FEW_TERMS = 5
STROKES = frozenset({"|", "mid", ";"})


class Binder(Writer):
    """Reads what binds letters."""

    def product(self, items: Iterable[Node], env: Env) -> Expr:
        """The value of factors side by side. Raises: NoTerm: if it has none."""
        raise NotImplementedError

    def big(self, node: Big, behind: tuple[Node, ...], env: Env) -> Expr:
        """The value of a sum, a product or an integral, with the factors that stand behind it."""
        body = (*items_of(node.body), *behind)
        if node.op == "int" and node.below is None and node.above is None:
            items, bound = _integrand(body)
            ranges, inner = self._everywhere(bound, env)
            return total(ranges, self.product(items, inner), self.table)
        self.table.loose = self.table.loose or node.op == "int" or node.op in EXTREMES
        if node.op == "int":
            return self._integral(node, body, env)
        if node.op in EXTREMES:
            return self._extreme(node, body, env)
        if node.op not in ("sum", "prod"):
            raise NoTerm(f"the operator {node.op}")
        if (few := self.written_out(node, env)) is not None:
            values = [self.product(body, own) for own in few]
            return Add(*values) if node.op == "sum" else Mul(*values)
        ranges, inner = self._ranges(node, env)
        value = self.product(body, inner)
        if node.op == "sum":
            return total(ranges, value, self.table)
        multiplied: Expr = exp(total(ranges, log_of(value), self.table))
        return multiplied

    def _extreme(self, node: Big, body: tuple[Node, ...], env: Env) -> Expr:
        """The largest or smallest of several values or over a set, or where it lies."""
        listed = inside(body[0]) if len(body) == 1 else None
        if node.below is None and isinstance(listed, Listing) and listed.separator == ",":
            found = largest(node.op, (self.value(n, env) for n in listed.items), self.table)
            return found ** _power(body[0])
        if node.below is None:
            raise NoTerm("an extreme over what is not said")
        ranges, inner = self._ranges(dataclasses.replace(node, below=inside(node.below)), env)
        return extreme(node.op, ranges, self.product(body, inner), self.table)

    def _integral(self, node: Big, body: tuple[Node, ...], env: Env) -> Expr:
        """An integral between limits, or over a set: linear, and no more is known of it."""
        limits = [self.written(n, env) for n in (node.below, node.above)]
        key, letters = "int " + "..".join(name for name, _ in limits), frozenset(s for _, own in limits for s in own)
        items, by = _integrand(body, 1)
        if len(by) != 1:
            raise NoTerm("an integral by several letters")
        symbol = next(s for k in count() if (s := Symbol(f"•{key}{k}")) not in env.values())
        inner = {**env, key_of(by[0]): symbol}
        value = self.product(items, inner)
        known: Expr | None = self._of_powers(value, symbol, node, env)
        if known is not None:
            return known
        one = Range(key=f"{key} {symbol}", bound=frozenset({symbol}), letters=letters)
        return total((one,), value, self.table)

    def _of_powers(self, value: Expr, letter: Symbol, node: Big, env: Env) -> Any:
        """The integral of a polynomial with constants between limits; None if it is none, or a limit is not finite."""
        if node.below is None or node.above is None or not value.is_polynomial(letter):
            return None
        if any(s != letter and s.name not in CONSTANTS for s in symbols_in(value)):
            return None  # another letter may rest on this one
        try:
            lower, upper = self.value(node.below, env), self.value(node.above, env)
        except NoTerm:
            return None
        found = Poly(value, letter).integrate()
        return found.eval(upper) - found.eval(lower)

    def _everywhere(self, bound: Iterable[Node], env: Env) -> tuple[tuple[Range, ...], Env]:
        """A range over all values of each of some letters, and what they stand for within."""
        ranges, inner = [], dict(env)
        for letter in bound:
            symbol = self._bind(letter, inner)
            ranges.append(Range(key=symbol.name, bound=frozenset({symbol}), everywhere=True))
        return tuple(ranges), inner

    def _bind(self, letter: Node, inner: dict[Key, Expr]) -> Symbol:
        """A symbol for a letter that is bound."""
        if not isinstance(letter, Sym) or (letter.sup is not None and not is_mark(letter.sup)):
            raise NoTerm("what is bound is no letter")
        symbol = Symbol(f"{self.written(letter, {})[0]}•")
        if symbol in inner.values():
            raise NoTerm("a letter that is bound twice")
        inner[key_of(letter)] = symbol
        return symbol

    def written_out(self, node: Big, env: Env) -> list[Env] | None:
        """What the letter of a sum of few terms stands for in each: i = 0 to 1; None if it is no such sum."""
        below = node.below
        if not isinstance(below, Chain) or below.operators != ("=",) or not isinstance(below.operands[0], Sym):
            return None
        limits = [n.text for n in (below.operands[1], node.above) if isinstance(n, Num) and n.text.isdigit()]
        if len(limits) != 2 or not 0 <= int(limits[1]) - int(limits[0]) < FEW_TERMS:
            return None
        letter = key_of(below.operands[0])
        return [{**env, letter: Integer(k)} for k in range(int(limits[0]), int(limits[1]) + 1)]

    def _ranges(self, node: Big, env: Env) -> tuple[tuple[Range, ...], Env]:
        """What a sum runs over, and what the letters stand for within."""
        below = node.below
        if isinstance(below, Sym | Listing | Juxt) and node.above is None:
            return self._everywhere(items_of(below), env)
        if isinstance(below, Listing) and node.above is not None:
            return self._together(below, node.above, env)
        below, *conditions = _conditions(below)
        if below is not None and (not isinstance(below, Chain) or below.operators not in (("=",), ("in",))):
            self.table.loose = True
            name, letters = self.written(node.below, env)
            above, more = self.written(node.above, env)
            return (Range(key=f"{name}..{above}", bound=None, letters=letters | more),), dict(env)
        if not isinstance(below, Chain):
            raise NoTerm("a sum over what is not clear")
        limits = [self.written(n, env) for n in (below.operands[1], node.above)]
        key, inner, symbols = "..".join(name for name, _ in limits), dict(env), []
        bound = items_of(inside(below.operands[0]))
        for letter in (*bound, *(_running(bound) if below.operators == ("in",) else ())):
            symbol = next(s for k in count() if (s := Symbol(f"•{key}{k}")) not in inner.values())
            inner[key_of(letter)] = symbol
            symbols.append(symbol)
        limits += [self.written(n, inner) for n in conditions]
        letters = frozenset(s for _, own in limits for s in own) - {*symbols}
        told = " ".join((key, str(symbols[0]), *(name for name, _ in limits[2:])))
        return (Range(key=told, bound=frozenset(symbols), letters=letters),), inner

    def _together(self, below: Listing, above: Node, env: Env) -> tuple[tuple[Range, ...], Env]:
        """Several sums with the same limits: i, j = 1 to m."""
        *first, last = below.items
        if not isinstance(last, Chain) or last.operators != ("=",) or not all(isinstance(n, Sym) for n in first):
            raise NoTerm("a sum over what is not clear")
        ranges: list[Range] = []
        for letter in (*first, last.operands[0]):
            own = Big(
                op="sum",
                below=dataclasses.replace(last, operands=(letter, last.operands[1])),
                above=above,
                body=Empty(span=below.span),
                span=below.span,
            )
            more, env = self._ranges(own, env)
            ranges.extend(more)
        return tuple(ranges), env

    def mean(self, head: Sym, group: Group, env: Env) -> Expr:
        """A mean: over the letters before ∼, over the outcome of the law below it, or over what is not said."""
        law, bound = law_of(head)
        if self.manner.laws and law is not None and is_bare_law(law, bound):
            law = _at(law, bound)
        if not bound or law is None:
            name, letters = self.written(law, env)
            unknown = Range(key=f"E_{name}", bound=None, letters=letters, mean=True)
            return total((unknown,), self.value(group.body, env), self.table)
        taken = applied(law)
        if taken is not None and {key_of(n) for n in before_stroke(taken)} == {key_of(b) for b in bound}:
            ranges, inner = self._everywhere(bound, env)
            value = self.value(group.body, inner)
            self._note_dropped((b for r in ranges for b in r.bound or ()), value)
            return total(ranges, self.product(items_of(law), inner) * value, self.table)
        (name, letters), within = self.written(law, env), dict(env)
        symbols = frozenset(self._bind(letter, within) for letter in bound)
        one = Range(key=f"{sorted(map(str, symbols))}~{name}", bound=symbols, letters=letters, mean=True)
        value = self.value(group.body, within)
        self._note_dropped(symbols, value)
        return total((one,), value, self.table)

    def _note_dropped(self, bound: Iterable[Symbol], value: Expr) -> None:
        """Note a mean of what does not show its letters, though it may rest on them."""
        self.table.dropped = self.table.dropped or not set(bound) & self.table.letters_of(value)

    def divergence(self, name: str, group: Group, env: Env) -> Expr:
        """KL(q(z|x) ‖ p(z)) as the mean of log q − log p."""
        parts = group.body.items if isinstance(group.body, Listing) and group.body.separator == "||" else ()
        taken = applied(parts[0]) if len(parts) == 2 else None
        bound = [n for n in before_stroke(taken) if isinstance(n, Sym)] if taken is not None else []
        if taken is None or not bound or applied(parts[1]) is None:
            written, letters = self.written(group, env)
            return self.table.term(f"{name}{written}", letters)
        ranges, inner = self._everywhere(bound, env)
        first, second = (self.value(p, inner) for p in parts)
        return total(ranges, first * (log_of(first) - log_of(second)), self.table)

    def slope(self, value: Expr, by: Node, env: Env, sign: str = "∂") -> Expr:
        """The derivative of a value by a letter. Raises: NoTerm: if it is not clear what rests on it."""
        name, letters = self.written(by, env)
        if isinstance(value, Symbol) and is_bare(value, self.table):
            return whole_slope(value, Symbol(name), sign, letters, self.table)
        taken: Expr = derivative(value, Symbol(name), self.table)
        return taken


# -- small parts -----------------------------------------------------------------------------------------


def _conditions(below: Node | None) -> tuple[Node | None, ...]:
    """What stands below a sum, in parts: the set that its letters are of, and the conditions that they meet."""
    if isinstance(below, Chain) and below.operators == ("wedge",):
        return below.operands
    if isinstance(below, Listing) and below.separator == "," and isinstance(below.items[0], Chain):
        return below.items if below.items[0].operators == ("in",) else (below,)
    return (below,)


def _running(bound: Iterable[Node]) -> Iterator[Sym]:
    """The indices of members of a set, which run with them: the j of x_j ∈ D."""
    scripts = (n.sub if n.sub is not None else n.sup for n in bound if isinstance(n, Sym))
    letters = (inside(script) for script in scripts if script is not None)
    found = {key_of(n): n for n in letters if isinstance(n, Sym) and n.base.isalpha() and not is_word(n)}
    yield from found.values()


def law_of(head: Sym) -> tuple[Node | None, tuple[Node, ...]]:
    """The distribution below an E, and what it is one of: E_{x ∼ p}, E_{p(x)}."""
    law = head.sub
    if isinstance(law, Chain) and law.operators == ("~",):
        return law.operands[1], items_of(inside(law.operands[0]))
    taken = applied(law) if law is not None else None
    return law, before_stroke(taken) if taken is not None and taken[0].base in LAWS else ()


def is_bare_law(law: Node, bound: tuple[Node, ...]) -> bool:
    """Whether a law is a letter only, and what it is one of are letters: E_{z ∼ q}."""
    return isinstance(law, Sym) and law.base in LAWS and bool(bound) and all(isinstance(n, Sym) for n in bound)


def _at(law: Node, bound: tuple[Node, ...]) -> Node:
    """The probability of what a law is one of: q(z) for z ∼ q."""
    inside_ = bound[0] if len(bound) == 1 else Listing(separator=",", items=bound, span=law.span)
    bracket = Group(opening="(", body=inside_, closing=")", span=law.span)
    return Juxt(items=(law, bracket), span=law.span)


def _power(bracket: Node) -> int:
    """The 2 of max(a, b)^2. Raises: NoTerm: of other marks."""
    match bracket:
        case Group(sub=None, sup=None, primes=0):
            return 1
        case Group(sub=None, sup=Num(text=text), primes=0) if text.isdigit():
            return int(text)
    raise NoTerm("an extreme with marks")


def _integrand(body: tuple[Node, ...], fewest: int = 2) -> tuple[list[Node], list[Node]]:
    found = integrand(body, fewest)
    if found is None:
        raise NoTerm("an integral by nothing")
    return found


def before_stroke(taken: tuple[Sym, tuple[Node, ...], tuple[str, ...]]) -> tuple[Node, ...]:
    """The arguments of a function before the first stroke or semicolon, or all of them."""
    _, nodes, separators = taken
    strokes = [k for k, s in enumerate(separators) if s in STROKES]
    return nodes[: strokes[0] + 1] if strokes else nodes
