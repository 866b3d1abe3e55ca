"""Candidates for a correction: one edit, two edits at once, and one slip made in two places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice

from .lines import Line
from .rules.edit import LEFT_SIDE, Edit, Rule

MOST_IN_PAIRS = 16
MOST_ALIKE, MOST_TWICE = 10, 200
REPEATED = frozenset({"sign", "number dropped", "exponent", "exponent put in", "term dropped"})
AGAIN = frozenset({"", "+", "-", "^2"})  # what is put in place where a slip is made twice


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An edit that may help, the rule that proposes it, and whether it edits the left side."""

    rule: Rule
    edit: Edit
    on_left: bool

    @property
    def cost(self) -> float:
        return self.edit.cost + LEFT_SIDE * self.on_left


def in_pairs(singles: Iterable[Candidate], line: Line) -> Iterator[Candidate]:
    """Two of the cheapest edits of the right side at once, the cheapest pairs first."""
    few = [c for c in singles if not c.on_left][:MOST_IN_PAIRS]
    yield from _joined(combinations(few, 2), line)


def made_twice(singles: Iterable[Candidate], line: Line) -> Iterator[Candidate]:
    """One slip made in two places of the right side: two squares lost, two terms too many."""
    alike: dict[tuple[str, str], list[Candidate]] = {}
    for c in (c for c in singles if _may_recur(c)):
        alike.setdefault((c.edit.kind, c.edit.text.strip()), []).append(c)
    pairs = (pair for found in alike.values() for pair in combinations(found[:MOST_ALIKE], 2))
    yield from islice(_joined(pairs, line), MOST_TWICE)


def _may_recur(candidate: Candidate) -> bool:
    """Whether a slip is of those that are made in two places of one formula."""
    edit = candidate.edit
    return not candidate.on_left and edit.kind in REPEATED and edit.text.strip() in AGAIN


def _joined(pairs: Iterable[tuple[Candidate, Candidate]], line: Line) -> Iterator[Candidate]:
    """Both edits of each pair at once where they are apart, the cheapest pairs first."""
    ordered = [(a, b) if a.edit.start < b.edit.start else (b, a) for a, b in pairs]
    apart = [(a, b) for a, b in ordered if a.edit.end <= b.edit.start and a.edit.start < b.edit.start]
    for a, b in sorted(apart, key=lambda pair: pair[0].cost + pair[1].cost):
        yield Candidate(rule=a.rule, edit=_both(a.edit, b.edit, line), on_left=False)


def _both(a: Edit, b: Edit, line: Line) -> Edit:
    """Two edits as one that reaches from the first to the second, shown as a change of the whole right side."""
    assert line.right is not None
    source, (start, end) = line.formula.latex, line.right.span
    text = a.text + source[a.end : b.start] + b.text
    now = source[start : a.start] + text + source[b.end : end]
    return Edit(start=a.start, end=b.end, text=text, was=source[start:end], should_be=now, cost=a.cost + b.cost)
