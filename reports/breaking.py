"""Where a long formula is broken into lines: before relations, then before + and −, then inside sums and brackets.

Widths are estimates in em of the running text; the engines measure again and shrink what still does not fit.
"""

from __future__ import annotations

from dataclasses import replace

from derive.notation.layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script, Words
from derive.notation.renderers.mathml import SPACES
from derive.notation.renderers.spacing import flat, kind_of, symbol_of
from derive.notation.renderers.symbols import Kind

SIGNS = frozenset({"+", "-", r"\pm", r"\mp"})
_NOT_BROKEN_AT = frozenset({r"\mid", "|", r"\|", ":", r"\parallel"})  # relations that stand inside brackets
_WIDTHS = {**SPACES, ",": 0.45, ";": 0.45, "i": 0.35, "j": 0.4, "l": 0.31}
_SPACED = 1.25  # a binary operator or relation with the space around it
_SCRIPT = 0.7
_PARTIAL = Atom(r"\partial")
_FACTORS_AT, _ANYWHERE = 3, 4  # after relations, signs, and signs inside sums and brackets


def width(layout: Layout) -> float:
    """The estimated width of a displayed formula in em."""
    match layout:
        case Atom(latex):
            return _atom_width(latex)
        case Words(text):
            return 0.5 * len(text)
        case Row(items):
            return sum(map(width, items))
        case Frac(above, below):
            return max(width(above), width(below)) + 0.25
        case Script(base, sub, sup):
            return width(base) + _SCRIPT * max((width(s) for s in (sub, sup) if s is not None), default=0.0) + 0.05
        case Accent(_, base):
            return width(base) + 0.05
        case Fenced(opening, body, closing):
            return width(body) + 0.5 * (bool(opening) + bool(closing))
        case BigOp(latex, below, above, body):
            limits = max((_SCRIPT * width(s) for s in (below, above) if s is not None), default=0.0)
            return max(_atom_width(latex), limits) + 0.2 + width(body)
        case Root(body):
            return width(body) + 0.85
        case Lines(_, rows):
            columns = max((len(row) for row in rows), default=0)
            widest = [max((width(row[c]) for row in rows if c < len(row)), default=0.0) for c in range(columns)]
            return sum(widest) + 1.0 * columns


def break_lines(layout: Layout, limit: float) -> tuple[Layout, ...]:
    """The formula in lines of at most `limit` em where it can be broken so; one line if it fits.

    The parts keep their order and nothing is added or dropped, but brackets that are broken no longer grow.
    """
    lines: tuple[Layout, ...] = (layout,)
    for depth in range(_ANYWHERE + 1):
        if max(map(width, lines)) <= limit:
            return lines
        lines = _fill(_parts(layout, depth), limit)
    return lines


def split_relation(layout: Layout) -> tuple[Layout, Layout] | None:
    """The part before the first relation at the top level, and the relation with all that follows."""
    items = flat((layout,))
    for position, item in enumerate(items):
        if position and _is_relation(item):
            return Row(items[:position]), Row(items[position:])
    return None


def _atom_width(latex: str) -> float:
    if latex in _WIDTHS:
        return _WIDTHS[latex]
    symbol = symbol_of(latex)
    if symbol.kind in (Kind.BINARY, Kind.RELATION):
        return _SPACED
    if symbol.kind is Kind.BIG:
        return 1.45
    return 0.58 if latex.startswith("\\") and len(symbol.text) == 1 else 0.53 * len(symbol.text)


def _parts(layout: Layout, depth: int) -> list[tuple[Layout, ...]]:
    """Runs of items that stay together; each but the first begins with the symbol it was broken before."""
    parts: list[list[Layout]] = [[]]
    for item in _opened(layout, depth >= 2):
        if parts[-1] and _may_break(parts[-1][-1], item, depth):
            parts.append([])
        parts[-1].append(item)
    return [tuple(part) for part in parts]


def _may_break(before: Layout, after: Layout, depth: int) -> bool:
    if kind_of(before) in (Kind.BINARY, Kind.RELATION, Kind.TIGHT) or before in (Atom("("), Atom("[")):
        return False
    if _is_relation(after) or (depth >= 1 and isinstance(after, Atom) and after.latex in SIGNS):
        return True
    if kind_of(after) is Kind.BINARY:
        return depth >= _FACTORS_AT
    ends = kind_of(after) in (Kind.COMMA, Kind.BRACKET, Kind.TIGHT, Kind.AFTER)
    heads = isinstance(before, Words | BigOp) or kind_of(before) in (Kind.FUNCTION, Kind.BIG) or before == _PARTIAL
    return depth >= _ANYWHERE and not ends and not heads


def _opened(layout: Layout, inside: bool) -> tuple[Layout, ...]:
    """The items of a formula; with `inside` those of sums and brackets too, the brackets as plain characters."""
    items = flat((layout,))
    if not inside:
        return items
    opened: list[Layout] = []
    for item in items:
        match item:
            case BigOp(body=body) if body != Row(()):
                opened += [replace(item, body=Row(())), *_opened(body, True)]
            case Fenced("(" | "[" as opening, body, ")" | "]" as closing):
                opened += [Atom(opening), *_opened(body, True), Atom(closing)]
            case _:
                opened.append(item)
    return tuple(opened)


def _fill(parts: list[tuple[Layout, ...]], limit: float) -> tuple[Layout, ...]:
    """As many parts on each line as fit, greedily."""
    lines: list[tuple[Layout, ...]] = [parts[0]]
    for part in parts[1:]:
        longer = lines[-1] + part
        if width(Row(longer)) <= limit and not _begins_with_relation(part, lines[-1]):
            lines[-1] = longer
        else:
            lines.append(part)
    return tuple(Row(line) for line in lines)


def _begins_with_relation(part: tuple[Layout, ...], line: tuple[Layout, ...]) -> bool:
    """Whether a second relation would come onto a line that already has one; it starts its own."""
    return _is_relation(part[0]) and any(_is_relation(item) for item in line)


def _is_relation(item: Layout) -> bool:
    return isinstance(item, Atom) and symbol_of(item.latex).kind is Kind.RELATION and item.latex not in _NOT_BROKEN_AT
