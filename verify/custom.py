"""What is read by custom only, looked at again where it alone keeps a claim from being called wrong.

A capital that custom takes for a matrix is one if there are formulas in the text that cannot be read without that, or
if the words call it one: "the gradient with respect to the weight matrix is" ∂L/∂W = ….
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.notation.runs import walk
from derive.notation.syntax import Fraction, Sym

from .context import Context
from .lines import Line
from .roles import introduction

GUESSED = "is no number"
BY_MATRIX = re.compile(
    r"\b(?:respect to|w\.r\.t\.?|derivative (?:by|of)) (?:the|a|this) (?:\w+ ){0,2}matrix\b", re.IGNORECASE
)


def settle_matrices(context: Context, line: Line) -> bool:
    """Take the capitals that custom takes for matrices for sure, if the text needs that; whether it does."""
    dictionary = context.dictionary
    if not dictionary.survey.guessed or not (context.lines.needs_matrices or _is_by_a_matrix(line)):
        return False
    said = {f"the text does not say that {name} {GUESSED}" for name in dictionary.survey.guessed}
    dictionary.survey = replace(dictionary.survey, guessed=frozenset())
    for found in (context.definitions, context.others):
        for number, d in found.items():
            found[number] = replace(d, doubts=tuple(doubt for doubt in d.doubts if doubt not in said))
    return True


def _is_by_a_matrix(line: Line) -> bool:
    """Whether the words call what a left side differentiates by a matrix, and it is a single capital."""
    if BY_MATRIX.search(introduction(line.formula)) is None or not isinstance(line.left, Fraction):
        return False
    by = [n.base for n in walk(line.left.below) if isinstance(n, Sym) and n.base not in ("partial", "d")]
    return len(by) == 1 and by[0].isupper()
