r"""σ_1 u_1 v_1ᵀ + σ_2 u_2 u_2ᵀ + … + σ_r u_r v_rᵀ: of the terms that an ellipsis stands among, one is made otherwise.

Two terms tell how all of them are made, by the places at which the one has its number and the other its own. A third
one that is as long, and differs from that in one sign of writing only, is a slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derive.notation.runs import walk
from derive.notation.syntax import Bin, Dots, Node, Span

from ..context import Context
from ..doubts import of_words
from ..found import Found
from ..lines import Line
from ..mended import conflict

SIGN = re.compile(r"\\[A-Za-z]+|[A-Za-z]|\d+|\S")
FONTS = (r"\boldsymbol", r"\mathbf", r"\mathrm", r"\bm", r"\bf", r"\vec")
LAYOUT = frozenset((*"{}()", r"\,", r"\;", r"\!", r"\:", r"\left", r"\right", r"\cdot", r"\times", *FONTS))
NUMBER = re.compile(r"\d+\Z")
LETTER = re.compile(r"[A-Za-z]\Z|\\[A-Za-z]+\Z")
FEWEST_SIGNS = 6

Signs = Sequence[tuple[str, Span]]


def unlike_the_others(line: Line, context: Context) -> Found | None:
    """The conflict of a sum with dots, one of whose three written terms differs from the others in one place."""
    for side in (line.left, line.right):
        for node in (n for n in walk(side) if isinstance(n, Bin) and n.op == "+") if side is not None else ():
            terms = list(_terms(node))
            if len(terms) < 4 or not isinstance(terms[-2], Dots) or any(isinstance(t, Dots) for t in terms[:-2]):
                continue
            written = [_signs(line, t) for t in (terms[-4], terms[-3], terms[-1])]
            found = _odd_one(written) if len({len(w) for w in written}) == 1 else None
            if found is not None and not any(of_words(line)):
                place, wanted, shown = found
                message = f"{shown} should be {wanted}, as the other terms are made"
                return conflict(line, message, message, {place: wanted})
    return None


def _terms(node: Node) -> Iterator[Node]:
    if isinstance(node, Bin) and node.op == "+":
        yield from _terms(node.left)
        yield from _terms(node.right)
    else:
        yield node


def _signs(line: Line, term: Node) -> Signs:
    """The letters, numbers and signs of a term, without what only tells how they are set."""
    start, latex = term.span[0], line.formula.latex[slice(*term.span)]
    found = ((m.group(), (start + m.start(), start + m.end())) for m in SIGN.finditer(latex))
    return [f for f in found if f[0] not in LAYOUT]


def _odd_one(written: Sequence[Signs]) -> tuple[Span, str, str] | None:
    """Where the one of three terms differs from what the others tell, what should stand there, and what does."""
    if len(written[0]) < FEWEST_SIGNS:
        return None
    found = []
    for k in (1, 2):
        one, other = (written[j] for j in range(3) if j != k)
        places = _numbered(one, other)
        if places and (slip := _slip(one, written[k], places, last=k == 2)) is not None:
            found.append(slip)
    return found[0] if len(found) == 1 else None


def _numbered(one: Signs, other: Signs) -> set[int]:
    """The places where two terms have their numbers, at least two; none if they differ in anything else."""
    places = {i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a[0] != b[0]}
    pairs = {(one[i][0], other[i][0]) for i in places}
    if len(places) < 2 or len(pairs) != 1:
        return set()
    ((number, own),) = pairs
    alone = all(i in places for i, (a, _) in enumerate(one) if a == number and i and one[i - 1][0] == "_")
    return places if NUMBER.match(number) and (NUMBER.match(own) or LETTER.match(own)) and alone else set()


def _slip(one: Signs, odd: Signs, places: set[int], *, last: bool) -> tuple[Span, str, str] | None:
    """The one place where a term departs from how another one is made, if its own number is plain.

    A last term may have a letter of its own, and x_2 x_1 be a product of two of them.
    """
    own = [odd[i][0] for i in sorted(places)]
    number = max(set(own), key=own.count)
    if own.count(number) * 2 <= len(own) or number == one[min(places)][0] or not number.isalnum():
        return None
    wrong = [i for i, (a, b) in enumerate(zip(one, odd, strict=True)) if (number if i in places else a[0]) != b[0]]
    if len(wrong) != 1:
        return None
    (place,) = wrong
    (shown, span), wanted = odd[place], number if place in places else one[place][0]
    if place not in places:
        return (span, wanted, shown) if LETTER.match(shown) and LETTER.match(wanted) and not last else None
    bases = [one[i - 2][0] for i in places]
    return (span, wanted, shown) if len(set(bases)) == len(bases) and shown.isalnum() else None
