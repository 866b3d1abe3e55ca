"""A claim, judged by the definitions that hold where it stands, and mended if it is wrong."""

from __future__ import annotations

import dataclasses

from derive.model import Model, ModelError
from derive.notation.dictionary import Unreadable
from derive.vocabulary import name_of, names_in

from .conditions import conditions_behind
from .context import Context
from .deciding import judged
from .equations import posed
from .found import ANYTHING_FALSE, Found, shown_as
from .indices.strayindex import stray_index
from .judge import Equation, Judgement
from .lines import Line
from .nearidentity import near_identity
from .primed import primed_derivative
from .repair import repair
from .results import StatementKind, Suggestion, Verdict
from .roles import Role, introduction, mentions
from .rules.edit import Rule
from .shares import labelled
from .solved import is_zero

TWO_READINGS = "GP303"


def claim_found(line: Line, context: Context, at: int | None = None, name: str = "") -> Found:
    """A claim, judged by the definitions that hold where it stands, or at another line.

    No correction may use `name`, which the claim gives a meaning: L = L is true and says nothing.
    """

    def verdict(edited: Line) -> Verdict:
        repaired, found = judged(primed_derivative(edited, context), context, at)
        circular = name in {name_of(a) for a in names_in(repaired.right)}
        return Verdict.UNDECIDED if circular else found.verdict

    def pose(edited: Line) -> tuple[Equation, Model]:
        equation, model = posed(primed_derivative(edited, context), context, at)
        return equation, labelled(model, context.definitions.values())

    try:
        equation, judgement = judged(line, context, at)
    except (Unreadable, ModelError) as error:
        return Found(verdict=Verdict.UNREAD, because=str(error))
    shown = shown_as(line, equation, context)
    if judgement.verdict is not Verdict.PROVED and _is_to_solve(line, context):
        because = "an equation to solve, not one to hold"
        return Found(kind=StatementKind.STATIONARY, verdict=Verdict.UNDECIDED, because=because, reading=shown)
    if judgement.verdict is Verdict.UNDECIDED:
        stray = stray_index(line, equation, context, verdict, lambda edited: posed(edited, context, at))
        if stray is not None:
            return dataclasses.replace(stray, reading=shown)
        if (near := near_identity(line, equation, judgement, context, pose)) is not None:
            return _refuted(*near, shown)
    if judgement.verdict is not Verdict.REFUTED:
        return Found(verdict=judgement.verdict, because=judgement.because, reading=shown)
    if (number := _true_as_written(line, context)) is not None:
        name = context.wrong[number].name
        because = f"it is true by the equation for {name} that the text gives last, and false by the first"
        message = f"true by the second of two equations for {name} that contradict each other"
        return Found(verdict=Verdict.AMBIGUOUS, because=because, message=message, reading=shown, rule=TWO_READINGS)
    return _refuted(judgement, repair(line, context, verdict, pose), shown)


def _refuted(judgement: Judgement, mended: tuple[Rule, Suggestion] | None, shown: str | None) -> Found:
    """What is false, with its correction."""
    return Found(
        verdict=Verdict.REFUTED,
        because=judgement.because,
        reading=shown,
        judgement=judgement,
        rule=mended[0].code if mended else ANYTHING_FALSE,
        suggestion=mended[1] if mended else None,
    )


def _is_to_solve(line: Line, context: Context) -> bool:
    """Whether something is set to zero, and not said to be zero under a condition: f′(z) = 0 for z < 0."""
    said = conditions_behind(line, context) and not mentions(introduction(line.formula), Role.EQUATION)
    return line.posed or (is_zero(line.right) and not said)


def _true_as_written(line: Line, context: Context) -> int | None:
    """The line of an equation that is wrong and by which, as it stands, a claim is true; None if there is none."""
    for number in context.wrong:
        try:
            verdict = judged(line, context.as_written(number))[1].verdict
        except (Unreadable, ModelError):
            continue
        if number < line.number and verdict in (Verdict.PROVED, Verdict.HOLDS):
            return number
    return None
