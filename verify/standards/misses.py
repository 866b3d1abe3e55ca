"""Which near miss a formula is, where words name several things, and which conventions words leave out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from derive.standards.standard import Standard

from ..found import Found
from ..lines import Line
from ..rules import swapped_index, wrong_exponent, wrong_sign
from .matching import Match

RESERVED = re.compile(  # words by which a paragraph speaks of two things, or of letters that stand for others
    r"\b(?:unlike|decoupl\w*|instead|rather|absorb\w*|rescal\w*|scaled|redefin\w*|beside|compar\w*|contrast|differ\w*"
    r"|whereas|directly|adamw|sgdw|effective\w*|relabel\w*|includ\w* in|merg\w*|folded|hid\w*|assum\w*|suppose)\b",
    re.IGNORECASE,
)
CLEAR = (wrong_sign.RULE.code, swapped_index.RULE.code, wrong_exponent.RULE.code)  # of what may be several things
SAME_LETTERS = frozenset(  # kinds of edits after which a formula has the letters and running indices that it had
    {
        "sign", "sign of an argument", "leading sign", "swapped difference", "signs of a sum", "swapped indices",
        "swapped quantities", "number", "number dropped", "exponent put in", "exponents exchanged", "root",
        "turned fraction", "reciprocal",
        "transpose", "order", "bracket", "function dropped", "function put in", "other function", "prime",
    }
)  # fmt: skip


def clear_miss(
    misses: Iterable[tuple[Standard, Found | None]],
    own: tuple[Standard, ...],
    last: tuple[Standard, ...],
) -> Found | None:
    """The near miss of the one thing that is named last, one by a clear slip, or the one in which all things agree.

    Args:
        misses: the things that the words before a formula name, and of which formula of each it is a near miss.
        own: these things.
        last: those named last, by the same words.
    """
    seen: list[Found | None] = []
    for row, missed in misses:
        if missed is not None and (last == (row,) or missed.rule in CLEAR):
            return missed
        seen.append(missed)
    suggested = {m.suggestion.latex if m is not None and m.suggestion else "" for m in seen}
    alike = len(seen) > 1 and len(suggested) == 1 and "" not in suggested
    return seen[0] if alike and last and set(last) <= set(own) else None


def is_told_apart(line: Line, match: Match) -> bool:
    """Whether the words before a line tell that it is not the formula of another convention that it is."""
    before = line.formula.before
    told = (pattern for pattern, formulas in match.standard.told if match.latex in formulas)
    return RESERVED.search(before) is None and any(re.search(pattern, before, re.IGNORECASE) for pattern in told)
