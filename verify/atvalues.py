"""ν = 1/(σ − λ) = 1/λ where the text has set σ = 0: a claim about letters with a value, tried at that value."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr

from derive.calculus.indices import transform
from derive.model import Model
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.vocabulary import is_name, name_of, names_in

from .context import Context
from .doubts import gives_value
from .judge import SPOKEN_AGAINST, Equation, Judgement
from .lines import Line
from .refute import refute


def false_at_values(
    line: Line, found: Judgement, equation: Equation, model: Model, context: Context
) -> tuple[Expr, Expr] | None:
    """The sides at the values that the text gives their letters, if these are the doubt and they differ there."""
    names = {name_of(a) for side in (equation.left, equation.right) for a in names_in(side)} & context.values.keys()
    if found.because.removeprefix(SPOKEN_AGAINST) not in set(map(gives_value, names)):
        return None
    values = {name: value for name in names if (value := _value(name, line, context)) is not None}
    if len(values) < len(names) or equation.entries:
        return None
    sides = _at(equation.left, values), _at(equation.right, values)
    return sides if refute(*sides, model).counterexample is not None else None


def _value(name: str, line: Line, context: Context) -> Expr | None:
    """The one number to which the text sets a letter, under the same heading and before; None if there are others."""
    lines = sorted(context.values[name])
    stated = context.line(lines[0]) if len(lines) == 1 else None
    if stated is None or stated.number > line.number or stated.formula.headings != line.formula.headings:
        return None
    try:
        value = Reader(context.dictionary).read(stated.right) if stated.right is not None else None
    except (Unreadable, ValueError):
        return None
    return value if isinstance(value, Expr) and value.is_number else None


def _at(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    return transform(expr, lambda e: values.get(name_of(e)) if is_name(e) else None)
