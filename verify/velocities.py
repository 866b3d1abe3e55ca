r"""v = γ v + η ∇J and θ = θ + v: steps along a velocity that climbs what should be descended.

The formula of the velocity shows which way the gradient goes into it, and the step adds or subtracts it. Nobody climbs
with a momentum without saying so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.notation.syntax import Node, Sym

from .context import Context
from .descent import REACH, Term, factors_of, is_alike, is_gradient, is_rate, terms_of
from .doubts import of_words
from .found import Found
from .lines import Line
from .mended import conflict
from .rules.wrong_sign import RULE
from .updates import ASCENT

MOMENTUM = re.compile(r"\b(?:momentum|velocity|nesterov|heavy[- ]ball|descen\w+)\b", re.IGNORECASE)
OTHERWISE = re.compile(
    r"\b(?:likelihood|reward|return|utility|policy|evidence|ELBO|log-?prob\w*|negative gradient|minus|adversar\w*"
    r"|wors\w*|uphill|climb\w*|hamilton\w*|leapfrog|player|game|dual|instead|would|momenta)\b",
    re.IGNORECASE,
)


def velocity_found(line: Line, context: Context) -> Found | None:
    """The conflict of a step with the velocity that the text defines: together they go up the gradient."""
    said = _said(line, context)
    if line.right is None or line.link or line.carried is not None or line.operator not in ("=", ":=", "<-"):
        return None
    if not isinstance(line.left, Sym) or MOMENTUM.search(said) is None or OTHERWISE.search(said) is not None:
        return None
    if ASCENT.search(said) is not None or any(of_words(line)):
        return None
    terms = list(terms_of(line.right, line.formula.latex))
    old = [t for t in terms if t.sign > 0 and is_alike(t.node, line.left)]
    steps = [t for t in terms if t not in old]
    velocity = _velocity(steps[0].node) if len(old) == len(steps) == 1 else None
    if velocity is None or steps[0].at is None or is_alike(velocity, line.left):
        return None
    ways = {sign for other in _formulas(velocity, line, context) for sign in _ways(velocity, other, line, context)}
    if len(ways) != 1 or steps[0].sign * ways.pop() <= 0:
        return None
    message = "the step goes up the gradient, by the sign that this has in the velocity"
    places = {(steps[0].at, steps[0].at + 1): "-" if steps[0].sign > 0 else "+"}
    return conflict(line, message, f"{message}, and one of both signs is the other one", places, RULE)


def _said(line: Line, context: Context) -> str:
    """The words around a line, and before the formulas that stand shortly before it."""
    here = (f for _, f in context.lines.nodes if f.headings == line.formula.headings)
    near = {f.before[-REACH:] for f in here if 0 <= line.formula.offset - f.offset < REACH}
    return " ".join((*sorted(near), line.formula.before[-REACH:], line.formula.after[:REACH]))


def _velocity(node: Node) -> Sym | None:
    """The v of v_t and of η v_t."""
    others = [f for f in factors_of(node) if not is_rate(f)]
    return others[0] if len(others) == 1 and isinstance(others[0], Sym) and others[0].base != "nabla" else None


def _formulas(velocity: Sym, line: Line, context: Context) -> Iterator[Line]:
    """The equations before a line that give a velocity, under its heading."""
    for other in context.lines.lines:
        here = other.number < line.number and other.formula.headings == line.formula.headings
        if here and other.right is not None and is_alike(other.left, velocity):
            yield other


def _ways(velocity: Sym, formula: Line, line: Line, context: Context) -> Iterator[int]:
    """The sign of the gradient in a formula that also has the velocity before; 0 if it is no such formula."""
    assert formula.right is not None
    terms = list(terms_of(formula.right, formula.formula.latex))
    memory = [t for t in terms if t.sign > 0 and any(is_alike(f, velocity) for f in factors_of(t.node))]
    slopes = [t for t in terms if t not in memory and _has_gradient(t, line, context)]
    yield slopes[0].sign if len(terms) == 2 and len(memory) == len(slopes) == 1 else 0


def _has_gradient(term: Term, line: Line, context: Context) -> bool:
    """Whether a term is a gradient times what is positive: a rate, or 1 − β."""
    return sum(is_gradient(f, line, context) for f in factors_of(term.node)) == 1
