r"""Tokens to tokens: what each command means, spacing and sizes dropped, compound signs joined.

The kinds that leave here are the rows of `commands.py` (`symbol`, `function`, `relation`, …), the characters
of `CHARACTERS`, and `letter`, `digit`, `text`, `name`, `begin`, `end`, `dots`. Sized brackets become `open`
and `close`; those of `\left` and `\right`, which must match each other, `left` and `right`.
"""

from __future__ import annotations

from .commands import BASES, CHARACTERS, KINDS
from .tokens import ReadError, Token

_JOINED: dict[tuple[str, str], tuple[str, str]] = {
    (":", "="): ("relation", ":="),
    ("=", ":"): ("relation", "=:"),
    ("=", "="): ("relation", "="),
    ("<", "="): ("relation", "<="),
    (">", "="): ("relation", ">="),
    ("=", ">"): ("logic", "=>"),
    ("-", ">"): ("relation", "to"),
}
_NEGATED = {
    "=": "!=",
    "in": "notin",
    "equiv": "not equiv",
    "<": ">=",
    ">": "<=",
    "<=": ">",
    ">=": "<",
    "perp": "not perp",
}
_OPERATORS = frozenset({"add", "mul", "junction", "relation"})
_LIMITED = frozenset({"cap", "cup", "vee", "wedge", "oplus", "otimes", "odot"})
SPACE = 6  # of `~` and of a backslash before a space, in mu
WIDTHS = {",": 3, "thinspace": 3, ":": 4, ">": 4, "medspace": 4, ";": 5, "thickspace": 5, "enspace": 9}  # in mu
QUAD = 18
_FENCES = {"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "<": "\\langle", ">": "\\rangle", "/": "/", ".": ""}


def classify(tokens: list[Token]) -> list[Token]:
    r"""Give every token its meaning.

    Raises:
        ReadError: for a command that nobody defined (`unknown macro \foo`).
    """
    out: list[Token] = []
    position, count = 0, len(tokens)
    while position < count:
        token = tokens[position]
        if (quad := _quad_of_spaces(tokens, position)) is not None:
            out.append(quad[0])
            position = quad[1]
            continue
        position += 1
        kind = token.kind
        if kind == "space":
            continue
        if kind == "char":
            position = _character(token, tokens, position, out)
        elif kind == "command":
            position = _command(token, tokens, position, out)
        elif kind == "param":
            raise ReadError("a macro parameter # outside a macro", token.span[0])
        else:
            out.append(token)
    return _close_nulls(_operators_as_symbols(out))


def _quad_of_spaces(tokens: list[Token], position: int) -> tuple[Token, int] | None:
    r"""A run of `\,`, `\;`, `~` … that is as wide as a `\quad`, which it then stands for, and where it ends."""
    width, end = 0, position
    while end < len(tokens) and (tokens[end].kind == "space" or _width(tokens[end])):
        width += _width(tokens[end])
        end += 1
    if width < QUAD:
        return None
    return Token("quad", "quad", (tokens[position].span[0], tokens[end - 1].span[1])), end


def _width(token: Token) -> int:
    if token.kind == "space":
        return token.text.count("~") * SPACE
    return WIDTHS.get(token.text, 0) if token.kind == "command" else 0


def _operators_as_symbols(tokens: list[Token]) -> list[Token]:
    r"""`x^*` and `0^+` raise a symbol, and `\cap_i A_i` is a big operator."""
    for index, token in enumerate(tokens):
        if token.kind not in _OPERATORS:
            continue
        before = tokens[index - 1].kind if index else ""
        after = tokens[index + 1].kind if index + 1 < len(tokens) else ""
        if before in ("sub", "sup") and not (token.text == "-" and after == "digit"):
            tokens[index] = Token("symbol", token.text, token.span)
        elif after == "sub" and token.text in _LIMITED:
            tokens[index] = Token("big", f"big{token.text}", token.span)
    return tokens


def _character(token: Token, tokens: list[Token], position: int, out: list[Token]) -> int:
    text = token.text
    known = CHARACTERS.get(text)
    if known is None:
        if not text.isascii() or not text.isalnum():
            raise ReadError(f"unexpected character {text!r}", token.span[0])
        out.append(Token("digit" if text.isdigit() else "letter", text, token.span))
        return position
    following = tokens[position] if position < len(tokens) else None
    if following is not None and following.kind == "char" and following.span[0] <= token.span[1]:
        joined = _JOINED.get((text, following.text))
        if text == "!" and following.text == "=" and position >= 2 and tokens[position - 2].kind == "space":
            joined = ("relation", "!=")  # `a != b`, where `n!=…` is a factorial
        if joined is not None:
            out.append(Token(*joined, (token.span[0], following.span[1])))
            return position + 1
        if text == "." and position + 1 < len(tokens) and following.text == "." and tokens[position + 1].text == ".":
            out.append(Token("dots", "dots", (token.span[0], tokens[position + 1].span[1])))
            return position + 2
    out.append(Token(*known, token.span))
    return position


def _command(token: Token, tokens: list[Token], position: int, out: list[Token]) -> int:
    kind = KINDS.get(token.text)
    if kind is None:
        raise ReadError(f"unknown macro \\{token.text}", token.span[0])
    if kind == "space":
        return position
    if kind in ("left", "right", "size_left", "size_right", "middle"):
        return _sized(kind, token, tokens, position, out)
    if kind == "not":
        return _negated(token, tokens, position, out)
    if kind == "prime" or token.text == "dprime":
        out.extend([Token("prime", "'", token.span)] * (2 if token.text == "dprime" else 1))
        return position
    out.append(Token(kind, BASES[token.text], token.span))
    return position


def _sized(kind: str, token: Token, tokens: list[Token], position: int, out: list[Token]) -> int:
    r"""`\left(` as one bracket token; `\bigl`, `\bigr` say which side a bar is on; `\middle|` separates."""
    while position < len(tokens) and tokens[position].kind == "space":
        position += 1
    if position >= len(tokens):
        raise ReadError(f"missing bracket after \\{token.text}", token.span[0])
    fence = tokens[position]
    span = (token.span[0], max(token.span[1], fence.span[1]))
    base = _FENCES.get(fence.text) if fence.kind == "char" else BASES.get(fence.text)
    fence_kind = KINDS.get(fence.text) if fence.kind == "command" else "open"
    if base is None or fence_kind not in ("open", "close", "bar", "middle_bar", "symbol", "mul", "relation"):
        raise ReadError(f"missing bracket after \\{token.text}", token.span[0])
    if kind == "middle":
        out.append(Token("separator", {"\\|": "||"}.get(base, base), span))
    elif kind in ("left", "right"):
        out.append(Token(kind, base, span))
    elif base in ("|", "\\|"):
        out.append(Token("open" if kind == "size_left" else "close", base, span))
    else:
        return position  # the size is dropped, the bracket stays
    return position + 1


def _negated(token: Token, tokens: list[Token], position: int, out: list[Token]) -> int:
    rest: list[Token] = []
    while position < len(tokens) and not rest:
        if tokens[position].kind == "space":
            position += 1
        elif tokens[position].kind == "char":
            position = _character(tokens[position], tokens, position + 1, rest)
        elif tokens[position].kind == "command" and tokens[position].text != "not":
            position = _command(tokens[position], tokens, position + 1, rest)
        else:
            break
    if len(rest) != 1 or rest[0].kind not in ("relation", "logic", "middle_bar"):
        raise ReadError("missing relation after \\not", token.span[0])
    operator = rest[0].text
    out.append(Token("relation", _NEGATED.get(operator, f"not {operator}"), (token.span[0], rest[0].span[1])))
    return position


def _close_nulls(tokens: list[Token]) -> list[Token]:
    r"""Join `\left( … \right.` with the `\left. … \right)` that follows it, as a bracket split over lines."""
    if not any(token.kind == "right" and token.text == "" for token in tokens):
        return tokens
    dropped: set[int] = set()
    opened: list[int] = []
    waiting: dict[int, int] = {}  # depth -> index of a `\right.` whose `\left` was a bracket
    for index, token in enumerate(tokens):
        if token.kind == "left":
            depth = len(opened)
            if token.text == "" and depth in waiting:
                dropped |= {waiting.pop(depth), index}
                opened.append(-1)
            else:
                opened.append(index)
        elif token.kind == "right" and opened:
            start = opened.pop()
            real = start == -1 or tokens[start].text not in ("", "\\{")
            if token.text == "" and real:
                waiting[len(opened)] = index
            else:
                waiting.pop(len(opened), None)
    return [token for index, token in enumerate(tokens) if index not in dropped]
