"""What a reader returns: a document's text and its formulas, each with its place and the prose around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

LINE_END = re.compile(r"\r\n|\r|\n")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class DocumentError(ValueError):
    """A document that cannot be read; the message is one line and says why."""


@dataclass(frozen=True, kw_only=True)
class Formula:
    """One formula as the author wrote it, without its delimiters and the blanks next to them.

    Attributes:
        latex: the source.
        offset: where `latex` begins in `document.text`, in characters.
        line, column, end_line, end_column: its place, counted from 1 in characters; the end is exclusive.
        display: set apart on its own lines, not within a sentence.
        before, after: the prose up to the neighbouring displays, headings or document ends, cut to a few
            sentences, with inline formulas as `$…$`.
        headings: the headings it stands under, outermost first.
        origins: where each character of `latex` comes from in `document.text`, for formats that write it
            otherwise (HTML entities, JSON strings); empty if it stands there letter by letter.
    """

    latex: str
    offset: int
    line: int
    column: int
    end_line: int
    end_column: int
    display: bool
    before: str = ""
    after: str = ""
    headings: tuple[str, ...] = ()
    origins: tuple[int, ...] = ()

    def offset_of(self, index: int) -> int:
        """Where `latex[index]` stands in `document.text`; for `len(latex)`, just behind the last character."""
        if not self.origins:
            return self.offset + index
        return self.origins[index] if index < len(self.origins) else self.origins[-1] + 1


@dataclass(frozen=True)
class Document:
    r"""A document's text, its formulas in order, and the LaTeX macros it defines.

    Attributes:
        path: as given; `-` for standard input.
        text: the file's text as decoded (for .docx: as converted), to which every offset refers.
        formulas: in the order of the text.
        macros_source: the `\newcommand`, `\def` and `\DeclareMathOperator` definitions, one a line.
    """

    path: str
    text: str
    formulas: tuple[Formula, ...] = ()
    macros_source: str = ""

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both counted from 1."""
        line = bisect_right(self._line_starts, min(max(offset, 0), len(self.text)))
        return line, min(max(offset, 0), len(self.text)) - self._line_starts[line - 1] + 1

    @cached_property
    def prose(self) -> str:
        """The text without comments, each character at its place: what is hidden from readers says nothing."""
        return COMMENT.sub(lambda m: re.sub(r"[^\r\n]", " ", m[0]), self.text)

    @cached_property
    def _line_starts(self) -> tuple[int, ...]:
        return line_starts(self.text)


def line_starts(text: str) -> tuple[int, ...]:
    """The offset at which each line begins; lines end in LF, CRLF or CR."""
    return (0, *(match.end() for match in LINE_END.finditer(text)))
