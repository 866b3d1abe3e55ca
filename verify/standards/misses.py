"""Which near miss a formula is, where words name several things, and which conventions words leave out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from derive.standards.standard import Standard

from ..found import Found
from ..lines import Line
from ..rules import swapped_index, wrong_exponent, wrong_sign
from .matching import Match

CLEAR = (wrong_sign.RULE.code, swapped_index.RULE.code, wrong_exponent.RULE.code)  # of what may be several things


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
    told = (pattern for pattern, formulas in match.standard.told if match.latex in formulas)
    return any(re.search(pattern, line.formula.before, re.IGNORECASE) for pattern in told)
