"""The tokens of quoted LaTeX and which of them belong together, found in one pass before anything is built."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 8000  # characters; a longer formula is shown as its source
DEEPEST = 60  # brackets in brackets

_TOKEN = re.compile(r":=|\\[A-Za-z]+|\\.|%[^\n]*|\s+|.", re.DOTALL)
_GAPS = r"\, \; \: \! \> \/ \- ~ \thinspace \allowbreak"
_STYLES = r"\limits \nolimits \displaystyle \textstyle \scriptstyle \nonumber \notag \relax"
_SIZES = r"\big \Big \bigg \Bigg \bigl \Bigl \biggl \Biggl \bigr \Bigr \biggr \Biggr \bigm \Bigm"
_IGNORED = frozenset(f"{_GAPS} {_STYLES} {_SIZES}".split()) | {"\\ ", "\\\n"}
_OPENERS = {"(": ")", "[": "]", r"\{": r"\}", r"\lbrace": r"\rbrace", r"\langle": r"\rangle", r"\lfloor": r"\rfloor"}
_OPENERS |= {r"\lceil": r"\rceil", r"\lvert": r"\rvert", r"\lVert": r"\rVert"}
_CLOSERS = frozenset(_OPENERS.values())
_BARS = frozenset({"|", r"\|", r"\vert", r"\Vert"})
_WALLS = {"{": "}", r"\left": r"\right", r"\begin": r"\end"}
_WALL_ENDS = frozenset(_WALLS.values())
_ROUND = frozenset({"(", "[", ")", "]"})
_OPERATORS = r"+ - * / = < > , ; : ( [ \{ { & \\ \le \leq \ge \geq \cdot \times \log \exp \sum"
_BEFORE_A_BAR = frozenset(_OPERATORS.split())


class Unquotable(Exception):
    """The source holds something that has no layout."""


def tokens_of(latex: str) -> tuple[str, ...]:
    """Commands and single characters, without comments, spaces and what only adjusts sizes and gaps.

    Raises:
        Unquotable: if the source is too long.
    """
    if len(latex) > LONGEST:
        raise Unquotable
    found = (match.group() for match in _TOKEN.finditer(latex))
    return tuple(token for token in found if not token.isspace() and token not in _IGNORED and token[0] != "%")


def pairs_of(tokens: Sequence[str]) -> dict[int, int]:
    r"""Opening position to closing position, for braces, `\left … \right`, environments and plain brackets.

    Brackets that do not match are absent: half-open intervals such as `]0, 1]`, or brackets across lines.

    Raises:
        Unquotable: if braces, `\left … \right` or environments do not match, or nest too deeply.
    """
    pairs: dict[int, int] = {}
    stack: list[int] = []
    for place, token in enumerate(tokens):
        if token in _WALLS or token in _OPENERS:
            stack.append(place)
        elif token in _WALL_ENDS:
            _close_wall(tokens, stack, place, pairs)
        elif token in _CLOSERS:
            _close_bracket(tokens, stack, place, pairs)
        elif token in _BARS:
            _bar(tokens, stack, place, pairs)
        elif token in ("&", r"\\"):
            _drop_open(tokens, stack)
        if len(stack) > DEEPEST:
            raise Unquotable
    if any(tokens[place] in _WALLS for place in stack):
        raise Unquotable
    return pairs


def _drop_open(tokens: Sequence[str], stack: list[int]) -> None:
    while stack and tokens[stack[-1]] not in _WALLS:
        stack.pop()


def _close_wall(tokens: Sequence[str], stack: list[int], place: int, pairs: dict[int, int]) -> None:
    _drop_open(tokens, stack)
    if not stack or _WALLS[tokens[stack[-1]]] != tokens[place]:
        raise Unquotable
    pairs[stack.pop()] = place


def _close_bracket(tokens: Sequence[str], stack: list[int], place: int, pairs: dict[int, int]) -> None:
    while stack and tokens[stack[-1]] in _BARS:
        stack.pop()
    if stack and tokens[stack[-1]] in _OPENERS:
        opening = tokens[stack[-1]]
        if _OPENERS[opening] == tokens[place] or {opening, tokens[place]} <= _ROUND:
            pairs[stack.pop()] = place


def _bar(tokens: Sequence[str], stack: list[int], place: int, pairs: dict[int, int]) -> None:
    """A bar closes the one before it, opens after an operator, and else means `given`."""
    if place and tokens[place - 1] in (r"\left", r"\right", r"\middle"):
        return
    if stack and tokens[stack[-1]] == tokens[place]:
        pairs[stack.pop()] = place
    elif place == 0 or tokens[place - 1] in _BEFORE_A_BAR or tokens[place] in (r"\|", r"\Vert"):
        stack.append(place)
