"""The conditions that a text makes before a relation, and whether a world meets them."""

from __future__ import annotations

import numpy as np

from derive.notation.syntax import Group, Listing, Node

from ..context import Context
from ..lines import Line
from .evaluation import Evaluator
from .quantities import Seen
from .texts import Text
from .values import NoValue, Value, is_number
from .worlds import Unshaped, World

MARGIN = 1e-7
NOT_MORE = frozenset({"<=", "<", "leqslant"})
NOT_LESS = frozenset({">=", ">", "geqslant"})
MOST = 12


def conditions_before(line: Line, context: Context) -> tuple[Line, ...]:
    """The inequalities and intervals that stand before a relation under its heading, the nearest ones."""
    found = [
        n
        for n in context.lines.lines
        if n.number < line.number
        and n.formula is not line.formula
        and n.formula.headings == line.formula.headings
        and n.right is not None
        and (n.operator in NOT_MORE | NOT_LESS or _is_interval(n))
    ]
    return tuple(found[-MOST:])


def _is_interval(line: Line) -> bool:
    right = line.right
    inside = isinstance(right, Group) and isinstance(right.body, Listing) and len(right.body.items) == 2
    return line.operator == "in" and inside


def is_met(condition: Line, text: Text, world: World) -> bool:
    """Whether a condition of the text holds in a world; what has no value there is none on its letters."""
    right = condition.right
    if right is None:
        return True
    try:
        if _is_interval(condition):
            assert isinstance(right, Group) and isinstance(right.body, Listing)
            nodes = (right.body.items[0], condition.left, right.body.items[1])
            low, at, high = (value_of(n, condition, text, world, Seen()) for n in nodes)
            return _is_below(low, at) and _is_below(at, high)
        ends = (condition.left, right) if condition.operator in NOT_MORE else (right, condition.left)
        lower, upper = (value_of(n, condition, text, world, Seen()) for n in ends)
    except Unshaped:
        return True
    return _is_below(lower, upper)


def _is_below(lower: Value | None, upper: Value | None) -> bool:
    if lower is None or upper is None or not is_number(lower) or not is_number(upper):
        return True
    return bool(lower <= upper + MARGIN * max(1.0, abs(upper)))


def value_of(node: Node, line: Line, text: Text, world: World, seen: Seen) -> Value | None:
    """The value of a node in one world; None if it has none. Raises: Unshaped: if a shape is not chosen."""
    before = line.number - 1 if text.lenient else line.number - line.link - 1  # f = x y → ∂f/∂x = y
    evaluator = Evaluator(text=text, world=world, before=before, seen=seen)
    try:
        with np.errstate(all="ignore"):
            return evaluator.value(node)
    except (NoValue, OverflowError, ZeroDivisionError, np.linalg.LinAlgError):
        return None


def value_if_any(node: Node, line: Line, text: Text, world: World, seen: Seen) -> Value | None:
    """The value of a node in one world; None if it has none, or asks there for more than its shapes were chosen for."""
    try:
        return value_of(node, line, text, world, seen)
    except Unshaped:
        return None
