"""Markdown: Jekyll, GitHub, Jupyter, MyST and pandoc habits of writing formulas, and plain text of that kind.

markdown-it's block map says where code and headings are; the formulas are found by our own scanner, because
Markdown's inline rules would eat backslashes and underscores.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from types import MappingProxyType

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .document import Document, line_starts
from .plausible import looks_like_display, looks_like_math, plausible_dollars
from .prose import Derived, Heading, Parts, assemble
from .scan import (
    INLINE_LENGTH,
    Found,
    Grammar,
    Region,
    Rule,
    between,
    dollars,
    environment,
    paragraph_end,
    scan,
    skip,
    trimmed,
)

FENCE_NAMES = ("math", "{math}", "katex")
LIQUID = re.compile(r"\{%-?\s*(math|katex)\b[^%]*%\}(.*?)\{%-?\s*end\1\s*-?%\}", re.DOTALL)
LIQUID_CODE = r"\{%-?\s*(highlight|raw|comment)\b[^%]*%\}.*?\{%-?\s*end\1\s*-?%\}"
HTML_CODE = r"<(script|style|pre|code|textarea|svg)\b[^>]*>.*?</\1\s*>"
HTML_TAG = r"</?[A-Za-z][\w-]*(?:\s+[\w:.@-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?>"
LINK_TARGET = r"\]\([^\s()]*(?:\([^\s()]*\)[^\s()]*)*(?:\s+\"[^\"]*\")?\s*\)"
QUOTE = re.compile(r"[ \t]*(?:>[ \t]*)+")
MARKUP = (
    (re.compile(r"<!--.*?-->|" + HTML_TAG, re.DOTALL), ""),
    (re.compile(r"!?\[([^\]\n]*)\]\([^()\n]*\)"), r"\1"),
    (re.compile(r"^[ \t]*(?:[-*+•]|\d+[.)]|>|#{1,6})[ \t]+", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__|\*|`+|~~)(\S(?:[^\n]*?\S)?)\1"), r"\2"),
    (re.compile(r"(?<!\w)_(\S(?:[^_\n]*?\S)?)_(?!\w)"), r"\1"),
    (re.compile(r"\\([$*_`#])"), r"\1"),
)


def read_markdown(path: str, text: str, *, indented_code: bool = True) -> Document:
    """The document of a Markdown text.

    Args:
        path: as the user wrote it.
        text: the file's text.
        indented_code: whether lines indented by four blanks are code; plain-text notes indent for looks.
    """
    parts, unquoted = markdown_parts(text, indented_code=indented_code)
    return assemble(path, text, parts, plain_markdown, Derived(unquoted, range(len(text))))


def markdown_parts(text: str, *, indented_code: bool = True) -> tuple[Parts, str]:
    """The formulas, headings and code regions of a Markdown text, and the text with quote marks blanked."""
    starts = (*line_starts(text), len(text))
    tokens = MarkdownIt("commonmark").parse(text)
    text = _unquoted(text, tokens, starts)
    fenced: list[Found] = []
    blocked: list[Region] = []
    for token in tokens:
        if token.map and (token.type == "fence" or (token.type == "code_block" and indented_code)):
            region = starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)]
            blocked.append(region)
            if token.info.strip().split(" ")[0].lower() in FENCE_NAMES:
                fenced += _fence(text, region)
    found = scan(text, GRAMMAR, blocked)
    text = _unescaped(text, (*fenced, *found))
    code = (region for region in blocked if not any(f.outer_start < region[0] < f.outer_end for f in found))
    parts = Parts(found=(*fenced, *found), headings=tuple(_headings(tokens, starts)), blocked=tuple(code))
    return parts, text


def plain_markdown(prose: str) -> str:
    """The prose without emphasis, links, list marks and tags."""
    for pattern, replacement in MARKUP:
        prose = pattern.sub(replacement, prose)
    return prose


def _unquoted(text: str, tokens: Sequence[Token], starts: Sequence[int]) -> str:
    """The text with the `>` of block quotes as blanks, so that they are not taken for "greater than"."""
    quoted = {line for token in tokens if token.type == "blockquote_open" and token.map for line in range(*token.map)}
    pieces, last = [], 0
    for line in sorted(quoted):
        mark = QUOTE.match(text, starts[line])
        if mark:
            pieces += [text[last : mark.start()], mark[0].replace(">", " ")]
            last = mark.end()
    return "".join([*pieces, text[last:]])


def _unescaped(text: str, found: Iterable[Found]) -> str:
    r"""The text with the `\_` of its formulas as ` _`, where it marks an index: Markdown takes the backslash away."""
    pieces, last = [], 0
    for formula in sorted(found, key=lambda f: f.start):
        pieces += [text[last : formula.start], ESCAPED.sub(r"\1\2 ", text[formula.start : formula.end])]
        last = formula.end
    return "".join([*pieces, text[last:]])


def _headings(tokens: Sequence[Token], starts: Sequence[int]) -> Iterator[Heading]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.map:
            start, end = starts[opening.map[0]], starts[min(opening.map[1], len(starts) - 1)]
            title = plain_markdown(inline.content).strip()
            yield Heading(level=int(opening.tag[1:]), title=title, start=start, end=end)


def _fence(text: str, region: Region) -> Iterator[Found]:
    """The formula of a fenced block, its MyST options (`:label: x`) left out."""
    block = text[region[0] : region[1]]
    body = re.match(r"[^\n]*\n(?:[ \t]*:\w+:[^\n]*\n)*", block)
    closing = re.search(r"\n[ \t>]*(`{3,}|~{3,})[ \t]*\s*\Z", block)
    start, end = body.end() if body else len(block), closing.start() if closing else len(block)
    if block[start:end].strip():
        yield trimmed(text, region[0] + start, region[0] + end, *region, display=True)


def _code_span(text: str, position: int) -> int:
    """A run of backticks up to the next run of that length in the paragraph, else the run alone."""
    run = re.compile(r"`+").match(text, position)
    length = run.end() - position if run else 1
    end = paragraph_end(text, position, INLINE_LENGTH)
    closing = re.compile(rf"(?<!`)`{{{length}}}(?!`)").search(text, position + length, end)
    return closing.end() if closing else position + length


def _pattern(pattern: str, *, display: bool) -> Rule:
    """A formula where the pattern matches: its content is the last group."""
    compiled = re.compile(pattern, re.DOTALL)

    def rule(text: str, position: int) -> Found | None:
        match = compiled.match(text, position)
        if not match or not match[match.re.groups].strip():
            return None
        return trimmed(text, *match.span(match.re.groups), *match.span(), display=display)

    return rule


def _lone_dollars(text: str, position: int) -> Found | None:
    """`$$` alone on its line up to the next such line, blank lines between allowed if all of it is mathematics."""
    match = LONE.match(text, position)
    if not match or text[:position].rpartition("\n")[2].strip(" \t>"):
        return None
    pieces = [piece for piece in re.split(r"\n[ \t>]*\n", match[1]) if piece.strip()]
    if not pieces or not all(looks_like_math(piece) and not re.search(r"\n[ \t]*#", piece) for piece in pieces):
        return None
    return trimmed(text, *match.span(1), *match.span(), display=True)


ESCAPED = re.compile(  # x\_i, p\_\theta and w^\*, and no name such as batch\_size
    r"(\\[A-Za-z]+|[})\]']|(?<![A-Za-z\\])[A-Za-z0-9])\\(?=_(?:[{\\]|[A-Za-z0-9](?![A-Za-z0-9])))"
    r"|(\^\{?)\\(?=\*)"
)
LONE = re.compile(r"\$\$[ \t]*\r?\n((?:(?!\$\$).)*?)\n[ \t>]*\$\$(?!\$)", re.DOTALL)
GRAMMAR: Grammar = MappingProxyType(
    {
        "\\": (
            between(r"\\[", r"\\]", display=True, accept=looks_like_math),
            between(r"\\(", r"\\)", display=False, accept=looks_like_math),
            between(r"\[", r"\]", display=True, accept=looks_like_display),
            between(r"\(", r"\)", display=False, accept=looks_like_math),
            environment(),
            skip(r"\\[\\$`<\[{]"),
        ),
        "$": (
            _pattern(r"\$`([^`\n]+)`\$", display=False),
            between("$$", "$$", display=True),
            _lone_dollars,
            dollars(plausible_dollars),
            skip(r"\$+"),
        ),
        "`": (_code_span,),
        "{": (
            _pattern(LIQUID.pattern, display=True),
            _pattern(r"\{math\}`([^`]+)`", display=False),
            skip(LIQUID_CODE),
        ),
        "<": (skip(r"<!--.*?-->"), skip(HTML_CODE), skip(HTML_TAG)),
        "]": (skip(LINK_TARGET),),
        "h": (skip(r"https?://[^\s<>)\]]+"),),
    }
)
