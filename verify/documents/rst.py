"""reStructuredText: the `:math:` role, the `math` directive, and raw dollars where extensions allow them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from .document import Document
from .plausible import plausible_dollars
from .prose import Heading, Parts, assemble
from .scan import Found, Grammar, Region, dollars, environment, scan, skip, trimmed

ROLE = re.compile(r":math:`((?:[^`\\]|\\.)+)`", re.DOTALL)
DIRECTIVE = re.compile(r"^([ \t]*)\.\.[ \t]+math::[ \t]*", re.MULTILINE)
OPTION = re.compile(r"[ \t]*:[\w-]+:[^\n]*\n?")
CODE = re.compile(
    r"^([ \t]*)(?:\.\.[ \t]+(?:code|code-block|sourcecode|highlight|parsed-literal)::|(?!\.\. ).*::[ \t]*$)",
    re.MULTILINE,
)
TITLE = re.compile(r"^(?:([^\w\s])\1{2,}[ \t]*\n)?([^\s].*)\n(([^\w\s])\4{2,})[ \t]*$", re.MULTILINE)
MARKUP = (
    (re.compile(r"^[ \t]*:[\w-]+:(?=[ \t]|$)[^\n]*", re.MULTILINE), ""),
    (re.compile(r":[\w:+.-]+:`([^`<]*?)(?:\s*<[^>]*>)?`"), r"\1"),
    (re.compile(r"`([^`<]*?)(?:\s*<[^>]*>)?`_{0,2}"), r"\1"),
    (re.compile(r"(\*\*|\*)(\S(?:[^\n*]*?\S)?)\1"), r"\2"),
    (re.compile(r"^[ \t]*\.\.[ \t]+[^\n]*", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*+]|#\.|\d+\.)[ \t]+", re.MULTILINE), ""),
)


def read_rst(path: str, text: str) -> Document:
    """The document of a reStructuredText source."""
    directives = list(_directives(text))
    code = tuple(_code(text, directives))
    blocked = [*code, *((f.outer_start, f.outer_end) for f in directives)]
    found = (*directives, *scan(text, GRAMMAR, blocked))
    return assemble(path, text, Parts(found=found, headings=tuple(_headings(text)), blocked=code), plain_rst)


def plain_rst(prose: str) -> str:
    """The prose without roles, emphasis, list marks and directives."""
    for pattern, replacement in MARKUP:
        prose = pattern.sub(replacement, prose)
    return prose


def _directives(text: str) -> Iterator[Found]:
    """The formulas of `.. math::`: the argument and the body, a blank line between two formulas."""
    for match in DIRECTIVE.finditer(text):
        end = _block_end(text, match.end(), len(match[1]))
        first = text.find("\n", match.end(), end) + 1 or end
        if text[match.end() : first].strip():
            yield trimmed(text, match.end(), first, match.start(), first, display=True)
        start = first
        while option := OPTION.match(text, start, end):
            start = option.end()
        for piece in re.finditer(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+", text[start:end]):
            where = start + piece.start(), start + piece.end()
            outer = (match.start() if where[0] == start else where[0]), where[1]
            inner = environment()(text, where[0] + len(piece[0]) - len(piece[0].lstrip()))
            yield inner if isinstance(inner, Found) else trimmed(text, *where, *outer, display=True)


def _code(text: str, directives: list[Found]) -> Iterator[Region]:
    maths = {text.rfind("\n", 0, f.outer_start) + 1 for f in directives}
    for match in CODE.finditer(text):
        if match.start() not in maths and not DIRECTIVE.match(text, match.start()):
            first = text.find("\n", match.end())
            if first >= 0:
                yield first, _block_end(text, first, len(match[1]))


def _block_end(text: str, position: int, indent: int) -> int:
    """Where the lines end that are blank or indented deeper, from the line after the position."""
    end = text.find("\n", position) + 1
    if not end:
        return len(text)
    for line in re.compile(r"[^\n]*(?:\n|\Z)").finditer(text, end):
        content = line[0].strip()
        if content and len(line[0]) - len(line[0].lstrip()) <= indent:
            return line.start()
    return len(text)


def _headings(text: str) -> Iterator[Heading]:
    """Titles by their underline; a style's level is the order in which the styles come up."""
    styles: list[str] = []
    for match in TITLE.finditer(text):
        if len(match[3]) >= len(match[2].rstrip()):
            style = (match[1] or "") + match[4]
            styles += [] if style in styles else [style]
            title = plain_rst(match[2]).strip()
            yield Heading(level=styles.index(style) + 1, title=title, start=match.start(), end=match.end())


def _role(text: str, position: int) -> Found | None:
    match = ROLE.match(text, position)
    return trimmed(text, *match.span(1), *match.span(), display=False) if match and match[1].strip() else None


GRAMMAR: Grammar = MappingProxyType(
    {
        ":": (_role,),
        "`": (skip(r"``.*?``"), skip(r"`[^`\n]*`_{0,2}")),
        "\\": (environment(), skip(r"\\.")),
        "$": (dollars(plausible_dollars), skip(r"\$+")),
        "h": (skip(r"https?://[^\s<>`]+"),),
    }
)
