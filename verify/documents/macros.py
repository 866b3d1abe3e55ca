"""The LaTeX macro definitions of a text, found wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .scan import Region, balanced

COMMAND = re.compile(
    r"\\(?P<kind>newcommand|renewcommand|providecommand|DeclareMathOperator|DeclarePairedDelimiter"
    r"|DeclareRobustCommand|[gex]?def|let)(?![A-Za-z])\s*\*?\s*"
)
NAME = re.compile(r"\{\s*\\(?:[A-Za-z@]+|.)\s*\}|\\(?:[A-Za-z@]+|.)")
OPTIONS = re.compile(r"\s*(\[[^\]\n]*\]\s*){0,2}")
PARAMETERS = re.compile(r"\s*(?:\[?#\d\]?)*\s*")
ALIAS = re.compile(r"\s*=?\s*(\\(?:[A-Za-z@]+|.)|.)")


def macro_spans(text: str) -> Iterator[Region]:
    """Where each complete definition stands."""
    position = 0
    while match := COMMAND.search(text, position):
        end = _end(text, match)
        if end is not None:
            yield match.start(), end
        position = end or match.end()


def macros_source(text: str) -> str:
    """The definitions of a text, one a line."""
    return "\n".join(text[start:end] for start, end in macro_spans(text))


def only_macros(latex: str) -> bool:
    r"""Whether a formula holds definitions alone, as in `$$\newcommand{\E}{\mathbb{E}}$$`."""
    rest, last = "", 0
    for start, end in macro_spans(latex):
        rest += latex[last:start]
        last = end
    return last > 0 and not (rest + latex[last:]).strip(" \t\r\n%")


def _end(text: str, match: re.Match[str]) -> int | None:
    name = NAME.match(text, match.end())
    if not name:
        return None
    if match["kind"] == "let":
        alias = ALIAS.match(text, name.end())
        return alias.end() if alias else None
    between = (PARAMETERS if match["kind"].endswith("def") else OPTIONS).match(text, name.end())
    end = between.end() if between else name.end()
    for _ in range(2 if match["kind"] == "DeclarePairedDelimiter" else 1):
        braces = balanced(text, end)
        if not braces:
            return None
        end = braces[1] + 1
    return end
