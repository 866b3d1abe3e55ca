"""What a check finds: statements with verdicts, per file, independent of how they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class StatementKind(StrEnum):
    """What a relation is for in its text."""

    DEFINITION = "definition"
    CLAIM = "claim"
    STATIONARY = "stationary"  # an equation to solve: a gradient set to zero
    UPDATE = "update"
    EXPRESSION = "expression"  # a formula without a relation
    PROSE = "prose"


class Verdict(StrEnum):
    """What is known of a statement."""

    DEFINED = "defined"
    PROVED = "proved"
    HOLDS = "holds"  # all trials agree, no proof
    REFUTED = "refuted"  # every plausible reading fails, with numbers that show it
    CONFLICT = "conflict"  # with an earlier definition of the same text
    AMBIGUOUS = "ambiguous"  # true in one reading, false in another
    UNDECIDED = "undecided"
    UNREAD = "unread"


class Severity(StrEnum):
    """How much a finding matters; a statement without a finding has none."""

    ERROR = "error"  # wrong beyond doubt
    WARNING = "warning"  # notation a reader would stumble on
    INFO = "info"


@dataclass(frozen=True, kw_only=True)
class Counterexample:
    """Numbers that show a statement to be false.

    Attributes:
        sizes: the sizes chosen: `{"m_x": 3}`.
        values: the free quantities, as decimal text: `{"x[0]": "0.31"}`.
        left, right: the two sides at these values, as decimal text.
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    left: str
    right: str


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A repair: the author's formula with one edit, and how the edited claim fared.

    Attributes:
        latex: the side of the relation that is edited, after the edit.
        edit: what is replaced, `x_j → x_i`.
        verdict: of the relation after the edit.
        span: the characters of the document that the edit replaces, or None if they do not stand there as such.
        text: what replaces them.
    """

    latex: str
    edit: str
    verdict: Verdict
    span: tuple[int, int] | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One relation of a document; a chain `A = B = C` is two.

    Lines and columns count from 1, columns in characters; the end is exclusive.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    latex: str
    kind: StatementKind
    verdict: Verdict
    rule: str | None = None
    severity: Severity | None = None
    message: str | None = None
    reading: str | None = None
    because: str | None = None
    counterexample: Counterexample | None = None
    suggestion: Suggestion | None = None


@dataclass(frozen=True, kw_only=True)
class FileResult:
    """The statements of one file in order, or the one line that says why it could not be read.

    Attributes:
        source: the file's text, for outputs that quote it; may be left empty.
    """

    path: str
    error: str | None = None
    statements: tuple[Statement, ...] = ()
    source: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """The result of one run over some files."""

    files: tuple[FileResult, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(statement for file in self.files for statement in file.statements)

    @property
    def summary(self) -> dict[str, int]:
        """The number of statements, then the number with each verdict."""
        verdicts = [statement.verdict for statement in self.statements]
        return {"statements": len(verdicts)} | {str(verdict): verdicts.count(verdict) for verdict in Verdict}

    @property
    def has_errors(self) -> bool:
        """Whether a statement is wrong beyond doubt."""
        return any(statement.severity is Severity.ERROR for statement in self.statements)
