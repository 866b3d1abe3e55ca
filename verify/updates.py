r"""Steps of training, w ← w − η ∂J/∂w: judged as "the step is −η times the gradient of the objective of the text".

The objective is the scalar that the text defines, or shows in a display, and that depends on w; the rate is the one
letter of the step that is neither w nor part of the objective. Momentum and other rules with a memory are left open.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sympy import Expr, Idx, Integer, Max, Min, Piecewise, Rational, expand

from derive.calculus.indices import free_indices
from derive.model import Model
from derive.notation.conventions import MAXIMISED
from derive.notation.definitions import Stated, drop_sample
from derive.notation.elaborate import Reader
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Fn, Group, Juxt, Listing, Node, Sym
from derive.notation.wholes import lacks_a_point
from derive.vocabulary import Partial, is_name, name_of, names_in, scalar, tensor

from .context import Context
from .doubts import doubts
from .judge import Equation, Judgement, judge, with_variables
from .lines import Line
from .refute import refute
from .results import Verdict
from .roles import introduction
from .unwritten import NAMELESS

ASCENT = re.compile(r"\b(?:ascen\w+|maximi[sz]\w+|climb\w*|uphill|increas\w+)\b", re.IGNORECASE)
DESCENT = re.compile(r"\b(?:descen\w+|minimi[sz]\w+|downhill|decreas\w+|reduc\w+)\b", re.IGNORECASE)
BY_GRADIENT = re.compile(r"\b(?:gradient|SGD|steepest)\b", re.IGNORECASE)
TURNED = re.compile(r"\b(?:negative|minus|log-?likelihood|reward|utility)\b", re.IGNORECASE)
OTHERWISE = re.compile(
    r"\b(?:exponentiat\w+|multiplicativ\w*|multipl(?:y|ies)|mirror|natural|precondition\w*|normali[sz]ed gradient"
    r"|sign(?:ed)?|clipp\w+|proximal|project\w*|averag\w+)\b",
    re.IGNORECASE,
)
LOSSES = re.compile(
    r"\bcross[- ]entropy|\bhinge|\blog(?:istic)?[- ]loss|\blikelihood|\bsquared?\b|\babsolute\b|\bhuber|\bKL\b",
    re.IGNORECASE,
)
REACH = 400  # characters before a step in which the text may call it one of another kind
UNSAID = "the text does not say, or not clearly, of what it is a step"


@dataclass(frozen=True, kw_only=True)
class Step:
    """An update as read.

    Attributes:
        before: what is updated.
        after: its new value, in terms of the old one.
        rate: the factor of the gradient.
        objective: the name of the scalar whose gradient is meant.
        of: this scalar; of an objective for each data point that at the point of the step.
        reader: of both sides.
        written: the new value as it is written, with the index of the data point that makes the step.
    """

    before: Expr
    after: Expr
    rate: Expr
    objective: str
    of: Expr
    reader: Reader
    written: Expr


def judged_update(line: Line, context: Context) -> Judgement:
    """The judgement on an update; undecided where the text leaves open which step is meant.

    Raises: Unreadable, ModelError: if a side has no reading, or the definitions make no model.
    """
    assert line.right is not None
    reader = Reader(context.dictionary)
    before, after = reader.read(line.left), reader.read(line.right)
    if not is_name(before) or (line.operator == "=" and is_of_another_step(line.left)):
        return Judgement(verdict=Verdict.UNDECIDED, because=UNSAID)
    steps = _of_one_point(_steps(before, after, reader, line, context))
    tried = [_against(step, line, line.right, context) for step in steps]
    proved = next((j for j in tried if j.verdict in (Verdict.PROVED, Verdict.HOLDS)), None)
    if proved is not None:
        return proved
    told = BY_GRADIENT.search(introduction(line.formula)) is not None
    if len(tried) == 1 and told:
        return tried[0]
    return Judgement(verdict=Verdict.UNDECIDED, because=UNSAID)


def is_of_several(left: Node) -> bool:
    """Whether a left side is H(p, q) or log p(x, y), which H(p) and p(x) on the right side are no earlier values of."""
    node = left.argument if isinstance(left, Fn) and left.name in ("log", "ln") else left
    group = node.items[-1] if isinstance(node, Juxt) and isinstance(node.items[0], Sym) else None
    return isinstance(group, Group) and isinstance(group.body, Listing) and len(group.body.items) > 1


def is_of_another_step(left: Node) -> bool:
    """Whether a letter is that of the next step, w_{t+1}, which no equation with itself gives: θ_j may be an entry."""
    scripts = (s for s in (left.sub, left.sup) if s is not None) if isinstance(left, Sym) else ()
    return any(isinstance(n, Bin) for script in scripts for n in walk(script))


def _steps(before: Expr, after: Expr, reader: Reader, line: Line, context: Context) -> Iterator[Step]:
    """The steps that an update may be: one for each objective that depends on what is updated."""
    every = {d.name: of for d in context.definitions.values() if (of := _objective(d, before, after)) is not None}
    written, points = after, reader.samples & free_indices(after)
    for point in points if len(points) == 1 else ():
        after = drop_sample(after, point)
        reader.samples.clear()
    for name, of in every.items():
        model = _model({name, *_used(after)}, reader, line, context)
        if name not in model.defined or not model.depends(name, name_of(before)):
            continue
        consumers = {d.name for d in model.consumers.get(name, ())}
        known = {name, name_of(before), *model.ancestors.get(name, ())} | set(model.defined)
        rates = sorted(n for n in _used(after) if n not in known)
        if len(rates) == 1 and (of != scalar(name) or not consumers) and name_of(before) in _used(after):
            rate = scalar(rates[0])
            if rate in after.free_symbols and not _is_whole_step(rate, before, after):
                yield Step(before=before, after=after, rate=rate, of=of, objective=name, reader=reader, written=written)


def _of_one_point(steps: Iterable[Step]) -> list[Step]:
    """The steps with the data of one point along the objective of that point, if there are any, or else all."""
    every = list(steps)
    return [step for step in every if step.of != scalar(step.objective)] or every


def _objective(definition: Stated, before: Expr, after: Expr) -> Expr | None:
    """What a definition says of a number: of L, or of the L_i of the one point i that a step speaks of."""
    if not definition.place:
        return scalar(definition.name) if definition.sample is None else None
    labels = {i.label for i in definition.place if isinstance(i, Idx)}
    at = [i for i in free_indices(after) - free_indices(before) if {i.label} == labels]
    return tensor(definition.name)[at[0]] if len(at) == len(definition.place) == 1 else None


def _is_whole_step(rate: Expr, before: Expr, after: Expr) -> bool:
    """Whether a letter is no factor of a step, but all of it: the velocity of x ← x + v."""
    return expand(after - before) in (rate, -rate)


def _model(used: set[str], reader: Reader, line: Line, context: Context) -> Model:
    """The model in which a step is judged: of all data points where it speaks of them."""
    return context.model_at(line.number, used, whole=bool(reader.samples))


def _against(step: Step, line: Line, right: Node, context: Context) -> Judgement:
    """The judgement on after = before ∓ η ∂J/∂before."""
    equation, model = _posed(step, line, right, context)
    gradient = Partial(step.of, step.before)
    sign = 1 if _climbs(step.objective, line) else -1
    if any(lacks_a_point(side, model) for side in (equation.left, equation.right)):
        return Judgement(verdict=Verdict.UNDECIDED, because="it speaks of all data points, and of one")

    def wonder() -> Iterator[str]:
        yield from doubts(dataclasses.replace(line, number=-1), equation.left, equation.right, model, context)
        yield from _other_factors(step, sign, gradient, model, line)
        if _uses_another(step, model) or _may_be_of_another(step.objective, line, context):
            yield "it may be a step along the gradient of another objective"
        if OTHERWISE.search(line.formula.before[-REACH:]) is not None:
            yield "it may be a step of another kind"
        if any(d.expr.has(Max, Min, Piecewise) for d in model.definitions):
            yield "it may be the step where one of several cases holds"

    found = judge(equation, model, wonder)
    if found.verdict in (Verdict.PROVED, Verdict.HOLDS):
        way = "up" if sign > 0 else "down"
        return dataclasses.replace(found, because=f"one step {way} the gradient of {_called(step)}, {found.because}")
    return found


def _uses_another(step: Step, model: Model) -> bool:
    """Whether a step has something that is computed from what it updates, and of which the objective is not made."""
    made_of = {step.objective, *model.ancestors.get(step.objective, ())}
    others = (_used(step.written) & set(model.defined)) - made_of
    return any(model.depends(name, name_of(step.before)) for name in others)


def _may_be_of_another(objective: str, line: Line, context: Context) -> bool:
    """Whether an objective stands under another heading, or the words of the step name a loss that its own do not."""
    numbers = {k for k, d in context.definitions.items() if d.name == objective}
    formulas = [n.formula for n in context.lines.lines if n.number in numbers]
    if not any(f.headings == line.formula.headings for f in formulas):
        return bool(formulas)
    named = {m[0].lower() for m in LOSSES.finditer(introduction(line.formula))}
    told = {m[0].lower() for f in formulas for m in LOSSES.finditer(introduction(f))}
    return bool(named - told)


def _posed(step: Step, line: Line, right: Node, context: Context) -> tuple[Equation, Model]:
    """The equation before ± η ∂J/∂before = after, and the model in which it is judged."""
    model = _model({step.objective, *_used(step.after)}, step.reader, line, context)
    gradient = Partial(step.of, step.before)
    source = line.formula.latex
    equation = Equation(
        left=step.before + (1 if _climbs(step.objective, line) else -1) * step.rate * gradient,
        right=step.after,
        sources=((source, line.left, step.reader), (source, right, step.reader)),
        confirmed=(step.before, step.written),
    )
    return equation, with_variables(equation, model)


def posed_update(line: Line, context: Context) -> tuple[Equation, Model] | None:
    """The equation that an update claims, and its model, if there is one step that it may be.

    Raises: Unreadable, ModelError: if a side has no reading, or the definitions make no model.
    """
    assert line.right is not None
    reader = Reader(context.dictionary)
    before, after = reader.read(line.left), reader.read(line.right)
    steps = _of_one_point(_steps(before, after, reader, line, context)) if is_name(before) else []
    return _posed(steps[0], line, line.right, context) if len(steps) == 1 else None


def _called(step: Step) -> str:
    return "the objective" if step.objective.startswith(NAMELESS) else step.objective


def _climbs(objective: str, line: Line) -> bool:
    sentence = introduction(line.formula)
    if ASCENT.search(sentence) or DESCENT.search(sentence):
        return ASCENT.search(sentence) is not None
    return objective in MAXIMISED


def _other_factors(step: Step, sign: int, gradient: Expr, model: Model, line: Line) -> Iterator[str]:
    """Factors that the author may have put into the rate: 2, the number of points; or the other direction."""
    factors: list[Expr] = [Integer(2), Rational(1, 2)]
    if model.sample is not None:
        count = model.sample.upper - model.sample.lower + 1
        factors += [count, 1 / count, count / 2, 2 / count]
    sentence = introduction(line.formula)
    up, down = ASCENT.search(sentence) is not None, DESCENT.search(sentence) is not None
    if up == down or (down and TURNED.search(sentence) is not None):
        factors.append(Integer(-1))
    for factor in factors:
        if _agrees(step, sign * factor * step.rate * gradient, model):
            yield f"it is {factor} times the step, and the rate may hold that factor"


def _agrees(step: Step, move: Expr, model: Model) -> bool:
    trials = refute(step.before + move, step.after, model)
    return trials.counterexample is None and trials.agreed > 0


def _used(expr: Expr) -> set[str]:
    return {name_of(a) for a in names_in(expr)}
