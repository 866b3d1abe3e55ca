"""The verdict on `argmax_θ A = argmax_θ B` where A and B are made of probabilities."""

from __future__ import annotations

import dataclasses
import re

import numpy as np

from derive.chances.events import NotAProbability, has_label, label
from derive.chances.maximisers import same_place
from derive.chances.terms import Mass, within
from derive.notation.ellipses import prepared
from derive.notation.parser import parse
from derive.notation.runs import walk
from derive.notation.scope import reach
from derive.notation.syntax import Big, Group, Listing, Node, Sym

from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..results import Counterexample, Verdict
from ..roles import introduction
from .evaluation import free_letters
from .judging import EQUALITIES, may_be_meant
from .knowledge import Knowledge
from .sides import Sides, readings_of, values
from .trials import in_every_reading
from .worlds import NoWorld, World, world, world_shown

MAP = re.compile(r"\bMAP\b|maximum[- ]a[- ]posteriori|maximi[sz]\w+ the posterior|most probable", re.IGNORECASE)
FLAT = re.compile(r"\b(?:uniform|flat|non-?informative|improper|constant prior|without a prior)", re.IGNORECASE)
SIGNS = {"argmax": 1, "argmin": -1}
APART = 1e-4
TRIALS = 24


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sought:
    """argmax_θ of something: the letter, 1 or −1, and what is to be largest or smallest."""

    letter: str
    sign: int
    body: Node


def judge_maximum(line: Line, knowledge: Knowledge, *, edited: bool = False) -> Judgement | None:
    """The verdict on a relation between two best values of a letter; None if it is none, or has no reading.

    Of an edit of the author's line only a proof is asked.
    """
    if not knowledge.speaks or line.right is None or line.operator not in EQUALITIES:
        return None
    left, right = sought(line.left), sought(line.right)
    if right is None:
        return None
    if left is None and (posterior := _most_probable(line, right)) is not None:
        line, left = posterior, sought(posterior.left)
    if left is None:
        return _named(line, right, knowledge)
    if left.letter != right.letter:
        return None
    bodies = dataclasses.replace(line, left=left.body, right=right.body, operator="=", link=1)
    readings = [s for s in readings_of(bodies, knowledge) if knowledge.disjoint or not s.reading.disjoint]
    if not readings:
        return None
    if any(same_place(s.left, s.right, left.letter, left.sign * right.sign) for s in readings):
        because = f"the two sides are best at the same {left.letter}, by the laws of probability"
        return Judgement(verdict=Verdict.PROVED, because=because)
    if edited:
        return None
    turned = any(same_place(s.left, s.right, left.letter, -left.sign * right.sign) for s in readings)
    if turned and not any(of_words(line)):
        because = "what makes one side largest makes the other one smallest, by the laws of probability"
        return Judgement(verdict=Verdict.REFUTED, because=because)
    return _by_numbers(bodies, readings, left, right, knowledge)


def sought(node: Node) -> Sought | None:
    """What a node asks for, if it is an argmax or argmin with a letter below."""
    node = reach(node)
    while isinstance(node, Group) and node.sup is None:
        node = node.body
    if not isinstance(node, Big) or node.op not in SIGNS or node.above is not None:
        return None
    below = node.below
    if not isinstance(below, Sym) or not has_label(below):
        return None
    return Sought(letter=label(below), sign=SIGNS[node.op], body=node.body)


def _most_probable(line: Line, right: Sought) -> Line | None:
    """The line with argmax_θ p(θ | x) for a left side that is called the MAP estimate, where the right has p(x | θ).

    None where the words speak of a flat prior, or more than one thing is given θ.
    """
    words = introduction(line.formula)
    named = isinstance(line.left, Sym) and "MAP" in line.formula.latex[slice(*line.left.span)]
    said = f"{line.formula.before} {line.formula.after}"
    if line.link or line.right is None or not (named or MAP.search(words)) or FLAT.search(said):
        return None
    if any(isinstance(n, Big) for n in walk(right.body)):
        return None
    groups = [n.body for n in walk(right.body) if isinstance(n, Group) and isinstance(n.body, Listing)]
    given = [b.items for b in groups if b.separator == "|" and len(b.items) == 2]
    pairs = [(a, b) for a, b in given if all(isinstance(n, Sym) and has_label(n) for n in (a, b))]
    labelled = [(a, b) for a, b in pairs if isinstance(b, Sym) and label(b) == right.letter]
    if len(given) != 1 or len(labelled) != 1:
        return None
    source = line.formula.latex
    data, parameter = (source[slice(*n.span)] for n in labelled[0])
    (left,) = parse(rf"\arg\max_{{{parameter}}} p({parameter} \mid {data})")
    return dataclasses.replace(line, left=prepared(left), link=1)


def _named(line: Line, right: Sought, knowledge: Knowledge) -> Judgement | None:
    """θ* = argmax_θ … gives a name its meaning."""
    if line.link or not isinstance(line.left, Sym):
        return None
    reading = knowledge.reading(line)
    try:
        reading.term(right.body)
    except (NotAProbability, RecursionError):
        return None
    return Judgement(verdict=Verdict.DEFINED, because="a name for a best value") if reading.found else None


def _by_numbers(line: Line, readings: list[Sides], left: Sought, right: Sought, knowledge: Knowledge) -> Judgement:
    """Refuted if the best values differ in worlds of both kinds, in every reading; else undecided."""
    return in_every_reading(
        line,
        readings,
        reason=lambda sides: may_be_meant(line, sides, named=False),
        broken=lambda sides: _differ(line, sides, left, right, knowledge),
        otherwise="no proof was found that both sides are best at the same place",
        because=f"the two sides are best at different values of {left.letter} for these probabilities",
    )


def _differ(line: Line, sides: Sides, left: Sought, right: Sought, knowledge: Knowledge) -> Counterexample | None:
    """A world in which the best values differ, for any distributions and for those independent given the letter."""
    letters = free_letters(sides.both)
    if left.letter not in letters:
        return None
    shown: Counterexample | None = None
    variable = letters[left.letter]
    for kind in ("any", f"weighted {variable}" if _weighs(sides, variable) else f"given {variable}"):
        found = None
        for seed in range(TRIALS):
            where = world(sides.both, kind, knowledge.assumed, seed)
            found = found or _place(line, sides, (left.sign, right.sign), where, letters, left.letter)
        if found is None:
            return None
        shown = shown or found
    return shown


def _weighs(sides: Sides, variable: str) -> bool:
    """Whether a claim speaks of how likely the values of a variable are, which are then not equally likely."""
    masses = [t for side in sides.both for t in within(side) if isinstance(t, Mass) and not t.given]
    return any({e.variable for e in m.events} == {variable} for m in masses)


def _place(
    line: Line, sides: Sides, signs: tuple[int, int], where: World, letters: dict[str, str], letter: str
) -> Counterexample | None:
    """Where the value that is best for one side is clearly worse than the best one for the other."""
    order = list(letters)
    with np.errstate(all="ignore"):
        pair = values(line, sides, where, letters)
    if any(p.ndim < len(order) for p in pair):
        return None
    axis = pair[0].ndim - 1 - order.index(letter)
    a, b = (np.moveaxis(sign * side.astype(float), axis, -1) for sign, side in zip(signs, pair, strict=True))
    if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
        raise NoWorld("a side has no finite value")
    for place in np.ndindex(*a.shape[:-1]):
        best = int(np.argmax(a[place])), int(np.argmax(b[place]))
        if _clear(a[place], b[place], best):
            at = list(place)
            at.insert(axis, best[0])
            return world_shown(where, letters, tuple(at), (pair[0][tuple(at)], pair[1][tuple(at)]))
    return None


def _clear(a: np.ndarray, b: np.ndarray, best: tuple[int, int]) -> bool:
    first, second = a[best[0]] - a[best[1]], b[best[1]] - b[best[0]]
    return bool(first > APART * np.abs(a).max() and second > APART * np.abs(b).max())
