"""What numbers say of a relation between vectors, matrices and functions, over all shapes that its letters may have.

It holds if it does in every world of every reading whose shapes fit. It is wrong if it fails in every one of them, also
where matrices are symmetric or orthonormal and functions are least where a starred letter says, is claimed of all
values, and one edit makes it hold; or if nothing in it is left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.notation.definitions import DEFINING
from derive.notation.syntax import Empty, Node

from ..context import Context
from ..found import Found
from ..functions import key_of
from ..lines import Line
from .claimed import defines, is_fixed, may_be_wrong, reaches_on, says_nothing
from .texts import Text
from .trials import (
    Outcome,
    Readings,
    compared,
    held,
    is_mixed,
    knowledge,
    mended,
    outcome,
    readings_of,
    refuted,
    right_sides,
)
from .worlds import Mode, Premises

ORTHONORMAL = re.compile(
    r"\b(?:orthogonal\w*|orthonormal\w*|unit|normali[sz]\w*|unitary|rotat\w+|eigen\w+|QR|SVD|singular|whiten\w*"
    r"|(?:unit|of) (?:norm|length))\b",
    re.IGNORECASE,
)
STARRED = "^*"


def space_found(line: Line, context: Context, *, disputed: bool) -> Found | None:
    """What numbers say of an equation; None if it has no value, or nothing can be said.

    Args:
        line: the equation.
        context: the text.
        disputed: whether there is a known reason not to call it wrong.
    """
    if line.right is None or line.operator not in DEFINING or isinstance(line.left, Empty) or says_nothing(line):
        return None
    text = knowledge(context)
    sides = line.left, line.right
    if key_of(line.left) == key_of(line.right) or defines(line, text) or any(is_mixed(side) for side in sides):
        return None
    fitting, unfitting = readings_of(sides, line, text)
    general = outcome(sides, line, context, fitting, whole=False)
    if general.is_true and _has_matrices(general, fitting):
        because = f"no proof was found; in {general.holds} choices of vectors and matrices the sides agree"
        return held(line, because)
    if disputed or any(reaches_on(side) for side in sides) or not (general.is_false or (unfitting and not fitting)):
        return None
    if any(outcome(sides, line, context, fitting, *special).holds for special in _special(text, general)):
        return None
    return _refuted(
        line, context, fitting or unfitting, general if fitting else outcome(sides, line, context, unfitting)
    )


def _has_matrices(general: Outcome, fitting: Readings) -> bool:
    """Whether no capital beside vectors has to be a number: with a number for the matrix A, A B x is B A x."""
    shaped = [{family: reading[family] for family in general.asked & reading.keys()} for reading in fitting]
    if not any(any(reading.values()) for reading in shaped):
        return True
    capitals = {family for reading in shaped for family in reading if family[:1].isupper()}
    return all(any(reading.get(family) for reading in shaped) for family in capitals)


def _refuted(line: Line, context: Context, shapes: Readings, general: Outcome) -> Found | None:
    """A claim that fails everywhere, if one edit makes it hold, or nothing in it is left open."""
    text = knowledge(context)
    if not may_be_wrong(line, context, general.asked, shapes[0]):
        return None
    would_hold = right_sides(line, text, shapes)

    def holds(node: Node) -> bool:
        return key_of(node) != key_of(line.left) and would_hold(node, general.asked)

    correction = mended(line, context, holds)
    if correction is None and (general.shown is None or not is_fixed(line, general, text)):
        return None
    because = "the two sides differ at all numbers tried" if general.shown else "the two sides have different shapes"
    return refuted(line, because, compared(*general.shown) if general.shown else None, correction)


def _special(text: Text, general: Outcome) -> Iterator[tuple[Mode, Premises | None]]:
    """What matrices and functions may be besides random."""
    yield Mode.SYMMETRIC, None
    if ORTHONORMAL.search(text.prose):
        yield Mode.ORTHONORMAL, None
    for family in sorted(f for f in general.asked if f.endswith(STARRED)):
        yield Mode.GENERAL, Premises(convex=True, least=family)
