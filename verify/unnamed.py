r"""Objectives without a name: the gradient of $\|Ax - b\|^2$, set to zero, and what $\min_x \|Ax - b\|^2$ asks for."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from sympy import Expr, Integer, Rational

from derive.model import ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.ellipses import prepared
from derive.notation.names_in_notes import latex_of
from derive.notation.parser import ReadError, parse
from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Node, Sym

from .context import Context
from .entries import prove_entries
from .equations import posed
from .judge import Judgement
from .lines import Line
from .results import Verdict
from .solved import sets_to_zero

DIFFERENTIATED = re.compile(r"\b(?:(?:gradient|derivative|minimum) of|minimi[sz]\w*)\Z", re.IGNORECASE)
EXTREMES = ("min", "max", "argmin", "argmax")
FACTORS = tuple(sign * f for f in (Integer(1), Integer(2), Rational(1, 2)) for sign in (1, -1))


def judged_unnamed(line: Line, context: Context) -> Judgement | None:
    """The judgement on A = B as "the gradient of an objective without a name is zero"; None where it is not proved."""
    if line.right is None or not sets_to_zero(line):
        return None
    difference = Bin(op="-", left=line.left, right=line.right, span=line.span)
    for of, by in _objectives(line, context):
        slope = _slope(of, by)
        if slope is not None and _is_proportional(dataclasses.replace(line, left=slope, right=difference), context):
            return Judgement(verdict=Verdict.PROVED, because=f"the gradient of {of} by {by}, set to zero")
    return None


def _is_proportional(line: Line, context: Context) -> bool:
    try:
        equation, model = posed(line, context)
    except (Unreadable, ModelError, ValueError):
        return False

    def is_equal(factor: Expr) -> bool:
        return prove_entries(equation.left, factor * equation.right, model) is not None

    return any(map(is_equal, FACTORS))


def _objectives(line: Line, context: Context) -> Iterator[tuple[str, str]]:
    """The objectives that the text speaks of before a line, in LaTeX, each with what it depends on."""
    own = {latex_of(n) for side in (line.left, line.right) if side for n in walk(side) if isinstance(n, Sym)}
    for other in context.lines.lines:
        if other.right is not None or other.number >= line.number or other.formula.headings != line.formula.headings:
            continue
        node, source = other.left, other.formula.latex
        if isinstance(node, Big) and node.op in EXTREMES and isinstance(node.below, Sym):
            yield source[slice(*node.body.span)], latex_of(node.below)
        elif DIFFERENTIATED.search(other.formula.before.rstrip(" \n$")):
            letters = {latex_of(n) for n in walk(node) if isinstance(n, Sym)}
            yield from ((source, letter) for letter in sorted(letters & own))


def _slope(of: str, by: str) -> Node | None:
    try:
        nodes = parse(rf"\frac{{\partial}}{{\partial {by}}} \left( {of} \right)")
    except ReadError:
        return None
    return prepared(nodes[0]) if len(nodes) == 1 else None
