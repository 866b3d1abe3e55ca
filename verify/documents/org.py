"""Org mode: LaTeX fragments and environments; source blocks, verbatim text and comments hold none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType

from .document import Document
from .plausible import looks_like_math, plausible_dollars
from .prose import Heading, Parts, assemble
from .scan import Grammar, Region, between, dollars, environment, scan, skip

HEADING = re.compile(r"^(\*+)[ \t]+([^\n]*)$", re.MULTILINE)
BLOCK = re.compile(
    r"^[ \t]*#\+begin_(src|example|comment|export)\b.*?^[ \t]*#\+end_\1[^\n]*$",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
COMMENT = re.compile(r"^[ \t]*(?:#(?:[ \t][^\n]*)?|:[ \t][^\n]*)$", re.MULTILINE)
KEYWORD = re.compile(r"^[ \t]*#\+(?!latex_header|macro|title)\w+:[^\n]*$", re.MULTILINE | re.IGNORECASE)
MARKUP = (
    (re.compile(r"\[\[[^\]]*\]\[([^\]]*)\]\]|\[\[([^\]]*)\]\]"), r"\1\2"),
    (re.compile(r"^[ \t]*(?:[-+]|\d+[.)])[ \t]+|^\*+[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*#\+\w+:?", re.MULTILINE), ""),
    (re.compile(r"(?<!\w)([*/_=~+])(\S(?:[^\n]*?\S)?)\1(?!\w)"), r"\2"),
)


def read_org(path: str, text: str) -> Document:
    """The document of an Org file."""
    code = tuple(_code(text))
    parts = Parts(found=tuple(scan(text, GRAMMAR, code)), headings=tuple(_headings(text)), blocked=code)
    return assemble(path, text, parts, plain_org)


def plain_org(prose: str) -> str:
    """The prose without emphasis, links and list marks."""
    for pattern, replacement in MARKUP:
        prose = pattern.sub(replacement, prose)
    return prose


def _code(text: str) -> Iterator[Region]:
    last = 0
    for start, end in sorted(match.span() for pattern in (BLOCK, COMMENT, KEYWORD) for match in pattern.finditer(text)):
        if start >= last:
            yield start, end
            last = end


def _headings(text: str) -> Iterator[Heading]:
    for match in HEADING.finditer(text):
        title = re.sub(r"\s+:[\w@:]+:\s*$|^(?:TODO|DONE)\s+", "", match[2]).strip()
        yield Heading(level=len(match[1]), title=plain_org(title), start=match.start(), end=match.end())


GRAMMAR: Grammar = MappingProxyType(
    {
        "\\": (
            between(r"\[", r"\]", display=True, accept=looks_like_math),
            between(r"\(", r"\)", display=False, accept=looks_like_math),
            environment(),
            skip(r"\\[\\$]"),
        ),
        "$": (between("$$", "$$", display=True), dollars(plausible_dollars), skip(r"\$+")),
        "=": (skip(r"(?<!\w)=(?=\S)[^=\n]*\S=(?!\w)"),),
        "~": (skip(r"(?<!\w)~(?=\S)[^~\n]*\S~(?!\w)"),),
        "[": (skip(r"\[\[[^\]\n]*\]"),),
        "h": (skip(r"https?://[^\s<>\]]+"),),
    }
)
