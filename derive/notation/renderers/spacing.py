"""What the three renderers share: looking up symbols and setting the items of a row side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from types import MappingProxyType

from ..layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script, Words
from .symbols import ALIASES, BRACKETS, MARKS, SYMBOLS, Bracket, Kind, Mark, Symbol


class LayoutError(ValueError):
    """A layout holds a symbol, mark or bracket that has no row in `symbols.py`."""


_BY_LATEX = MappingProxyType({symbol.latex: symbol for symbol in SYMBOLS})
_BY_TEXT = MappingProxyType({symbol.text: symbol for symbol in reversed(SYMBOLS)})
_MARKS = MappingProxyType({mark.name: mark for mark in MARKS})
_BRACKETS = MappingProxyType({bracket.name: bracket for bracket in BRACKETS})
_OPERATORNAME = re.compile(r"\\operatorname(?P<star>\*?)\{(?P<name>[^{}]*)\}")
_OPENING = frozenset({"(", "[", r"\{"})
PRIME = Atom(r"\prime")

Render = Callable[[Layout], str]
Sticks = Callable[[Layout, Layout], bool]


def symbol_of(latex: str) -> Symbol:
    """The row of a command or character; letters and numbers stand for themselves.

    Raises:
        LayoutError: for a command that has no row.
    """
    latex = ALIASES.get(latex, latex)
    found = _BY_LATEX.get(latex) or _BY_TEXT.get(latex)
    if found is not None:
        return found
    if (latex.isascii() and latex.isalpha() and len(latex) == 1) or is_number(latex):
        return Symbol(latex, latex, latex)
    named = _OPERATORNAME.fullmatch(latex)
    if named:
        limits = ", limits: #true" if named["star"] else ""
        return Symbol(latex, f"op({quoted(named['name'])}{limits})", named["name"], Kind.FUNCTION)
    raise LayoutError(f"symbol {latex!r}: expected a letter, a number or a row of symbols.py; add a row")


def knows(latex: str) -> bool:
    """Whether `symbol_of` has a row for the command or character."""
    latex = ALIASES.get(latex, latex)
    return latex in _BY_LATEX or latex in _BY_TEXT


def is_number(text: str) -> bool:
    """Whether the text is digits with at most one decimal point, and not the point alone."""
    return text.isascii() and text.replace(".", "", 1).isdigit()


def mark_of(name: str) -> Mark:
    """The row of an accent or font.

    Raises:
        LayoutError: if there is none.
    """
    if name not in _MARKS:
        raise LayoutError(f"mark {name!r}: expected one of {', '.join(_MARKS)}; add a row to symbols.py")
    return _MARKS[name]


def bracket_of(name: str) -> Bracket:
    """The row of a bracket.

    Raises:
        LayoutError: if there is none.
    """
    if name not in _BRACKETS:
        raise LayoutError(f"bracket {name!r}: expected one of {' '.join(_BRACKETS)}; add a row to symbols.py")
    return _BRACKETS[name]


def quoted(text: str) -> str:
    """A Typst string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def kind_of(node: Layout) -> Kind:
    """How a node is spaced in a row."""
    match node:
        case Atom(latex):
            return symbol_of(latex).kind
        case Script(base=Atom(latex)):
            kind = symbol_of(latex).kind
            return kind if kind is not Kind.BRACKET else Kind.ORDINARY
        case _:
            return Kind.ORDINARY


def flat(items: Iterable[Layout]) -> tuple[Layout, ...]:
    """The items with rows inside them dissolved."""
    return tuple(inner for item in items for inner in (flat(item.items) if isinstance(item, Row) else (item,)))


def joined(
    items: Sequence[Layout], render: Render, *, compact: bool = False, sticks: Sticks | None = None, apart: str = " "
) -> str:
    """The items of a row in one line: operators and relations spaced, signs tight, factors a space apart.

    Args:
        items: the items, rows already dissolved.
        render: how one item is set.
        compact: no space round operators and after commas, as in scripts.
        sticks: which neighbours stand without a space although neither is an operator.
        apart: what stands between two fractions.
    """
    line, before, left = "", _Role.OPEN, None
    for item in items:
        piece = render(item)
        if piece:
            role = _role(item, before)
            stuck = left is not None and sticks is not None and sticks(left, item)
            gap = apart if isinstance(left, Frac) and isinstance(item, Frac) else ""
            line += ((gap or _gap(line, before, role, piece, compact, stuck)) if line else "") + piece
            before, left = role, item
    return line


def is_application(left: Layout, right: Layout) -> bool:
    """Whether a letter, a word or a bracket stands before a bracket, `f'(y)`: set without a space, product or not."""
    match left:
        case Atom() | Words():
            return kind_of(left) is Kind.ORDINARY and _opens(right)
        case Accent(mark):
            return not mark_of(mark).text and _opens(right)
        case Fenced() | BigOp(body=Fenced()):
            return isinstance(right, Fenced)
        case Script(base, None, sup) if sup is not None and all(item == PRIME for item in flat((sup,))):
            return is_application(base, right)
        case _:
            return False


def is_label(script: Layout | None) -> bool:
    """Whether a superscript is a label or a sample, `(h)` or `(h)(s)`, and no power."""
    items = flat((script,)) if script is not None else ()
    return bool(items) and all(isinstance(item, Fenced) for item in items)


def _opens(node: Layout) -> bool:
    return isinstance(node, Fenced) or (isinstance(node, Script) and isinstance(node.base, Fenced))


def tall(node: Layout) -> bool:
    """Whether a node is higher than a line, so that brackets round it must grow."""
    match node:
        case Frac() | Lines():
            return True
        case BigOp(latex, below, above, body):
            limits = below is not None or above is not None or symbol_of(latex).kind is Kind.BIG
            return limits or tall(body)
        case Row(items):
            return any(map(tall, items))
        case Script(base=base) | Accent(base=base):
            return tall(base)
        case Fenced(body=body) | Root(body=body):
            return tall(body)
        case Atom() | Words():
            return False


class _Role(Enum):
    """What an item is at its place in the line."""

    OPERAND = auto()
    OPERATOR = auto()  # spaced on both sides
    COMMA = auto()
    SIGN = auto()  # an operator with no operand before it
    TIGHT = auto()
    OPEN = auto()
    CLOSE = auto()
    HEAD = auto()  # a function or space: what follows begins anew


_ROLES = {
    Kind.RELATION: _Role.OPERATOR,
    Kind.COMMA: _Role.COMMA,
    Kind.TIGHT: _Role.TIGHT,
    Kind.AFTER: _Role.CLOSE,
    Kind.FUNCTION: _Role.HEAD,
    Kind.BIG: _Role.HEAD,
    Kind.SPACE: _Role.HEAD,
}
_NO_GAP_AFTER = frozenset({_Role.SIGN, _Role.TIGHT, _Role.OPEN})
_NO_GAP_BEFORE = frozenset({_Role.COMMA, _Role.TIGHT, _Role.CLOSE})
_TYPST_SHORTHANDS = frozenset({"->", "=>", "<-", "<=", ">=", "!=", ":=", "<<", ">>", "..", "|-", "~>"})


def _role(item: Layout, before: _Role) -> _Role:
    kind = kind_of(item)
    if kind is Kind.BINARY:
        return _Role.OPERATOR if before in (_Role.OPERAND, _Role.CLOSE) else _Role.SIGN
    if kind is Kind.BRACKET and isinstance(item, Atom):
        ends = before in (_Role.OPERAND, _Role.CLOSE) and item.latex not in _OPENING
        return _Role.CLOSE if ends else _Role.OPEN
    return _ROLES.get(kind, _Role.OPERAND)


def _gap(line: str, before: _Role, role: _Role, piece: str, compact: bool, stuck: bool) -> str:
    close = stuck or before in _NO_GAP_AFTER or role in _NO_GAP_BEFORE
    if compact:
        close = close or _Role.OPERATOR in (before, role) or before is _Role.COMMA
    words = line[-1].isalnum() and piece[0].isalnum() and not stuck
    would_merge = words or line[-1] + piece[0] in _TYPST_SHORTHANDS
    return "" if close and not would_merge else " "
