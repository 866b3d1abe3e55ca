r"""What a series says of a recursion: G_t = R_{t+1} + γ G_{t+1} where G_t = Σ_{k=0}^∞ γ^k R_{t+k+1}.

Sequences are tried that are zero from some place on, so that the series has finitely many terms. It is wrong if it
fails for these, the words say that it follows, and one edit makes it hold.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Node, Sym

from ..context import Context
from ..found import Found
from ..functions import key_of
from ..lines import Line
from ..repair import repair_right_side
from ..roles import CLAIMING, announced, introduction
from ..spaces.claimed import is_doubted, is_posed
from ..spaces.trials import held, refuted
from .recursion import is_step
from .values import Env, NoValue, World, index_of, name_of, script_of

OTHERS = re.compile(
    r"\b(?:others|(?:other|some) (?:texts|authors|books|people)|instead|alternativ\w+|conventions?|differ\w*|elsewhere"
    r"|variant|modif\w+)\b",
    re.IGNORECASE,
)
LAST = 9  # the place from which on sequences are zero
TIMES = (1, 2, 4)
SEEDS = (1, 2)


@dataclass(frozen=True, kw_only=True)
class Series:
    """G_t = Σ…: the name, the letter of its index, how far the index is moved, and the right side."""

    name: str
    letter: str
    shift: int
    body: Node


@dataclass
class Vanishing(World):
    """Sequences that are zero from a place on, and the one that a series defines."""

    series: Series | None = None

    def of(self, name: str, index: int | None) -> float:
        """The value of a letter at an index, or of one without."""
        if self.series is not None and name == self.series.name and index is not None:
            return self.value(self.series.body, {self.series.letter: index - self.series.shift})
        return 0.0 if index is not None and index > LAST else super().of(name, index)

    def _big(self, node: Big, env: Env) -> float:
        if not _is_endless(node):
            return super()._big(node, env)
        bound = binder(node.below)
        if node.op != "sum" or bound is None or bound[1] is None or not _vanishes(node.body, bound[0]):
            raise NoValue
        places = range(index_of(bound[1], env), 2 * LAST + 2)
        return sum(self.value(node.body, {**env, bound[0]: k}) for k in places)


def series_found(line: Line, context: Context) -> Found | None:
    """What is found of an equation for a letter that a series of the text defines; None for other lines."""
    if not isinstance(line.left, Sym) or line.right is None or line.operator != "=" or line.link:
        return None
    own = (s for s in _series_in(context, line) if s.name == name_of(line.left))
    found = {(s.letter, s.shift, key_of(s.body)): s for s in own}
    if len(found) != 1:
        return None
    (series,) = found.values()
    agrees = _agrees(line.left, line.right, series)
    if agrees:
        return held(line, "the series that defines it gives it for sequences that end")
    if agrees is None or announced(introduction(line.formula)) not in CLAIMING or not context.mends:
        return None
    if is_doubted(line) or is_posed(line) or OTHERS.search(line.formula.before[-400:]) is not None:
        return None
    left = line.left
    correction = repair_right_side(line, context, lambda node: 0 if _agrees(left, node, series) else None)
    because = "the series that defines it gives other values"
    return refuted(line, because, None, correction) if correction is not None else None


def _series_in(context: Context, line: Line) -> Iterator[Series]:
    """The series that define a letter with an index in the section of a line, before it."""
    head: Line | None = None
    for n in context.lines.lines:
        head = n if n.link == 0 else head
        here = n.number < line.number and n.formula.headings == line.formula.headings
        if not here or n.right is None or n.operator not in DEFINING or head is None or head.formula is not n.formula:
            continue
        if isinstance(head.left, Sym) and any(isinstance(b, Big) and _is_endless(b) for b in walk(n.right)):
            try:
                yield _series(head.left, n.right)
            except NoValue:
                continue


def _series(left: Sym, right: Node) -> Series:
    index, power = script_of(left)
    if index is None or power is not None or not is_step(index):
        raise NoValue
    letter = next(n.base for n in walk(index) if isinstance(n, Sym))
    return Series(name=name_of(left), letter=letter, shift=index_of(index, {letter: 0}), body=right)


def _is_endless(node: Big) -> bool:
    return isinstance(node.above, Sym) and node.above.base == "infty"


def _vanishes(body: Node, letter: str) -> bool:
    """Whether the terms of a series hold a sequence at a place that grows with its index."""
    syms = (n for n in walk(body) if isinstance(n, Sym) and n.sub is not None and not n.primes)
    return any(any(isinstance(m, Sym) and m.base == letter for m in walk(n.sub)) for n in syms if n.sub is not None)


def _agrees(left: Sym, right: Node, series: Series) -> bool | None:
    """Whether both sides are equal at a few places, for a few sequences; None if they have no value."""
    try:
        index, power = script_of(left)
        if index is None or power is not None or not is_step(index):
            return None
        letter = next(n.base for n in walk(index) if isinstance(n, Sym))
        pairs = [_values(left, right, {letter: t}, seed, series) for t in TIMES for seed in SEEDS]
    except (NoValue, ArithmeticError, ValueError, RecursionError):
        return None
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in pairs)


def _values(left: Sym, right: Node, env: Env, seed: int, series: Series) -> tuple[float, float]:
    world = Vanishing(seed=seed, series=series)
    return world.value(left, env), world.value(right, env)
