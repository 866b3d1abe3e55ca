"""Factors of a derivative that do not fit side by side, G Xᵀ for Xᵀ G, and are proved with two of them exchanged.

The text declares the shape of one of them at least; what it gives no shape, the G = ∂L/∂Y that arrives from behind, may
be meant turned, in the other layout. So nothing is said where that makes them fit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from derive.notation.arrays import Array
from derive.notation.definitions import DEFINING
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.names_in_notes import is_transpose, take_apart
from derive.notation.runs import rebuild, walk
from derive.notation.syntax import Node, Sym
from derive.vocabulary import Partial

from .context import Context
from .declaredshapes import is_certain
from .found import Found
from .lines import Line
from .results import Suggestion, Verdict
from .rules.edit import Edit, Side
from .rules.wrong_transpose import RULE
from .scope import transpose_of
from .unfitting import convolves, has_bold_size, is_laid_out_by_rows
from .untransposed import follows, right_of

MOST = 40


def mismatched(line: Line, context: Context) -> Found | None:
    """The conflict of a derivative with the shapes of its factors; None of one that is read, or not mended."""
    if line.right is None or line.operator not in DEFINING or line.link or line.carried is not None:
        return None
    if convolves(line) or has_bold_size(line, context.dictionary) or is_laid_out_by_rows(line, context):
        return None
    if not _is_slope(line.left, context) or _fits(line.right, context) is not False:
        return None
    stated = {use[0] for use in context.dictionary.survey.declared.sizes}
    names = {n: take_apart(n, context.dictionary.survey.letters).plain for n in walk(line.right) if isinstance(n, Sym)}
    given = stated & set(names.values())
    if not given or not all(is_certain(name, line, context) for name in given):
        return None
    open_ = {n for n, name in names.items() if name not in stated}
    if any(_fits(_turned(line.right, {n}), context) for n in open_) or _fits(_turned(line.right, open_), context):
        return None
    for edit in _candidates(line, context):
        source = edit.applied(line.formula.latex)
        right = right_of(source, line, context)
        if right is not None and follows(dataclasses.replace(line, right=right), context):
            return _found(edit, source[slice(*right.span)], line)
    return None


def _is_slope(left: Node, context: Context) -> bool:
    """Whether a side is the derivative by a vector or a matrix."""
    try:
        (value,) = Reader(context.dictionary).arguments(left)
    except ValueError:
        return False
    return isinstance(value, Array) and value.entry.has(Partial)


def _fits(node: Node, context: Context) -> bool | None:
    """Whether a side can be read; False if lengths keep it from that, None if something else does."""
    try:
        Reader(context.dictionary).read(node)
    except Unreadable as error:
        return False if error.axes else None
    except ValueError:
        return None
    return True


def _turned(node: Node, letters: set[Sym]) -> Node:
    """The expression with some of its letters transposed."""
    turn = Sym(base="top", span=node.span)

    def turned(n: Node) -> Node:
        if not isinstance(n, Sym) or n not in letters or not (n.sup is None or is_transpose(n.sup)):
            return n
        return dataclasses.replace(n, sup=turn if n.sup is None else None)

    return rebuild(node, turned)


def _candidates(line: Line, context: Context) -> Iterator[Edit]:
    assert line.right is not None
    survey = context.dictionary.survey
    written = transpose_of(context)
    side = Side(source=line.formula.latex, node=line.right, others=(), letters=survey.letters, transpose=written)
    yield from list(RULE.edits(side))[:MOST]


def _found(edit: Edit, latex: str, line: Line) -> Found:
    start, end = (line.formula.offset + k for k in (edit.start, edit.end))
    suggestion = Suggestion(
        latex=latex,
        edit=f"{edit.was} → {edit.should_be}",
        verdict=Verdict.PROVED,
        span=None if line.formula.origins else (start, end),
        text=edit.text,
    )
    because = "its factors do not fit by the shapes that the text declares; so they do, and the formula is proved"
    return Found(verdict=Verdict.CONFLICT, because=because, rule=RULE.code, suggestion=suggestion)
