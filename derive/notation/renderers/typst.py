"""Layout to Typst mathematics, to stand between dollar signs."""

from __future__ import annotations

from ..layout import Accent, Atom, BigOp, Fenced, Frac, Layout, Lines, Root, Row, Script, Words
from .spacing import bracket_of, flat, is_label, joined, mark_of, quoted, symbol_of, tall

_FIXED = frozenset({"(", ")", "[", "]", "{", "}"})


def to_typst(layout: Layout) -> str:
    """The formula as Typst mathematics; commas are escaped, so it may also stand as an argument of a call.

    Raises:
        LayoutError: if a symbol has no row in `symbols.py`.
    """
    return _set(layout)


def _set(node: Layout, compact: bool = False) -> str:
    match node:
        case Atom(latex):
            return symbol_of(latex).typst
        case Words(text):
            return _words(text)
        case Row(items):
            return joined(flat(items), lambda item: _set(item, compact), compact=compact, apart=" thin ")
        case Frac(above, below):
            return f"frac({_argument(above)}, {_argument(below)})"
        case Script(base, sub, sup):
            return _base(base) + _scripts(sub, sup)
        case Accent(mark, base):
            return _accent(mark, base)
        case Fenced(opening, body, closing):
            return _fenced(opening, body, closing, compact)
        case BigOp(latex, below, above, body):
            return symbol_of(latex).typst + _scripts(below, above) + _after_head(_set(body, compact))
        case Root(body, degree):
            return f"root({_argument(degree)}, {_argument(body)})" if degree else f"sqrt({_argument(body)})"
        case Lines(style, rows):
            return _lines(style, rows)


def _words(text: str) -> str:
    """A name letter by letter, spaced like a variable; prose as a string, which keeps the spaces around it."""
    return f"upright({' '.join(text)})" if text.isalnum() and text.isascii() else quoted(text.strip())


def _argument(node: Layout) -> str:
    """An argument of a call; an empty one is written as an empty string."""
    return _set(node) or '""'


def _base(base: Layout) -> str:
    """What scripts hang on; an invisible group keeps several symbols together."""
    if isinstance(base, Atom | Words | Accent | Fenced | Root):
        return _set(base) or '""'
    return f'class("normal", {_argument(base)})'


def _scripts(sub: Layout | None, sup: Layout | None) -> str:
    below = f"_({_set(sub, True)})" if sub is not None else ""
    above = f"^({_set(sup, True)})" if sup is not None else ""
    return above + below if is_label(sup) else below + above


def _after_head(body: str) -> str:
    return f" {body}" if body else ""


def _accent(mark: str, base: Layout) -> str:
    inner = f"{mark_of(mark).typst}({_argument(base)})"
    upright = mark == "bold" and isinstance(base, Atom) and not base.latex.startswith("\\")
    return f"upright({inner})" if upright else inner


def _fenced(opening: str, body: Layout, closing: str, compact: bool) -> str:
    r"""Escaped brackets keep their size, as in LaTeX without `\left`; high bodies get brackets that grow."""
    inner = _set(body, compact)
    left, right = bracket_of(opening).typst, bracket_of(closing).typst
    if tall(body) or opening not in _FIXED or closing not in _FIXED:
        return f"lr({left} {inner} {right})"
    return left + inner + right


def _lines(style: str, rows: tuple[tuple[Layout, ...], ...]) -> str:
    if style == "aligned":
        return r" \ ".join(" & ".join(map(_set, row)) for row in rows)
    if style == "cases":
        return f"cases({', '.join(' & quad '.join(map(_set, row)) for row in rows)})"
    return f'mat(delim: "[", {"; ".join(", ".join(map(_argument, row)) for row in rows)})'
