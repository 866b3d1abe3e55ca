"""A relation tried by numbers: in which shapes of its letters it has values, and in which worlds it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any

import numpy as np

from derive.notation.runs import walk
from derive.notation.syntax import Big, Fn, Node, Num, Sym

from ..context import Context
from ..found import ANYTHING_FALSE, Found
from ..judge import Judgement
from ..lines import Line
from ..repair import repair_right_side
from ..results import Counterexample, Suggestion, Verdict
from ..rules.edit import Rule
from .conditions import conditions_before, is_met, value_if_any, value_of
from .quantities import Seen
from .texts import Shape, Text, shapes_for, text_of
from .values import NoValue, Value, differs, have_one_shape
from .worlds import Mode, Premises, Unshaped, World

MOST_TRIED = 400
MOST_EVALUATED = 50_000  # parts of formulas, over all shapes: a bound on time would be another on each machine
WORLDS = tuple((seed, positive) for seed in range(3) for positive in (True, False))
FAR_SEEDS, SWITCHED = 4, 30  # max(a, b) may be a by chance in a few
FAR = 40.0  # times as large: max(0, x + 3) is x + 3 for small x, and σ(x + 30) nearly 1
FEWEST = 2
Sides = tuple[Any, Any]
Readings = list[Mapping[str, Shape]]
Mended = tuple[Rule, Suggestion]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of trying a relation.

    Attributes:
        holds: in how many worlds it does.
        fails: in how many it does not.
        asked: the letters whose values were chosen.
        shown: the two sides in a world in which they differ.
    """

    holds: int = 0
    fails: int = 0
    asked: frozenset[str] = frozenset()
    shown: Sides | None = None

    @property
    def is_true(self) -> bool:
        """Whether it holds in all worlds, and in enough of them."""
        return self.holds >= FEWEST and not self.fails

    @property
    def is_false(self) -> bool:
        """Whether it fails in all worlds, and in enough of them."""
        return self.fails >= FEWEST and not self.holds


def knowledge(context: Context) -> Text:
    """What a text says of vectors and matrices, found once."""
    if context.spaces is None:
        context.spaces = text_of(context.lines)
    return context.spaces


def lenient_knowledge(context: Context) -> Text:
    """The same where letters are told apart by their type and mean what they were last said to be, found once."""
    if context.lenient_spaces is None:
        context.lenient_spaces = text_of(context.lines, lenient=True)
    return context.lenient_spaces


# -- shapes ----------------------------------------------------------------------------------------------


def readings(
    has_value: Callable[[World], bool | None], text: Text, premises: Premises | None = None, most: int = MOST_TRIED
) -> Iterator[Any]:
    """The shapes of all letters with which something has a value, as pairs of what is said of them and the shapes.

    Args:
        has_value: tries one world; None if there is no value in it. It may raise Unshaped for a letter.
        text: what is said.
        premises: what functions are.
        most: how many shapes are tried.
    """
    waiting: list[dict[str, Shape]] = [{}]
    for _ in range(most):
        if not waiting:
            return
        shapes = waiting.pop()
        try:
            tried = (has_value(World(seed=s, shapes=shapes, text=text, premises=premises)) for s in range(2))
            found = next((t for t in tried if t is not None), None)
        except Unshaped as missing:
            waiting += [{**shapes, missing.family: s} for s in reversed(shapes_for(missing.family, text))]
            continue
        if found is not None:
            yield found, shapes
    raise TooMany


class TooMany(Exception):
    """There are more shapes that letters may have than can be tried."""


def readings_of(
    sides: Sides, line: Line, text: Text, premises: Premises | None = None, most: int = MOST_TRIED
) -> tuple[Readings, Readings]:
    """The shapes of all letters with which both sides have values: of one shape, and of two; none if too many."""
    seen = Seen(most=MOST_EVALUATED)

    def fits(world: World) -> bool | None:
        if seen.is_too_much:
            raise TooMany
        left = value_of(sides[0], line, text, world, seen)
        right = None if left is None else value_of(sides[1], line, text, world, seen)
        return None if left is None or right is None else have_one_shape(left, right)

    fitting: Readings = []
    unfitting: Readings = []
    try:
        for fit, shapes in readings(fits, text, premises, most):
            (fitting if fit else unfitting).append(shapes)
    except TooMany:
        return [], []
    return fitting, unfitting


# -- worlds ----------------------------------------------------------------------------------------------


def outcome(
    sides: Sides,
    line: Line,
    context: Context,
    text: Text,
    shapes: Readings,
    mode: Mode = Mode.GENERAL,
    premises: Premises | None = None,
    *,
    whole: bool = True,
    coinciding: bool = False,
) -> Outcome:
    """What comes of trying a relation in every world of every reading in which the conditions of the text hold.

    Args:
        sides: what is compared.
        line: the relation.
        context: the lines before it.
        text: what is said of the letters.
        shapes: the readings.
        mode: what matrices are.
        premises: what functions are.
        whole: whether to go on where it holds in one world and fails in another.
        coinciding: whether free indices are the same number.
    """
    conditions = conditions_before(line, context)
    holds = fails = 0
    asked: set[str] = set()
    shown = None
    for reading in shapes:
        draw = partial(World, shapes=reading, text=text, mode=mode, premises=premises, coinciding=coinciding)
        turns = False
        for kind, world in _worlds(draw):
            if (kind is not Kind.USUAL and (fails or not holds)) or (kind is Kind.MANY and not turns):
                break
            seen = Seen()
            left, right = (value_if_any(side, line, text, world, seen) for side in sides)
            asked, turns = asked | seen.asked, turns or seen.turns
            wrong = _differ(left, right, seen, last_decimal(sides[1]))
            if wrong is None or not all(is_met(c, text, world) for c in conditions):
                continue
            holds, fails = holds + (not wrong), fails + wrong
            shown = (left, right) if wrong and shown is None else shown
            if holds and fails and not whole:
                break
    return Outcome(holds=holds, fails=fails, asked=frozenset(asked), shown=shown)


class Kind(Enum):
    """Why a world is tried: always, where a claim holds in all usual ones, and where it chooses between numbers."""

    USUAL = auto()
    FAR = auto()
    MANY = auto()


def _worlds(draw: Callable[..., World]) -> Iterator[tuple[Kind, World]]:
    """The worlds to try in turn; each is made when it is asked for."""
    yield from ((Kind.USUAL, draw(seed=seed, positive=positive)) for seed, positive in WORLDS)
    yield from ((Kind.FAR, draw(seed=seed, positive=False, stretch=FAR)) for seed in range(FAR_SEEDS))
    yield from ((Kind.MANY, draw(seed=seed, positive=seed % 2 == 0)) for seed in range(FAR_SEEDS, SWITCHED))


def asked_by(node: Node, line: Line, text: Text, shapes: Mapping[str, Shape]) -> set[str]:
    """The letters whose values a side asks for, also through what the text defines."""
    seen = Seen()
    value_if_any(node, line, text, World(seed=0, shapes=shapes, text=text), seen)
    return seen.asked


def last_decimal(right: Node) -> float:
    """One unit of the last decimal of numbers that may be rounded; 0 where letters stand beside them."""
    nodes = list(walk(right))
    if any(isinstance(n, Sym | Fn) for n in nodes):
        return 0.0
    decimals = [len(n.text.partition(".")[2]) for n in nodes if isinstance(n, Num) and "." in n.text]
    return 10.0 ** -min(decimals) if decimals else 0.0


def _differ(left: Value | None, right: Value | None, seen: Seen, unit: float) -> bool | None:
    """Whether two values differ; None if they cannot be compared, or only in a last decimal of so much."""
    if left is None or right is None:
        return None
    try:
        if not differs(left, right, rough=seen.rough, slack=unit / 2):
            return False
        return True if differs(left, right, rough=seen.rough, slack=unit) else None
    except NoValue:
        return None


def right_sides(line: Line, text: Text, shapes: Readings) -> Callable[[Node, frozenset[str]], bool]:
    """A test whether another right side would hold in every world, asking for nothing but some letters."""
    seeds = (*WORLDS, (FAR_SEEDS - 1, False))
    worlds = [World(seed=s, shapes=r, text=text, positive=positive) for r in shapes for s, positive in seeds]
    known = [(w, v) for w in worlds if (v := value_if_any(line.left, line, text, w, Seen())) is not None]

    def would_hold(right: Node, asked: frozenset[str]) -> bool:
        count = 0
        for world, left in known:
            seen = Seen(rough=True)
            try:
                wrong = _differ(left, value_of(right, line, text, world, seen), seen, last_decimal(right))
            except Unshaped:
                return False
            if wrong or not seen.asked <= asked or (wrong is None and not count):
                return False
            count += wrong is not None
        return count >= max(FEWEST, len(known) / 2)

    return would_hold


# -- what is found ---------------------------------------------------------------------------------------


def is_mixed(node: Node) -> bool:
    """Whether a letter over which a sum runs also stands outside of it, so that the sum may reach further."""
    bigs = [n for n in walk(node) if isinstance(n, Big) and n.below is not None]
    for big in bigs:
        bound = next((n.base for n in walk(big.below) if isinstance(n, Sym)), None) if big.below else None
        inside = {id(n) for n in walk(big)}
        others = {id(n) for b in bigs if b is not big for n in walk(b)}
        free = (n for n in walk(node) if isinstance(n, Sym) and id(n) not in inside | others)
        if bound is not None and any(n.base == bound for n in free):
            return True
    return False


def mended(line: Line, context: Context, holds: Callable[[Node], bool]) -> Mended | None:
    """The cheapest edit of the right side that makes a relation hold."""
    return repair_right_side(line, context, lambda node: 0 if not is_mixed(node) and holds(node) else None)


def held(line: Line, because: str) -> Found:
    """That a relation holds, as far as numbers tell."""
    return Found(verdict=Verdict.HOLDS, because=because, reading=shown_latex(line))


def refuted(line: Line, because: str, shown: Counterexample | None, correction: Mended | None) -> Found:
    """That a relation is wrong."""
    return Found(
        verdict=Verdict.REFUTED,
        because=because,
        reading=shown_latex(line),
        judgement=Judgement(verdict=Verdict.REFUTED, because=because, counterexample=shown) if shown else None,
        rule=correction[0].code if correction else ANYTHING_FALSE,
        suggestion=correction[1] if correction else None,
    )


def shown_latex(line: Line) -> str:
    """The source of a relation."""
    return line.formula.latex[slice(*line.span)]


def compared(left: Value, right: Value) -> Counterexample:
    """Two values in decimals."""
    return Counterexample(left=_written(left), right=_written(right))


def _written(value: Value) -> str:
    return " ".join(f"{x:.6g}" for x in np.ravel(value)) if not isinstance(value, str) else value
