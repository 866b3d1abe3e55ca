r"""What solves the equation before it, by putting it in: μ = c + φ μ, hence μ = c / (1 − φ)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Node, Num, Sym

from .context import Context
from .doubts import of_words
from .found import Found, read_as
from .lines import Line
from .repair import repair_right_side
from .results import StatementKind, Verdict
from .roles import introduction
from .standards.letters import Atom
from .standards.terms import Formula, formula_of
from .standards.values import Unclear, Value

TRIALS = 8
TOLERANCE = 1e-8
FOLLOWS = re.compile(
    r"\b(?:hence|so|thus|therefore|then|solv\w+|solution|rearrang\w+|gives|giving|yields?|follows|obtain\w*|get|implies)\b",
    re.IGNORECASE,
)
ROUGHLY = re.compile(
    r"\b(?:approximat\w*|roughly|ignor\w*|neglect\w*|suppos\w*|special case|small|large|limit)\b", re.I
)


def fixed_point_found(line: Line, context: Context) -> Found | None:
    """What is found of a line that solves the equation before it for its left side; None if it is none, or stays open.

    It is refuted only if it has the letters of the equation and no other, and one edit makes it a solution.
    """
    if line.right is None or line.link or line.operator not in DEFINING or not isinstance(line.left, Sym):
        return None
    words = introduction(line.formula)
    posed = _posed(line, context)
    if posed is None or FOLLOWS.search(words) is None:
        return None
    solves = _test(line.left, posed)
    if solves is None or (holds := solves(line.right)) is None:
        return None
    reading = read_as(line, context)
    if holds:
        because = "put into the equation before it, it solves it at all numbers tried"
        return Found(kind=StatementKind.CLAIM, verdict=Verdict.HOLDS, because=because, reading=reading)
    if ROUGHLY.search(words) or any(of_words(line)) or not _has_its_letters(line.left, line.right, posed):
        return None
    mended = repair_right_side(line, context, lambda node: 0 if solves(node) else None)
    if mended is None:
        return None
    rule, suggestion = mended
    return Found(
        kind=StatementKind.CLAIM,
        verdict=Verdict.REFUTED,
        because="put into the equation before it, it does not solve it",
        reading=reading,
        rule=rule.code,
        suggestion=suggestion,
    )


def _posed(line: Line, context: Context) -> Line | None:
    """The equation x = f(x) that stands last before a line x = …, under the same heading."""
    own = _name(line.left)
    before = [n for n in context.lines.lines if n.number < line.number and n.formula.headings == line.formula.headings]
    naming = (
        n
        for n in reversed(before)
        if n.right is not None and any(_name(s) == own for s in _letters(n.left) + _letters(n.right))
    )
    last = next(naming, None)
    if last is None or last.right is None or last.operator != "=" or last.link or last.carried is not None:
        return None
    circular = _name(last.left) == own and any(_name(s) == own for s in _letters(last.right))
    return last if circular and not any(isinstance(n, Big) for n in walk(last.right)) else None


def _test(left: Node, posed: Line) -> Callable[[Node], bool | None] | None:
    """Whether an expression solves an equation for a letter: at all numbers tried, or at none; None if at some."""
    assert posed.right is not None
    try:
        equation, (unknown,) = formula_of(posed.right), formula_of(left).atoms
    except (Unclear, ValueError):
        return None
    if unknown not in equation.atoms:
        return None

    def solves(node: Node) -> bool | None:
        try:
            value = formula_of(node)
            if unknown in value.atoms or any(a.arity for f in (value, equation) for a in f.atoms):
                return None
            agreed = {_agrees(equation, value, unknown, seed) for seed in range(TRIALS)}
        except Unclear:
            return None
        return agreed.pop() if len(agreed) == 1 else None

    return solves


def _agrees(equation: Formula, value: Formula, unknown: Atom, seed: int) -> bool:
    """Whether x = f(x) at the value of x, the other letters being any numbers between 0 and 1. Raises: Unclear."""

    def drawn(atom: Atom, at: tuple[int, ...]) -> Value:
        return random.Random(f"{atom.name}|{seed}").uniform(0.1, 0.9)

    x = value.at(drawn, 1)
    y = equation.at(lambda atom, at: x if atom == unknown else drawn(atom, at), 1)
    return bool(abs(x - y) <= TOLERANCE * max(abs(x), abs(y), 1e-3))


def _has_its_letters(left: Node, right: Node, posed: Line) -> bool:
    """Whether a solution has the letters of the equation, but for the unknown one, and no other."""
    assert posed.right is not None
    own = formula_of(left).atoms
    return {*formula_of(right).atoms} == {*formula_of(posed.right).atoms} - {*own}


def _letters(node: Node | None) -> list[Sym]:
    return [] if node is None else [n for n in walk(node) if isinstance(n, Sym)]


def _name(node: Node) -> str:
    """A letter with what stands below it, and no power."""
    if not isinstance(node, Sym):
        return ""
    below = "".join(getattr(n, "base", getattr(n, "text", "")) for n in walk(node.sub)) if node.sub is not None else ""
    above = "" if node.sup is None or isinstance(node.sup, Num) else "^"
    return f"{'.'.join(node.accents)}{node.base}{chr(39) * node.primes}_{below}{above}"
