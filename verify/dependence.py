"""Letters of which a text says that they depend on another, and not how: ŷ depends on w, and ∂(ŷ a)/∂w is not 0."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from derive.notation.parser import ReadError, parse
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Fraction, Node, Sym

from .context import Context
from .lines import Line, names_defined
from .rules.parts import is_derivative

DEPENDS = re.compile(
    r"\$(?P<one>[^$]{1,30})\$[^$.]{0,30}\b(?:depend(?:s|ing)?|functions?)\b[^$.]{0,15} o[nf]\b[^$.]{0,20}"
    r"\$(?P<other>[^$]{1,30})\$",
    re.IGNORECASE,
)
UNTOLD = "the text says that a letter in it depends on what it is differentiated by, and not how"


def hides_a_slope(line: Line, context: Context) -> bool:
    """Whether something is differentiated by a letter on which another one there depends in a way that is not told."""
    sides = [side for side in (line.left, line.right) if side is not None]
    if not any(_is_slope(n) for side in sides for n in walk(side)):
        return False
    words = context.lines.words_under(line.formula.headings)
    for match in DEPENDS.finditer(words):
        one, other = (_letter(match[name]) for name in ("one", "other"))
        if one is None or other is None or _is_told(one, context):
            continue
        by = {unplaced(n) for side in sides for n in _differentiated_by(side)}
        if other in by and any(one in map(unplaced, _within(side)) for side in sides):
            return True
    return False


def _letter(latex: str) -> Node | None:
    try:
        nodes = parse(latex)
    except ReadError:
        return None
    return unplaced(nodes[0]) if len(nodes) == 1 and isinstance(nodes[0], Sym) else None


def _is_told(letter: Node, context: Context) -> bool:
    """Whether the text gives the letter a formula."""
    lines = (n for n in context.lines.lines if names_defined(n, context.dictionary) is not None)
    return any(unplaced(n.left) == letter for n in lines)


def _is_slope(node: Node) -> bool:
    return isinstance(node, Fraction) and is_derivative(node)


def _differentiated_by(side: Node) -> Iterator[Node]:
    for fraction in (n for n in walk(side) if isinstance(n, Fraction) and is_derivative(n)):
        yield from (n for n in walk(fraction.below) if isinstance(n, Sym))


def _within(side: Node) -> Iterator[Node]:
    """What stands in a side outside of ∂a/∂b of two letters."""
    letters = (n for n in walk(side) if isinstance(n, Fraction) and is_derivative(n) and _is_short(n))
    apart = {id(n) for fraction in letters for n in walk(fraction)}
    syms = (n for n in walk(side) if isinstance(n, Sym) and id(n) not in apart)
    yield from (dataclasses.replace(n, sup=None) for n in syms)


def _is_short(fraction: Fraction) -> bool:
    """Whether a derivative is that of one letter."""
    return sum(isinstance(n, Sym) for n in walk(fraction.above)) <= 2
