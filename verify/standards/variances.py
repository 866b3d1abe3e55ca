"""Letters that the text calls variances, written as the squares that standard formulas have: v for σ².

A v that the text calls a variance can play no standard deviation: v² stands for no σ² then, and v does.
"""

from __future__ import annotations

import dataclasses
import re

from derive.notation.runs import rebuild
from derive.notation.syntax import Group, Node, Num, Sym
from derive.standards.standard import Standard

from .parts import atom_named

_LETTER = r"\$\\?(?P<{}>[A-Za-z]+)(?:_(?:\{{\w+\}}|\w|\\\w+))?\$"
CALLED = re.compile(
    rf"\bvariances? {_LETTER.format('behind')}"
    rf"|{_LETTER.format('before')},? (?:is|are|be|denotes?|for) (?:the )?(?:\w+ ){{0,2}}variances?\b(?! parameter)",
    re.IGNORECASE,
)


def called_variances(prose: str) -> frozenset[str]:
    """The letters that words call variances: $v$ of "mean $m$ and variance $v$", but not the σ of "variance $σ^2$"."""
    return frozenset(m["behind"] or m["before"] for m in CALLED.finditer(prose))


def as_squares(node: Node, letters: frozenset[str], row: Standard) -> Node:
    """An expression with σ² for the letters that are variances, but for those by which texts write parts of a row."""
    listed = {atom_named(w).core for part in row.parts for w in part.written}
    strange = letters - listed

    def put(part: Node) -> Node:
        if not (isinstance(part, Sym) and part.base in strange) or part.accents:
            return part
        square = dataclasses.replace(part, base="sigma", fonts=(), sup=Num(text="2", span=part.span))
        return (
            square if part.sup is None else Group(opening="(", body=square, closing=")", sup=part.sup, span=part.span)
        )

    return rebuild(node, put) if strange else node
