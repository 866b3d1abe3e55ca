"""The verdict on claims about sequences, h_1, …, h_T: taken apart at small lengths, by the factors that the text gives.

A hidden Markov model, a Markov chain, independent data with their hidden variables, a trajectory: what holds for the
distribution of one is tried at lengths 3 and 4 with random distributions that fall into these factors.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass

import mpmath

from derive.chances.events import NotAProbability
from derive.chances.terms import Mass, Name, Term, free_events, within
from derive.chances.unrolled import free_letters
from derive.notation.runs import walk
from derive.notation.syntax import Big, Dots, Entries, Num

from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..results import Counterexample, Verdict
from ..roles import Role, introduction, role_among_chances
from .chains import base_of, chain_world
from .evaluation import free_letters as letters_of
from .naming import defined
from .settings import Setting, Settings, places_of
from .sides import PRECISIONS, Sides, place_apart, values
from .worlds import NoWorld, World, world_shown

LENGTHS = (3, 4)
APART = 1e-7
MOST_PLACES = 8
SATISFIED = re.compile(
    r"\b(?:satisf(?:y|ies)|obeys?|fulfill?s?)\s*:?\s*\Z"
)  # by what is defined, it is no equation to solve
MEANT = (Role.ASSUMPTION, Role.EQUATION, Role.UPDATE, Role.CHANGE)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What was found of a relation at one place of sequences of one length.

    Attributes:
        length: of the sequences.
        named: whether the relation gives its left side a meaning there.
        sides: what it claims there.
        apart: a world in which the sides differ, and the place in its tables; None if they agree.
        doubts: why a difference may be meant.
    """

    length: int
    named: bool = False
    sides: Sides | None = None
    apart: tuple[World, tuple[int, ...]] | None = None
    doubts: tuple[str, ...] = ()


def judge_sequences(line: Line, settings: Settings) -> Judgement | None:
    """The verdict on a relation; None if it speaks of no sequence, or nothing can be said of it."""
    if line.right is None or line.operator not in ("=", ":=", "==", "propto") or not _runs(line):
        return None
    found = [trial for length in LENGTHS for trial in _trials(line, settings, length)]
    if {t.length for t in found} != set(LENGTHS):
        return None
    if all(t.named for t in found):
        return Judgement(verdict=Verdict.DEFINED, because="it says what the name or the factors of a distribution are")
    found = [t for t in found if not t.named]
    wrong = [t for t in found if t.apart is not None]
    if not wrong:
        lengths = " and ".join(map(str, LENGTHS))
        because = f"no proof was found; random probabilities with the factors of the text agree at lengths {lengths}"
        return Judgement(verdict=Verdict.HOLDS, because=because)
    if {t.length for t in wrong} != {t.length for t in found}:
        return Judgement(verdict=Verdict.UNDECIDED, because="numbers speak against it at some lengths only")
    doubts = [*(d for t in wrong for d in t.doubts), *of_words(line)]
    if role_among_chances(line.formula) in MEANT and not SATISFIED.search(introduction(line.formula)):
        doubts.append(f"the words before it announce another thing: {role_among_chances(line.formula)}")
    if doubts:
        return Judgement(verdict=Verdict.UNDECIDED, because=f"numbers speak against it, but {doubts[0]}")
    shown = _confirmed(line, wrong[0])
    if shown is None:
        return None
    because = "the two sides differ for probabilities with the factors that the text gives them"
    return Judgement(verdict=Verdict.REFUTED, because=because, counterexample=shown)


def holds_in_sequences(line: Line, settings: Settings) -> Verdict:
    """Whether an edited line holds, found out quickly: at the longer length first, where most fail."""
    if line.right is None or line.operator not in ("=", ":=", "==", "propto"):
        return Verdict.UNDECIDED
    for length in reversed(LENGTHS):
        count = 0
        for trial in _trials(line, settings, length):
            count += 1
            if trial.named or trial.apart is not None:
                return Verdict.UNDECIDED
        if not count:
            return Verdict.UNDECIDED
    return Verdict.HOLDS


def _runs(line: Line) -> bool:
    """Whether a relation has running indices, or lists with dots."""
    sides = [s for s in (line.left, line.right) if s is not None]
    if any(isinstance(n, Dots | Entries) for s in sides for n in walk(s)):
        return True
    return any(free_letters(s) for s in sides) or any(
        isinstance(n, Big) and n.above is not None for s in sides for n in walk(s)
    )


def _trials(line: Line, settings: Settings, length: int) -> Iterator[Trial]:
    setting = settings.at(line.formula.headings, length)
    if setting is None or line.right is None:
        return
    telling = setting.tells(line)
    setting = setting.without_factors() if telling else setting
    found = 0
    for at in places_of((line.left, line.right), setting, 1, length):
        trial = _trial(line, setting, at)
        if telling and (trial is None or trial.apart is not None):
            trial = Trial(length=length, named=True)
        if trial is not None:
            yield trial
            found += 1
        if found == MOST_PLACES:
            return


def _trial(line: Line, setting: Setting, at: dict[str, int]) -> Trial | None:
    """What is found at one place; None if the relation has no meaning there."""
    assert line.right is not None
    try:
        left, right = setting.unrolled(line.left, at), setting.unrolled(line.right, at)
        name = defined(dataclasses.replace(line, left=left))
        if name in setting.names and setting.names[name][1] == line.number:
            return Trial(length=setting.length, named=True)
        terms, reading = setting.read((left, right))
    except (NotAProbability, RecursionError):
        return None
    if not any(isinstance(t, Mass) for term in terms for t in within(term)) or _is_repeated(line):
        return None
    sides = Sides(left=terms[0], right=terms[1], reading=reading)
    if line.operator == "propto" and not (isinstance(terms[0], Mass) and terms[0].events):
        return None
    try:
        apart = _apart(line, sides, setting)
    except (NoWorld, ArithmeticError, ValueError):
        return None
    doubts = (*reading.doubts, *_doubts(line, setting, terms)) if apart is not None else ()
    return Trial(length=setting.length, sides=sides, apart=apart, doubts=doubts)


def _is_repeated(line: Line) -> bool:
    """Whether both sides are the same as written, which claims nothing."""
    assert line.right is not None
    source, other = (line.carried or line.formula).latex, line.formula.latex
    return source[slice(*line.left.span)].split() == other[slice(*line.right.span)].split()


def _doubts(line: Line, setting: Setting, terms: list[Term]) -> Iterator[str]:
    """Why a relation that fails may be meant."""
    masses = [[t for t in within(term) if isinstance(t, Mass)] for term in terms]
    families = {base_of(m.family) for found in masses for m in found}
    if not families <= setting.networks.keys():
        yield "the text does not say into which factors a distribution falls"
    if any(m.family.partition("_")[2].isdigit() for found in masses for m in found):
        yield "a distribution with a number below its letter may be any"
    if line.link == 0 and (isinstance(line.right, Num) or not masses[0] or not masses[1]):
        yield "one side holds no probability: it may be a definition"
    names = [{t.text for t in within(term) if isinstance(t, Name)} for term in terms]
    if names[0] ^ names[1]:
        yield f"it may say what {min(names[0] ^ names[1])} is"
    met = [{e.variable for e in free_events(term)} for term in terms]
    if met[0] and met[1] and not met[0] & met[1]:
        yield "it says that two things of different variables are equal, which may be a condition"


def _apart(line: Line, sides: Sides, setting: Setting) -> tuple[World, tuple[int, ...]] | None:
    """Where the sides differ, with conditionals that are the same everywhere and with any; else None."""
    letters = letters_of(sides.both)
    found: tuple[World, tuple[int, ...]] | None = None
    for seed, alike in ((1, True), (2, False)):
        where = chain_world(sides.both, setting.networks, seed, setting.tables, alike=alike)
        place = place_apart(line, sides, where, letters, APART, 1e-12)
        if place is None:
            return None
        found = found or (where, place)
    return found


def _confirmed(line: Line, trial: Trial) -> Counterexample | None:
    """The numbers at a place, if the sides differ there at both precisions."""
    assert trial.sides is not None and trial.apart is not None
    where, place = trial.apart
    letters = letters_of(trial.sides.both)
    for digits in PRECISIONS:
        with mpmath.workdps(digits):
            a, b = (side[place] for side in values(line, trial.sides, where, letters, exact=True))
        if not abs(a - b) > APART * max(abs(a), abs(b)):
            return None
    return world_shown(where, letters, place, (a, b))
