"""What a text demands of its letters: `x > 0`, `0 < p < 1`, `y ∈ {0, 1}`; numbers that break it refute nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sympy import Expr

from derive.model import Model
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.syntax import Group, Listing, Node, Num, Sym
from derive.vocabulary import name_of, names_in
from lowering.numeric.arithmetic import FLOAT64
from lowering.numeric.environment import Environment
from lowering.numeric.errors import EvaluationError
from lowering.numeric.evaluate import evaluate

from .context import Context
from .evaluation import forward, free_in, needed
from .lines import Line
from .points import Sizes, Values

Test = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A test that the values of an expression pass, at all indices that it has.

    Attributes:
        lasting: whether it holds wherever the text speaks of the expression, and not for one sentence only.
    """

    expr: Expr
    test: Test
    lasting: bool = False


COMPARISONS: dict[str, Test] = {
    "<": lambda v: v < 0,
    "<=": lambda v: v <= 0,
    ">": lambda v: v > 0,
    ">=": lambda v: v >= 0,
    "!=": lambda v: v != 0,
    "ne": lambda v: v != 0,
}
BEHIND = re.compile(r"[\s,]*(?:for|if|when|whenever|where|provided)\s+(?:all\s+|every\s+)?\$(?!\$)", re.IGNORECASE)
WHOLE = frozenset({"N", "Z"})


def conditions_on(names: Iterable[str], context: Context, lines: Iterable[Line] | None = None) -> tuple[Condition, ...]:
    """The conditions that a text, or some lines of it, makes of some of these names, as far as they can be read."""
    names = frozenset(names)
    stating = (line for line in (context.lines.lines if lines is None else lines) if line.right is not None)
    found = [c for line in stating for c in _stated(line, context)]
    found += [demanded(e) for d in context.definitions.values() if d.name in names for e in d.demands]
    return tuple(c for c in found if names & {name_of(a) for a in names_in(c.expr)})


def conditions_behind(line: Line, context: Context) -> tuple[Condition, ...]:
    """The condition that the words directly behind a formula put it under: f′(z) = 1 for z > 0."""
    if BEHIND.match(line.formula.after) is None:
        return ()
    following = (n for n in context.lines.lines if n.number > line.number and n.formula is not line.formula)
    other = next(following, None)
    return () if other is None or other.right is None else tuple(_stated(other, context))


def demanded(expr: Expr) -> Condition:
    """That an expression is positive, because one of the cases of a definition or a claim has to hold."""
    return Condition(expr=expr, test=COMPARISONS[">"], lasting=True)


def allowed(conditions: Iterable[Condition], model: Model) -> Callable[[Sizes, Values], Any]:
    """At which of the points tried all conditions hold."""
    tests = [(c, needed(c.expr, c.expr, model)) for c in dict.fromkeys(conditions)]
    defined = set(model.defined)

    def at(sizes: Sizes, given: Values) -> Any:
        points = len(next(iter(given.values()))) if given else 1
        mask = np.ones(points, dtype=bool)
        posed = [(c, names) for c, names in tests if names - defined <= set(given)]
        together = _forward(model, sizes, given, set[str]().union(*(names for _, names in posed)))
        for c, names in posed:
            mask &= _holds(c, together or _forward(model, sizes, given, names))
        return mask

    return at


def _forward(model: Model, sizes: Sizes, given: Values, names: set[str]) -> Environment | None:
    """The values of some names; None if one of them has none."""
    try:
        return forward(model, sizes, given, names, FLOAT64)
    except EvaluationError:
        return None


def _holds(condition: Condition, env: Environment | None) -> Any:
    """At which points a condition holds; at all if it has no value there."""
    expr = condition.expr
    if env is None:
        return np.asarray(True)
    try:
        with np.errstate(all="ignore"):
            values = np.asarray(evaluate(expr, env, free_in(expr, expr)))
            outside = np.isnan(values).all(axis=0)  # e_{k+1} for the last k
            passed = np.asarray(condition.test(values)) | outside
    except EvaluationError:
        return np.asarray(True)
    return passed.all(axis=tuple(range(1, passed.ndim)))


def _stated(line: Line, context: Context) -> Iterator[Condition]:
    assert line.right is not None
    for node in line.left.items if isinstance(line.left, Listing) else (line.left,):
        reader = Reader(context.dictionary)
        try:
            value = reader.read(node)
            if line.operator in COMPARISONS:
                yield Condition(expr=value - reader.read(line.right), test=COMPARISONS[line.operator])
            elif line.operator == "in":
                yield from _within(value, line.right, context)
        except (Unreadable, ValueError):
            continue


def _within(value: Expr, node: Node, context: Context) -> Iterator[Condition]:
    r"""The conditions that a set makes: `\{0, 1\}`, `[0, 1)`, `\mathbb{R}_+`, `\mathbb{N}`."""
    if isinstance(node, Sym) and "bb" in node.fonts:
        if node.base in WHOLE:
            yield Condition(expr=value, test=lambda v: v == np.round(v))
        if node.sub is not None or node.base == "N" or getattr(node.sup, "base", "") == "+":
            yield Condition(expr=value, test=COMPARISONS[">="])
    if not isinstance(node, Group) or not isinstance(node.body, Listing) or node.sup is not None:
        return
    ends = [Reader(context.dictionary).read(item) for item in node.body.items]
    if node.opening == r"\{" and all(isinstance(getattr(i, "body", i), Num) for i in node.body.items):
        numbers = [float(e) for e in ends]
        yield Condition(expr=value, test=lambda v: np.isin(v, numbers), lasting=True)
    elif node.opening in ("(", "[") and len(ends) == 2:
        yield Condition(expr=value - ends[0], test=COMPARISONS[">" if node.opening == "(" else ">="])
        yield Condition(expr=value - ends[1], test=COMPARISONS["<" if node.closing == ")" else "<="])
