"""Predictions, p(ỹ | x̃, y, x) = ∫ p(ỹ | x̃, θ) p(θ | y, x) dθ: new data depend on old ones by the parameter alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import numpy as np

from derive.chances.events import SET_FONTS, has_label
from derive.chances.networks import Factor, Network
from derive.chances.terms import Mass, Outcome, Total, within
from derive.notation.runs import walk
from derive.notation.syntax import Big, Group, Listing, Node, Sym

from ..context import Context
from ..doubts import of_words
from ..judge import Judgement
from ..lines import Line
from ..repair import repair
from ..results import Suggestion, Verdict
from ..rules import wrong_quantity
from ..rules.edit import Edit, Rule, Side
from .chains import base_of, chain_world
from .evaluation import free_letters
from .knowledge import Knowledge
from .sides import Sides, readings_of, values
from .worlds import NoWorld

PREDICTS = re.compile(
    r"\bpredict\w*|\bunseen\b|\bfuture\b|\b(?:new|test) (?:inputs?|outcomes?|observations?|data|points?|examples?)",
    re.IGNORECASE,
)
MARK = re.compile(r"(?:\^(?:tilde|ast|star|\*|\(new\)|new)|_(?:ast|star|\*|\(new\)|new)|'+)\Z")
SEEDS = (1, 2)
APART = 1e-7


def judge_predictive(line: Line, context: Context) -> tuple[Judgement, tuple[Rule, Suggestion] | None] | None:
    """The verdict on a predictive distribution; None of anything else. Wrong is only what one edit makes right."""
    found = _outcome(line, context.chances, context)
    if found is Verdict.HOLDS:
        because = "no proof was found; it agrees where new data depend on old ones by the parameter alone"
        return Judgement(verdict=found, because=because), None
    if found is not Verdict.REFUTED or any(of_words(line)):
        return None
    rule = Rule(code=wrong_quantity.RULE.code, name=wrong_quantity.RULE.name, edits=_conditions)
    mended = repair(line, context, partial(_holds, context=context), rules=(rule,))
    if mended is None:
        return None
    because = "the two sides differ where new data depend on old ones by the parameter alone"
    return Judgement(verdict=Verdict.REFUTED, because=because), mended


def _holds(line: Line, context: Context) -> Verdict:
    found = _outcome(line, context.chances, context)
    return Verdict.UNDECIDED if found is None else found


def _outcome(line: Line, knowledge: Knowledge, context: Context) -> Verdict | None:
    """Whether a relation holds in random worlds with the factors of a prediction; None if it is none."""
    if line.right is None or line.operator != "=" or not knowledge.speaks:
        return None
    if not any(isinstance(n, Big) for n in walk(line.right)) or not PREDICTS.search(context.lines.prose):
        return None
    sides = next(readings_of(line, knowledge), None)
    network = None if sides is None else _network(sides)
    if sides is None or network is None:
        return None
    letters = free_letters(sides.both)
    apart = []
    for seed in SEEDS:
        try:
            where = chain_world(sides.both, {"p": network}, seed, {}, alike=True)
            a, b = values(line, sides, where, letters)
        except (NoWorld, ArithmeticError, ValueError):
            return None
        apart.append(bool(np.max(np.abs(a - b) / (np.abs(a) + np.abs(b))) > APART))
    return Verdict.REFUTED if all(apart) else None if any(apart) else Verdict.HOLDS


def _network(sides: Sides) -> Network | None:
    """θ, inputs, and outcomes by their inputs and θ: the factors of a prediction; None if a relation is none."""
    terms = [t for side in sides.both for t in within(side)]
    masses = [t for t in terms if isinstance(t, Mass)]
    totals = [t for t in terms if isinstance(t, Total)]
    if len(totals) != 1 or any(m.family != "p" for m in masses) or any(isinstance(t, Outcome) for t in terms):
        return None
    if not isinstance(sides.left, Mass) or len(sides.left.events) != 1 or sides.right is not totals[0]:
        return None
    bound = {v for v, _ in totals[0].bound}
    inside = [t for t in within(totals[0].body) if isinstance(t, Mass)]
    if any(not bound & {e.variable for e in m.events | m.given} for m in inside):
        return None
    new = next(iter(sides.left.events)).variable
    used = {e.variable for m in masses for e in m.events | m.given} - bound
    marked = {v for v in used if MARK.search(v)}
    mark = MARK.search(new)
    if mark is None or not used - marked or any(not v.endswith(mark[0]) for v in marked):
        return None
    outcomes = {v for v in used if base_of(v) == base_of(new)} | {v for v in used if v.startswith("cal ")}
    inputs = used - outcomes
    factors = [Factor(children=(v,), parents=()) for v in sorted(bound | inputs)]
    for v in sorted(outcomes):
        own = sorted(i for i in inputs if (i in marked) == (v in marked)) if not v.startswith("cal ") else []
        factors.append(Factor(children=(v,), parents=(*own, *sorted(bound))))
    return Network(factors=tuple(factors))


def _conditions(side: Side) -> Iterator[Edit]:
    """Each condition made another letter of the formula, or one more put behind the bar."""
    groups = [n for n in walk(side.node) if isinstance(n, Group)]
    names = sorted({side.source[slice(*n.span)] for root in (*_others(side), side.node) for n in _letters(root)})
    bare = [g for g in groups if isinstance(g.body, Sym)]
    for group, name in ((g, n) for g in bare for n in names if n != side.text(g.body)):
        at = group.body.span[1]
        yield side.edit("quantity of the text", at, at, f" | {name}", group.span, -0.5)
    for group in (g for g in groups if isinstance(g.body, Listing) and g.body.separator == "|"):
        assert isinstance(group.body, Listing)
        for sym in _letters(group.body.items[1]):
            for name in names:
                yield side.edit("quantity", *sym.span, name, group.span)
        at = group.body.items[1].span[0]
        for name in names:
            yield side.edit("quantity of the text", at, at, f"{name}, ", group.span)


def _others(side: Side) -> Iterator[Node]:
    yield from (node for source, node in side.others if source == side.source)


def _letters(node: Node) -> Iterator[Sym]:
    """The variables in the brackets of a formula."""
    for group in (n for n in walk(node) if isinstance(n, Group) and n.opening in ("(", "[")):
        yield from (n for n in walk(group) if isinstance(n, Sym) and has_label(n) and _is_variable(n))
    if isinstance(node, Listing | Sym):
        yield from (n for n in walk(node) if isinstance(n, Sym) and has_label(n) and _is_variable(n))


def _is_variable(node: Sym) -> bool:
    return node.base not in ("p", "P", "d", "mid") and (
        len(node.base) > 1 or bool(set(node.fonts) & SET_FONTS) or node.base.isalpha()
    )
