"""What the words and formulas beside a claim say of its indices, and under which conditions they put it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from derive.calculus.indices import free_indices
from derive.model import Model
from derive.notation.syntax import Chain, Node, Sym

from .conditions import COMPARISONS, Condition, conditions_on
from .context import Context
from .doubts import SENTENCE
from .evaluation import needed
from .judge import Equation
from .lines import Line

NEAR = 150  # characters between a condition and the claim behind it
PHRASE = r"(?<!\$ )\b(?:for|if|when|whenever|where|provided)\s+(?:all\s+|every\s+)?\$\s*{}\s*\$\s*,?"


@dataclass(frozen=True, kw_only=True)
class Met:
    r"""A claim whose sentence puts it under conditions that numbers can meet: "for $i \neq j$", "where $z > 0$".

    Attributes:
        line: the claim, without the words that make these conditions.
        conditions: those of them that values meet or break; two indices are never the same in a counterexample.
    """

    line: Line
    conditions: tuple[Condition, ...] = ()


def met_before(line: Line, equation: Equation, model: Model, context: Context) -> Met:
    """A claim with the conditions that the sentence before it makes in words and a formula, as far as they are read.

    What stands directly behind another formula is said of that one: "$f'(z) = 0$ for $z < 0$ and …".
    """
    before = line.formula.before
    start = len(before.rstrip()) - len(SENTENCE.split(before.rstrip())[-1])
    names, met = needed(equation.left, equation.right, model), Met(line=line)
    for other in context.lines.lines:
        if other.number >= line.number or other.formula.display or other.operator not in COMPARISONS:
            continue
        phrase = re.compile(PHRASE.format(re.escape(other.formula.latex.strip())), re.IGNORECASE)
        sentence = met.line.formula.before[start:]
        if phrase.search(sentence) is None:
            continue
        found = conditions_on(names, context, [other])
        apart = other.operator == "!=" and _are_apart((other.left, other.right), equation)
        if found or apart:
            formula = replace(line.formula, before=before[:start] + phrase.sub(" ", sentence))
            met = Met(line=replace(line, formula=formula), conditions=(*met.conditions, *found))
    return met


def said_to_differ(line: Line, equation: Equation, context: Context) -> bool:
    """Whether i ≠ j stands in the formula of a claim, or in a short sentence before it, of two of its free indices."""
    for node, formula in context.lines.nodes:
        before = 0 < line.formula.offset - formula.offset < NEAR and not formula.display
        if not isinstance(node, Chain) or node.operators != ("!=",):
            continue
        if (formula is line.formula or before) and _are_apart(node.operands, equation):
            return True
    return False


def _are_apart(letters: Iterable[Node | None], equation: Equation) -> bool:
    """Whether the letters that are said to differ are two free indices of a claim."""
    names = {n.base for n in letters if isinstance(n, Sym)}
    return len(names) == 2 and names <= {str(i.label) for i in free_indices(equation.left)}
