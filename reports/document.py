"""A report as data: what is shown, in which order, with nothing said about any output format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from derive.notation.layout import Layout


class ReportError(ValueError):
    """A report that cannot be set: an unknown label, source or figure, or output that its engine rejects."""


class Badge(StrEnum):
    """What is known about a step or a statement."""

    DEFINED = "defined"
    PROVED = "proved"
    HOLDS = "holds"
    REFUTED = "refuted"
    CONFLICT = "conflict"
    AMBIGUOUS = "ambiguous"
    UNDECIDED = "undecided"
    UNREAD = "unread"


@dataclass(frozen=True)
class Code:
    """Words in a typewriter face, verbatim: a file name, a function."""

    text: str


@dataclass(frozen=True)
class Emph:
    """Stressed words."""

    text: str


@dataclass(frozen=True)
class Cite:
    """A reference to an entry of `reports/sources.bib`, with the place in it: `Cite("bishop2006", "eq. 4.90")`."""

    key: str
    place: str = ""


@dataclass(frozen=True)
class Ref:
    """The number of a display, a table or a figure of this report, by its label."""

    label: str


Piece = str | Code | Emph | Cite | Ref | Layout
Text = Piece | tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A section title; level 1 is a section, 2 a subsection, 3 a paragraph title."""

    text: Text
    level: int = 1
    numbered: bool = True


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Running text with inline formulas."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class Display:
    """A formula on lines of its own, aligned at the first relation of each line.

    Attributes:
        lines: one formula a line.
        label: names the equation for `Ref` and gives it a number; empty for none.
        tag: shown instead of the number.
    """

    lines: tuple[Layout, ...]
    label: str = ""
    tag: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportStep:
    """One line of a derivation.

    Attributes:
        rule: the name of the rule that was applied: `chain rule`.
        before: what the rule was applied to; None, or the `after` of the step above, continues its chain.
        after: what came of it.
        badge: whether the step was proved.
        relation: the LaTeX symbol between the two.
        depth: how far the step is nested in the steps around it.
    """

    rule: Text
    before: Layout | None = None
    after: Layout
    badge: Badge = Badge.PROVED
    relation: str = "="
    depth: int = 0


@dataclass(frozen=True, kw_only=True)
class Steps:
    """A derivation: chains of equal expressions with the rule of every step."""

    steps: tuple[ReportStep, ...]
    title: Text = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with horizontal rules only.

    Attributes:
        alignment: one of `l`, `c`, `r` a column; empty sets every column left.
    """

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: Text = ""
    alignment: str = ""
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A picture file; an emitter may take a file beside it with the same stem and a suffix it can show.

    Attributes:
        width: as a part of the text width, above 0 and at most 1.
        alt: what the picture shows, for readers who cannot see it.
    """

    path: Path
    caption: Text = ""
    label: str = ""
    width: float = 0.8
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class CodeBlock:
    """Program text, set verbatim."""

    text: str
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One remark on a stranger's formula.

    Attributes:
        where: `notes.md:12:3`.
        verdict: what was found out about the formula.
        rule: the code and name of the rule: `GP201 swapped-index`.
        message: what is wrong, in one line.
        quoted: the formula as its author wrote it, LaTeX that is never compiled as it stands.
        suggestion: the corrected formula, LaTeX; empty for none.
        suggestion_verdict: what is known about the correction.
        counterexample: rows of a quantity and its value, the two sides last.
        because: the definition used, or the reason why nothing could be decided.
    """

    where: str
    verdict: Badge
    rule: str = ""
    message: Text
    quoted: str
    suggestion: str = ""
    suggestion_verdict: Badge | None = None
    counterexample: tuple[tuple[Text, str], ...] = ()
    because: Text = ""


class Tone(StrEnum):
    """Why something is set apart."""

    DEFINITION = "definition"
    RESULT = "result"
    NOTE = "note"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Callout:
    """A lightly boxed passage."""

    blocks: tuple[Block, ...]
    title: Text = ""
    tone: Tone = Tone.NOTE


@dataclass(frozen=True, kw_only=True)
class Bibliography:
    """The cited sources, in the order of their first citation."""

    title: str = "References"


Block = Heading | Paragraph | Display | Steps | Table | Figure | CodeBlock | Finding | Callout | Bibliography


@dataclass(frozen=True, kw_only=True)
class Report:
    """A titled sequence of blocks.

    Attributes:
        date: set as given; empty for none, so that a report of the same mathematics is the same file.
    """

    title: Text
    subtitle: Text = ""
    authors: tuple[str, ...] = ()
    abstract: Text = ""
    date: str = ""
    blocks: tuple[Block, ...] = ()


def pieces(text: Text) -> tuple[Piece, ...]:
    """The text as pieces; neighbours stay apart as they were given."""
    return text if isinstance(text, tuple) else (text,)
