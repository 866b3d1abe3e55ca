"""The verdict on a line in which a named distribution stands at a value, or in a divergence: N(x | μ, σ²) = …."""

from __future__ import annotations

import dataclasses
from functools import partial

from sympy import Pow

from derive.chances.standing import WrittenOut, written_out
from derive.model import Model, ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.syntax import Node
from derive.quantities import Domain
from derive.vocabulary import name_of, names_in

from ..context import Context
from ..doubts import doubts
from ..equations import equation_of, model_for
from ..judge import Judgement, judge, with_variables
from ..lines import Line
from ..results import Verdict


def judge_named(line: Line, context: Context) -> Judgement | None:
    """The verdict by the standard densities and divergences; None if the line names no distribution in this way.

    A claim that is true in one parametrisation is proved, one that is false in all of them is refuted.
    """
    if line.right is None or line.operator not in ("=", ":=", "=="):
        return None
    found: list[Judgement] = []
    for left in list(written_out(line.left)) or [WrittenOut(node=line.left, families=())]:
        for right in list(written_out(line.right)) or [WrittenOut(node=line.right, families=())]:
            if not left.families and not right.families:
                return None
            judgement = _judged(line, left, right, context)
            if judgement is None:
                continue
            if judgement.verdict in (Verdict.PROVED, Verdict.HOLDS):
                names = dict.fromkeys(f.name for f in (*left.families, *right.families))
                because = f"by the formula of {' and '.join(names)}"
                return dataclasses.replace(judgement, because=because)
            found.append(judgement)
    if not found:
        return None
    open_ = next((j for j in found if j.verdict is not Verdict.REFUTED), None)
    return open_ or found[0]


def _judged(line: Line, left: WrittenOut, right: WrittenOut, context: Context) -> Judgement | None:
    """The verdict in one parametrisation; None if it has no reading."""
    whole = dataclasses.replace(line, left=left.node, right=right.node)
    try:
        equation = equation_of(whole, context)
        model = with_variables(equation, model_for(equation, context, line.number))
        model = _within(model, (*left.positive, *right.positive), Domain.POSITIVE, context)
        model = _within(model, (*left.unit, *right.unit), Domain.UNIT, context)
    except (Unreadable, ModelError, ValueError):
        return None
    return judge(equation, model, partial(doubts, whole, equation.left, equation.right, model, context))


def _within(model: Model, parameters: tuple[Node, ...], domain: Domain, context: Context) -> Model:
    """The model in which parameters, or what they are the square of, lie in a domain."""
    names = set()
    for node in parameters:
        expr = Reader(context.dictionary).read(node)
        used = {name_of(a) for a in names_in(expr.args[0] if isinstance(expr, Pow) else expr)}
        names |= used if len(used) == 1 else set()
    given = (dataclasses.replace(q, domain=domain) if q.name in names else q for q in model.given)
    return dataclasses.replace(model, given=tuple(given))
