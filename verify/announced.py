"""What is found of equations that the text announces: steps of training, solutions, logarithms of products."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from derive.model import ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.runs import walk
from derive.notation.syntax import Sym

from .context import Context
from .documents.document import Document
from .doubts import of_words
from .found import ANYTHING_FALSE, CONTRADICTED, Found, read_as
from .judge import Judgement
from .lines import Line
from .logarithms import judged_logarithm, likelihood_before, posed_logarithm, suggested_beginning
from .othersolutions import has_other_solutions
from .repair import repair
from .results import StatementKind, Suggestion, Verdict
from .rules import (
    swapped_index,
    wrong_exponent,
    wrong_factor,
    wrong_number,
    wrong_quantity,
    wrong_sign,
    wrong_transpose,
)
from .rules.edit import Rule
from .solutions import judged_solution, judged_stationarity
from .solved import sets_to_zero
from .unnamed import judged_unnamed
from .updates import judged_update, posed_update

SLIPS = tuple(
    m.RULE for m in (wrong_exponent, wrong_number, wrong_factor, swapped_index)
)  # of a gradient, beside signs


def solution_found(line: Line, context: Context) -> Found | None:
    """An equation that gives what an objective is best at; None if it gives none, or stays a mere definition."""
    name = context.solutions.get(line.number)
    if name is None:
        return None
    try:
        judgement = judged_solution(line, name, context)
    except (Unreadable, ModelError) as error:
        judgement = Judgement(verdict=Verdict.UNREAD, because=str(error))
    wrong = judgement.verdict is Verdict.REFUTED
    mended = repair(line, context, lambda new: judged_solution(new, name, context).verdict) if wrong else None
    if line.number in context.definitions and judgement.verdict not in (Verdict.PROVED, Verdict.HOLDS, Verdict.REFUTED):
        return None
    return _judged(StatementKind.STATIONARY, judgement, mended)


def stationarity_found(line: Line, context: Context) -> Found | None:
    """An equation to solve that is the gradient of an objective, set to zero; None if that is not proved.

    Where the words just before set a derivative to zero, one that is so after a small edit is a conflict, if it has
    other solutions.
    """

    def verdict(edited: Line) -> Verdict:
        judgement = judged_stationarity(edited, context) or judged_unnamed(edited, context)
        return Verdict.UNDECIDED if judgement is None else judgement.verdict

    asked = line.right is not None and sets_to_zero(line) and not any(of_words(line))
    try:
        judgement = judged_stationarity(line, context) or judged_unnamed(line, context)
        if judgement is not None:
            return _judged(StatementKind.STATIONARY, judgement, None)
        mended = _mended(line, context, verdict) or _without_stranger(line, context, verdict) if asked else None
    except ModelError:
        return None
    except Unreadable:  # A^T A x = A b has no shape
        mended = repair(line, context, verdict, rules=(wrong_transpose.RULE,)) if asked else None
        mended = mended or (_without_stranger(line, context, verdict) if asked else None)
    if mended is None or mended[1].verdict is not Verdict.PROVED:
        return None
    because = "it is not the derivative that the words before it set to zero"
    found = Found(kind=StatementKind.STATIONARY, verdict=Verdict.CONFLICT, because=because)
    return replace(found, reading=read_as(line, context), rule=mended[0].code, suggestion=mended[1])


def _mended(line: Line, context: Context, verdict: Callable[[Line], Verdict]) -> tuple[Rule, Suggestion] | None:
    """The edit that makes an equation a gradient set to zero, if its solutions are others: signs are tried first."""
    mended = repair(line, context, verdict, rules=(wrong_sign.RULE,)) or repair(line, context, verdict, rules=SLIPS)
    return mended if mended is not None and has_other_solutions(line, mended[1], context) else None


def _without_stranger(
    line: Line, context: Context, verdict: Callable[[Line], Verdict]
) -> tuple[Rule, Suggestion] | None:
    """The edit that puts a letter of the text for one that stands nowhere else: (X^T Φ) β = X^T y."""
    sides = [side for side in (line.left, line.right) if side is not None]
    everywhere = Counter(n.base for root, _ in context.lines.nodes for n in walk(root) if isinstance(n, Sym))
    letters = (n for side in sides for n in walk(side) if isinstance(n, Sym) and everywhere[n.base] == 1)
    strangers = {line.formula.latex[slice(*n.span)] for n in letters if len(n.base) > 1 or n.base not in "TIe"}
    if len(strangers) != 1:
        return None
    (stranger,) = strangers
    mended = repair(line, context, verdict, rules=(wrong_quantity.RULE,))
    return mended if mended is not None and stranger not in mended[1].latex else None


def logarithm_found(line: Line, document: Document, context: Context) -> Found | None:
    """A definition that the text calls the logarithm of a product before it; None if it is none, or that stays open."""
    product = likelihood_before(line, context) if line.number in context.definitions else None
    if product is None:
        return None
    try:
        judgement = judged_logarithm(line, product, context)
    except (Unreadable, ModelError):
        return None
    where = document.position(product.formula.offset_of(product.span[0]))[0]
    shown = read_as(line, context)
    if judgement.verdict in (Verdict.PROVED, Verdict.HOLDS):
        because = f"it is the logarithm of the product in line {where}, {judgement.because}"
        return Found(verdict=judgement.verdict, because=because, reading=shown)
    if judgement.verdict is not Verdict.REFUTED:
        return None
    because = f"it is not the logarithm of the product in line {where}, of which the text takes it"
    if judgement.counterexample is None:  # told by where the sum begins
        begun = suggested_beginning(line, product, context)
        because = f"{because}: {judgement.because}"
        return Found(verdict=Verdict.CONFLICT, because=because, reading=shown, rule=CONTRADICTED, suggestion=begun)

    def verdict(edited: Line) -> Verdict:
        return judged_logarithm(edited, product, context).verdict

    mended = repair(line, context, verdict, lambda edited: posed_logarithm(edited, product, context))
    mended = mended or repair(line, context, verdict)  # where no points are known at which logarithms are real
    return Found(
        verdict=Verdict.CONFLICT,
        because=because,
        reading=shown,
        judgement=judgement,
        rule=mended[0].code if mended else CONTRADICTED,
        suggestion=mended[1] if mended else None,
    )


def update_found(line: Line, context: Context) -> Found:
    """A new value in terms of the old one: a step along the gradient of the objective, or left open."""
    kind = StatementKind.UPDATE
    try:
        judgement = judged_update(line, context)
    except (Unreadable, ModelError) as error:
        return Found(kind=kind, verdict=Verdict.UNREAD, because=str(error))
    wrong = judgement.verdict is Verdict.REFUTED
    mended = (
        repair(
            line,
            context,
            lambda edited: judged_update(edited, context).verdict,
            lambda edited: posed_update(edited, context),
        )
        if wrong
        else None
    )
    return _judged(kind, judgement, mended)


def _judged(kind: StatementKind, judgement: Judgement, mended: tuple[Rule, Suggestion] | None) -> Found:
    wrong = judgement.verdict is Verdict.REFUTED
    return Found(
        kind=kind,
        verdict=judgement.verdict,
        because=judgement.because,
        judgement=judgement if wrong else None,
        rule=mended[0].code if mended else ANYTHING_FALSE if wrong else None,
        suggestion=mended[1] if mended else None,
    )
