"""A side of a line with some of its places written anew, as a correction that no search has found."""

from __future__ import annotations

from collections.abc import Mapping

from derive.notation.syntax import Span

from .found import Found
from .lines import Line
from .results import Suggestion, Verdict
from .rules.edit import Rule
from .rules.swapped_index import RULE as INDEX


def conflict(line: Line, message: str, because: str, places: Mapping[Span, str], rule: Rule = INDEX) -> Found:
    """The conflict of a line with itself, and its correction.

    Args:
        line: what is wrong.
        message: what is told of it in short.
        because: the same with the reason.
        places: where one of its sides changes, and to what.
        rule: which mistake it is.
    """
    return Found(
        verdict=Verdict.CONFLICT,
        because=because,
        message=message,
        rule=rule.code,
        suggestion=written_anew(line, places) if places else None,
    )


def written_anew(line: Line, places: Mapping[Span, str]) -> Suggestion:
    """The side that these places are in, with other text there; the edit tells of the first."""
    assert line.right is not None
    spans = sorted(places)
    side = line.left if spans[-1][1] <= line.left.span[1] else line.right
    source, (start, end) = line.formula.latex, side.span
    low, high = spans[0][0], spans[-1][1]
    text, done = "", low
    for a, b in spans:
        text += source[done:a] + places[a, b]
        done = b
    return Suggestion(
        latex=source[start:low] + text + source[high:end],
        edit=f"{source[slice(*spans[0])] or '·'} → {places[spans[0]]}",
        verdict=Verdict.UNDECIDED,
        span=None if line.formula.origins else (line.formula.offset + low, line.formula.offset + high),
        text=text,
    )
