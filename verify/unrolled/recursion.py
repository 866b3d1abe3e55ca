"""Recursions that a text states: x_{k+1} = x_k − η g_k, from x_0 on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Node, Num, Sym

from ..lines import Line
from .values import NoValue, World, index_of, members_in, name_of, script_of

AT_ZERO = re.compile(r"\b(?:initiali[sz]ed|start(?:s|ed|ing)?) (?:at|to|with|from|as) (?:zero|0|\$0\$)", re.IGNORECASE)
BREAK = "\n\n"
UPDATES = frozenset({*DEFINING, "<-", "leftarrow", "gets"})


@dataclass(frozen=True, kw_only=True)
class Recursion:
    """A letter by itself one step before.

    Attributes:
        number: of the line.
        name: of the letter.
        letter: that counts its steps.
        shift: how far the index on the left is ahead of that letter: 1 for x_{k+1}, 0 for x_t by x_{t−1}.
        body: what the letter is.
        words: around it.
    """

    number: int
    name: str
    letter: str
    shift: int
    body: Node
    words: str

    def run(self, world: World, start: int, steps: int) -> None:
        """Compute the letter from its value at `start` on. Raises: NoValue."""
        world.of(self.name, start)
        for k in range(start + 1, start + steps + 1):
            world.known[self.name, k] = world.value(self.body, {self.letter: k - self.shift})


def recursions_in(lines: Iterable[Line]) -> Iterator[Recursion]:
    """The recursions of lines, each by one step back alone."""
    for line in lines:
        if not isinstance(line.left, Sym) or line.right is None or line.link or line.operator not in UPDATES:
            continue
        try:
            found = _recursion(line, line.left, line.right)
        except NoValue:
            continue
        if found is not None:
            yield found


def _recursion(line: Line, left: Sym, right: Node) -> Recursion | None:
    index, power = script_of(left)
    letter = next((n.base for n in walk(index) if isinstance(n, Sym)), None) if index is not None else None
    if index is None or power is not None or letter is None:
        return None
    name, shift = name_of(left), index_of(index, {letter: 0})
    places = {index_of(i, {letter: 0}) for i in members_in(right, name)}
    if places != {shift - 1}:
        return None
    return Recursion(number=line.number, name=name, letter=letter, shift=shift, body=right, words=around(line))


def starts_of(recursion: Recursion, lines: Iterable[Line]) -> dict[int, float]:
    """The first values that a text gives a letter: v_0 = 0, or 0 at 0 where words beside it say that it starts so."""
    found: dict[int, float] = {}
    for line in lines:
        if isinstance(line.left, Sym) and isinstance(line.right, Num) and name_of(line.left) == recursion.name:
            index = line.left.sub
            if isinstance(index, Num) and index.text.isdigit():
                found[int(index.text)] = float(line.right.text.replace(",", ""))
    return found or ({0: 0.0} if AT_ZERO.search(recursion.words) else {})


def around(line: Line) -> str:
    """The words of the paragraph before a formula, and of the one behind it."""
    return f"{line.formula.before.split(BREAK)[-1]} {line.formula.after.split(BREAK)[0]}"


def is_step(node: Node | None) -> bool:
    """Whether an index is a letter, with a number added or not."""
    return isinstance(node, Sym) or (
        isinstance(node, Bin) and isinstance(node.left, Sym) and isinstance(node.right, Num)
    )
