"""A vector where its transpose belongs, in a formula that tells the two apart: w X^T y beside y^T X w.

Many texts leave transposes of vectors out, and are not wrong. One that writes them in the same formula, or that says
its vectors are columns, means what it writes; and what has no reading as it stands, but is proved with the transpose of
one letter put in, lacks that.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import combinations

from derive.model import ModelError
from derive.notation.arrays import Array
from derive.notation.definitions import DEFINING, stated
from derive.notation.dictionary import Unreadable
from derive.notation.elaborate import Reader
from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Group, Node, Sym
from derive.vocabulary import name_of, names_in

from .carry_out import with_unknown_slopes
from .context import Context
from .deciding import judged
from .entries import prove_entries
from .found import Found
from .lines import Line
from .results import Suggestion, Verdict
from .rules.edit import Edit, Side
from .rules.wrong_transpose import RULE
from .scope import transpose_of
from .unfitting import COLUMNS

MOST = 40


def untransposed(line: Line, context: Context) -> Found | None:
    """The conflict of a line with the shapes of its own vectors; None of a line that can be read, or is not mended."""
    if line.right is None or line.operator not in DEFINING or line.link or line.carried is not None:
        return None
    told = _has_rows(line.right, context) or COLUMNS.search(context.dictionary.prose) is not None
    if not told or not _lacks_a_row(line, context):
        return None
    for edits in _candidates(line, context):
        source = line.formula.latex
        for edit in reversed(edits):
            source = edit.applied(source)
        right = right_of(source, line, context)
        if right is not None and follows(dataclasses.replace(line, right=right), context):
            return _found(edits, source[slice(*right.span)], line)
    return None


def _has_rows(node: Node, context: Context) -> bool:
    """Whether a vector is transposed somewhere in it."""
    turned = (n for n in walk(node) if isinstance(n, Sym | Group) and is_transpose(n.sup))
    return any(_is_vector(dataclasses.replace(n, sup=None), context) for n in turned)


def _is_vector(node: Node, context: Context) -> bool:
    try:
        (value,) = Reader(context.dictionary).arguments(node)
    except ValueError:
        return False
    return isinstance(value, Array) and value.rank == 1


def _lacks_a_row(line: Line, context: Context) -> bool:
    """Whether a side has no reading because a vector stands where a row belongs."""
    try:
        for side in (line.left, line.right):
            if side is not None:
                Reader(context.dictionary).read(side)
    except Unreadable as error:
        return bool(error.sides)
    except ValueError:
        return False
    return False


def _candidates(line: Line, context: Context) -> Iterator[tuple[Edit, ...]]:
    """A transpose put at a letter or bracket, then at two places where the same is written."""
    assert line.right is not None
    survey = context.dictionary.survey
    written = transpose_of(context)
    side = Side(source=line.formula.latex, node=line.right, others=(), letters=survey.letters, transpose=written)
    put = [e for e in RULE.edits(side) if e.start == e.end and e.text == written][:MOST]
    yield from ((e,) for e in put)
    put.sort(key=lambda e: e.start)
    yield from ((a, b) for a, b in combinations(put, 2) if a.was == b.was)


def right_of(source: str, line: Line, context: Context) -> Node | None:
    """The right side of a line in an edited source; None of what is no formula any more."""
    assert line.right is not None
    try:
        nodes = context.lines.wording.read(source)
    except ValueError:
        return None
    rights = (o for n in nodes for o in getattr(n, "operands", ())[1:])
    return next((o for o in rights if o.span[0] == line.right.span[0]), None)


def follows(line: Line, context: Context) -> bool:
    """Whether a line is proved, or says again what defines its name."""
    assert line.right is not None
    again = context.restatements.get(line.number)
    try:
        if again is None:
            return judged(line, context)[1].verdict is Verdict.PROVED
        definition = stated(line.left, line.right, context.dictionary)
        if definition is None or definition.name != again.name:
            return False
        used = {again.name, *(name_of(a) for a in names_in(definition.expr))}
        model = with_unknown_slopes(context.model_at(line.number - 1, used))[0]
        if again.name not in model.defined:
            return False
        return prove_entries(model.quantities[again.name].at(), definition.expr, model) is not None
    except (Unreadable, ModelError, ValueError):
        return False


def _found(edits: tuple[Edit, ...], latex: str, line: Line) -> Found:
    first = edits[0]
    start, end = (line.formula.offset + k for k in (first.start, first.end))
    single = len(edits) == 1 and not line.formula.origins
    suggestion = Suggestion(
        latex=latex,
        edit=f"{first.was} → {first.should_be}",
        verdict=Verdict.PROVED,
        span=(start, end) if single else None,
        text=first.text,
    )
    return Found(
        verdict=Verdict.CONFLICT,
        because="a vector stands where its transpose belongs; with that the formula is proved",
        rule=RULE.code,
        suggestion=suggestion,
    )
