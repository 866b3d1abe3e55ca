r"""A step x_{k+1} = x_k − η ∇f(x_k), and what the text makes of it, x_{k+1} = (I − η A) x_k: one equals the other.

The two right sides are judged as an equation of their own. That it is false makes the claim wrong only where the words
say that the step becomes it, and nothing is added to the objective or done to the step.
"""

from __future__ import annotations

import re
from dataclasses import replace

from derive.notation.runs import walk
from derive.notation.syntax import Sym

from .context import Context
from .documents.document import Document
from .found import WRONG, Found
from .likelihoods.anew import Judge, read_anew
from .likelihoods.found import AGAIN, TRUE
from .lines import Line
from .results import Verdict
from .roles import Role, introduction, mentions

STEPS = ("=", "<-")
BECOMES = re.compile(
    r"\b(?:becomes?|reads?|simplif(?:y|ies)(?: to)?|reduces? to|equals?|gives?|yields?|hence|thus|therefore|so)\b",
    re.IGNORECASE,
)
OTHERWISE = re.compile(
    r"\b(?:add\w*|chang\w+|replac\w+|instead|momentum|regulari[sz]\w+|penal\w+|nois\w+|project\w*|modif\w*|precondition\w*"
    r"|averag\w+|approximat\w+|stochastic|mini-?batch\w*|proximal|constrain\w*|clip\w*|schedul\w*|line search"
    r"|eigenv\w+|components?|coordinates?|directions?|cases?|if|when|where)\b",
    re.IGNORECASE,
)


def step_again(line: Line, document: Document, context: Context, judged: Judge) -> Found | None:
    """What is found of a second equation for the next step; None if there is no first one, or it stays open.

    Args:
        line: the claim.
        document: that it stands in.
        context: what the document says.
        judged: what judges a line of a document that is read anew.
    """
    earlier = _step_before(line, context)
    if earlier is None or earlier.right is None or line.right is None:
        return None
    first, second = (n.formula.latex[slice(*n.right.span)] for n in (earlier, line) if n.right is not None)
    before = (f for f in document.formulas if f.offset < line.formula.offset and f is not earlier.formula)
    claim = replace(line.formula, latex=f"{first} = {second}", before=AGAIN, after="")
    found = read_anew((*before, claim), None, document, judged, mends=False)
    if found is None or found.verdict not in (*TRUE, *WRONG):
        return None
    where = document.position(earlier.formula.offset_of(earlier.span[0]))[0]
    if found.verdict in TRUE:
        return replace(found, because=f"it is the step of line {where}, carried out")
    sentence = introduction(line.formula)
    if (
        BECOMES.search(sentence) is None
        or OTHERWISE.search(line.formula.before)
        or mentions(sentence, Role.CHANGE, Role.EQUATION)
    ):
        return None
    return replace(found, verdict=Verdict.CONFLICT, because=f"it is not the step of line {where}, carried out")


def _step_before(line: Line, context: Context) -> Line | None:
    """The only line before a claim, under its heading, that says by a gradient what the same next step is."""
    if line.link or line.operator not in STEPS or not isinstance(line.left, Sym):
        return None
    before = (n for n in context.lines.lines if n.number < line.number and n.formula is not line.formula)
    alike = [
        n
        for n in before
        if n.operator in STEPS and not n.link and n.right is not None and n.formula.headings == line.formula.headings
        if _left(n) == _left(line)
    ]
    if len(alike) != 1 or alike[0].right is None or alike[0].operator != line.operator:
        return None
    sloped = any(isinstance(n, Sym) and n.base == "nabla" for n in walk(alike[0].right))
    return alike[0] if sloped else None


def _left(line: Line) -> str:
    """What is updated, as it is written."""
    return "".join(line.formula.latex[slice(*line.left.span)].split())
