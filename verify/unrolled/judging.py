"""What running a recursion says of a closed form: v_t = (1 − β) Σ β^{t−i} g_i where v_t = β v_{t−1} + (1 − β) g_t.

It holds if it does after every number of steps. It is wrong if it fails, the words say that it follows, and one edit
makes it hold.
"""

from __future__ import annotations

import math
import re

from derive.notation.runs import walk
from derive.notation.syntax import Node, Num, Sym

from ..context import Context
from ..found import Found
from ..functions import key_of
from ..lines import Line
from ..repair import repair_right_side
from ..roles import CLAIMING, announced, introduction
from ..spaces.claimed import is_doubted, is_posed
from ..spaces.trials import held, refuted
from .recursion import Recursion, is_step, recursions_in, starts_of
from .values import NoValue, World, index_of, members_in, name_of, script_of, uses_of

UNROLLED = re.compile(
    r"\bunroll|\bunfold|\bunwind|\bexpanding|recursively|closed form|repeated(?:ly)? (?:substitut|appl)|by induction"
    r"|\bcan (?:also )?be (?:re)?written|\bwritten out\b|\bsolving the recursion|\biterating (?:this|the)",
    re.IGNORECASE,
)
STEPS = range(1, 6)
SEEDS = (1, 2)


def unrolled_found(line: Line, context: Context) -> Found | None:
    """What is found of a closed form of a letter that a recursion of the text gives; None for other lines."""
    if not isinstance(line.left, Sym) or line.right is None or line.operator != "=" or line.link:
        return None
    before = [ln for ln in context.lines.lines if ln.number < line.number]
    known = [r for r in recursions_in(before) if r.name == name_of(line.left)]
    if len({(r.letter, r.shift, key_of(r.body)) for r in known}) != 1:
        return None
    agrees = _agrees(line, line.right, known[0], context)
    if agrees:
        return held(line, "running the recursion of the text gives it after each of a few steps")
    return _refuted(line, context, known[0]) if agrees is False else None


def _refuted(line: Line, context: Context, recursion: Recursion) -> Found | None:
    """A closed form that fails, if one edit makes it hold."""
    sentence = introduction(line.formula)
    assert line.right is not None
    steps = {(n.base, False) for n in walk(line.left) if isinstance(n, Sym)}
    if not uses_of(line.right) <= uses_of(recursion.body) | {(recursion.name, True)} | steps:
        return None  # g for g_t: the text may let it be the same at all steps
    if announced(sentence) not in CLAIMING or not context.mends or is_doubted(line) or is_posed(line):
        return None
    correction = repair_right_side(line, context, lambda node: 0 if _agrees(line, node, recursion, context) else None)
    if correction is None and UNROLLED.search(sentence) is None:
        return None
    return refuted(line, "running the recursion of the text gives other values", None, correction)


def _agrees(line: Line, right: Node, recursion: Recursion, context: Context) -> bool | None:
    """Whether a right side is what the recursion gives, at all steps; None if it has no value, or is no closed form."""
    assert isinstance(line.left, Sym)
    try:
        index, power = script_of(line.left)
        start = _start(right, recursion, context)
        if start is None or power is not None or index is None or not is_step(index):
            return None
        letter = next(n.base for n in walk(index) if isinstance(n, Sym))
        checks = [_at(index, letter, right, start, seed, recursion, context) for seed in SEEDS]
    except (NoValue, ZeroDivisionError, OverflowError, ValueError):
        return None
    return all(checks)


def _start(right: Node, recursion: Recursion, context: Context) -> int | None:
    """The first index of the letter: at which it stands on the right, or for which the text gives its value."""
    places = list(members_in(right, recursion.name))
    if any(not isinstance(p, Num) for p in places):
        return None
    found = {index_of(p, {}) for p in places} or {*starts_of(recursion, context.lines.lines)}
    return found.pop() if len(found) == 1 else None


def _at(index: Node, letter: str, right: Node, start: int, seed: int, recursion: Recursion, context: Context) -> bool:
    """Whether a closed form is right after each of a few steps, in one choice of the numbers."""
    world = World(seed=seed)
    if not any(members_in(right, recursion.name)):  # else it is for any first value
        world.known |= {(recursion.name, place): v for place, v in starts_of(recursion, context.lines.lines).items()}
    recursion.run(world, start, STEPS[-1])
    shift = index_of(index, {letter: 0})
    for k in STEPS:
        env = {letter: start + k - shift}
        if not math.isclose(world.value(right, env), world.of(recursion.name, start + k), rel_tol=1e-9):
            return False
    return True
