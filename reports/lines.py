"""Derivations and displays as lines that fit the page, the same for every emitter."""

from __future__ import annotations

from dataclasses import dataclass

from derive.notation.layout import Atom, Layout, Lines, Row, Words
from derive.notation.renderers import to_text

from .breaking import break_lines, split_relation, width
from .document import Cite, Code, Emph, Piece, Ref, ReportStep, Text, pieces

MEASURE = 37.0  # the text width of the templates in em, less what an equation number takes
_BOX = 29.0  # what a finding's box leaves to a formula
_LONG_LEFT = 0.32 * MEASURE  # a longer left side stands on a line of its own
_NOTHING = Words("")  # before a sign at the start of a line, so that it is spaced as between two terms
_INDENT = Row((Atom("\\quad"), _NOTHING))


@dataclass(frozen=True, kw_only=True)
class ChainLine:
    """One step as it is set.

    Attributes:
        left: the left side where a new chain begins, else None.
        lines: the relation and the right side, broken where it is long.
    """

    left: Layout | None
    lines: tuple[Layout, ...]
    step: ReportStep


def chain_lines(steps: tuple[ReportStep, ...]) -> tuple[ChainLine, ...]:
    """The steps, each with its left side only where it does not continue the step above it."""
    lines: list[ChainLine] = []
    room, above = MEASURE, None
    for step in steps:
        fresh = step.before is not None and (above is None or step.before != above.after or step.depth != above.depth)
        left = step.before if fresh else None
        if left is not None:
            room = MEASURE - (width(left) if width(left) < _LONG_LEFT else 1.5) - step.depth
        right = Row((_NOTHING, Atom(step.relation), step.after))
        lines.append(ChainLine(left=left, lines=_indented(break_lines(right, room)), step=step))
        above = step
    return tuple(lines)


def display_rows(lines: tuple[Layout, ...], room: float = MEASURE) -> tuple[tuple[Layout | None, Layout], ...]:
    """Each line of a display as (left side, relation and right side), `room` em wide at most where it can be broken.

    A left side that is None continues the line above.
    """
    rows: list[tuple[Layout | None, Layout]] = []
    for line in lines:
        parts = None if isinstance(line, Lines) else split_relation(line)
        if parts is None or width(parts[0]) > 0.6 * room:
            rows += [(None, part) for part in _indented(break_lines(line, room))]
            continue
        left, right = parts
        first, *others = _indented(break_lines(right, room - width(left)))
        rows += [(left, first), *((None, other) for other in others)]
    return tuple(rows)


def aligned(rows: tuple[tuple[Layout | None, Layout], ...]) -> Layout:
    """The rows as one formula: a row by itself, several under each other."""
    if len(rows) == 1:
        left, right = rows[0]
        return Row((left, right)) if left is not None else right
    return Lines("aligned", tuple((left if left is not None else Row(()), right) for left, right in rows))


def fitted(layout: Layout) -> Layout:
    """A formula for the box of a finding: broken where it is too long for a line of it."""
    return aligned(display_rows((layout,), _BOX)) if width(layout) > _BOX else layout


def table_chunks(rows: tuple[tuple[Text, str], ...], columns: int = 6) -> list[tuple[tuple[Text, str], ...]]:
    """Rows of a name and a value in groups of at most `columns`, each to be set as two lines."""
    return [rows[start : start + columns] for start in range(0, len(rows), columns)]


def plain(text: Text) -> str:
    """The text without marks, formulas as plain characters: for titles of files and bookmarks."""
    return "".join(map(_plain_piece, pieces(text)))


def _plain_piece(piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case Code(words) | Emph(words):
            return words
        case Cite() | Ref():
            return ""
        case _:
            return to_text(piece)


def plain_length(text: Text) -> float:
    """About how many characters wide the text is."""
    return sum(_piece_length(piece) for piece in pieces(text))


def _piece_length(piece: Piece) -> float:
    return 2 * width(piece) if isinstance(piece, Layout) else len(_plain_piece(piece))


def _indented(lines: tuple[Layout, ...]) -> tuple[Layout, ...]:
    return (lines[0], *(Row((_INDENT, line)) for line in lines[1:]))
