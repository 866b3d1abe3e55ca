"""What a text says of means and variances and the laws of probability do not know: E[X] = 0, equal variances.

Such premises make true what is wrong of other variables: Var(X) = E[X²] where the mean is 0.
"""

from __future__ import annotations

import re

from derive.notation.definitions import DEFINING
from derive.notation.syntax import Juxt, Listing, Node, Num, Sym

from ..context import Context
from ..lines import Line
from ..moments.notation import operator, operators
from ..moments.words import prose_of
from ..results import Verdict
from .judging import proved_by_laws

WORDS = re.compile(
    r"\b(?:zero[- ]mean|mean[- ]zero|(?:mean|expectation|expected value)s? (?:of |is |are |equal to )?(?:zero|\$?0\b)"
    r"|centred|centered|un-?biased|standardi[sz]ed|unit[- ]variance|variance (?:of |is )?(?:one|\$?1\b)|normali[sz]ed"
    r"|(?:same|equal|common|identical) (?:\w+ ){0,2}(?:means?|variances?|distributions?|law|moments?|expectations?)"
    r"|(?:means?|variances?|distributions?) (?:are|is) (?:the same|equal|identical)|identically distributed|i\.?i\.?d\b"
    r"|orthogonal|symmetric(?:ally)? (?:distribut\w+|around|about)|white noise|martingale|stationar\w+)",
    re.IGNORECASE,
)


def told_more(line: Line, context: Context) -> bool:
    """Whether a line is of means, variances or covariances of which the text says more than the laws of probability."""
    sides = [side for side in (line.left, line.right) if side is not None]
    if not any(True for side in sides for _ in operators(side)):
        return False
    before = (n for n in context.lines.lines if n.formula is not line.formula and n.number < line.number)
    own = (n for n in before if n.formula.headings == line.formula.headings)
    return WORDS.search(prose_of(line, context)) is not None or any(_is_premise(n, context) for n in own)


def _is_premise(line: Line, context: Context) -> bool:
    """Whether a line gives a moment of letters a number, or the value of another one, and is no law."""
    if line.right is None or line.operator not in DEFINING or not _is_of_letters(line.left):
        return False
    given = isinstance(line.right, Num) or _is_of_letters(line.right)
    return given and proved_by_laws(line, context.chances.at(line)) is not Verdict.PROVED


def _is_of_letters(node: Node) -> bool:
    """E[X], Var(X_i), Cov(X, Y), E[XY]: a moment of letters, or of a product of them."""
    found = operator(node)
    if found is None:
        return False
    body = found[1].body
    items = body.items if isinstance(body, Listing | Juxt) else (body,)
    return all(isinstance(n, Sym) for n in items)
