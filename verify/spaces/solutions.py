"""What numbers say of a point at which a function of the text is said to be least or greatest: is its gradient zero?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Node, Sym

from ..context import Context
from ..found import Found
from ..functions import key_of
from ..lines import Line
from ..results import Counterexample
from ..roles import Role, introduction, mentions
from .claimed import is_doubted, says_nothing
from .evaluation import Evaluator
from .slopes import gradient
from .texts import Said, Text
from .trials import Readings, TooMany, asked_by, held, is_mixed, knowledge, mended, readings, refuted
from .values import NoValue, Value
from .worlds import Unshaped, World

SOLVED = re.compile(
    r"\b(?:(?:set|sett|equat|put)\w*\b[^.;]*\b(?:zero|0)|solv\w+|solution|minimi[sz]\w+|maximi[sz]\w+|optim\w+"
    r"|stationary|critical|attained|vanish\w*|(?:Newton|search) (?:step|direction))\b",
    re.IGNORECASE,
)
LIMITED = re.compile(r"\b(?:subject to|constrain\w*|s\.\s?t\.|approximat\w+|prox\w*|project\w*)", re.IGNORECASE)
WORLDS = 5
SMALL = 1e-5


def solution_in_space(line: Line, context: Context) -> Found | None:
    """Whether the point that a line gives makes the gradient of a function of the text zero; None if it is not said."""
    if line.right is None or line.link or line.operator not in DEFINING or not isinstance(line.left, Sym):
        return None
    words = line.formula.before[-300:]
    if not SOLVED.search(words) or LIMITED.search(words) or is_mixed(line.right) or says_nothing(line):
        return None
    text = knowledge(context)
    own = [n for n in walk(line.right) if isinstance(n, Sym) and n.base == line.left.base]
    functions = [] if own else list(_functions_of(line.left, line, text))
    if len(functions) != 1:
        return None
    function = functions[0]
    shapes = _readings(line.right, function, line, text)
    outcomes = [_is_zero(line.right, function, line, text, world) for world in _worlds(shapes, text)]
    known = [o for o in outcomes if o is not None]
    if len(known) < WORLDS:
        return None
    if all(known):
        because = f"the gradient of {function.letter.family} is zero there, in {len(known)} choices of all letters"
        return held(line, because)
    if any(known) or is_doubted(line) or mentions(introduction(line.formula), Role.CHANGE, Role.ASSUMPTION):
        return None
    # made of letters on which the function rests: of no other function, with a penalty say
    closed = asked_by(line.right, line, text, shapes[0]) <= asked_by(function.body, line, text, shapes[0])
    return _refuted(line, context, function, shapes) if closed else None


def _refuted(line: Line, context: Context, function: Said, shapes: Readings) -> Found | None:
    """A point at which the gradient is nowhere zero, if one edit makes it zero."""
    text = knowledge(context)
    own = getattr(line.left, "base", "")

    def holds(node: Node) -> bool:
        if any(isinstance(n, Sym) and n.base == own for n in walk(node)):
            return False
        try:
            return all(_is_zero(node, function, line, text, world) for world in _worlds(shapes, text))
        except Unshaped:
            return False

    correction = mended(line, context, holds)
    if correction is None:
        return None
    because = f"the gradient of {function.letter.family} is not zero there"
    return refuted(line, because, Counterexample(left="0", right=because), correction)


def _functions_of(point: Sym, line: Line, text: Text) -> Iterable[Said]:
    """The functions of the text that have the letter of a point as an argument, each once."""
    found = (s for entries in text.functions.values() for s in entries if s.number < line.number)
    return {key_of(s.body): s for s in found if any(p.base == point.base for p in s.parameters)}.values()


def _worlds(shapes: Readings, text: Text) -> Iterator[World]:
    for reading in shapes:
        for seed in range(WORLDS):
            yield World(seed=seed, shapes=reading, text=text)


def _readings(right: Node, function: Said, line: Line, text: Text) -> Readings:
    """The shapes of all letters with which the gradient has a value; none if too many."""
    try:
        return [shapes for _, shapes in readings(lambda world: _is_zero(right, function, line, text, world), text)]
    except TooMany:
        return []


def _is_zero(right: Node, function: Said, line: Line, text: Text, world: World) -> bool | None:
    """Whether the gradient of a function is zero at a point in one world; None if it has no value there."""
    evaluator = Evaluator(text=text, world=world, before=line.number - 1)
    base = getattr(line.left, "base", "")
    parameter = next(p for p in function.parameters if p.base == base)
    letter = text.letter(parameter)
    key = letter.family, ()

    def along(x: Value) -> Value:
        return replace(evaluator, bound={key: x}, depth=1).value(function.body)

    try:
        with np.errstate(all="ignore"):
            at = evaluator.value(right)
            slope, unlike = gradient(along, at), gradient(along, at + 0.5)
    except (NoValue, OverflowError, ZeroDivisionError, np.linalg.LinAlgError):
        return None
    size = float(np.max(np.abs(unlike)))
    if not np.isfinite(size) or not np.all(np.isfinite(slope)) or size < SMALL:
        return None
    return bool(np.max(np.abs(slope)) < SMALL * size)
