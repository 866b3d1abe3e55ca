r"""Tokens to a tree of brackets: `{…}`, `(…)`, `\left…\right`, environments, and bars that pair or separate."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .commands import ARRAY_ENVIRONMENTS, DISPLAY_ENVIRONMENTS, LINE_ENVIRONMENTS
from .syntax import Span
from .tokens import ReadError, Token

MAX_DEPTH = 60


class Bracket(NamedTuple):
    r"""A bracketed run of items; `opening` is `{` for an invisible group, `\{` for visible braces."""

    kind: str
    opening: str
    closing: str
    items: list[Item]
    span: Span
    text: str = ""


class Environment(NamedTuple):
    """An array-like environment: rows of cells of items."""

    kind: str
    style: str
    rows: list[list[list[Item]]]
    span: Span
    text: str = ""


Item = Token | Bracket | Environment

_PAIRS = {"(": ")", "[": "]", "\\{": "\\}", "\\langle": "\\rangle", "\\lfloor": "\\rfloor", "\\lceil": "\\rceil"}
_PAIRS |= {"|": "|", "\\|": "\\|", "[[": "]]", "{": "}"}
_MIXED = {("(", "]"), ("[", ")")}  # half-open intervals
_CLOSERS = frozenset({"end_group", "close", "right", "end"})


class _Frame(NamedTuple):
    opener: Token
    items: list[Item]


def hull(first: Span, *others: Span) -> Span:
    """The smallest span that covers all of them."""
    start, end = first
    for span in others:
        start, end = min(start, span[0]), max(end, span[1])
    return start, end


def span_of(items: Sequence[Item]) -> Span:
    """The span of a run of items, which must not be empty."""
    return hull(*(item.span for item in items))


def unwrapped(items: Sequence[Item]) -> Sequence[Item]:
    """The items without braces around all of them: `{{a + b}}`."""
    while len(items) == 1 and isinstance(items[0], Bracket) and items[0].opening == "{":
        items = items[0].items
    return items


def build_tree(tokens: Sequence[Token]) -> list[Item]:
    """Match all brackets but bare bars.

    Raises:
        ReadError: for an unbalanced bracket or environment, or nesting deeper than 60.
    """
    root: list[Item] = []
    stack: list[_Frame] = []
    items = root
    for token in tokens:
        kind = token.kind
        if kind in ("begin_group", "open", "left", "begin"):
            if len(stack) >= MAX_DEPTH:
                raise ReadError(f"brackets nested deeper than {MAX_DEPTH}", token.span[0])
            if kind == "begin" and not _known(token.text):
                raise ReadError(f"unknown environment {token.text}", token.span[0])
            stack.append(_Frame(token, []))
            items = stack[-1].items
        elif kind in _CLOSERS:
            if not stack or not _matches(stack[-1].opener, token):
                raise _unbalanced(stack, token)
            frame = stack.pop()
            items = stack[-1].items if stack else root
            _close(frame, token, items, inline=all(_is_lines(outer.opener) for outer in stack))
        else:
            items.append(token)
    if stack:
        opener = stack[-1].opener
        raise ReadError(f"unbalanced {_shown(opener)}", opener.span[0])
    return root


def _unbalanced(stack: list[_Frame], closer: Token) -> ReadError:
    """The bracket to blame: an open one that an outer bracket's end cuts off, else the closing one."""
    opener = stack[-1].opener if stack else None
    inner = opener is not None and opener.kind == "open" and closer.kind != "close"
    blamed = opener if opener is not None and inner else closer
    return ReadError(f"unbalanced {_shown(blamed)}", blamed.span[0])


def _known(name: str) -> bool:
    return name in LINE_ENVIRONMENTS or name in DISPLAY_ENVIRONMENTS or name in ARRAY_ENVIRONMENTS


def _shown(token: Token) -> str:
    if token.kind in ("begin", "end", "left", "right"):
        name = f"{{{token.text}}}" if token.kind in ("begin", "end") else token.text or "."
        return f"\\{token.kind}{name}"
    return token.text


def _is_lines(opener: Token) -> bool:
    return opener.kind == "begin" and opener.text not in ARRAY_ENVIRONMENTS


def _matches(opener: Token, closer: Token) -> bool:
    if opener.kind == "open":
        pair = (opener.text, closer.text)
        return closer.kind == "close" and (_PAIRS.get(pair[0]) == pair[1] or pair in _MIXED)
    if opener.kind == "begin":
        return closer.kind == "end" and closer.text == opener.text
    return closer.kind == {"begin_group": "end_group", "left": "right"}[opener.kind]


def _close(frame: _Frame, closer: Token, parent: list[Item], *, inline: bool) -> None:
    """Append a finished bracket to its parent, or do what the command before it asks (splice, fence)."""
    opener, items = frame
    span = hull(opener.span, closer.span)
    before = parent[-1] if parent else None
    if opener.kind == "begin":
        _close_environment(opener.text, items, span, parent, inline=inline)
    elif opener.kind == "begin_group" and before is not None and before.kind == "splice":
        parent.pop()
        parent.extend(items)
    elif opener.kind == "begin_group" and before is not None and before.kind == "fence":
        parent.pop()
        closing = _PAIRS[before.text]
        parent.append(Bracket("bracket", before.text, closing, items, hull(before.span, span)))
    else:
        if before is not None and before.kind == "fence":
            parent.pop()  # `\norm(x)`: the brackets are there already
        parent.append(Bracket("bracket", opener.text, closer.text, items, span))


def _close_environment(name: str, items: list[Item], span: Span, parent: list[Item], *, inline: bool) -> None:
    """Lines at the outermost level go into the statement they belong to; anything else becomes an array."""
    lines = name not in ARRAY_ENVIRONMENTS
    if name == "array" and inline and not parent:
        lines = _aligns_relations(items)
    rows = split_rows(items)
    if lines and (inline or len(rows) <= 1):
        broken = name not in ("aligned", "split", "gathered", "alignedat")
        row = Token("row", "\\", (span[0], span[0]))
        if broken and parent:
            parent.append(row)
        parent.extend(items)
        if broken:
            parent.append(Token("row", "\\", (span[1], span[1])))
    else:
        parent.append(Environment("environment", name, rows, span))


def _aligns_relations(items: list[Item]) -> bool:
    """Whether some `&` stands next to a relation, as in `{rcl}`, or there is but one column of relations."""
    if not any(item.kind == "align" for item in items):
        return any(part.kind == "relation" for item in items for part in unwrapped([item]))
    return any({first.kind, second.kind} == {"align", "relation"} for first, second in pairwise(items))


def split_rows(items: Sequence[Item]) -> list[list[list[Item]]]:
    """The rows and cells of an environment; empty rows are left out."""
    rows: list[list[list[Item]]] = [[[]]]
    for item in items:
        if item.kind == "row":
            rows.append([[]])
        elif item.kind == "align":
            rows[-1].append([])
        else:
            rows[-1][-1].append(item)
    return [row for row in rows if any(row)]
