"""A document read anew, with some of its formulas written in another way, up to a claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..context import Context, context_of
from ..documents.document import Document, Formula
from ..found import Found
from ..lines import Line, lines_of
from ..scopes import section_with

NAMES = ("Q", "F", "G", "R", r"\mathcal{L}", r"\mathcal{J}")
Judge = Callable[[Line, Document, Context], Found]


def read_anew(
    formulas: Iterable[Formula], line: Line | None, document: Document, judged: Judge, *, mends: bool = True
) -> Found | None:
    """What is found of a relation of the last of some formulas, by what the others say.

    Args:
        formulas: that take the place of those of the document.
        line: the relation, of the same last formula; the first one if None.
        document: that they come from.
        judged: what judges a line.
        mends: whether a correction is sought of what is wrong.
    """
    formulas = tuple(formulas)
    document = replace(document, formulas=formulas)
    lines = lines_of(document)
    alike = (n for n in lines.lines if n.formula is formulas[-1] and (line is None or n.span == line.span))
    found = next(alike, None)
    if found is None:
        return None
    context = context_of(section_with(found.number, lines, document))
    context.mends = mends
    return judged(found, document, context)


def fresh_name(document: Document) -> str | None:
    """A letter that no formula of a document has; None if it has them all."""
    return next((n for n in NAMES if not any(n in f.latex for f in document.formulas)), None)
