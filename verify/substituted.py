"""After "substituting back" a claim rests on what the text has set to zero before, Σ_i α_i y_i = 0."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sympy import Expr, Integer

from derive.calculus.indices import free_indices, substitute, transform
from derive.model import Model
from derive.notation.definitions import DEFINING
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.syntax import Num
from derive.prove import Proof
from derive.vocabulary import indices_of, is_name, name_of, names_in

from .conditions import Condition
from .context import Context
from .entries import prove_entries
from .evaluation import needed
from .judge import Equation
from .lines import Line
from .roles import introduction

SUBSTITUTES = re.compile(
    r"\b(?:(?:back[- ])?substitut\w+|plug(?:s|ged|ging)?\b|insert\w*|eliminat\w+|using (?:this|these))", re.IGNORECASE
)
ZERO = 1e-9


def vanishing(line: Line, context: Context) -> Iterator[Expr]:
    """What the text has set to zero before a line that says it substitutes; numbers only, no vectors."""
    if SUBSTITUTES.search(introduction(line.formula)) is None:
        return
    for other in context.lines.lines:
        if other.number >= line.number or other.formula is line.formula or not _sets(other, context):
            continue
        if other.formula.headings != line.formula.headings:
            continue
        reader = Reader(context.dictionary)
        try:
            found = reader.read(other.left) - reader.read(other.right or other.left)
        except (Unreadable, ValueError):
            continue
        if not free_indices(found) and not found.is_number:
            yield found


def with_solutions(equation: Equation, line: Line, context: Context) -> Equation:
    """An equation behind "substituting back" with what the text has solved for in its place: w = Σ_i α_i y_i x_i."""
    if SUBSTITUTES.search(introduction(line.formula)) is None:
        return equation
    left, right = equation.left, equation.right
    for other in context.lines.lines:
        if other.number < line.number and other.number in context.solutions:
            left, right = (_put(side, other, context) for side in (left, right))
    if (left, right) == (equation.left, equation.right):
        return equation
    return replace(equation, left=left, right=right, confirmed=(equation.left, equation.right))


def _put(side: Expr, solved: Line, context: Context) -> Expr:
    """An expression with a name by the solution that a line gives for it."""
    reader = Reader(context.dictionary)
    try:
        target, value = reader.read(solved.left), reader.read(solved.right or solved.left)
    except (Unreadable, ValueError):
        return side
    name = name_of(target) if is_name(target) else ""
    if not name or name in {name_of(a) for a in names_in(value)} or free_indices(value) - free_indices(target):
        return side

    def put(e: Expr) -> Expr | None:
        if not is_name(e) or name_of(e) != name:
            return None
        return substitute(value, dict(zip(indices_of(target), indices_of(e), strict=True)))

    return transform(side, put)


def _sets(line: Line, context: Context) -> bool:
    """Whether a line sets something to a number and defines nothing."""
    if line.operator not in DEFINING or not isinstance(line.right, Num):
        return False
    made = (context.definitions, context.others, context.problems, context.restatements)
    return not any(line.number in lines for lines in made)


def conditions_of(found: Iterator[Expr], equation: Equation, model: Model) -> tuple[Condition, ...]:
    """That what vanishes does so at the points tried, where it speaks of the same names."""
    used = needed(equation.left, equation.right, model)
    speaking = (e for e in found if used & {name_of(a) for a in names_in(e)})
    return tuple(Condition(expr=e, test=lambda v: abs(v) < ZERO) for e in speaking)


def prove_substituted(equation: Equation, model: Model, found: Iterator[Expr]) -> Proof | None:
    """A proof that the sides differ by a multiple of what vanishes, by a number or one of the letters that are left."""
    left, right = equation.left, equation.right
    letters = sorted(n for n in needed(left, right, model) if n in model.quantities and n not in model.defined)
    factors = [model.quantities[n].at() for n in letters if not model.quantities[n].axes]
    for expr in found:
        for factor in (*factors, Integer(1)):
            for sign in (1, -1):
                if (proof := prove_entries(left, right + sign * factor * expr, model)) is not None:
                    return proof
    return None
