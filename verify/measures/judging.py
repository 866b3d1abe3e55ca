"""What is found of a relation between probabilities, distribution functions and moments: that it holds, or nothing.

An equation holds if it does in random finite probability spaces. An inequality holds if, for random events and values,
it does wherever one outcome has all weight, and its gap is concave in the weights: it is least at such a corner then.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from derive.chances.events import NotAProbability
from derive.notation.runs import walk
from derive.notation.syntax import Empty, Node, Sym

from ..context import Context
from ..found import Found
from ..lines import Line
from ..maybeapplied import may_be_applied
from ..moments.notation import FUNCTIONS, MEANS, operators
from ..related.mending import turned
from ..results import Verdict
from ..roles import Role
from ..spaces.claimed import is_doubted, is_posed
from ..spaces.trials import refuted, shown_latex
from .letters import (
    CHANCES,
    DENSITIES,
    MASSES,
    NAMED,
    TOTALS,
    classes_in,
    errors_in,
    is_mean_of,
    means_by_law,
    named_below,
    numerals_in,
    pairs_in,
    speaks_of_densities,
    variables_in,
)
from .reader import Reader
from .space import OUTCOMES, NoReading, Space

SPACES, FEWEST, PAIRS = 24, 8, 6
CLOSE = 1e-9
MOST_NUMERALS = 3
SCALES = (1.0, 20.0, 0.1)
_SHAPES = (
    r"(?<!non-)(?<!non)(?<!not )(?<!neither )\b{}(?:ity)?\b"
    r"(?! (?:sets?|hulls?|combin|cone|body|region|domain|optimi|problem))"
)
CONVEX, CONCAVE = (re.compile(_SHAPES.format(word), re.IGNORECASE) for word in ("convex", "concave"))
CALLED = re.compile(
    r"\b(?:convex|concave)(?: \w+)? \$\\?(\w+)\$|\$\\?(\w+)\$ (?:is|be)(?: an?)?(?: \w+)? (?:convex|concave)\b"
)
SIGNS = {"<=": 1, ">=": -1}
UNREADABLE = (NoReading, NotAProbability, ArithmeticError, ValueError, TypeError, RecursionError)
Side = Callable[[Reader], float]


def measured_found(line: Line, context: Context) -> Found | None:
    """That a relation holds in all finite probability spaces, or that it does turned round; None of anything else."""
    if line.right is None or isinstance(line.left, Empty) or line.operator not in ("=", *SIGNS):
        return None
    sides = line.left, line.right
    if any(isinstance(side, Sym) and side.base in NAMED for side in sides):  # which it may give a meaning
        return None
    if may_be_applied(line, FUNCTIONS):
        return None
    bend = _bend(line) if line.operator != "=" else 0
    if not any(map(_speaks, sides)) and not (bend and any(True for side in sides for _ in operators(side))):
        return None
    trials = _trials(line, context, bend)
    if len(trials) >= FEWEST and all(trials):
        because = "no proof was found; it holds in random finite probability spaces"
        return Found(verdict=Verdict.HOLDS, because=because, reading=shown_latex(line))
    return _turned(line, context, bend, trials)


def _turned(line: Line, context: Context, bend: int, trials: list[bool]) -> Found | None:
    """Jensen's inequality for what the words call convex or concave, if it holds in all spaces turned round only."""
    if not bend or line.after == "=>" or any(trials) or len(trials) < FEWEST or not _is_called_bent(line):
        return None
    if is_doubted(line) or is_posed(line, Role.CHANGE, Role.UPDATE):
        return None

    def holds(other: Line) -> bool:
        found = _trials(other, context, bend)
        return len(found) >= FEWEST and all(found)

    correction = turned(line, holds)
    because = "it fails in random finite probability spaces, and holds in all of them turned round"
    return None if correction is None else refuted(line, because, None, correction)


def _is_called_bent(line: Line) -> bool:
    """Whether the words before a line call the one function in it convex or concave, and no other: not the g = −f."""
    assert line.right is not None
    heads = {h.base for side in (line.left, line.right) for h, _ in pairs_in(side) if h.base not in MEANS}
    called = {m[1] or m[2] for m in CALLED.finditer(line.formula.before)}
    return len(heads) == 1 and called == heads


def _trials(line: Line, context: Context, bend: int) -> list[bool]:
    """Whether a relation passes, in each of some spaces in which it has values."""
    assert line.right is not None
    premise = _premise(line, context)
    roots = (line.left, line.right, *premise)
    variables, continuous = variables_in(roots), speaks_of_densities(roots)
    errors, classes, numerals = errors_in(roots), classes_in(roots), numerals_in(roots)
    if len(numerals) > MOST_NUMERALS:
        return []
    spaces = (
        Space(
            rng=np.random.default_rng(seed), continuous=continuous, bend=bend, numerals=numerals, scale=SCALES[seed % 3]
        )
        for seed in range(SPACES)
    )
    readers = (Reader(space=s, variables=variables - errors, errors=errors, classes=classes) for s in spaces)
    test = _agrees if line.operator == "=" else _is_ordered
    return [t for r in readers if (t := _tried(r, line, premise, test)) is not None]


def _speaks(side: Node) -> bool:
    """Whether a side has a probability of an event, a mean by a law, or what is named by its variables."""
    if any(isinstance(n, Sym) and n.base in NAMED and n.sub is not None for n in walk(side)):
        return True
    for head, group in pairs_in(side):
        if means_by_law(head, group) is not None or is_mean_of(head, group):
            return True
        if head.base in CHANCES and head.sub is None:
            return True
        if head.base in MASSES | DENSITIES | TOTALS and head.sub is not None and named_below(head) is not None:
            return True
    return False


def _bend(line: Line) -> int:
    """1 if the words around an inequality call a function convex, −1 if concave, 0 if neither or both."""
    words = f"{line.formula.before} {line.formula.after}"
    return (CONVEX.search(words) is not None) - (CONCAVE.search(words) is not None)


def _premise(line: Line, context: Context) -> tuple[Node, ...]:
    """The two sides of what stands before ⇒, with the sign between them told by their order; () if nothing does."""
    if line.after != "=>":
        return ()
    before = next((n for n in context.lines.lines if n.number == line.number - 1 and n.formula is line.formula), None)
    if before is None or before.right is None:
        return ()
    return (before.left, before.right) if before.operator in ("<=", "subset", "subseteq") else ()


def _tried(reader: Reader, line: Line, premise: tuple[Node, ...], test: Callable[..., bool]) -> bool | None:
    """Whether a relation passes in one space; None if it has no values there, or its premise is not met."""
    assert line.right is not None
    try:
        if premise and not _is_met(reader, premise):
            return None
        return test(reader, line)
    except UNREADABLE:
        return None


def _is_met(reader: Reader, premise: tuple[Node, ...]) -> bool:
    """Whether A ⊆ B or x ≤ y; A is made smaller where it is an event."""
    first, second = premise
    if all(isinstance(n, Sym) and n.base.isupper() for n in premise):
        inner, outer = (reader.event(n, {}) for n in premise)
        inner &= outer  # in the place where it is kept
        return bool(inner.any())
    return bool(reader.value(first, {}) <= reader.value(second, {}))


def _agrees(reader: Reader, line: Line) -> bool:
    left, right = _sides(reader, line)
    return abs(left - right) <= CLOSE * max(abs(left), abs(right), 1e-3)


def _is_ordered(reader: Reader, line: Line) -> bool:
    """Whether a gap is not negative at every corner, and concave between other weights."""
    space, sizes = reader.space, [1.0]

    def gap(weights: np.ndarray) -> float:
        space.weights = weights
        left, right = _sides(reader, line)
        sizes.extend((abs(left), abs(right)))
        return SIGNS[line.operator] * (right - left)

    gap(space.weights)  # so that all letters are drawn
    corners = [gap(corner) for corner in np.eye(OUTCOMES)]
    bent = [_bulge(gap, space) for _ in range(PAIRS)]
    return min(*corners, *bent) >= -CLOSE * max(sizes)


def _bulge(gap: Callable[[np.ndarray], float], space: Space) -> float:
    """How much more a gap is between two weights than half way between its values there."""
    one, other = space.drawn_weights(), space.drawn_weights()
    return gap((one + other) / 2) - (gap(one) + gap(other)) / 2


def _sides(reader: Reader, line: Line) -> tuple[float, float]:
    reader.measured = 0
    found = [reader.value(side, {}) for side in (line.left, line.right) if side is not None]
    if any(np.size(v) > 1 or not np.all(np.isfinite(v)) for v in found) or not reader.measured:
        raise NoReading("a side is random itself")
    return float(found[0]), float(found[1])
