"""Why a relation is not judged at all, whatever its sign: something that its verdict would rest on is missing."""

from __future__ import annotations

from derive.calculus.indices import free_indices
from derive.model import Model
from derive.notation.wholes import lacks_a_point

from .context import Context
from .doubts import unread_names
from .evaluation import needed
from .judge import Equation


def why_not(equation: Equation, model: Model, context: Context) -> str | None:
    """The reason why an equation is not judged at all, or None."""
    left, right = equation.left, equation.right
    single = next((n for side in (left, right) if (n := lacks_a_point(side, model)) is not None), None)
    if single is not None:
        return f"it speaks of all data points, and of {single} at one"
    unread = unread_names(left, right, model, context)
    if unread is not None:
        return unread
    numbers = sorted(context.dictionary.elsewhere & needed(left, right, model))
    if len(numbers) > 1 and any(n[0].isupper() for n in numbers):  # a product of matrices has an order
        return f"{' and '.join(numbers)} have indices elsewhere in the text, and may have them here"
    strange = free_indices(right) - free_indices(left)
    if strange:
        return f"the index {min(str(i.label) for i in strange)} stands on the right only"
    return None
