"""What an equation names by its form alone: a value, a quantity that has been named before."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping

from derive.notation.definitions import Stated
from derive.notation.dictionary import Dictionary
from derive.notation.names_in_notes import is_letter, take_apart
from derive.notation.recursions import used_now
from derive.notation.runs import walk
from derive.notation.syntax import Chain, Fraction, Neg, Num, Sym
from derive.vocabulary import indices_of, name_of, names_in

from .exponentiated import exponentiated
from .lines import Line, Lines
from .roles import introduction
from .rules.parts import is_derivative

DENOTES = re.compile(r"\b(?:denot\w+|call|calls|called|writ\w+|abbreviat\w+|let|upstream|incoming)\b", re.IGNORECASE)


def valued(line: Line, dictionary: Dictionary) -> str | None:
    """The quantity that a line sets to a number, as in `y = 1` or `x_0 = 1`."""
    right = line.right.body if isinstance(line.right, Neg) else line.right
    letters, left = dictionary.survey.letters, dictionary.survey.steps.settled(line.left)
    if line.link or not isinstance(right, Num) or not isinstance(left, Sym) or is_letter(left, letters):
        return None
    named = take_apart(left, letters)
    name = dictionary.survey.name(named)
    begins = any(isinstance(i, Num) and k in dictionary.survey.step_axes(name) for k, i in enumerate(named.indices))
    return None if begins else name


def earlier_line(found: tuple[str, str], first: Mapping[tuple[str, str], int]) -> int | None:
    """The line that has defined this name with the same arguments, or with arguments where one of the two has none."""
    name, arguments = found
    for (other, its), number in first.items():
        if other == name and (its == arguments or not its or not arguments):
            return number
    return None


def is_circular(name: str, uses: Iterable[str], definitions: Iterable[Stated]) -> bool:
    """Whether a name would be computed from itself, through definitions made before."""
    bodies = {d.name: used_now(d.body) for d in definitions if d.name != name and not d.starts}
    seen: set[str] = set()
    queue = list(uses)
    while queue:
        used = queue.pop()
        if used == name:
            return True
        if used not in seen:
            seen.add(used)
            queue += bodies.get(used, ())
    return False


def at_another_step(definition: Stated) -> bool:
    """Whether what is defined stands on the right at other steps only: δ_l in terms of δ_{l+1}."""
    own = [indices_of(a) for a in names_in(definition.expr) if name_of(a) == definition.name]
    places = definition.place if definition.sample is None else (definition.sample, *definition.place)
    moved = (any((i - j).is_Integer and i != j for i, j in zip(where, places, strict=False)) for where in own)
    return bool(own) and all(moved)


def renews(line: Line, name: str, dictionary: Dictionary) -> bool:
    """Whether a line gives a name a new value in terms of its old one."""
    letters = dictionary.survey.letters
    syms = (n for n in walk(line.right or line.left) if isinstance(n, Sym) and not is_letter(n, letters))
    return any(dictionary.survey.name(take_apart(s, letters)) == name for s in syms)


def turned(line: Line, lines: Lines) -> Line:
    """A line that gives a derivative a name, "denote ∂L/∂s = g", or a logarithm, as one that says what g, or L, is."""
    sides = exponentiated(line.left, line.right) if line.right is not None else None
    if sides is not None and any(isinstance(n, Chain) and n.operands[0] == sides[0] for n, _ in lines.nodes):
        return dataclasses.replace(line, left=sides[0], right=sides[1], link=0)
    named = isinstance(line.right, Sym) and line.right.sup is None and not line.link and line.carried is None
    if not named or not isinstance(line.left, Fraction) or not is_derivative(line.left):
        return line
    if DENOTES.search(introduction(line.formula)) is None:
        return line
    assert line.right is not None
    return dataclasses.replace(line, left=line.right, right=line.left)
