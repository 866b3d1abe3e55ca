"""Expansions of functions of which the text says no more: f(x + p) ≈ f(x) + ∇f(x)^T p + ½ p^T ∇²f(x) p.

To first order it is exact for every linear f, to second order for every quadratic one, and only then is it right.
"""

from __future__ import annotations

import dataclasses

from derive.model import Model, ModelError
from derive.notation.derivatives import HESSIANS
from derive.notation.dictionary import Unreadable
from derive.notation.differentials import order_above
from derive.notation.runs import walk
from derive.notation.syntax import Fraction, Group, Juxt, Node, Num, Sym
from derive.notation.unknownfunctions import any_polynomial
from derive.vocabulary import Partial

from .context import Context
from .doubts import of_words
from .equations import posed
from .judge import Equation, Judgement, judge
from .lines import Line
from .results import Verdict


def judged_unknown(line: Line, context: Context) -> Judgement | None:
    """The judgement on an expansion of an unknown function; None of anything else."""
    try:
        found = posed_unknown(line, context)
    except (Unreadable, ModelError, ValueError):
        return None
    if found is None:
        return None
    equation, model, name, degree = found
    judgement = judge(equation, model, lambda: of_words(line))
    what = "linear" if degree == 1 else "quadratic"
    if judgement.verdict in (Verdict.PROVED, Verdict.HOLDS):
        return dataclasses.replace(judgement, because=f"it is exact for every {what} {name}")
    if judgement.verdict is Verdict.REFUTED:
        return dataclasses.replace(judgement, because=f"it is not exact for every {what} {name}, as it should be")
    return judgement


def posed_unknown(line: Line, context: Context) -> tuple[Equation, Model, str, int] | None:
    """The equation for a polynomial in place of the function, its model, its name and the degree.

    Raises: Unreadable, ModelError: if a side has no reading, or the definitions make no model.
    """
    name = _unknown_at(line.left, context)
    if name is None or line.right is None or line.operator != "approx" or line.carried is not None:
        return None
    number, stated = next((k, d) for k, d in context.definitions.items() if d.name == name)
    degree = 1 + any(map(_is_second, walk(line.right)))
    simple = any_polynomial(name, stated.parameters[0], degree, context.dictionary)
    if simple is None or len(stated.parameters) > 1:
        return None
    formulas = context.dictionary.formulas
    kept, formulas[name] = formulas[name], simple.formula
    try:
        definitions = {**context.definitions, number: simple}
        other = dataclasses.replace(context, definitions=definitions, models={}, wholes={})
        equation, model = posed(line, other)
    finally:
        formulas[name] = kept
    return (equation, model, name, degree) if equation.right.has(Partial) else None


def _unknown_at(node: Node, context: Context) -> str | None:
    """The name of the unknown function whose value a side is."""
    head, group = node.items if isinstance(node, Juxt) and len(node.items) == 2 else (None, None)
    if not isinstance(head, Sym) or not isinstance(group, Group) or head.sub or head.sup:
        return None
    unknown = {d.name for k, d in context.definitions.items() if k < 0 and d.parameters}
    return next((n for n in unknown if n == head.base and n in context.dictionary.formulas), None)


def _is_second(node: Node) -> bool:
    """Whether a node is the sign of a second derivative."""
    if isinstance(node, Fraction):
        above = order_above(node.above)
        return above is not None and above[0] > 1
    return isinstance(node, Sym) and (
        node.base in HESSIANS or (node.base == "nabla" and isinstance(node.sup, Num) and node.sup.text == "2")
    )
