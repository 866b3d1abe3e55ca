"""What is found of a ≤ b between formulas: proved, or false by numbers at which the conditions of the text hold.

An inequality may be a condition on letters that the text leaves free; it is called wrong only where it fails for all
values of them, or where it is said to follow from earlier ones, does not, and one edit makes it follow.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import partial

from sympy import Expr

from derive.inequalities import prove_order, prove_strict_order
from derive.model import Model, ModelError
from derive.notation.definitions import quantity
from derive.notation.dictionary import Unreadable
from derive.notation.syntax import Empty
from derive.prove import prove
from derive.quantities import Kind
from derive.vocabulary import name_of, names_in
from lowering.numeric.errors import EvaluationError

from ..conditions import Condition, conditions_on
from ..context import Context
from ..declarations import is_condition, speaks_of_measures
from ..doubts import doubts
from ..equations import posed
from ..evaluation import needed
from ..found import ANYTHING_FALSE, Found
from ..judge import Equation, Judgement, second_reading
from ..lines import Line
from ..openness import why_not
from ..results import Verdict
from ..roles import CLAIMING, announced, introduction
from .lengths import LENGTHS, has_lengths_of_numbers
from .mending import FLIPPED, mended, turned
from .premises import Premise, premises_of, proved_by_premises
from .shifted import is_shifted, taken_apart
from .trials import Trials, tried

NOT_MORE = frozenset({"<=", "<"})
FEWEST = 6
DENIED = re.compile(r"\b(?:not|never|cannot|n't|nor|neither)\s*\Z", re.IGNORECASE)
SPECIAL = re.compile(
    r"\b(?:large|small|near|close|sufficient\w*|enough|eventually|typical\w*|usual\w*|often|rough\w*|about|probab\w+"
    r"|approximat\w*|asymptotic\w*|limit|if|when\w*|unless|almost|only|may|might|could)\b",
    re.IGNORECASE,
)
REPORTED = re.compile(  # a result of other lines, whatever stands just before
    r"\b(?:(?:have|has|had)\s+(?:\w+\s+)?(?:shown|seen|proved|proven|established|found)|knows?|knew|recall)\b",
    re.IGNORECASE,
)
OPEN = "it holds for some values and not for others: a condition, or false"
EVERYWHERE = "it fails at all numbers tried"
SOMEWHERE = "it does not follow from the inequalities before it: they hold at these numbers, and it fails"


def proved_order(line: Line, context: Context) -> Found | None:
    """That an inequality certainly holds; None if it is none, or no proof was found."""
    if not _is_order(line) or (context.chances.speaks and speaks_of_measures(line)):  # they have laws of their own
        return None
    try:
        equation, model = posed(line, context)
        if why_not(equation, model, context) is not None or has_lengths_of_numbers(line, equation):
            return None
        proof = _proof(line, equation, model, premises_of(line, context))
    except (Unreadable, ModelError, ValueError, RecursionError):
        return None
    return None if proof is None else Found(verdict=Verdict.PROVED, because=proof, reading=_shown(line))


def order_found(line: Line, context: Context) -> Found | None:
    """What is found of an inequality that is not proved; None if it is none, or cannot be read as one."""
    lawful = context.chances.speaks and speaks_of_measures(line)
    if lawful or not _is_order(line) or DENIED.search(line.formula.before):
        return None
    try:
        judgement = _judged(line, context)
    except (Unreadable, ModelError, EvaluationError, ValueError):
        return None
    found = Found(verdict=judgement.verdict, because=judgement.because, reading=_shown(line))
    if judgement.verdict is not Verdict.REFUTED:
        return found
    correction = mended(line, context, partial(_proved, context=context))
    if correction is None and judgement.because == SOMEWHERE:
        return dataclasses.replace(found, verdict=Verdict.UNDECIDED, because=OPEN)
    rule, suggestion = (correction[0].code, correction[1]) if correction else (ANYTHING_FALSE, None)
    return dataclasses.replace(found, judgement=judgement, rule=rule, suggestion=suggestion)


def _is_order(line: Line) -> bool:
    return line.operator in FLIPPED and line.right is not None and not isinstance(line.left, Empty)


def _shown(line: Line) -> str:
    return line.formula.latex[slice(*line.span)]


def _judged(line: Line, context: Context) -> Judgement:
    """The verdict by numbers on an inequality that is not proved."""
    equation, model = posed(line, context)
    because = LENGTHS if has_lengths_of_numbers(line, equation) else why_not(equation, model, context)
    if because is not None:
        return Judgement(verdict=Verdict.UNDECIDED, because=because)
    premises = premises_of(line, context)
    lower, upper = _in_order(line, equation)
    free = [n for n in context.lines.lines if n is not line and (n.operator == "in" or is_condition(n, context))]
    trials = _tried(lower, upper, free, model, context)
    if trials.counterexample is None:
        if trials.kept >= FEWEST:
            because = f"no proof was found; {trials.kept} numerical trials agree"
            return Judgement(verdict=Verdict.HOLDS, because=because)
        return Judgement(verdict=Verdict.UNDECIDED, because="too few numerical trials could be made")
    earlier = [n for n in context.lines.lines if n.number < line.number and n not in free]
    trials = _tried(lower, upper, [*free, *earlier], model, context)
    if trials.counterexample is None:
        return Judgement(verdict=Verdict.UNDECIDED, because=OPEN)
    seen = trials.counterexample
    if line.operator not in NOT_MORE:
        seen = dataclasses.replace(seen, left=seen.right, right=seen.left)
    opposite = turned(line, partial(_proved, context=context)) is not None
    follows = opposite or _ties(premises) or (premises and trials.everywhere)
    if not (trials.everywhere and opposite) and not (_is_concluded(line) and follows):
        return Judgement(verdict=Verdict.UNDECIDED, because=OPEN)
    known = {name_of(a) for p in premises for side in (p.lower, p.upper) for a in names_in(side)}
    disputed = next(_doubted(line, equation, model, context, known), None) or second_reading(equation)
    if disputed is not None:
        return Judgement(verdict=Verdict.UNDECIDED, because=f"numbers speak against it, but {disputed}")
    because = EVERYWHERE if trials.everywhere else SOMEWHERE if not opposite else "it fails at these numbers"
    return Judgement(verdict=Verdict.REFUTED, because=because, counterexample=seen)


def _ties(premises: tuple[Premise, ...]) -> bool:
    """Whether premises tie names: where k ≥ 1 and γ > 0 are all that is said, the facts may be in the prose."""
    return any(len({*names_in(p.lower), *names_in(p.upper)}) > 1 for p in premises)


def _is_concluded(line: Line) -> bool:
    """Whether the words before an inequality draw it as a conclusion, for all values."""
    sentence = introduction(line.formula)
    unsure = SPECIAL.search(sentence) or REPORTED.search(sentence)
    return announced(sentence) in CLAIMING and unsure is None


def _tried(lower: Expr, upper: Expr, lines: list[Line], model: Model, context: Context) -> Trials:
    """What came of trying an inequality where what some lines say holds."""
    conditions = conditions_on(needed(lower, upper, model), context, lines)
    model = _with_names(conditions, model, context)
    if is_shifted(lower, upper, *(c.expr for c in conditions)):
        apart = taken_apart(lower, upper, conditions, model)
        if apart is None:
            return Trials()
        lower, upper, conditions, model = apart
    return tried(lower, upper, model, conditions)


def _with_names(conditions: tuple[Condition, ...], model: Model, context: Context) -> Model:
    """The model with the letters that only the conditions use."""
    names = {name_of(a) for c in conditions for a in names_in(c.expr)} - set(model.quantities)
    found = tuple(quantity(n, Kind.DATA, context.dictionary) for n in sorted(names))
    return dataclasses.replace(model, given=(*model.given, *found)) if found else model


def _in_order(line: Line, equation: Equation) -> tuple[Expr, Expr]:
    sides = equation.left, equation.right
    return sides if line.operator in NOT_MORE else sides[::-1]


def _proof(line: Line, equation: Equation, model: Model, premises: tuple[Premise, ...]) -> str | None:
    """Why an inequality certainly holds; None if it is not known. What is strict is not proved here."""
    if any(reader.doubts for _, _, reader in equation.sources):
        return None
    lower, upper = _in_order(line, equation)
    if lower.is_number and upper.is_number and (lower < upper) == True:  # noqa: E712 (a relation of SymPy)
        return "the numbers are so"
    if line.operator in ("<", ">"):
        strictly = prove_strict_order(lower, upper, model)
        return "the difference of the sides is positive everywhere" if strictly else None
    if prove_order(lower, upper, model):
        return "the difference of the sides is nowhere negative"
    if premises and proved_by_premises(lower, upper, model, premises):
        return "it follows from the inequalities before it"
    return None


def _doubted(line: Line, equation: Equation, model: Model, context: Context, known: set[str]) -> Iterator[str]:
    """Why it may be meant otherwise; names of which the inequalities before it speak are known."""
    for _, _, reader in equation.sources:
        yield from reader.doubts
    unsaid = {"it may give the name a new value", *(f"the text does not define {name}" for name in known)}
    yield from (d for d in doubts(line, equation.left, equation.right, model, context) if d not in unsaid)


def _proved(line: Line, context: Context) -> bool:
    """Whether an edited line certainly holds, and says something: x ≤ x does not."""
    equation, model = posed(line, context)
    if prove(equation.left, equation.right, model) is not None:
        return False
    return _proof(line, equation, model, premises_of(line, context)) is not None
