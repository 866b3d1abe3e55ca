"""The verdict on a line in which a named distribution stands at a value, or in a divergence: N(x | μ, σ²) = …."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from functools import partial

from sympy import Expr, Pow, Rational

from derive.chances.events import brackets
from derive.chances.standing import WrittenOut, names_a_law, written_out
from derive.model import Model, ModelError
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.syntax import Chain, Neg, Node, Num
from derive.quantities import Domain
from derive.vocabulary import name_of, names_in, scalar

from ..context import Context
from ..doubts import of_words
from ..entries import prove_entries
from ..equations import equation_of, model_for
from ..judge import Equation, Judgement, judge, true_or_open, with_variables
from ..lines import Line
from ..refute import refute
from ..results import Verdict

PRECISION = re.compile(r"\bprecisions?\b", re.IGNORECASE)
LABEL = "may be a label or an index"


def judge_named(line: Line, context: Context, *, edited: bool = False) -> Judgement | None:
    """The verdict by the standard densities and divergences; None if the line names no distribution in this way.

    A claim that is true in one parametrisation is proved, one that is false in all of them is refuted.

    Args:
        line: a relation.
        context: what the text says.
        edited: the line is an edit of the author's, of which only a proof is asked.
    """
    if not context.chances.speaks or line.right is None or line.operator not in ("=", ":=", "=="):
        return None
    found: list[Judgement] = []
    writings = partial(written_out, laws=context.chances.laws, claim=(line.left, line.right))
    for left in list(writings(line.left)) or [WrittenOut(node=line.left, families=())]:
        for right in list(writings(line.right)) or [WrittenOut(node=line.right, families=())]:
            if not left.families and not right.families:
                break
            judgement = _judged(line, left, right, context, edited)
            if judgement is None:
                continue
            if judgement.verdict in (Verdict.PROVED, Verdict.HOLDS):
                names = dict.fromkeys(f.name for f in (*left.families, *right.families))
                because = f"by the formula of {' and '.join(names)}"
                return dataclasses.replace(judgement, because=because)
            found.append(judgement)
    named = line.link == 0 and names_a_law(line.left, line.right)
    if not found:
        return Judgement(verdict=Verdict.DEFINED, because="it names the distribution") if named else None
    if line.link == 0 and next(brackets((line.left,)), None) is not None and not any(writings(line.left)):
        return Judgement(verdict=Verdict.DEFINED, because="it names the distribution")
    open_ = next((j for j in found if j.verdict is not Verdict.REFUTED), None)
    return open_ or found[0]


def _judged(line: Line, left: WrittenOut, right: WrittenOut, context: Context, edited: bool) -> Judgement | None:
    """The verdict in one parametrisation; None if it has no reading."""
    whole = dataclasses.replace(line, left=left.node, right=right.node)
    try:
        equation = equation_of(whole, context)
        _without_labels(equation)
        model = with_variables(equation, model_for(equation, context, line.number))
        model = _within(model, (*left.positive, *right.positive), Domain.POSITIVE, context)
        model = _within(model, (*left.unit, *right.unit), Domain.UNIT, context)
    except (Unreadable, ModelError, ValueError):
        return None
    if edited:
        return true_or_open(equation, model, "no proof was found")
    return judge(equation, model, partial(_doubts, line, equation, model, context))


def _without_labels(equation: Equation) -> None:
    """No superscript is a label where all that the formula speaks of are numbers on the other side."""
    left, right = ({name_of(a) for a in names_in(side)} for side in (equation.left, equation.right))
    if right <= left:
        for _, _, reader in equation.sources:
            reader.doubts[:] = [d for d in reader.doubts if LABEL not in d]


def _doubts(line: Line, equation: Equation, model: Model, context: Context) -> Iterator[str]:
    """Why a false formula of a distribution may be meant: a letter nobody knows, a value, or what the words say."""
    yield from of_words(line)
    if PRECISION.search(context.dictionary.prose):
        yield "the text may give the precision of a normal distribution, not its variance"
    left, right = ({name_of(a) for a in names_in(side)} for side in (equation.left, equation.right))
    slip = _is_slip(line, left - right, right - left, equation, model, context)
    for name in sorted(right - left) if not slip else ():
        yield f"the text does not say what {name} is"
    given = {n: v for n in sorted(left & set(context.values)) if (v := _value(n, context)) is not None}
    if given:
        at = [(scalar(n), v) for n, v in given.items()]
        sides = [side.subs(at) for side in (equation.left, equation.right)]
        if refute(sides[0], sides[1], model).counterexample is None:
            yield f"it holds for the values that the text gives to {', '.join(given)}"


def _is_slip(line: Line, ours: set[str], theirs: set[str], equation: Equation, model: Model, context: Context) -> bool:
    """Whether a letter that stands nowhere else takes the place of one that the text has spoken of."""
    if len(ours) != 1 or len(theirs) != 1:
        return False
    elsewhere = {name_of(a) for n in _formulas(line, context) for a in names_in(n)}
    if ours & elsewhere or not theirs <= elsewhere:
        return False
    left = equation.left.subs(scalar(min(ours)), scalar(min(theirs)))
    return prove_entries(left, equation.right, model) is not None


def _formulas(line: Line, context: Context) -> Iterator[Expr]:
    """What the other formulas of the text state, as far as it can be read."""
    for node, formula in context.lines.nodes:
        for side in (node.operands if isinstance(node, Chain) else (node,)) if formula is not line.formula else ():
            try:
                yield Reader(context.dictionary).read(side)
            except (Unreadable, ValueError):
                continue


def _value(name: str, context: Context) -> Expr | None:
    """The number to which a line sets a name."""
    line = next(n for n in context.lines.lines if n.number == max(context.values[name]))
    node = line.right.body if isinstance(line.right, Neg) else line.right
    if not isinstance(node, Num):
        return None
    value: Expr = Rational(node.text.replace(",", ""))
    return -value if isinstance(line.right, Neg) else value


def _within(model: Model, parameters: tuple[Node, ...], domain: Domain, context: Context) -> Model:
    """The model in which parameters, or what they are the square of, lie in a domain."""
    names = set()
    for node in parameters:
        expr = Reader(context.dictionary).read(node)
        used = {name_of(a) for a in names_in(expr.args[0] if isinstance(expr, Pow) else expr)}
        names |= used if len(used) == 1 else set()
    given = (dataclasses.replace(q, domain=domain) if q.name in names else q for q in model.given)
    return dataclasses.replace(model, given=tuple(given))
