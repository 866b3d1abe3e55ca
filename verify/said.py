"""What the words and formulas beside a claim say of its indices."""

from __future__ import annotations

from derive.calculus.indices import free_indices
from derive.notation.syntax import Chain, Sym

from .context import Context
from .judge import Equation
from .lines import Line

NEAR = 150  # characters between a condition and the claim behind it


def said_to_differ(line: Line, equation: Equation, context: Context) -> bool:
    """Whether i ≠ j stands in the formula of a claim, or in a short sentence before it, of two of its free indices."""
    free = {str(i.label) for i in free_indices(equation.left)}
    for node, formula in context.lines.nodes:
        if not isinstance(node, Chain) or node.operators != ("!=",):
            continue
        names = {n.base for n in node.operands if isinstance(n, Sym)}
        before = 0 < line.formula.offset - formula.offset < NEAR and not formula.display
        if len(names) == 2 and names <= free and (formula is line.formula or before):
            return True
    return False
