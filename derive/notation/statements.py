r"""The statements of a formula: rows, columns, `\quad`, prose and commas between complete relations."""

from __future__ import annotations

from collections.abc import Sequence

from .brackets import Bracket, Item, unwrapped
from .commands import PROSE_STARTS
from .settle import OPERATORS, ends_operand, fold, pair_bars, starts_operand
from .tokens import Token

Items = list[Item]
_BREAKS = frozenset({"align", "quad"})
_SEPARATORS = frozenset({"comma", "semicolon", "separator", "bar", "middle_bar"})
_PUNCTUATION = frozenset({"comma", "semicolon", "period"})
_RELATIONS = frozenset({"relation", "logic"})


def split_statements(items: Items) -> list[Items]:
    r"""The top level as statements: runs of items, or a single `prose` token.

    Rows (`\\`) split unless the next one goes on with the expression; `\quad` and `&` split after a complete
    relation; a comma splits when a relation stands on both sides (`w = a, b = c`, but not `i, j = 1, 2`).
    """
    items = fold(items, keep_breaks=True, separators=True)
    statements: list[Items] = []
    for row in _rows(items):
        inner = list(unwrapped(strip_breaks(row)))
        if len(inner) != len(row) and row[0].kind == "bracket":
            statements += split_statements(inner)
            continue
        for segment in _segments(pair_bars(row)):
            statements += _comma_parts(segment)
    return statements


def is_prose(items: Sequence[Item], position: int, *, statement: bool) -> bool:
    r"""Whether a `\text{…}` stands between parts rather than naming a quantity.

    Prose begins with a connective (`where`, `if`), is set off by spaces from a neighbouring operand, or stands
    alone as a sentence; `\text{softmax}(x)` and `L_\text{test}` are names.
    """
    token = items[position]
    words = token.text.strip()
    before = _neighbour(items, position, -1)
    after = _neighbour(items, position, 1)
    lone = (before is None or before.kind in _SEPARATORS) and (after is None or after.kind in _SEPARATORS)
    adjacent = items[position + 1] if position + 1 < len(items) else None
    if adjacent is not None and adjacent.kind in ("sub", "sup", "prime"):
        return False
    if before is not None and before.kind in _ARGUMENT_TAKERS:
        return False
    if lone and not statement:
        return False
    if words.lower() in NAMES_TOO and not starts_operand(after):
        return False
    first = words.lower().split()[0].rstrip(",:")
    if first in PROSE_STARTS or words[-1] in ":;,." or words[0] in "(,;.":
        return True
    if isinstance(adjacent, Bracket) and adjacent.opening in ("(", "["):
        return False
    several = " " in words or not words.isascii()
    if several and _is_colon(adjacent):
        return True
    far_left = several or token.text[0] == " " or items[position - 1].kind in _BREAKS
    far_right = several or token.text[-1] == " " or (adjacent is not None and adjacent.kind in _BREAKS)
    if ends_operand(before) and far_left:
        return True
    if starts_operand(after) and far_right and (before is None or before.kind in _PUNCTUATION or ends_operand(before)):
        return True
    return statement and lone and several


NAMES_TOO = ("recall",)  # a verb before what is recalled, else the name of a score
_ARGUMENT_TAKERS = frozenset(
    {"sub", "sup", "accent", "font", "fraction", "sqrt", "stack", "operator_name", "note", "binom", "function"}
)


def strip_breaks(items: Items) -> Items:
    r"""A run without punctuation, `&`, `\quad` and colons at its ends."""
    start, end = 0, len(items)
    while start < end and (items[start].kind in _BREAKS | _PUNCTUATION or _is_colon(items[start])):
        if items[start].kind == "period" and _is_decimal(items, start):
            break
        start += 1
    while end > start and (items[end - 1].kind in _BREAKS | _PUNCTUATION or _is_colon(items[end - 1])):
        end -= 1
    return items[start:end]


def _is_colon(item: Item | None) -> bool:
    return item is not None and item.kind == "relation" and item.text == ":"


def _neighbour(items: Sequence[Item], position: int, step: int) -> Item | None:
    position += step
    while 0 <= position < len(items):
        if items[position].kind not in _BREAKS and not _is_spacer(items[position]):
            return items[position]
        position += step
    return None


def _is_spacer(item: Item) -> bool:
    """Whether an item is the `{}` of `={}& b`, which keeps the space around a sign."""
    return isinstance(item, Bracket) and item.opening == "{" and not item.items


def _related(items: Sequence[Item]) -> bool:
    return any(item.kind in _RELATIONS for item in items)


def _rows(items: Items) -> list[Items]:
    """The rows, each joined with those that continue it."""
    rows: list[Items] = []
    row: Items = []
    for item in [*items, Token("row", "\\", (0, 0))]:
        if item.kind != "row":
            row.append(item)
            continue
        if row and rows and _continues(rows[-1], row):
            rows[-1] += _without_leading_breaks(row)
        elif row:
            rows.append(row)
        row = []
    return rows


def _without_leading_breaks(row: Items) -> Items:
    start = next((index for index, item in enumerate(row) if item.kind not in _BREAKS), len(row))
    return row[start:]


def _continues(previous: Items, row: Items) -> bool:
    """Whether a row goes on with the expression of the row before it."""
    last = next((item for item in reversed(previous) if item.kind not in _BREAKS), None)
    rest = _without_leading_breaks(row)
    if last is None or not rest:
        return False
    first = rest[0]
    if last.kind in _PUNCTUATION:
        return False
    if last.kind in OPERATORS or first.kind in ("mul", "sub", "sup", "prime"):
        return True
    indented = len(row) > len(rest)
    if first.kind == "add":
        return indented or first.text != "-" or not _related(row)
    deep = any(item.kind == "quad" for item in row[: len(row) - len(rest)])
    bracket = isinstance(first, Bracket) and first.opening in ("(", "[")
    factor = first.kind != "relation" and first.kind != "logic" and first.kind != "text"
    return indented and factor and (deep or bracket) and not _related(row) and _related(previous)


def _segments(row: Items) -> list[Items]:
    r"""A row split at prose, after complete relations at `\quad` and `&`, and at semicolons."""
    segments: list[Items] = []
    current: Items = []
    relations = sum(item.kind in _RELATIONS for item in row)
    related = False  # whether the current segment has a relation
    for position, item in enumerate(row):
        prose = item.kind == "text" and is_prose(row, position, statement=True)
        relations -= item.kind in _RELATIONS
        if prose or _ends_segment(row, position, related=related, later=relations > 0):
            segments += [stripped] if (stripped := strip_breaks(current)) else []
            current, related = [], False
        if prose:
            segments.append([Token("prose", item.text, item.span)])
        elif item.kind != "semicolon" and item.kind not in _BREAKS:
            current.append(item)
            related = related or item.kind in _RELATIONS
        elif item.kind == "semicolon" and current:
            current.append(item)
    segments += [stripped] if (stripped := strip_breaks(current)) else []
    return segments


def _ends_segment(row: Items, position: int, *, related: bool, later: bool) -> bool:
    item = row[position]
    if item.kind in _BREAKS:
        return _breaks(row, position, related=related)
    if item.kind == "semicolon":
        return related or later
    if item.kind == "period":
        return not _is_decimal(row, position)
    return item.kind == "symbol" and item.text == "forall" and related


def _is_decimal(row: Items, position: int) -> bool:
    after = row[position + 1] if position + 1 < len(row) else None
    return after is not None and after.kind == "digit"


def _breaks(row: Items, position: int, *, related: bool) -> bool:
    r"""Whether a `\quad` or `&` ends the statement before it."""
    last = _neighbour(row, position, -1)
    after = _neighbour(row, position, 1)
    if last is None or after is None:
        return False
    if last.kind in _PUNCTUATION:
        return starts_operand(after) or after.kind == "add"
    if _is_colon(last):  # if i = j: & …
        return starts_operand(after) and any(i.kind in _RELATIONS and not _is_colon(i) for i in row[:position])
    return related and ends_operand(last) and (starts_operand(after) or after.kind == "logic")


def _comma_parts(segment: Items) -> list[Items]:
    """A segment split at the commas that separate complete relations."""
    if not any(item.kind == "comma" for item in segment) or not _related(segment):
        return [segment]
    parts: list[Items] = [[]]
    for item in segment:
        if item.kind == "comma":
            parts.append([item])
        else:
            parts[-1].append(item)
    flags = [_related(part) for part in parts]
    last = max(index for index, flag in enumerate(flags) if flag)
    statements: list[Items] = [parts[0]]
    related = flags[0]
    for index, part in enumerate(parts[1:], start=1):
        opens = flags[index] or (index < last and not _lists_on(parts[index - 1], part))
        if related and opens:
            statements.append(part)
            related = flags[index]
        else:
            statements[-1] += part
            related = related or flags[index]
    return [stripped for statement in statements if (stripped := strip_breaks(statement))]


def _lists_on(previous: Items, part: Items) -> bool:
    r"""Whether a part without a relation goes on with a list of values: `i = 1, \dots, n`."""
    return any(item.kind in ("dots", "digit") for item in (*previous[-1:], *part[-1:]))
