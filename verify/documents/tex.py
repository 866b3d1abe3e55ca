"""LaTeX sources, complete or not: comments, verbatim parts and macro bodies hold no formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from .document import Document
from .macros import macro_spans, macros_source
from .prose import Heading, Parts, assemble
from .scan import (
    MATH_ENVIRONMENTS,
    Found,
    Grammar,
    Region,
    Rule,
    argument,
    balanced,
    between,
    dollars,
    environment,
    scan,
    skip,
    trimmed,
)
from .wholes import whole_of

LEVELS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
SECTION = re.compile(r"\\(part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?\s*(?:\[[^\]]*\])?\s*(?=\{)")
VERBATIM = r"\\begin\{((?:verbatim|Verbatim|lstlisting|minted|comment|alltt|filecontents)\*?)\}.*?\\end\{\1\}"
SHORTHAND = re.compile(
    r"\\(?:(?:re)?newcommand\*?|[gex]?def)\s*\{?\s*\\(?P<name>[A-Za-z]+)\s*\}?\s*"
    r"\{\s*\\(?P<end>begin|end)\s*\{(?P<environment>[A-Za-z]+\*?)\}\s*\}"
)
LOADED = re.compile(r"\\(input|include|usepackage)\s*(?:\[[^\]]*\])?\s*\{([^{}\0]+)\}")
LOADED_LIMIT = 1024 * 1024  # bytes
COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
MARKUP = (
    (COMMENT, r"\1"),
    (re.compile(r"\\(?:label|ref|eqref|cref|Cref|cite\w*|index|vspace\*?|hspace\*?)\s*(?:\[[^\]]*\])*\{[^{}]*\}"), ""),
    (re.compile(r"\\(?:begin|end)\s*\{[A-Za-z*]+\}(?:\[[^\]]*\])?"), ""),
    (re.compile(r"\\(?:emph|text\w\w|textbf|underline|mbox|textit)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\(?:part|chapter|(?:sub)*section|(?:sub)?paragraph)\*?\{|\}\s*\Z|\A\s*\}"), ""),
    (re.compile(r"\\(?:item|noindent|par|centering|medskip|bigskip|smallskip)(?![A-Za-z])"), ""),
    (re.compile(r"``|''"), '"'),
    (re.compile(r"\\([%&$#_{} ])"), r"\1"),
    (re.compile(r"~"), " "),
)


def read_tex(path: str, text: str) -> Document:
    r"""The document of a LaTeX source, with the macros of the files beside it that it loads.

    `\input{macros}` and `\usepackage{macros}` are followed one step and for definitions alone, never out of the
    document's own folder; a chapter has the macros of the document that includes it, too.
    """
    document = assemble(path, text, tex_parts(text), plain_tex)
    place = Path(path)
    others = (*whole_of(place, text, _loaded), *_loaded(place.parent, text)) if path != "-" else ()
    loaded = [macros_source(source) for source in others]
    return replace(document, macros_source="\n".join(filter(None, [*loaded, document.macros_source])))


def tex_parts(text: str) -> Parts:
    r"""The formulas and headings of a LaTeX source, up to `\end{document}`."""
    blocked = list(macro_spans(text))
    end = re.search(r"^[^%\n]*\\end\s*\{document\}", text, re.MULTILINE)
    if end:
        blocked = [region for region in blocked if region[1] <= end.end()] + [(end.end(), len(text))]
    shorthands = tuple(_shorthands(text))
    grammar = {**GRAMMAR, "\\": (*shorthands, *GRAMMAR["\\"])}
    return Parts(
        found=tuple(scan(text, grammar, blocked)),
        headings=tuple(_headings(text)),
        blocked=tuple(_comments(text)),
    )


def plain_tex(prose: str) -> str:
    """The prose without comments, emphasis, labels and citations."""
    for pattern, replacement in MARKUP:
        prose = pattern.sub(replacement, prose)
    return prose


def _loaded(folder: Path, text: str) -> Iterator[str]:
    """The texts of the files in the folder that a source loads."""
    root = folder.resolve()
    for match in LOADED.finditer(COMMENT.sub(r"\1", text)):
        for name in match[2].split(","):
            suffix = "" if "." in name else ".sty" if match[1] == "usepackage" else ".tex"
            try:
                file = folder / (name.strip() + suffix)
                inside = root in file.resolve().parents and file.is_file() and file.stat().st_size <= LOADED_LIMIT
                source = file.read_text(encoding="utf-8", errors="replace") if inside else ""
            except OSError:  # no name a file can have, or none we may read: the formulas are read without it
                continue
            yield source


def _headings(text: str) -> Iterator[Heading]:
    for match in SECTION.finditer(text):
        braces = balanced(text, match.end())
        commented = "%" in re.sub(r"\\.", "", text[: match.start()].rpartition("\n")[2])
        if braces and not commented:
            title = plain_tex(text[braces[0] : braces[1]]).strip()
            yield Heading(level=LEVELS.index(match[1]), title=title, start=match.start(), end=braces[1] + 1)


def _comments(text: str) -> Iterator[Region]:
    """Comment lines and verbatim parts, so that macros quoted there do not count as defined."""
    for pattern in (r"^[ \t]*%[^\n]*", VERBATIM):
        yield from (match.span() for match in re.finditer(pattern, text, re.MULTILINE | re.DOTALL))


def _shorthands(text: str) -> Iterator[Rule]:
    r"""Rules for pairs such as `\be … \ee` that the source defines as `\begin{equation} … \end{equation}`."""
    pairs = [match.groupdict() for match in SHORTHAND.finditer(text)]
    for opening in pairs:
        plain = opening["environment"].rstrip("*")
        for closing in pairs:
            same = closing["environment"] == opening["environment"] and plain in MATH_ENVIRONMENTS
            if same and (opening["end"], closing["end"]) == ("begin", "end"):
                yield _shorthand(opening["name"], closing["name"])


def _shorthand(opening: str, closing: str) -> Rule:
    pattern = re.compile(rf"\\{opening}(?![A-Za-z])(.*?)\\{closing}(?![A-Za-z])", re.DOTALL)

    def rule(text: str, position: int) -> Found | None:
        match = pattern.match(text, position)
        return trimmed(text, *match.span(1), *match.span(), display=True) if match and match[1].strip() else None

    return rule


GRAMMAR: Grammar = MappingProxyType(
    {
        "%": (skip(r"%[^\n]*"),),
        "\\": (
            skip(r"\\\\"),
            skip(VERBATIM),
            skip(r"\\iffalse\b.*?\\fi\b"),
            skip(r"\\(?:verb|lstinline)\*?(?:\[[^\]]*\])?([^A-Za-z\s*\[{])[^\n]*?\1"),
            skip(r"\\(?:url|href|label|ref|eqref|cref|cite\w*|includegraphics)\s*(?:\[[^\]]*\])*\{[^{}]*\}"),
            between(r"\[", r"\]", display=True),
            between(r"\(", r"\)", display=False),
            argument(r"\ensuremath"),
            environment(),
            skip(r"\\."),
        ),
        "$": (between("$$", "$$", display=True), dollars(), skip(r"\$+")),
    }
)
