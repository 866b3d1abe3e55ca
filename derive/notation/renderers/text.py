"""Layout to one readable line of Unicode, for terminals, messages and alternative texts."""

from __future__ import annotations

from unicodedata import lookup, normalize

from ..layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script, Words
from .spacing import bracket_of, flat, is_application, is_label, joined, kind_of, mark_of, symbol_of
from .symbols import Kind

_RAISED = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SHORT_SUPERSCRIPTS = frozenset({r"\top", r"\prime"})
_OPERATORS = frozenset({Kind.BINARY, Kind.RELATION, Kind.TIGHT, Kind.COMMA})


def to_text(layout: Layout) -> str:
    """The formula as one line of Unicode: `∂LL/∂θ^(h)_i,j = (y − ŷ) h_j (1 − h_j) x_i`.

    Raises:
        LayoutError: if a symbol has no row in `symbols.py`.
    """
    return normalize("NFC", _set(layout))


def _set(node: Layout, compact: bool = False) -> str:
    match node:
        case Atom(latex):
            return symbol_of(latex).text
        case Words(text):
            return text.strip()
        case Row(items):
            return joined(flat(items), lambda item: _set(item, compact), compact=compact, sticks=_sticks, apart=" · ")
        case Frac(above, below):
            return f"{_operand(above, products=True)}/{_operand(below)}"
        case Script(base, sub, sup):
            return _base(base) + _scripts(sub, sup)
        case Accent(mark, base):
            return _accent(mark, base)
        case Fenced(opening, body, closing):
            return bracket_of(opening).text + _set(body, compact) + bracket_of(closing).text
        case BigOp(latex, below, above, body):
            return _big(latex, below, above, body, compact)
        case Root(body, degree):
            return (_raised(degree) if degree else "") + f"√{_operand(body)}"
        case Lines(style, rows):
            return _lines(style, rows)


def _sticks(left: Layout, right: Layout) -> bool:
    """`f(x)`, `∂x`, and names of capitals such as `LL`."""
    return is_application(left, right) or _is_partial(left) or (_is_capital(left) and _is_capital(right))


def _is_capital(node: Layout) -> bool:
    return isinstance(node, Atom) and len(node.latex) == 1 and node.latex.isupper()


def _operand(node: Layout, *, products: bool = False) -> str:
    """Above or below a fraction bar: bracketed where the bar would not be clear any more."""
    items = flat((node,))
    partial = len(items) == 2 and _is_partial(items[0])
    product = (
        products and not any(kind_of(item) in _OPERATORS for item in items) and not (items and _is_open(items[-1]))
    )
    simple = len(items) == 1 and (not _is_open(items[0]) if products else _is_closed(items[0]))
    text = _set(node)
    return text if partial or product or simple else f"({text})"


def _is_partial(item: Layout) -> bool:
    return item == Atom(r"\partial") or (isinstance(item, Script) and item.base == Atom(r"\partial"))


def _is_open(item: Layout) -> bool:
    """Whether what follows could be taken to belong to the item."""
    return isinstance(item, Lines) or (isinstance(item, BigOp) and not isinstance(item.body, Fenced))


def _is_closed(item: Layout) -> bool:
    return not _is_open(item) and not isinstance(item, Frac)


def _base(base: Layout) -> str:
    text = _set(base)
    if not text:
        return ""
    bracketed = isinstance(base, BigOp) and isinstance(base.body, Fenced)
    return f"({text})" if isinstance(base, Row | Frac | Root | BigOp | Script) and not bracketed else text


def _scripts(sub: Layout | None, sup: Layout | None) -> str:
    below = _lowered(sub) if sub is not None else ""
    above = _raised(sup) if sup is not None else ""
    return above + below if is_label(sup) else below + above


def _lowered(sub: Layout) -> str:
    """`_i`, `_i,j`; anything longer in braces."""
    plain = all(
        isinstance(item, Atom | Words) and kind_of(item) in (Kind.ORDINARY, Kind.COMMA) for item in flat((sub,))
    )
    text = _set(sub, True)
    return f"_{text}" if plain and " " not in text else f"_{{{text}}}"


def _raised(sup: Layout) -> str:
    text = _set(sup, True)
    if text.removeprefix("−").isdigit():
        return text.translate(_RAISED)
    if all(isinstance(item, Atom) and item.latex in _SHORT_SUPERSCRIPTS for item in flat((sup,))):
        return text.replace(" ", "").replace("⊤", "ᵀ")
    return f"^{text}" if isinstance(sup, Atom) or is_label(sup) else f"^({text})"


def _accent(mark: str, base: Layout) -> str:
    text, over = _set(base), mark_of(mark).text
    if mark == "blackboard" and _is_capital(base):
        return _double_struck(text)
    return f"({text}){over}" if over and len(text) > 1 else text + over


def _double_struck(letter: str) -> str:
    try:
        return lookup(f"DOUBLE-STRUCK CAPITAL {letter}")
    except KeyError:
        return lookup(f"MATHEMATICAL DOUBLE-STRUCK CAPITAL {letter}")


def _big(latex: str, below: Layout | None, above: Layout | None, body: Layout, compact: bool) -> str:
    symbol, inner = symbol_of(latex), _set(body, compact)
    limits = (f"_{{{_set(below, True)}}}" if below is not None else "") + (_limit(above) if above is not None else "")
    tight = isinstance(body, Fenced) and symbol.kind is not Kind.BIG
    return symbol.text + limits + ("" if tight or not inner else " ") + inner


def _limit(above: Layout) -> str:
    return f"^{_set(above)}" if isinstance(above, Atom) else f"^{{{_set(above, True)}}}"


def _lines(style: str, rows: tuple[tuple[Layout, ...], ...]) -> str:
    if style == "aligned":
        return "; ".join(" ".join(filter(None, map(_set, row))) for row in rows)
    if style == "cases":
        return "{ " + "; ".join(_case(row) for row in rows)
    return "[" + "; ".join(", ".join(map(_set, row)) for row in rows) + "]"


def _case(row: tuple[Layout, ...]) -> str:
    value, *rest = row
    condition = flat(rest)
    if not condition:
        return _set(value)
    link = "" if isinstance(condition[0], Words) else "if "
    return f"{_set(value)} {link}{' '.join(map(_set, rest))}"
