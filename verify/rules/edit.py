"""What a finding is: a usual mistake, recognised by the edit that undoes it; and how usual each edit is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from derive.notation.syntax import Node, Span

COSTS: Mapping[str, float] = MappingProxyType(
    {  # how unusual a slip is; of several edits that help, the one of the least cost is suggested
        "index": 1.0,
        "swapped indices": 1.1,
        "index by one": 1.2,
        "index of the text": 1.6,
        "sign": 1.0,
        "sign of an argument": 1.15,
        "leading sign": 1.05,
        "swapped difference": 1.07,
        "signs of a sum": 1.2,
        "plus for times": 1.3,
        "sum for product": 1.4,
        "application": 1.2,
        "quantity": 1.3,
        "quantity of the text": 2.0,
        "complement": 1.35,
        "swapped quantities": 1.4,
        "swapped condition": 1.1,
        "number": 1.4,
        "name for a number": 1.7,
        "factor twice": 1.0,
        "number dropped": 1.3,
        "factor dropped": 1.5,
        "factor put in": 1.5,
        "factor of the text": 2.1,
        "divisor dropped": 1.5,
        "divisor put in": 1.8,
        "term dropped": 1.5,
        "number added": 1.7,
        "term added": 1.9,
        "sum of the text": 1.7,
        "transpose": 1.2,
        "order": 1.3,
        "exponent": 1.2,
        "exponent put in": 1.4,
        "exponents exchanged": 1.2,
        "exponent of the text": 1.8,
        "root": 1.6,
        "turned fraction": 1.2,
        "reciprocal": 1.5,
        "function dropped": 1.6,
        "function put in": 1.8,
        "function moved": 1.3,
        "other function": 1.5,
        "bracket": 1.4,
        "prime": 1.4,
        "bound": 1.3,
        "other sum": 1.35,
        "sum dropped": 1.8,
        "sum put in": 1.9,
    }
)
LEFT_SIDE = 1.2  # what an edit of the left side costs more: what is claimed stands on the right
PER_CHARACTER = 0.002
COMMAND = re.compile(r"\\[A-Za-z]+$")


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One replacement in the author's source.

    Attributes:
        start, end: the characters replaced, in the formula's source.
        text: what replaces them.
        was, should_be: the part around the edit before and after, for the message: `x_j`, `x_i`.
        cost: how unusual the slip is that it undoes.
        kind: of the slip, a row of COSTS.
    """

    start: int
    end: int
    text: str
    was: str
    should_be: str
    cost: float
    kind: str = ""

    def applied(self, source: str) -> str:
        """The source with the edit made."""
        return source[: self.start] + self.text + source[self.end :]


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side of a false equation, and what else the statement and the text use.

    Attributes:
        source: the formula's source.
        node: the side as parsed.
        others: the other operands of its chain, with their sources.
        letters: the index letters of the text.
        names: how the text writes the quantities that are defined or used in it.
        scalars: those of them, and the sizes, that may stand as a factor.
        sums: the sums and differences of two terms that the text writes, with both terms: `u - y`, `u`, `y`.
        transpose: how the text writes a transpose, `^T`.
        sizes: how it writes its sizes, `n`.
        heads: how it writes its sums before what is summed.
        functions: the functions that it applies, as it writes them.
        weights: the probabilities that it writes, each behind what it is the probability of: `s'`, `P(s' | s, a)`.
    """

    source: str
    node: Node
    others: tuple[tuple[str, Node], ...]
    letters: frozenset[str]
    names: tuple[str, ...] = ()
    scalars: tuple[str, ...] = ()
    sums: tuple[tuple[str, str, str], ...] = ()
    transpose: str = "^T"
    sizes: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    weights: tuple[tuple[str, str], ...] = ()

    def text(self, node: Node) -> str:
        """A part of the side as the author writes it."""
        return self.source[node.span[0] : node.span[1]]

    def everything(self) -> tuple[tuple[str, Node], ...]:
        """The side and the other operands of its chain, with their sources."""
        return (self.source, self.node), *self.others

    def edit(self, kind: str, start: int, end: int, text: str, around: Span, more: float = 0.0) -> Edit:
        """The edit that puts `text` in place of start..end.

        Args:
            kind: of the slip, a row of COSTS.
            start: where the part that is replaced begins.
            end: where it ends.
            text: what replaces it.
            around: the part of the source that the message shows before and after.
            more: what this edit costs more than others of its kind.
        """
        if COMMAND.search(text) and self.source[end : end + 1].isalpha():
            text += " "
        low, high = min(start, around[0]), max(end, around[1])
        now = self.source[low:start] + text + self.source[end:high]
        return Edit(
            start=start,
            end=end,
            text=text,
            was=self.source[low:high].strip(),
            should_be=" ".join(now.split()),
            cost=COSTS[kind] + PER_CHARACTER * (len(text) + end - start) + more,
            kind=kind,
        )


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A kind of mistake.

    Attributes:
        code, name: `GP201`, `swapped-index`.
        edits: the edits that would undo such a mistake on one side.
    """

    code: str
    name: str
    edits: Callable[[Side], Iterator[Edit]]
