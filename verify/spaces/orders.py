"""What numbers say of an inequality about functions that are smooth, convex or strongly convex.

The functions are quadratic, with curvatures up to the ends of what the text allows, where such bounds are attained. An
inequality holds if it does in all worlds in which the conditions of the text hold, and is attained in one. It is wrong
if it fails in one of them, and one edit makes it hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.notation.runs import walk
from derive.notation.syntax import Node, Sym

from ..context import Context
from ..found import Found
from ..functions import key_of
from ..lines import Line
from ..related.mending import Mended, turned
from ..roles import Role, introduction
from .claimed import is_doubted, is_posed
from .conditions import MARGIN, NOT_LESS, NOT_MORE, conditions_before, is_met, value_if_any, value_of
from .quantities import Seen
from .texts import Text
from .trials import compared, held, is_mixed, knowledge, mended, readings_of, refuted
from .values import Value, is_number
from .worlds import Premises, Unshaped, World

WORLDS = 60
FEWEST = 15
ABOUT_ZERO = 1e-2
CONSTANTS = frozenset(
    {"L", "M", "m", "mu", "beta", "sigma", "ell", "kappa", "nu", "gamma", "K", "G", "B", "C", "c", "l"}
)
_LETTER = r"\${1,2}\s*\\?([A-Za-z]+)\s*(?:>\s*0\s*)?\${1,2}"
SMOOTH = (
    re.compile(rf"{_LETTER}\s*-\s*(?:smooth|Lipschitz)"),
    re.compile(rf"(?:smooth|Lipschitz)[^.$]*\b(?:constant|parameter|modulus)\s*{_LETTER}"),
)
STRONG = (
    re.compile(rf"{_LETTER}\s*-\s*strong"),
    re.compile(rf"strong\w* conv\w+[^.$]*\b(?:constant|parameter|modulus)\s*{_LETTER}"),
)
CONVEX = re.compile(r"\bconvex\b")
CALLED_CONVEX = re.compile(
    r"\$\\?(?P<before>[A-Za-z]+)\$ (?:is|be) (?:said to be |called |an? )?(?:[a-z]+ )?convex\b(?! (?:set|hull|com))"
    r"|(?<![-\w])convex (?:function|loss|objective|cost) \$\\?(?P<behind>[A-Za-z]+)"
)
DEFINED = re.compile(r"\bconvex,? (?:if|when|iff|exactly|provided)\b")  # what then stands is what it means
OTHERWISE = re.compile(r"\b(?:concave|non-?convex|not (?:\w+ )?convex|maxim\w*)\b", re.IGNORECASE)
LEAST = re.compile(r"\b(?:minimi[sz]er|optim(?:al|um)|minimum|minimal|global min|argmin|solution)\b")


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A world in which the conditions hold, with both sides there, the lower one first."""

    world: World
    lower: Any
    upper: Any

    @property
    def gap(self) -> float:
        """How much more the upper side is, relative to their size."""
        size = max(abs(self.lower), abs(self.upper), 1e-3)
        return float((self.upper - self.lower) / size)

    @property
    def is_attained(self) -> bool:
        """Whether the sides are equal, and not both about zero."""
        return self.gap < MARGIN and abs(self.upper) > ABOUT_ZERO


def order_in_space(line: Line, context: Context) -> Found | None:
    """What numbers say of an inequality; None if it has no value, or nothing can be said."""
    if line.right is None or line.operator not in NOT_MORE | NOT_LESS:
        return None
    text = knowledge(context)
    if not _speaks_of_functions(line, text) or any(is_mixed(s) for s in (line.left, line.right)):
        return None
    premises = premises_of(text, context)
    if premises is None:
        return None
    tried = list(_tried(line, context, text, premises))
    if len(tried) < FEWEST:
        return None
    failed = [t for t in tried if t.gap < -MARGIN]
    if not failed:
        because = f"no proof was found; it holds in {len(tried)} trials with quadratic functions, and is attained"
        return held(line, because) if any(t.is_attained for t in tried) else None
    if not _are_said(line, premises):
        return None
    if (is_doubted(line) or is_posed(line, Role.CHANGE)) and not DEFINED.search(introduction(line.formula)):
        return None
    return _refuted(line, context, text, tried, failed[0])


def _refuted(line: Line, context: Context, text: Text, tried: list[Tried], failed: Tried) -> Found | None:
    """An inequality that fails, if one edit of its right side makes it hold and be attained, or its sign is turned."""
    if (other := _turned(line, text, tried)) is not None:
        because = "it fails for a convex quadratic function, and the other way round it holds for all that were tried"
        return refuted(line, because, compared(failed.lower, failed.upper), other)
    if DEFINED.search(introduction(line.formula)):
        return None
    ordered = sorted(tried, key=lambda t: t.gap)

    def holds(node: Node) -> bool:
        return key_of(node) != key_of(line.left) and _would_hold(node, line, text, ordered)

    correction = mended(line, context, holds)
    if correction is None:
        return None
    return refuted(
        line, "it fails for a quadratic function as the text has it", compared(failed.lower, failed.upper), correction
    )


def _turned(line: Line, text: Text, tried: list[Tried]) -> Mended:
    """The other sign, where it holds in all trials where the text calls the very function convex."""
    if any(t.gap > MARGIN for t in tried) or sum(t.gap < -MARGIN for t in tried) < FEWEST:
        return None
    heads = {n.base for n in walk(line.left) if isinstance(n, Sym)} & text.heads
    called = {m["before"] or m["behind"] for m in CALLED_CONVEX.finditer(text.prose)}
    return turned(line, lambda _: True) if heads & called and not OTHERWISE.search(text.prose) else None


def _would_hold(node: Node, line: Line, text: Text, tried: list[Tried]) -> bool:
    attained = False
    for t in tried:
        try:
            value = value_of(node, line, text, t.world, Seen())
        except Unshaped:
            return False
        if value is None or not _is_finite(value):
            return False
        lower, upper = (t.lower, value) if line.operator in NOT_MORE else (value, t.upper)
        edited = Tried(world=t.world, lower=lower, upper=upper)
        if edited.gap < -MARGIN:
            return False
        attained = attained or edited.is_attained
    return attained


def _is_finite(value: Value) -> bool:
    return is_number(value) and bool(np.isfinite(value))


def _are_said(line: Line, premises: Premises) -> bool:
    """Whether the text says of each usual constant of a relation what it bounds."""
    nodes = (n for side in (line.left, line.right) if side is not None for n in walk(side))
    return {n.base for n in nodes if isinstance(n, Sym)} & CONSTANTS <= {premises.smooth, premises.strong}


def _speaks_of_functions(line: Line, text: Text) -> bool:
    """Whether an unknown function stands in a relation, and no Hessian, which is special where it is constant."""
    assert line.right is not None
    heads = text.heads - text.functions.keys()
    syms = [[n for n in walk(side) if isinstance(n, Sym)] for side in (line.left, line.right)]
    second = any((n.base == "nabla" and n.sup is not None) or n.primes > 1 for side in syms for n in side)
    left, right = ({n.base for n in side if n.base in heads} for side in syms)
    return bool(left | right) and not second


# -- what the text says of its functions -----------------------------------------------------------------


def premises_of(text: Text, context: Context) -> Premises | None:
    """What the text says of its functions; None if nothing."""
    prose = text.prose
    smooth, strong = (_first(patterns, prose) for patterns in (SMOOTH, STRONG))
    convex = CONVEX.search(prose) is not None
    if not smooth and not strong and not convex:
        return None
    starred = sorted(f for f in text.bare | text.indexed if f.endswith("^*") and f.removesuffix("^*") not in text.heads)
    least = starred[0] if len(starred) == 1 and LEAST.search(prose) else ""
    if not least and LEAST.search(prose) and any(f.removesuffix("^*") in text.heads for f in text.bare):
        least = "x^*"
    return Premises(smooth=smooth, strong=strong, convex=convex, least=least)


def _first(patterns: tuple[re.Pattern[str], ...], prose: str) -> str:
    found = next((m for p in patterns for m in p.finditer(prose)), None)
    return found[1] if found is not None else ""


# -- trials ----------------------------------------------------------------------------------------------


def _tried(line: Line, context: Context, text: Text, premises: Premises) -> Iterator[Tried]:
    """The worlds in which both sides have values and the conditions of the text hold."""
    assert line.right is not None
    sides = line.left, line.right
    readings, _ = readings_of(sides, line, text, premises)
    conditions = conditions_before(line, context)
    for shapes in readings:
        for seed in range(WORLDS):
            world = World(seed=seed, shapes=shapes, text=text, premises=premises)
            left, right = (value_if_any(side, line, text, world, Seen()) for side in sides)
            if left is None or right is None or not _is_finite(left) or not _is_finite(right):
                continue
            if all(is_met(c, text, world) for c in conditions):
                lower, upper = (left, right) if line.operator in NOT_MORE else (right, left)
                yield Tried(world=world, lower=lower, upper=upper)
