"""∂z/∂W = −(y − ŷ) f'(z) ∂z/∂W: a derivative that is made of itself by the chain rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.notation.definitions import DEFINING
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Bin, Fraction, Group, Juxt, Neg, Node, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from ..roles import introduction
from ..rules import wrong_quantity
from ..rules.parts import is_derivative

SCALED = re.compile(
    r"\b(?:clip|scal|mask|replac|normali[sz]|rescal|updat|reweigh|weighted|implicit|solv)\w*", re.IGNORECASE
)
OTHER = frozenset({"J", "L", "E", "C"})  # of costs


def made_of_itself(line: Line, context: Context) -> Found | None:
    """The conflict of a derivative that is a factor of its own value, beside the slope of a function.

    The other factors would have to be 1. Where the text defines one cost, its derivative is what was meant.
    """
    left, right = line.left, line.right
    if right is None or line.link or line.operator not in DEFINING or not isinstance(left, Fraction):
        return None
    if not is_derivative(left) or any(of_words(line)) or SCALED.search(introduction(line.formula)) is not None:
        return None
    factors = list(_factors(right))
    own = [f for f in factors if unplaced(f) == unplaced(left)]
    others = [f for f in factors if f not in own]
    slopes = [n for f in others for n in walk(f) if _is_slope(n)]
    further = [n for n in slopes if isinstance(n, Fraction)]
    if len(own) != 1 or not slopes or len(further) > 1 or any(_is_trivial(n) for n in further):
        return None
    message = "the derivative is a factor of itself, and the other factors are not 1"
    return conflict(line, message, message, _of_the_cost(left, context), wrong_quantity.RULE)


def _factors(node: Node) -> Iterator[Node]:
    match node:
        case Neg(body=body):
            yield from _factors(body)
        case Bin(op="cdot" | "times" | "odot" | "*", left=left, right=right):
            yield from _factors(left)
            yield from _factors(right)
        case Juxt(items=items):
            for item in items:
                yield from _factors(item)
        case _:
            yield node


def _is_slope(node: Node) -> bool:
    """Whether a node is f' or another derivative."""
    return (isinstance(node, Sym) and node.primes > 0) or (isinstance(node, Fraction) and is_derivative(node))


def _is_trivial(node: Fraction) -> bool:
    """Whether a derivative is ∂x/∂x."""
    halves = [[n.base for n in walk(half) if isinstance(n, Sym)] for half in (node.above, node.below)]
    return halves[0] == halves[1]


def _of_the_cost(left: Fraction, context: Context) -> dict[tuple[int, int], str]:
    """What is differentiated, and the cost that the text defines, if it is one."""
    costs = {d.name for d in context.definitions.values() if d.name in OTHER and not d.place}
    above = left.above.body if isinstance(left.above, Group) else left.above
    match above:
        case Juxt(items=(Sym(base="partial" | "d"), Sym() as what)) if len(costs) == 1 and what.base not in costs:
            return {what.span: costs.pop()}
    return {}
