"""What numbers say of a relation between vectors, matrices and functions, over all shapes that its letters may have.

It holds if it does in every world of every reading whose shapes fit. It is wrong if it fails in every one of them, also
where matrices are symmetric or orthonormal and functions are least where a starred letter says, is claimed of all
values, and one edit makes it hold; or if nothing in it is left open.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Empty, Fraction, Group, Node, Num, Sym

from ..context import Context
from ..found import Found
from ..functions import key_of
from ..lines import Line
from ..rules.parts import is_derivative
from .claimed import defines, is_doubted, is_fixed, is_posed, may_be_wrong, reaches_on, says_nothing
from .described import NORMS
from .texts import Text, is_called_unit
from .trials import (
    Outcome,
    Readings,
    compared,
    held,
    is_mixed,
    knowledge,
    lenient_knowledge,
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
UNDEFINED = re.compile(r"the text does not define (\w+)$")
STARRED = "^*"
FEW_TRIED = 60  # shapes, where only what holds is sought


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
    general = outcome(sides, line, context, text, fitting, whole=False)
    if general.is_true and _has_matrices(general, fitting):
        return _held(line, context, text, fitting, general)
    if not fitting and not unfitting:
        return _held_leniently(line, context)
    if disputed or any(reaches_on(side) for side in sides) or not (general.is_false or (unfitting and not fitting)):
        return None
    if any(outcome(sides, line, context, text, fitting, *special).holds for special in _special(text, general)):
        return None
    return _refuted(
        line, context, fitting or unfitting, general if fitting else outcome(sides, line, context, text, unfitting)
    )


def _held(line: Line, context: Context, text: Text, fitting: Readings, general: Outcome) -> Found | None:
    """That a relation holds; not if it fails where free indices coincide: ∂p_i/∂z_j = −p_i p_j."""
    assert line.right is not None
    if outcome((line.left, line.right), line, context, text, fitting, whole=False, coinciding=True).fails:
        return None
    because = f"no proof was found; in {general.holds} choices of its letters the sides agree"
    return held(line, because)


def _held_leniently(line: Line, context: Context) -> Found | None:
    """What holds with the latest meaning of each letter, or whatever they all are."""
    text = lenient_knowledge(context)
    assert line.right is not None
    sides = line.left, line.right
    told = {n.base for side in sides for n in walk(side) if isinstance(n, Sym)} & {*_bases(text)}
    for lenient in (text, dataclasses.replace(text, abstract=True))[: 2 if told and not _rests_on(sides, text) else 1]:
        fitting, _ = readings_of(sides, line, lenient, most=FEW_TRIED)
        general = outcome(sides, line, context, lenient, fitting, whole=False)
        if general.is_true and _has_matrices(general, fitting):
            return _held(line, context, lenient, fitting, general)
    return None


def _rests_on(sides: tuple[Node, Node], text: Text) -> bool:
    """Whether something is differentiated by a letter by which the text gives another one there."""
    slopes = (n for side in sides for n in walk(side) if isinstance(n, Fraction) and is_derivative(n))
    by = {n.base for slope in slopes for n in walk(slope.below) if isinstance(n, Sym)}
    letters = {n.base for side in sides for n in walk(side) if isinstance(n, Sym)}
    bodies = (
        s.body for family, lines in text.said.items() if family.split(" ")[0].split("_")[0] in letters for s in lines
    )
    return any(isinstance(n, Sym) and n.base in by for body in bodies for n in walk(body))


def _bases(text: Text) -> Iterator[str]:
    """The letters of which the text says what they are."""
    return (
        family.split(" ")[0].split("_")[0].split("^")[0] for known in (text.said, text.functions) for family in known
    )


def length_found(line: Line, context: Context) -> Found | None:
    """What is found of ‖w‖ = c, or of its square, where the words call w a unit vector; None for other lines."""
    norm, text = line.left, knowledge(context)
    if not isinstance(norm, Group) or norm.opening not in NORMS or not isinstance(norm.body, Sym):
        return None
    euclidean = norm.sub is None or getattr(norm.sub, "text", "") == "2"
    called = is_called_unit(norm.body, text, line.formula.before)
    if not euclidean or not called or not isinstance(line.right, Num):
        return None
    if float(line.right.text.replace(",", "")) == 1:
        return held(line, f"the text calls {norm.body.base} a unit vector")
    if is_doubted(line) or is_posed(line):
        return None
    correction = mended(line, context, lambda node: isinstance(node, Num) and node.text == "1")
    return refuted(line, f"the text calls {norm.body.base} a unit vector, whose length is 1", None, correction)


def names_a_factor(why: str, context: Context) -> bool:
    """Whether a doubt is only that the text does not define a letter of which a decomposition says what it is."""
    text = knowledge(context)
    named = UNDEFINED.search(why)
    return named is not None and named[1] in text.orthonormal | text.forms.keys()


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
    told = general.asked <= text.orthonormal | text.units | text.forms.keys()  # U, Σ and V of X = U Σ Vᵀ
    if ORTHONORMAL.search(text.prose) and not told:
        yield Mode.ORTHONORMAL, None
    for family in sorted(f for f in general.asked if f.endswith(STARRED)):
        yield Mode.GENERAL, Premises(convex=True, least=family)
