"""What is left of a formula that has no value here: its structure, if that is clear, and why it is not judged."""

from __future__ import annotations

import dataclasses
import re

from derive.notation.dictionary import Dictionary, Unreadable
from derive.notation.elaborate import Reader
from derive.notation.outline import outline
from derive.notation.syntax import Empty

from .context import Context
from .found import Found
from .lines import Line
from .reading import RELATIONS
from .results import Verdict

_READ = re.compile(r"\b(?:is|are) not read\b(?: here| within a note)?")
SIGNS = {
    "<=": r"\le",
    ">=": r"\ge",
    "!=": r"\ne",
    "~": r"\sim",
    "in": r"\in",
    "approx": r"\approx",
    "<-": r"\leftarrow",
}


def outlined(found: Found, line: Line, context: Context) -> Found:
    """An unread relation as one that is read but not judged, if its structure is clear and only its value is not.

    Shapes that do not fit are no matter of judgement: such a formula has no consistent reading, and stays unread.
    """
    dictionary = context.dictionary
    if _misfits(line, dictionary):
        return found
    try:
        sides = [outline(line.left, (line.carried or line.formula).latex, dictionary)]
        sides += [] if line.right is None else [outline(line.right, line.formula.latex, dictionary)]
    except (Unreadable, ValueError, RecursionError):
        return found
    sign = f" {RELATIONS.get(line.operator) or SIGNS.get(line.operator) or _written(line.operator)} "
    because = _READ.sub(_not_judged, found.because or "it is not read")
    return dataclasses.replace(found, verdict=Verdict.UNDECIDED, reading=sign.join(sides), because=because)


def _not_judged(match: re.Match[str]) -> str:
    return "are not judged" if match[0].startswith("are") else "is not judged"


def _written(operator: str) -> str:
    return rf"\{operator}" if operator.isalpha() else operator


def _misfits(line: Line, dictionary: Dictionary) -> bool:
    """Whether it is the shapes of its parts that keep a relation from being read."""
    reader = Reader(dictionary)
    try:
        for side in (line.left, line.right):
            if side is not None and not isinstance(side, Empty):
                reader.read(side)
    except Unreadable as error:
        return error.misfit
    except (ValueError, RecursionError):
        return False
    return False
