"""Worked numbers: what follows for a probability from the numbers that a text gives for others."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from derive.chances.events import NotAProbability, unbraced
from derive.chances.terms import Event, Mass
from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Bin, Group, Juxt, Neg, Node, Num
from derive.notation.syntax import Fraction as Quotient

from ..context import Context
from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..results import Verdict
from ..rules import wrong_number
from .knowledge import Knowledge
from .misses.miss import Miss

Events = frozenset[Event]
Given = Mapping[tuple[Events, Events], Fraction]
DEPTH = 4
FEWEST_TOLD = 3  # numbers of a formula, all of them of the text, of which one may stand in the place of another
FAR = Fraction(1, 50)  # what rounding of the numbers given cannot explain


def judge_numbers(line: Line, context: Context) -> Judgement | Miss | None:
    """The verdict on a probability that is set equal to numbers; None where nothing follows for it.

    Wrong is only what is far from the number that follows, and right with one number in another's place.
    """
    if line.right is None or line.operator not in ("=", "approx") or not context.chances.speaks:
        return None
    value, target = number_of(line.right), _mass(line, context.chances)
    if value is None or target is None or (isinstance(line.right, Num) and not _is_derived(line)):
        return None
    given = _consistent(_given(line, context))
    given.pop((target.events, target.given), None)
    rules = Rules(given=given, denials=_two_valued(context))
    exact = rules.value(target.events, target.given, DEPTH)
    if exact is None:
        return None
    if _agrees(value, exact, line.right):
        because = "it follows from the numbers that the text gives, by the rules of total probability and of Bayes"
        return Judgement(verdict=Verdict.PROVED if value == exact else Verdict.HOLDS, because=because)
    if abs(value - exact) < FAR * abs(exact):
        return None
    return None if any(of_words(line)) else _mended(line, exact, rules, context)


def _mended(line: Line, exact: Fraction, rules: Rules, context: Context) -> Miss | None:
    """One number of the right side that stands nowhere else, in whose place one of the text makes it right."""
    assert line.right is not None
    known = sorted({*rules.given.values(), *(1 - v for v in rules.given.values())})
    numbers = [n for n in walk(line.right) if isinstance(n, Num)]
    strangers = [n for n in numbers if not _is_elsewhere(n, line, context)]
    for node in strangers or (numbers if len(numbers) >= FEWEST_TOLD else ()):
        for other in known if not isinstance(line.right, Num) else [exact]:
            text = _decimal(other)
            if text is None or other == Fraction(node.text):
                continue
            side = _exchanged(line.right, node, text)
            value = number_of(side)
            if value is not None and _agrees(value, exact, side):
                return Miss(
                    rule=wrong_number.RULE,
                    because="it is another number that follows from those that the text gives",
                    changes=((*node.span, text),),
                    shown=(node.text, text),
                )
    return None


def _exchanged(side: Node, number: Num, text: str) -> Node:
    """A side with another number in the place of one."""
    return rebuild(side, lambda n: dataclasses.replace(number, text=text) if n == number else n)


def _is_elsewhere(node: Num, line: Line, context: Context) -> bool:
    """Whether a number stands in another formula of the text, or as such or in percent in its prose."""
    value = Fraction(node.text.replace(",", ""))
    for root, formula in context.lines.nodes:
        if formula.offset != line.formula.offset and any(
            isinstance(n, Num) and n.text == node.text for n in walk(root)
        ):
            return True
    percent = _decimal(100 * value) or "?"
    words = context.lines.prose
    for _, formula in context.lines.nodes:
        words = words.replace(formula.latex, " ")
    return re.search(rf"(?<![\d.]){re.escape(percent)}\s*\\?%", words) is not None or node.text in words.split()


def _agrees(value: Fraction, exact: Fraction, written: Node) -> bool:
    """Whether a number is right, to the digits shown."""
    if isinstance(written, Num):
        digits = len(written.text.partition(".")[2])
        return abs(value - exact) <= Fraction(1, 10**digits)
    return abs(value - exact) <= Fraction(1, 10**6) * abs(exact)


def _decimal(value: Fraction) -> str | None:
    """A number with few digits behind the point."""
    text = f"{float(value):.10f}".rstrip("0").rstrip(".")
    return text if Fraction(text) == value else None


def number_of(node: Node) -> Fraction | None:
    """The number that a formula of numbers is."""
    node = unbraced(node)
    match node:
        case Num(text=text):
            return Fraction(text.replace(",", ""))
        case Group(opening="(" | "[", body=body, sup=None):
            return number_of(body)
        case Neg(body=body):
            inner = number_of(body)
            return None if inner is None else -inner
        case Quotient(above=above, below=below) | Bin(op="/", left=above, right=below):
            one, two = number_of(above), number_of(below)
            return None if one is None or not two else one / two
        case Bin(op="+" | "-" | "cdot" | "times", left=left, right=right):
            one, two = number_of(left), number_of(right)
            if one is None or two is None:
                return None
            return one + two if node.op == "+" else one - two if node.op == "-" else one * two
        case Juxt(items=items):
            values = [number_of(n) for n in items]
            known = [v for v in values if v is not None]
            return prod(known, start=Fraction(1)) if len(known) == len(values) else None
    return None


def _mass(line: Line, knowledge: Knowledge) -> Mass | None:
    """The probability on the left, or before it in its chain, if it is one of events."""
    try:
        term = knowledge.reading(line).term(line.left)
    except (NotAProbability, RecursionError):
        return None
    return term if isinstance(term, Mass) and term.family == "p" and term.events else None


def _is_derived(line: Line) -> bool:
    """Whether a plain number is said to follow, and not given."""
    return bool(line.after) or line.operator == "approx"


def _given(line: Line, context: Context) -> Iterator[tuple[tuple[Events, Events], Fraction]]:
    """The probabilities that other lines set equal to numbers, under the same headings or above them."""
    for other in context.lines.lines:
        if other.right is None or other.operator != "=" or other.formula.offset == line.formula.offset:
            continue
        if other.formula.offset > line.formula.offset:
            continue
        value, mass = number_of(other.right), _mass(other, context.chances)
        if value is not None and mass is not None and 0 <= value <= 1:
            yield (mass.events, mass.given), value


def _consistent(stated: Iterable[tuple[tuple[Events, Events], Fraction]]) -> dict[tuple[Events, Events], Fraction]:
    """What is said of each probability, where that is one number."""
    found: dict[tuple[Events, Events], set[Fraction]] = {}
    for key, value in stated:
        found.setdefault(key, set()).add(value)
    return {key: min(values) for key, values in found.items() if len(values) == 1}


def _two_valued(context: Context) -> frozenset[str]:
    """The variables of which no other values are named than 0 and 1."""
    values: dict[str, set[object]] = {}
    for line in context.lines.lines:
        mass = _mass(line, context.chances) if line.right is not None else None
        for event in (mass.events | mass.given) if mass is not None else ():
            values.setdefault(event.variable, set()).add(event.value)
    return frozenset(v for v, found in values.items() if found <= {Fraction(0), Fraction(1)})


@dataclass(kw_only=True)
class Rules:
    """Finds the number of a probability from those of others.

    Attributes:
        given: events and their condition, to their probability.
        denials: the variables that are 0 or 1.
        open: what is being looked for.
    """

    given: Given
    denials: frozenset[str]
    open: set[tuple[Events, Events]] = field(default_factory=set)

    def value(self, events: Events, condition: Events, depth: int) -> Fraction | None:
        """P(events | condition), by what is given, or else by the rules; None if it does not follow."""
        key = (events, condition)
        if not events:
            return Fraction(1)
        if key in self.given:
            return self.given[key]
        if depth == 0 or key in self.open:
            return None
        self.open.add(key)
        try:
            ways = (self._by_denial, self._by_product, self._by_total, self._by_bayes)
            return next((v for way in ways if (v := way(events, condition, depth - 1)) is not None), None)
        finally:
            self.open.discard(key)

    def _by_denial(self, events: Events, condition: Events, depth: int) -> Fraction | None:
        if len(events) != 1 or (other := self._denied(next(iter(events)))) is None:
            return None
        found = self.given.get((frozenset({other}), condition))
        return None if found is None else 1 - found

    def _by_product(self, events: Events, condition: Events, depth: int) -> Fraction | None:
        for event in sorted(events, key=str) if len(events) > 1 else ():
            one = frozenset({event})
            first = self.value(events - one, condition | one, depth)
            second = self.value(one, condition, depth) if first is not None else None
            if first is not None and second is not None:
                return first * second
        return None

    def _by_total(self, events: Events, condition: Events, depth: int) -> Fraction | None:
        used = {e.variable for e in events | condition}
        causes = {e for known, behind in self.given if known == events for e in behind if e.variable not in used}
        for cause in sorted(causes, key=str):
            other = self._denied(cause)
            both = [frozenset({c}) for c in (cause, other) if c is not None]
            parts = [(self.value(events, condition | c, depth), self.value(c, condition, depth)) for c in both]
            if len(both) == 2 and all(a is not None and b is not None for a, b in parts):
                return sum((a * b for a, b in parts if a is not None and b is not None), Fraction(0))
        return None

    def _by_bayes(self, events: Events, condition: Events, depth: int) -> Fraction | None:
        for seen in sorted(condition, key=str):
            one = frozenset({seen})
            rest = condition - one
            likelihood, prior = self.value(one, rest | events, depth), self.value(events, rest, depth)
            evidence = self.value(one, rest, depth) if likelihood is not None and prior is not None else None
            if likelihood is not None and prior is not None and evidence:
                return likelihood * prior / evidence
        return None

    def _denied(self, event: Event) -> Event | None:
        """The event that happens where this one does not."""
        if isinstance(event.value, Fraction):
            return dataclasses.replace(event, value=1 - event.value) if event.variable in self.denials else None
        return dataclasses.replace(event, denied=not event.denied) if isinstance(event.value, str) else None
