"""What was found in a note: how its formulas fared, and the findings one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from verify.results import FileResult, Statement, Verdict
from verify.rules import RULE_ROWS

from ..document import Badge, Block, Code, Finding, Heading, Paragraph
from .wording import joined

FINE = (Verdict.DEFINED, Verdict.PROVED, Verdict.HOLDS)
WORDS = {
    Verdict.DEFINED: "defines something",
    Verdict.PROVED: "was proved",
    Verdict.HOLDS: "held in every trial",
    Verdict.REFUTED: "was refuted",
    Verdict.CONFLICT: "contradicts an earlier one",
    Verdict.AMBIGUOUS: "is true in one reading only",
    Verdict.UNDECIDED: "could not be decided",
    Verdict.UNREAD: "could not be read",
}
PLURAL = {"defines": "define", "was": "were", "contradicts": "contradict", "is": "are"}


def note_blocks(result: FileResult) -> Iterator[Block]:
    """The section on a note that was proof-read."""
    yield Heading(text="A note, proof-read")
    counts = Counter(s.verdict for s in result.statements)
    parts = [f"{counts[v]} {_said(v, counts[v])}" for v in WORDS if counts[v]]
    total = f"{len(result.statements)} formula{'' if len(result.statements) == 1 else 's'}"
    yield Paragraph(text=("Of the ", f"{total} in ", Code(result.path), ", ", *joined(parts, last=(" and ",)), "."))
    for statement in result.statements:
        if statement.verdict not in FINE:
            yield _finding(statement, result.path)


def _said(verdict: Verdict, count: int) -> str:
    first, _, rest = WORDS[verdict].partition(" ")
    return f"{first if count == 1 else PLURAL.get(first, first)} {rest}"


def _finding(statement: Statement, path: str) -> Finding:
    example = statement.counterexample
    rows = () if example is None else (*example.sizes.items(), *example.values.items())
    sides = () if example is None else (("left side", example.left), ("right side", example.right))
    suggestion = statement.suggestion
    return Finding(
        where=f"{path}:{statement.line}:{statement.column}",
        verdict=Badge(statement.verdict),
        rule=_rule(statement.rule),
        message=_message(statement),
        quoted=statement.latex,
        suggestion=suggestion.latex if suggestion else "",
        suggestion_verdict=Badge(suggestion.verdict) if suggestion else None,
        counterexample=tuple((name, str(value)) for name, value in (*rows, *sides)),
        because=statement.because or "",
    )


def _rule(code: str | None) -> str:
    """The code of a rule with its name: `GP201 swapped-index`."""
    name = next((row.name for row in RULE_ROWS if row.code == code), "")
    return f"{code} {name}".strip() if code else ""


def _message(statement: Statement) -> str:
    return statement.message or (statement.because or "nothing could be decided")
