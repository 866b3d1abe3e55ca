r"""One factor by the kind of its first token: symbols, fonts, accents, and the table of all readers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from .brackets import hull
from .nodes import attach, grouped, juxtaposed, marked, widened
from .numbers import digits, read_number
from .operators import WORD_FONTS, big_operator, named, read_big, read_function, read_operator_name
from .settle import OPERATORS
from .structures import (
    read_binom,
    read_derivative,
    read_fraction,
    read_modulus,
    read_note,
    read_sqrt,
    read_stack,
    read_substack,
)
from .syntax import Dots, Empty, Juxt, Node, Sym
from .tokens import Token

if TYPE_CHECKING:
    from .expressions import Level

_BARE_OPERATORS = ("argmax", "argmin")


def simple(token: Token, fonts: tuple[str, ...]) -> Node | None:
    """The node of a token that is an argument by itself, None for a command with arguments of its own."""
    kind, text, span = token
    if kind == "letter" or kind == "symbol":
        return Sym(base=text, fonts=fonts, span=span)
    if kind == "digit":
        return digits(text, fonts, span)
    if kind in OPERATORS or kind in ("function", "big", "factorial", "prime", "bar", "separator"):
        return Sym(base=text, fonts=fonts, span=span)
    return None


def _number(level: Level, token: Token) -> Node:
    level.position -= 1
    number = read_number(level)
    return digits(number.text, level.fonts, number.span)


def _letter(level: Level, token: Token) -> Node:
    fonts = level.fonts
    if fonts and fonts[-1] in WORD_FONTS:
        return _word(level, token)
    if token.text == "a":
        for name in _BARE_OPERATORS:
            end = level.position - 1 + len(name)
            run = level.items[level.position - 1 : end]
            if "".join(item.text for item in run if item.kind == "letter") == name:
                level.position = end
                return big_operator(level, name, hull(token.span, run[-1].span))
    return Sym(base=token.text, fonts=fonts, span=token.span)


def _word(level: Level, token: Token) -> Node:
    """Letters side by side in an upright font: one name, with the digits after them."""
    text, span = token.text, token.span
    while (item := level.peek()) is not None and item.kind in ("letter", "digit", "name"):
        text, span = text + item.text, hull(span, item.span)
        level.position += 1
    return named(level, Sym(base=text, fonts=level.fonts, span=span))


def _symbol(level: Level, token: Token) -> Node:
    return Sym(base=token.text, fonts=level.fonts, span=token.span)


def _blackboard(level: Level, token: Token) -> Node:
    return Sym(base=token.text, fonts=("bb",), span=token.span)


def _name(level: Level, token: Token) -> Node:
    return named(level, Sym(base=token.text, fonts=level.fonts, span=token.span))


def _text(level: Level, token: Token) -> Node:
    base = " ".join(token.text.split())
    return named(level, Sym(base=base, fonts=(*level.fonts, "rm"), span=token.span))


def _differential(level: Level, token: Token) -> Node:
    return Sym(base=token.text, fonts=("rm",), span=token.span)


def _dots(level: Level, token: Token) -> Node:
    return Dots(span=token.span)


def _font(level: Level, token: Token) -> Node:
    item = level.peek()
    node, span = level.argument(token, (*level.fonts, token.text))
    span = hull(token.span, span)
    if isinstance(node, Sym):
        symbol = Sym(
            base=node.base,
            accents=node.accents,
            fonts=node.fonts,
            sub=node.sub,
            sup=node.sup,
            primes=node.primes,
            span=span,
        )
        plain = item is not None and node.sub is None and node.sup is None and len(node.base) > 1
        return named(level, symbol) if plain else symbol
    if isinstance(node, Juxt) and (scripts := level.scripts()).span is not None:  # `\mathbf{AA}^T` is A times A^T
        *others, last = node.items
        return juxtaposed([*others, attach(last, scripts, last.span)])
    return grouped(widened(node, span), span)


def _accent(level: Level, token: Token) -> Node:
    node, span = level.argument(token)
    return marked(node, token.text, hull(token.span, span))


def _switch(level: Level, token: Token) -> Node:
    level.fonts = (*level.fonts, token.text)
    if level.starts():
        return level.factor()
    return Empty(span=(token.span[1], token.span[1]))


Handler = Callable[["Level", Token], Node]
HANDLERS: Mapping[str, Handler] = {
    "letter": _letter,
    "digit": _number,
    "period": _number,
    "symbol": _symbol,
    "blackboard": _blackboard,
    "name": _name,
    "text": _text,
    "differential": _differential,
    "dots": _dots,
    "font": _font,
    "accent": _accent,
    "switch": _switch,
    "function": read_function,
    "big": read_big,
    "fraction": read_fraction,
    "binom": read_binom,
    "sqrt": read_sqrt,
    "derivative": read_derivative,
    "note": read_note,
    "operator_name": read_operator_name,
    "stack": read_stack,
    "substack": read_substack,
    "parenthesised_mod": read_modulus,
}
