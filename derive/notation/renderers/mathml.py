"""A formula as MathML Core, which browsers set without scripts or fonts from elsewhere."""

from __future__ import annotations

from html import escape

from ..layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script, Words
from .spacing import flat, kind_of, symbol_of, tall
from .symbols import Kind
from .text import to_text

SPACES = {r"\,": 0.17, r"\:": 0.22, r"\;": 0.28, r"\ ": 0.33, r"\quad": 1.0, r"\qquad": 2.0}  # in em
_ACCENTS = {"hat": "ˆ", "bar": "‾", "tilde": "~", "vec": "→", "dot": "˙", "ddot": "¨"}
_OPERATORS = frozenset(Kind) - {Kind.ORDINARY, Kind.FUNCTION, Kind.SPACE}
_SIGNS = {"Σ": "∑", "Π": "∏", "-": "−", "*": "∗"}
_CLOSE_BY = '<mo stretchy="false" lspace="0" rspace="0">'
_GROWING = '<mo fence="true" lspace="0" rspace="0">'
_THIN = '<mspace width="0.167em"></mspace>'
_LIMITS_BESIDE = frozenset({r"\int"})


def to_mathml(layout: Layout, *, display: bool = False, large: bool = False) -> str:
    """A `<math>` element, in a line of text, as a display, or in a line but with fractions and sums as in a display."""
    kind = ' display="block"' if display else ' displaystyle="true"' if large else ""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML"{kind}>{_node(layout)}</math>'


def _node(layout: Layout) -> str:
    match layout:
        case Atom(latex):
            return _atom(latex)
        case Words(text):
            return f"<mtext>{escape(text)}</mtext>"
        case Row(items):
            return f"<mrow>{_row(flat(items))}</mrow>"
        case Frac(above, below):
            return f"<mfrac>{_node(above)}{_node(below)}</mfrac>"
        case Script(base, sub, sup):
            return _scripts("msub", "msup", "msubsup", _node(base), sub, sup)
        case Accent(mark, base):
            return _accent(mark, base)
        case Fenced(opening, body, closing):
            mark = _GROWING if tall(body) else _CLOSE_BY
            return f"<mrow>{_fence(opening, mark)}{_node(body)}{_fence(closing, mark)}</mrow>"
        case BigOp(latex, below, above, body):
            return f"<mrow>{_big(latex, below, above)}{_node(body)}</mrow>"
        case Root(body):
            return f"<msqrt>{_node(body)}</msqrt>"
        case Lines(style, rows):
            return _lines(style, rows)


def _atom(latex: str) -> str:
    if latex in SPACES:
        return f'<mspace width="{SPACES[latex]}em"></mspace>'
    symbol = symbol_of(latex)
    shown = escape(_SIGNS.get(symbol.text, symbol.text) if symbol.kind in _OPERATORS else symbol.text)
    if symbol.kind in _OPERATORS:
        return f"{_CLOSE_BY if symbol.kind is Kind.BRACKET else '<mo>'}{shown}</mo>"
    return f"<mn>{shown}</mn>" if shown[:1].isdigit() else f"<mi>{shown}</mi>"


def _row(items: tuple[Layout, ...]) -> str:
    """Items side by side; functions such as log stand a little apart from operands beside them."""
    shown = ""
    for before, item in zip((None, *items), items, strict=False):
        if before is not None and _is_apart(before, item):
            shown += _THIN
        shown += _node(item)
    return shown


def _is_apart(before: Layout, item: Layout) -> bool:
    if kind_of(before) is Kind.FUNCTION:
        return not isinstance(item, Fenced) and kind_of(item) in (Kind.ORDINARY, Kind.FUNCTION)
    return kind_of(item) is Kind.FUNCTION and kind_of(before) is Kind.ORDINARY


def _scripts(under: str, over: str, both: str, base: str, sub: Layout | None, sup: Layout | None) -> str:
    if sub is not None and sup is not None:
        return f"<{both}>{base}{_node(sub)}{_node(sup)}</{both}>"
    if sub is not None:
        return f"<{under}>{base}{_node(sub)}</{under}>"
    return f"<{over}>{base}{_node(sup)}</{over}>" if sup is not None else base


def _accent(mark: str, base: Layout) -> str:
    if mark in _ACCENTS:
        return f'<mover accent="true">{_node(base)}<mo stretchy="false">{_ACCENTS[mark]}</mo></mover>'
    if mark == "roman":
        return f'<mi mathvariant="normal">{escape(to_text(base))}</mi>'
    if mark == "bold":
        return f'<mrow style="font-weight: bold">{_node(base)}</mrow>'
    return f"<mi>{escape(to_text(Accent(mark, base)))}</mi>"


def _fence(bracket: str, mark: str) -> str:
    return f"{mark}{escape(bracket)}</mo>" if bracket else ""


def _big(latex: str, below: Layout | None, above: Layout | None) -> str:
    text = symbol_of(latex).text
    symbol = escape(_SIGNS.get(text, text))
    base = f'<mo movablelimits="false">{symbol}</mo>' if len(symbol) == 1 else f"<mo>{symbol}</mo>"
    if latex in _LIMITS_BESIDE:
        return _scripts("msub", "msup", "msubsup", base, below, above)
    return _scripts("munder", "mover", "munderover", base, below, above)


def _lines(style: str, rows: tuple[tuple[Layout, ...], ...]) -> str:
    cells = "".join(
        f"<mtr>{''.join(f'<mtd{_side(style, column)}>{_node(cell)}</mtd>' for column, cell in enumerate(row))}</mtr>"
        for row in rows
    )
    table = f'<mtable displaystyle="{"true" if style == "aligned" else "false"}">{cells}</mtable>'
    if style == "cases":
        return f'<mrow><mo fence="true">{{</mo>{table}</mrow>'
    return f'<mrow><mo fence="true">(</mo>{table}<mo fence="true">)</mo></mrow>' if style == "matrix" else table


def _side(style: str, column: int) -> str:
    if style == "matrix":
        return ""
    side = "right" if style == "aligned" and column % 2 == 0 else "left"
    return f' style="text-align: {side}; padding-inline: 0"' if style == "aligned" else f' style="text-align: {side}"'
