"""What is found of a relation whose sides are made of functions at arguments, sums, means and integrals.

It is proved if the sides agree whatever the values of those terms are. It is wrong only if they differ, what the text
defines written out, it is claimed of the terms that it is made of, and one edit makes the sides agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.syntax import Big, Empty, Fn, Juxt, Node, Sym

from ..context import Context
from ..found import Found
from ..functions import applied, key_of
from ..lines import Line
from ..repair import repair_right_side
from ..results import Verdict
from ..roles import introduction
from ..spaces.claimed import is_doubted, is_posed
from ..spaces.trials import refuted, shown_latex
from .known import known_before
from .readings import Comparison, Left, compared, lefts_of

FOLLOWS = re.compile(  # words by which a name keeps its meaning: with others a text may give it a new one
    r"\b(?:hence|thus|therefore|follows|obeys?|satisf(?:y|ies)|equivalent(?:ly)?|substitut\w+|rearrang\w+|simplif\w+"
    r"|in other words|recursive\w*|telescop\w+)\b",
    re.IGNORECASE,
)


MARKS = frozenset({"hat", "bar", "overline", "widehat"})


def terms_found(line: Line, context: Context) -> Found | None:
    """What is found of an equation by its terms; None if it has no reading, or nothing can be said."""
    if line.right is None or line.operator != "=" or isinstance(line.left, Empty):
        return None
    if key_of(line.left) == key_of(line.right) or (isinstance(line.left, Sym) and isinstance(line.right, Sym)):
        return None
    known = known_before(line, context)
    lefts = lefts_of(line.left, line.right, known.functions, known.letters)
    found = compared(lefts, line.right)
    return _proved(line, found.agreed) if found.agreed is not None else _refuted(line, context, lefts, found)


def _proved(line: Line, used: tuple[str, ...]) -> Found:
    by = ", ".join(used)
    because = f"by the definition of {by}" if by else "whatever the values of the functions in it are"
    return Found(verdict=Verdict.PROVED, because=because, reading=shown_latex(line))


def _refuted(line: Line, context: Context, lefts: list[Left], found: Comparison) -> Found | None:
    """A claim whose sides differ in every reading, if one edit of its right side makes them agree."""
    if not (found.near and context.mends and _may_be_wrong(line, lefts)) or is_doubted(line) or is_posed(line):
        return None
    if _has_an_estimate(line, context):
        return None
    own = _families(name for left in lefts for name in left.seen)

    def holds(node: Node) -> int | None:
        edited = compared(lefts, node)
        trivial = edited.agreed is None or key_of(node) == key_of(line.left)
        return 0 if not trivial and _families(found.seen) <= own | _families(edited.seen) else None

    correction = repair_right_side(line, context, holds)
    because = "the two sides differ, whatever the values of the functions in it are"
    return refuted(line, because, None, correction) if correction is not None else None


def _may_be_wrong(line: Line, lefts: list[Left]) -> bool:
    """Whether a relation says something of what is defined before, or made of other things, and defines nothing."""
    assert line.right is not None
    if line.link:
        return True
    taken = applied(line.left)
    head = line.left if isinstance(line.left, Sym) else taken[0] if taken is not None else None
    if head is None:
        return any(left.unfolded for left in lefts) or any(isinstance(n, Big | Fn) for n in walk(line.left))
    if any(key_of(n) == key_of(line.left) for n in _parts_of(line.right)):
        return False  # V(s) = V(s) + …, a step
    unfolded = any(left.unfolded and left.value not in left.reader.table.applied for left in lefts)
    return unfolded and FOLLOWS.search(introduction(line.formula)) is not None


def _has_an_estimate(line: Line, context: Context) -> bool:
    """Whether a marked letter, ŷ_i, may be bound to others by words: that they are the fitted values, x̄ the mean."""
    before = [n.left for n in context.lines.lines if n.number < line.number and n.operator in DEFINING and not n.link]
    heads = (left.items[0] if isinstance(left, Juxt) else left for left in before)
    given = {(h.base, h.accents) for h in heads if isinstance(h, Sym)}
    marked = (n for side in (line.left, line.right) if side for n in walk(side) if isinstance(n, Sym))
    return any(MARKS.intersection(n.accents) and (n.base, n.accents) not in given for n in marked)


def _families(names: Iterable[str]) -> set[str]:
    """The names of functions at arguments, and of letters without their indices."""
    return {name if "(" in name else name.split("_")[0] for name in names}


def _parts_of(node: Node) -> Iterator[Node]:
    """The parts of a node, with all pairs of a letter and the bracket behind it."""
    for part in walk(node):
        yield part
        if isinstance(part, Juxt):
            yield from (Juxt(items=pair, span=part.span) for pair in pairwise(part.items))
