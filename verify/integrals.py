r"""Integrals between written limits, \int_0^\infty x^{a-1} e^{-x} dx, by quadrature at random values of letters."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from derive.notation.runs import walk
from derive.notation.syntax import Big, Neg, Node, Sym

from .context import Context
from .doubts import of_words
from .found import Found
from .lines import Line
from .quadrature import integral
from .repair import repair
from .results import StatementKind, Verdict
from .standards.letters import Atom, State, Term
from .standards.sums import bound_by, without_differential
from .standards.terms import Terms
from .standards.values import Unclear

TRIALS, FEWEST = 12, 4
AGREEMENT, APART = 1e-4, 1e-2
CONSTANTS = {"pi", "e"}


def integral_found(line: Line, context: Context) -> Found | None:
    """What is found of an equation with an integral between limits; None if it has none, or stays open."""
    if line.right is None or line.operator != "=" or not any(_has_limits(s) for s in (line.left, line.right)):
        return None
    trials = Trials()
    verdict = _verdict(line, trials=trials)
    reading = line.formula.latex[slice(*line.span)]
    if verdict is Verdict.HOLDS:
        because = "no proof was found; the integral was computed numerically at some values of its letters"
        return Found(kind=StatementKind.CLAIM, verdict=verdict, because=because, reading=reading)
    if (
        verdict is not Verdict.REFUTED
        or any(of_words(line))
        or not _letters(line.right) <= _letters(line.left) | CONSTANTS
    ):
        return None  # a letter that stands on the right only may have a meaning of its own
    mended = repair(line, context, partial(_verdict, trials=trials))
    if mended is None:
        return None
    because = "the integral has another value wherever it was computed numerically"
    rule, suggestion = mended
    return Found(
        kind=StatementKind.CLAIM,
        verdict=verdict,
        because=because,
        reading=reading,
        rule=rule.code,
        suggestion=suggestion,
    )


def _has_limits(node: Node) -> bool:
    return any(isinstance(n, Big) and n.op == "int" and n.below is not None and n.above is not None for n in walk(node))


def _letters(node: Node) -> set[str]:
    return {n.base for n in walk(node) if isinstance(n, Sym)}


def _verdict(line: Line, *, trials: Trials) -> Verdict:
    """Holds if both sides agree at all values at which they have some, refuted if they differ at each."""
    assert line.right is not None
    left, right = (line.formula.latex[slice(*side.span)] for side in (line.left, line.right))
    left = "carried" if line.carried is not None else left
    same: list[bool] = []
    for seed in range(TRIALS):
        a = trials.value(left, line.left, seed)
        b = trials.value(right, line.right, seed) if a is not None else None
        if a is None or b is None:
            continue
        apart = abs(a - b) / max(abs(a), abs(b), 1e-3)
        if AGREEMENT < apart < APART:
            return Verdict.UNDECIDED
        same.append(apart <= AGREEMENT)
        if len(set(same)) > 1:
            return Verdict.UNDECIDED
    if len(same) < FEWEST:
        return Verdict.UNDECIDED
    return Verdict.HOLDS if same[0] else Verdict.REFUTED


@dataclass
class Trials:
    """The values of sides, each computed once."""

    known: dict[tuple[str, int], float | None] = field(default_factory=dict)

    def value(self, written: str, node: Node, seed: int) -> float | None:
        """The value of a side; None if it has none there."""
        if (written, seed) not in self.known:
            self.known[written, seed] = _value(node, seed)
        return self.known[written, seed]


def _value(node: Node, seed: int) -> float | None:
    def value_of(atom: Atom, at: tuple[int, ...]) -> float:
        if at:
            raise Unclear("a function that the text does not write out")
        return random.Random(f"{atom.name}|{seed}").uniform(0.3, 2.5)

    try:
        with np.errstate(all="ignore"):
            found = Integrals().term(node)(State(value_of=value_of, size=1))
    except (Unclear, ArithmeticError, ValueError, TypeError, AttributeError, LookupError):
        return None
    return float(found) if np.ndim(found) == 0 and np.isfinite(found) else None


@dataclass
class Integrals(Terms):
    """Reads an expression with integrals between limits; none with a sum, of which it does not know how long it is."""

    def _big(self, node: Big) -> Term:
        letter, _ = bound_by(node)
        if node.op != "int" or node.below is None or node.above is None or letter is None:
            raise Unclear(f"{node.op} is not read here")
        low, high = self._end(node.below), self._end(node.above)
        outer = self.scope
        self.scope = (*outer, letter)
        body = self.term(without_differential(node.body, letter))
        self.scope = outer

        def total(s: State) -> float:
            def at(points: np.ndarray) -> np.ndarray:
                return np.array(list(_each(body, letter, points, s)))

            ends = float(low(s)), float(high(s))
            if not ends[0] < ends[1]:
                raise Unclear("an integral from a larger number to a smaller one")
            if math.isinf(ends[0]) and not math.isinf(ends[1]):
                found = integral(lambda points: at(-points), (-ends[1], math.inf))
            else:
                found = integral(at, ends)
            if found is None or not math.isfinite(found):
                raise Unclear("an integral that has no value here")
            return found

        return total

    def _end(self, node: Node) -> Term:
        """A limit; of ∞ the infinite number."""
        inner = node.body if isinstance(node, Neg) else node
        if any(isinstance(n, Sym) and n.base == "infty" for n in walk(inner)):
            sign = -1.0 if isinstance(node, Neg) else 1.0
            return lambda s: sign * math.inf
        return self.term(node)


def _each(body: Term, letter: str, points: np.ndarray, s: State) -> Iterator[float]:
    before = s.letters.get(letter)
    for x in points:
        s.letters[letter] = x
        try:
            yield float(body(s))
        except (OverflowError, ZeroDivisionError):
            yield math.nan
    if before is not None:
        s.letters[letter] = before
