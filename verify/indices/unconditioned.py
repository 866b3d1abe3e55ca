r"""q(x_t | x_0) = N(x_t; a x_{t−1}, b I): a law that depends on a variable of which the left side is no conditional."""

from __future__ import annotations

from derive.chances.events import NotAProbability, conditioned
from derive.notation.definitions import DEFINING
from derive.notation.runs import unplaced, walk
from derive.notation.syntax import Group, Juxt, Node, Sym

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict
from ..standards.laws import is_normal


def unconditioned(line: Line, context: Context) -> Found | None:
    """The conflict of a normal law whose mean holds x_{t−1}, where the left side conditions on x_0 instead."""
    if line.right is None or line.operator not in DEFINING or line.link or any(of_words(line)):
        return None
    match line.left, line.right:
        case Juxt(items=(Sym(), Group() as bracket)), Juxt(items=(Sym() as head, Group() as law)) if is_normal(
            head, law
        ):
            return _found(bracket, law, line)
    return None


def _found(bracket: Group, law: Group, line: Line) -> Found | None:
    try:
        events, given = conditioned(bracket.body)
    except NotAProbability:
        return None
    if len(events) != 1 or len(given) != 1 or not _is_step(events[0]) or not _is_step(given[0]):
        return None
    (event,), (condition,) = events, given
    alike = [n for n in walk(law.body) if isinstance(n, Sym) and _is_alike(n, event)]
    strange = [n for n in alike if unplaced(n) not in (unplaced(event), unplaced(condition))]
    if not _is_alike(condition, event) or len(strange) != 1 or any(unplaced(n) == unplaced(condition) for n in alike):
        return None
    source = line.formula.latex
    name, other = source[slice(*strange[0].span)], source[slice(*condition.span)]
    message = f"the left side is given {other}, and the right side depends on {name}"
    return conflict(line, message, message, {strange[0].span: other})


def _is_step(node: Node) -> bool:
    return isinstance(node, Sym) and node.sub is not None and node.sup is None


def _is_alike(node: Node, other: Node) -> bool:
    """Whether two letters are one but for the index."""
    both = isinstance(node, Sym) and isinstance(other, Sym)
    return both and _marks(node) == _marks(other)


def _marks(node: Node) -> tuple[object, ...]:
    assert isinstance(node, Sym)
    return node.base, node.accents, node.fonts
