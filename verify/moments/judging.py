"""What is found of an equation between means, variances and covariances of sums of random variables.

It holds if both sides agree in random worlds of finitely many outcomes, where as much is independent as the text says.
It is wrong if they differ in all of them, also where everything is independent, and one edit makes them agree.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from derive.chances.events import unbraced
from derive.notation.runs import walk
from derive.notation.syntax import Big, Node, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..maybeapplied import may_be_applied
from ..repair import repair_right_side
from ..results import Verdict
from ..roles import Role, announced, introduction
from ..spaces.trials import refuted, shown_latex
from .notation import TOGETHER, operators
from .reader import NoReading, Reader, size_named
from .told import Told, told_of
from .world import Kind, NoWorld, World

WORLDS = ((2, 11), (3, 12), (2, 13), (3, 14))  # how far sums run, and by what values are drawn
UNREADABLE = (NoReading, NoWorld, ArithmeticError, RecursionError)
CLOSE = 1e-9
POSED = (Role.ASSUMPTION, Role.EQUATION, Role.UPDATE)
AS: dict[Kind, str] = {
    "any": "",
    "independent": " that are independent",
    "alike": " that are independent and distributed alike",
    "same": " that are independent and all distributed alike",
}


def moments_found(line: Line, context: Context) -> Found | None:
    """What is found of an equation that speaks of moments of sums; None if nothing can be said."""
    if line.right is None or line.operator != "=" or not _speaks(line.left) or any(of_words(line)):
        return None
    if may_be_applied(line):
        return None
    if not any(isinstance(n, Sym) for n in walk(line.right)):
        return None  # what E[X] = 3.5 says of X is not said elsewhere
    told, role = told_of(line, context), announced(introduction(line.formula))
    if told.strange or role in POSED:
        return None
    kind: Kind = "alike" if told.alike else "independent" if told.independent else "any"
    trials = _trials(line.left, line.right, told, kind)
    if not trials:
        return None
    if all(trials):
        because = f"random variables of finitely many values agree{AS[kind]}"
        return Found(verdict=Verdict.HOLDS, because=because, reading=shown_latex(line))
    if (
        any(trials)
        or told.more
        or told.guessed
        or _are_akin(told)
        or role is Role.CHANGE
        or not _fails_anyway(line, told)
    ):
        return None
    correction = repair_right_side(line, context, lambda n: _rank(line, n, told, kind)) if context.mends else None
    if correction is None and not (told.names_constants or _has_no_constants(line, told, kind)):
        return None
    because = f"the two sides differ for random variables of finitely many values{AS[kind]}"
    return refuted(line, because, None, correction)


def _rank(line: Line, edited: Node, told: Told, kind: Kind) -> int | None:
    """0 of a right side with which both sides agree in all worlds, None of any other."""
    try:
        return 0 if all(_agree_in(line.left, edited, told, kind, *at) for at in WORLDS) else None
    except UNREADABLE:
        return None


def _are_akin(told: Told) -> bool:
    """Whether two random letters are told apart by a mark only, as y and ŷ, and may depend on each other."""
    bases = [name.base for name in told.random]
    return len(bases) > len(set(bases))


def _fails_anyway(line: Line, told: Told) -> bool:
    """Whether nobody can mean independent variables, or an equation is wrong of these too, also if they are alike."""
    assert line.right is not None
    if any(name in TOGETHER for name, _ in operators(line.right)):
        return True
    kinds: tuple[Kind, ...] = ("independent", "alike", "same")
    return not any(trial for kind in kinds for trial in _trials(line.left, line.right, told, kind) or (True,))


def _speaks(left: Node) -> bool:
    return any(True for _ in operators(left))


def _trials(left: Node, right: Node, told: Told, kind: Kind) -> list[bool]:
    """Whether two sides agree, in each of some worlds of a kind; none of what has no reading."""
    try:
        return [_agree_in(left, right, told, kind, *at) for at in WORLDS]
    except UNREADABLE:
        return []


def _has_no_constants(line: Line, told: Told, kind: Kind) -> bool:
    """Whether every letter is a random variable, one of its moments, or how far a sum runs."""
    reader = _reader((line.left, line.right), told, kind, *WORLDS[0])
    for side in (line.left, line.right):
        if side is not None:
            reader.value(side, {})
    return not reader.world.constants


def _agree_in(left: Node, right: Node, told: Told, kind: Kind, size: int, seed: int) -> bool:
    reader = _reader((left, right), told, kind, size, seed)
    one, other = (np.asarray(reader.value(side, {})) for side in (left, right))
    if one.size > 1 or other.size > 1 or not np.isfinite(one + other) or not reader.moments:
        raise NoReading("a side is random itself")
    scale = max(abs(float(one)), abs(float(other)), 1e-3)
    return abs(float(one - other)) <= CLOSE * scale


def _reader(sides: Iterable[Node | None], told: Told, kind: Kind, size: int, seed: int) -> Reader:
    rng = np.random.default_rng(seed)
    world = World(kind=kind, rng=rng, centred=told.centred, units=told.units, bits=told.bits, shared=told.shared)
    roots = [*(side for side in sides if side is not None), *told.defined.values(), *told.written.values()]
    sums = (n for root in roots for n in walk(root) if isinstance(n, Big))
    tops = (unbraced(n.above) for n in sums if n.above is not None)
    named = (top for top in tops if isinstance(top, Sym))
    sizes = {size_named(t) or t.base: size for t in named}
    return Reader(world=world, told=told, size=size, sizes=sizes)
