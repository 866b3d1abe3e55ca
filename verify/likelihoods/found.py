r"""What is found of a log-likelihood, or of what it is greatest at, where a text states the distribution of its data.

The logarithm of the likelihood is written out as a definition before the claim, which is then read as one that states
it again, or as one that follows from it. What differs by terms without the parameters may leave out constants.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from derive.notation.definitions import DEFINING
from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Juxt, Sym

from ..context import Context, context_of
from ..documents.document import Document
from ..found import Found
from ..lines import Line, lines_of
from ..logarithms import LOOSE, NEGATIVE
from ..results import Verdict
from ..roles import introduction
from .laws import Law, law_before

ANNOUNCED = re.compile(r"\blog[- ]?likelihood\b", re.IGNORECASE)
AGAIN = "Equivalently,"
Judge = Callable[[Line, Document, Context], Found]
TRUE = (Verdict.PROVED, Verdict.HOLDS)
WRONG = (Verdict.REFUTED, Verdict.CONFLICT)


def likelihood_found(line: Line, document: Document, context: Context, judged: Judge) -> Found | None:
    """What is found of a log-likelihood by the distribution of the data; None if that is not stated, or it stays open.

    Args:
        line: the claim.
        document: that it stands in.
        context: what the document says.
        judged: what judges a line of a document that is read anew.
    """
    sentence = introduction(line.formula)
    if not _may_define(line) or ANNOUNCED.search(sentence) is None or LOOSE.search(sentence):
        return None
    law, runs = law_before(line, context.lines), _sum_of(line)
    if law is None or runs is None or law.index not in ("", runs[0]):
        return None
    sign = "-" if NEGATIVE.search(sentence) else ""
    trial = Trial(line=line, document=document, judged=judged)
    found = [_compared(trial, law, f"{sign}{runs[1]}", density) for density in law.densities(runs[0])]
    told = next((f for f in found if f is not None and f.verdict in TRUE), None)
    if told is None and all(f is not None and f.verdict in WRONG for f in found):
        told = found[0]
    return told


def _may_define(line: Line) -> bool:
    """Whether a line says what a name, or a function of parameters, is."""
    head = line.left.items[0] if isinstance(line.left, Juxt) else line.left
    return line.right is not None and line.operator in DEFINING and not line.link and isinstance(head, Sym)


def _sum_of(line: Line) -> tuple[str, str] | None:
    r"""The letter over which the first sum of a line runs, and its sign as it stands there: \sum_{i=1}^n."""
    for big in (n for n in walk(line.right or line.left) if isinstance(n, Big) and n.op == "sum"):
        bound = binder(big.below)
        if bound is not None and big.above is not None:
            return bound[0], line.formula.latex[big.span[0] : big.body.span[0]]
    return None


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A claim that is read anew, with something defined right before it."""

    line: Line
    document: Document
    judged: Judge

    def found(self, definition: str, claim: str) -> Found | None:
        """What is found of the first relation of a formula that states again what is defined."""
        formula = self.line.formula
        before = tuple(f for f in self.document.formulas if f.offset < formula.offset)
        last = replace(formula, latex=claim, before=AGAIN, after="")
        document = replace(self.document, formulas=(*before, replace(formula, latex=definition), last))
        lines = lines_of(document)
        line = next((n for n in lines.lines if n.formula is last), None)
        return None if line is None else self.judged(line, document, context_of(lines))


def _compared(trial: Trial, law: Law, header: str, density: str) -> Found | None:
    """What is found of a claim below the definition of its name by a density; None if constants may be left out."""
    line = trial.line
    assert line.right is not None
    name, right = (line.formula.latex[slice(*side.span)] for side in (line.left, line.right))
    whole = rf"{header} \log\left({density}\right)"
    found = partial(trial.found, f"{name} = {whole}")
    direct = found(line.formula.latex)
    if direct is None or direct.verdict not in WRONG:
        return direct
    slopes = (rf"\frac{{\partial}}{{\partial {by}}}" for by in law.letters)
    shifted = [found(rf"{d}\left({right}\right) = {d}\left({whole}\right)") for d in slopes]
    turned = found(rf"{name} = -\left({right}\right)")
    if (shifted and all(map(_is_true, shifted))) or _is_true(turned):
        return None
    return replace(direct, because=f"it is not what the distribution of {law.shown} gives, which the text states")


def _is_true(found: Found | None) -> bool:
    return found is not None and found.verdict in TRUE
