r"""Densities behind distribution functions: P(M ≤ m) = (m/θ)^n, so the density is f_M(m) = n m^{n-1} / θ^n."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from derive.notation.definitions import DEFINING
from derive.notation.names_in_notes import text_of
from derive.notation.runs import walk
from derive.notation.syntax import Big, Chain, Group, Juxt, Node, Sym

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

TRIALS, FEWEST = 10, 4
STEP, AGREEMENT = 1e-4, 1e-5
DENSITY = re.compile(r"\b(?:densit\w+|pdf|p\.d\.f|differentiat\w*|derivative)", re.IGNORECASE)
ROUGHLY = re.compile(r"\b(?:approximat\w*|roughly|truncat\w*|conditional\w*|joint|log|kernel|proportional)\b", re.I)
BELOW, ABOVE = ("<=", "<"), (">=", ">")


@dataclass(frozen=True, kw_only=True)
class Law:
    """A distribution function, or one of survival: of which variable, at which letter, and its sign as an integral."""

    variable: str
    point: str
    sign: int


def density_behind(line: Line, context: Context) -> Found | None:
    """What is found of a density whose distribution function stands before it; None if it is none, or stays open.

    It is refuted only if it has the letters of the distribution function and no other, and one edit mends it.
    """
    if line.right is None or line.link or line.operator not in DEFINING:
        return None
    words = introduction(line.formula)
    own = _density(line.left)
    if own is None or DENSITY.search(words) is None or ROUGHLY.search(words):
        return None
    before = [n for n in context.lines.lines if n.number < line.number and n.formula.headings == line.formula.headings]
    given = [(n, law) for n in before if (law := _law(n)) is not None and law.point == own[1]]
    if len(given) != 1 or (own[0] and given[0][1].variable not in ("", own[0])):
        return None
    fits = _test(*given[0])
    if fits is None or (holds := fits(line.right)) is None:
        return None
    reading = read_as(line, context)
    if holds:
        because = "it is the slope of the distribution function before it at all numbers tried"
        return Found(kind=StatementKind.CLAIM, verdict=Verdict.HOLDS, because=because, reading=reading)
    source = given[0][0].right
    assert source is not None
    if any(of_words(line)) or {*formula_of(line.right).atoms} != {*formula_of(source).atoms}:
        return None
    mended = repair_right_side(line, context, lambda node: 0 if fits(node) else None)
    if mended is None:
        return None
    because = "it is not the slope of the distribution function before it"
    rule, suggestion = mended
    return Found(
        kind=StatementKind.CLAIM,
        verdict=Verdict.REFUTED,
        because=because,
        reading=reading,
        rule=rule.code,
        suggestion=suggestion,
    )


def _density(left: Node) -> tuple[str, str] | None:
    """The variable and the letter of f_X(x)."""
    match left:
        case Juxt(items=(Sym(base="f" | "p" | "g" | "h", sup=None) as head, Group(body=Sym(sup=None) as point))):
            return text_of(head.sub) if head.sub is not None else "", text_of(point)
    return None


def _law(line: Line) -> Law | None:
    """The distribution function that a line gives."""
    if line.right is None or line.link or line.operator != "=" or any(isinstance(n, Big) for n in walk(line.right)):
        return None
    match line.left:
        case Juxt(items=(Sym(base="F" | "S", sup=None) as head, Group(body=Sym(sup=None) as point))):
            variable = text_of(head.sub) if head.sub is not None else ""
            return Law(variable=variable, point=text_of(point), sign=1 if head.base == "F" else -1)
        case Juxt(
            items=(
                Sym(base="P" | "Pr", sub=None, sup=None),
                Group(body=Chain(operands=(Sym() as variable_, Sym() as point), operators=(sign,))),
            )
        ) if sign in (*BELOW, *ABOVE):
            return Law(variable=text_of(variable_), point=text_of(point), sign=1 if sign in BELOW else -1)
    return None


def _test(line: Line, law: Law) -> Callable[[Node], bool | None] | None:
    """Whether an expression is the slope of a distribution function: at all numbers tried, or at none; None else."""
    assert line.right is not None
    try:
        whole = formula_of(line.right)
    except Unclear:
        return None
    point = next((a for a in whole.atoms if a.name == law.point), None)
    if point is None or any(a.arity or a.value for a in whole.atoms):
        return None

    def fits(node: Node) -> bool | None:
        try:
            density = formula_of(node)
        except Unclear:
            return None
        if any(a.arity or a.value for a in density.atoms):
            return None
        tried = [_agrees(whole, density, point, law.sign, seed) for seed in range(TRIALS)]
        agreed = [t for t in tried if t is not None]
        return agreed[0] if len(agreed) >= FEWEST and len(set(agreed)) == 1 else None

    return fits


def _agrees(whole: Formula, density: Formula, point: Atom, sign: int, seed: int) -> bool | None:
    """Whether a density is the slope of a distribution function at some numbers; None if one has no value there."""

    def at(shift: float) -> Callable[[Atom, tuple[int, ...]], Value]:
        return lambda a, _: random.Random(f"{a.name}|{seed}").uniform(0.3, 2.5) + (shift if a == point else 0.0)

    try:
        slope = sign * (whole.at(at(STEP), 1) - whole.at(at(-STEP), 1)) / (2 * STEP)
        value = density.at(at(0.0), 1)
    except Unclear:
        return None
    if not abs(slope) < 1e6 or not abs(value) < 1e6:
        return None
    return bool(abs(slope - value) <= AGREEMENT * max(abs(slope), abs(value), 1e-2))
