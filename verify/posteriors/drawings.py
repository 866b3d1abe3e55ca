r"""What is drawn from a distribution with a name or a formula: θ \sim Beta(a, b), p(x_i | λ) = λ e^{−λ x_i}."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from derive.chances.events import NotAProbability, conditioned, unbraced
from derive.chances.families import Family
from derive.chances.standing import filled, laws_of
from derive.notation.definitions import DEFINING
from derive.notation.runs import join_letters, unplaced, walk
from derive.notation.syntax import Dots, Group, Juxt, Node, Num, Sym

from ..chances.posteriors import without_outcome
from ..chances.worded import meant_by_words
from ..context import Context
from ..lines import Line

WRITTEN = Family(name="a formula", heads=frozenset(), parameters=("f",), density="f")
Rows = tuple[tuple[Family, dict[str, Node]], ...]


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What is drawn from a named distribution.

    Attributes:
        variable: that is drawn.
        rows: the parametrisations that its name may mean, with what stands for their letters.
        given: whether it is drawn given something.
    """

    variable: Node
    rows: Rows
    given: bool = False


def density_of(variable: Node, row: tuple[Family, dict[str, Node]]) -> Node:
    """The density at a variable."""
    family, places = row
    template = family.density.replace(r"\binom{w}{x} ", "")  # which is the same for all parameters
    return filled(template, {"x": variable, **places}, variable.span)


def drawing_of(line: Line, context: Context) -> Drawing | None:
    r"""What a line says is drawn: x \sim law, p(x) = law(x; …); None if it says none."""
    left, given = line.left, False
    if line.right is None or line.link:
        return None
    if line.operator in (*DEFINING, "propto"):
        items = left.items if isinstance(left, Juxt) else ()
        if len(items) != 2 or not isinstance(items[0], Sym) or not isinstance(items[1], Group):
            return None
        left = items[1].body
    elif line.operator != "~":
        return None
    try:
        outcome, conditions = conditioned(left)
        given = bool(conditions)
    except NotAProbability:
        return None
    variable = unbraced(outcome[0])
    if not isinstance(variable, Sym) or (len(outcome) > 1 and not _are_all(outcome)):
        return None
    variable = variable if len(outcome) == 1 else _any_of(variable)
    found = drawn(variable, line.right, context.lines.words_under(line.formula.headings), given=given)
    if found is not None or line.operator == "~" or not has(line.right, dataclasses.replace(variable, sup=None)):
        return found
    return Drawing(variable=variable, rows=((WRITTEN, {"f": line.right}),), given=given)


def _are_all(outcome: tuple[Node, ...]) -> bool:
    """Whether a list is x_1, …, x_n."""
    first, last = outcome[0], outcome[-1]
    letters = isinstance(first, Sym) and isinstance(last, Sym) and first.base == last.base
    dots = any(isinstance(n, Dots) for n in outcome)
    return letters and dots and isinstance(first, Sym) and isinstance(first.sub, Num) and first.sub.text == "1"


def _any_of(first: Sym) -> Sym:
    """x_i for the x_1 of x_1, …, x_n."""
    return dataclasses.replace(first, sub=Sym(base="i", span=first.span))


def drawn(variable: Node, law: Node, words: str, *, given: bool = False) -> Drawing | None:
    """A variable drawn from a named distribution; None if none of that name is known."""
    try:
        rows = laws_of(without_outcome(join_letters(law)))
    except NotAProbability:
        return None
    names = [f.name for f, _ in rows]
    meant = tuple((f, p) for f, p in rows if meant_by_words(f.name, names, words))
    return Drawing(variable=variable, rows=meant, given=given) if meant else None


def alike(one: Node, other: Node) -> bool:
    """Whether two nodes say the same, wherever they stand."""
    return unplaced(one) == unplaced(other)


def has(node: Node, variable: Node) -> bool:
    """Whether a variable stands in a node, raised to a power or not."""
    return any(alike(dataclasses.replace(n, sup=None) if isinstance(n, Sym) else n, variable) for n in walk(node))
