r"""Letters that a text names squared only, "the noise level $\sigma^2$": K + σ I, which some write, is a slip there."""

from __future__ import annotations

import re

from derive.notation.runs import walk
from derive.notation.syntax import Sym

from ..found import Found
from ..lines import Line
from ..rules import wrong_exponent


def named_squared(line: Line, text: str) -> str | None:
    """The one letter of a right side that stands bare there, and as nothing but its square in the words before it."""
    assert line.right is not None
    before, source = text[: line.formula.offset], line.formula.latex
    bare = {source[slice(*n.span)].strip() for n in walk(line.right) if isinstance(n, Sym) and n.sup is None}
    told = [s for s in bare if re.search(rf"\${re.escape(s)}\^(?:2|\{{2\}})\$", before) and f"${s}$" not in before]
    return told[0] if len(told) == 1 else None


def is_squared(missed: Found | None, letter: str) -> bool:
    """Whether a correction squares a letter."""
    if missed is None or missed.suggestion is None or missed.rule != wrong_exponent.RULE.code:
        return False
    return re.search(rf"{re.escape(letter)}\s*\^\{{?2", missed.suggestion.latex) is not None
