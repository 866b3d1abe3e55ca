"""Two sides compared in every manner in which their notation can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any

from sympy import Basic, Dummy, Expr, Pow, Rational, Symbol, cancel, expand, expand_power_exp, together

from derive.notation.runs import walk
from derive.notation.syntax import Fn, Group, Juxt, Listing, Node, Num, Sym

from ..functions import Function, Key, key_of
from .bounds import STROKES, is_bare_law, law_of
from .ordering import in_order
from .reader import TermReader
from .shifts import telescoped
from .table import NoTerm, Table, symbols_in
from .totals import LAWS
from .writing import Manner

MOST_TERMS = 60
FEW_MORE = 3
SQUARED = frozenset("fghuvw")
PLACES = ((2, 7, 13), (11, 5, 17))  # two choices of numbers for all terms


@dataclass(frozen=True, kw_only=True)
class Left:
    """A left side as it is read in one manner.

    Attributes:
        reader: by which right sides are read as well.
        value: of the side.
        seen: the terms in it that were not written out.
        unfolded: whether a definition was.
    """

    reader: TermReader
    value: Expr
    seen: frozenset[str]
    unfolded: bool


@dataclass(kw_only=True)
class Comparison:
    """What was found of a left and a right side.

    Attributes:
        agreed: the names of what was written out where they agree; None if they do not, or have no reading.
        seen: the terms of the right side that were not written out.
        near: whether they differ in a reading in which the right side has all terms of the left one, and few others.
    """

    agreed: tuple[str, ...] | None = None
    seen: set[str] = field(default_factory=set)
    near: bool = False


def lefts_of(left: Node, right: Node, functions: Mapping[Key, Function], letters: Mapping[Key, Node]) -> list[Left]:
    """A left side in every manner in which the two sides can be read."""
    found = []
    for manner in manners(left, right):
        reader = TermReader(functions=functions, letters=letters, manner=manner)
        try:
            value = reader.read(left)
        except (NoTerm, RecursionError):
            continue
        found.append(Left(reader=reader, value=value, seen=frozenset(reader.seen), unfolded=bool(reader.used)))
    return found


def compared(lefts: list[Left], right: Node) -> Comparison:
    """A right side with a left one in every manner of reading them, up to the first in which they agree."""
    found, tried = Comparison(), set()
    for left in lefts:
        left.reader.seen.clear()
        try:
            value = left.reader.read(right)
            difference = in_order(telescoped(expand(left.value - value), left.reader.table), left.reader.table)
        except (NoTerm, RecursionError):
            continue
        found.seen.update(left.reader.seen)
        if difference in tried:
            continue
        tried.add(difference)
        if vanishes(difference):
            found.agreed = tuple(left.reader.used)
            return found
        near = not left.reader.table.loose and _is_near(left.value, value, left.reader.table)
        found.near = found.near or near
    return found


def _is_near(left: Expr, right: Expr, table: Table) -> bool:
    """Whether a right side has all terms of a left one, or another sum over the same for one of them, and few others.

    What lacks a term may rest on a fact that makes it vanish.
    """
    first, second = set(symbols_in(left)), set(symbols_in(right))
    lost, more = first - second, second - first
    ranges = {table.totals[s].ranges for s in more if s in table.totals}
    exchanged = all(s in table.totals and table.totals[s].ranges in ranges for s in lost)
    return len(more) <= FEW_MORE and len(lost) <= 1 and exchanged


def manners(*sides: Node) -> Iterator[Manner]:
    """The manners in which sides can be read that make a difference."""
    parts = [n for side in sides for n in walk(side)]
    sigmoid = any(isinstance(n, Sym) and n.base == "sigma" for n in parts)
    reaching = any(isinstance(n, Fn) or (isinstance(n, Sym) and n.base in ("nabla", "partial")) for n in parts)
    joint = frozenset(key for n in parts if isinstance(n, Juxt) for key in _before_strokes(n))
    squares = _squared(parts)
    choices = True, sigmoid, reaching, bool(joint), bool(squares), _weighs(parts)
    for unfolds, logistic, reaches, apart, raised, laws in product(
        *((False, True)[: 1 + wanted] for wanted in choices)
    ):
        yield Manner(
            unfolds=unfolds,
            sigmoid=logistic,
            reaches=reaches,
            joint=joint if apart else frozenset(),
            squares=squares if raised else frozenset(),
            laws=laws,
        )


def _weighs(parts: list[Node]) -> bool:
    """Whether a mean is over z ∼ q, and q(z) stands in the claim as well."""
    pairs = [pair for n in parts if isinstance(n, Juxt) for pair in pairwise(n.items) if isinstance(pair[1], Group)]
    heads = {key_of(head) for head, _ in pairs if isinstance(head, Sym)}
    means = (law_of(head) for head, _ in pairs if isinstance(head, Sym) and head.base == "E")
    return any(law is not None and is_bare_law(law, bound) and key_of(law) in heads for law, bound in means)


def _squared(parts: list[Node]) -> frozenset[str]:
    """The letters f of f²(x) that stand with no other number above them, which might be that of a layer."""
    above = {(n.base, n.sup.text) for n in parts if isinstance(n, Sym) and isinstance(n.sup, Num)}
    heads = (n.items[k] for n in parts if isinstance(n, Juxt) for k in range(len(n.items) - 1))
    bases = {n.base for n in heads if isinstance(n, Sym) and n.base in SQUARED and isinstance(n.sup, Num)}
    return frozenset(b for b in bases if {text for base, text in above if base == b} == {"2"})


def _before_strokes(node: Juxt) -> Iterator[Key]:
    """The letters of probabilities that stand before brackets with a stroke."""
    for head, group in pairwise(node.items):
        listed = group.body if isinstance(group, Group) else None
        if isinstance(head, Sym) and head.base in LAWS and isinstance(listed, Listing) and listed.separator in STROKES:
            yield key_of(head)


def vanishes(value: Expr) -> bool:
    """Whether a value is zero, whatever its terms are."""
    value = expand(_with_roots(value))
    if value == 0:
        return True
    if len(value.free_symbols) > MOST_TERMS or not all(_is_small(value, place) for place in PLACES):
        return False
    return bool(cancel(expand_power_exp(together(value))) == 0)


def _with_roots(value: Expr) -> Expr:
    """A value with squares for the terms of which a root is taken, which are not negative: √(a b) is √a √b there."""
    roots = {p.base for p in value.atoms(Pow) if isinstance(p.base, Symbol) and p.exp.is_number and (2 * p.exp).is_odd}
    new: dict[Any, Any] = {s: Dummy(s.name, positive=True) ** 2 for s in sorted(roots, key=str)}
    found: Expr = value.subs(new, simultaneous=True) if new else value
    return found


def _is_small(value: Expr, place: tuple[int, int, int]) -> bool:
    """Whether a value is zero at some numbers, to many digits."""
    start, step, modulus = place
    at: dict[Basic, Basic | float] = {
        s: Rational(start + step * k % modulus, 8) + Rational(k, 97) for k, s in enumerate(symbols_in(value))
    }
    number = value.evalf(30, subs=at)  # exact numbers of large fractions would be factored
    return bool(number.is_number and number.is_finite) and bool(abs(number) < 1e-15)
