"""What was found in a note: how its formulas fared, and the findings one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sympy import Integer, Symbol

from derive.notation.names import Names
from derive.notation.printer import entry
from derive.notation.quote import quote
from verify.results import Counterexample, FileResult, Statement, Verdict
from verify.rules import RULE_ROWS

from ..document import Badge, Block, Code, Finding, Heading, Paragraph, Text
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


def note_blocks(result: FileResult, names: Names) -> Iterator[Block]:
    """The section on a note that was proof-read.

    Args:
        result: what was found.
        names: how quantities are set.
    """
    yield Heading(text="A note, proof-read")
    counts = Counter(s.verdict for s in result.statements)
    parts = [f"{counts[v]} {_said(v, counts[v])}" for v in WORDS if counts[v]]
    total = f"{len(result.statements)} formula{'' if len(result.statements) == 1 else 's'}"
    yield Paragraph(text=("Of the ", f"{total} in ", Code(result.path), ", ", *joined(parts, last=(" and ",)), "."))
    for statement in result.statements:
        if statement.verdict not in FINE:
            yield _finding(statement, result.path, names)


def _said(verdict: Verdict, count: int) -> str:
    first, _, rest = WORDS[verdict].partition(" ")
    return f"{first if count == 1 else PLURAL.get(first, first)} {rest}"


def _finding(statement: Statement, path: str, names: Names) -> Finding:
    suggestion = statement.suggestion
    return Finding(
        where=f"{path}:{statement.line}:{statement.column}",
        verdict=Badge(statement.verdict),
        rule=_rule(statement.rule),
        message=_message(statement),
        quoted=statement.latex,
        suggestion=_left(statement.latex) + suggestion.latex if suggestion else "",
        suggestion_verdict=Badge(suggestion.verdict) if suggestion else None,
        counterexample=tuple(_example(statement.counterexample, names)) if statement.counterexample else (),
        because=statement.because or "",
    )


def _example(example: Counterexample, names: Names) -> Iterator[tuple[Text, str]]:
    """Sizes and values under the names that they have in formulas, the two sides last."""
    for plain, number in (*example.sizes.items(), *example.values.items()):
        name, _, inside = plain.rstrip("]").partition("[")
        indices = [Integer(k) if k.lstrip("-").isdigit() else Symbol(k) for k in inside.split(",") if k]
        yield entry(name, indices, names), _number(str(number))
    yield "left side", _number(example.left)
    yield "right side", _number(example.right)


def _number(text: str) -> str:
    return text.replace("-", "−")


def _left(latex: str) -> str:
    """`a =` of `a = b`: up to the first relation outside braces; a suggestion is for what follows."""
    depth = 0
    for k, character in enumerate(latex):
        depth += (character == "{") - (character == "}")
        if character == "=" and depth == 0:
            return latex[: k + 1] + " "
    return ""


def _rule(code: str | None) -> str:
    """The code of a rule with its name: `GP201 swapped-index`."""
    name = next((row.name for row in RULE_ROWS if row.code == code), "")
    return f"{code} {name}".strip() if code else ""


def _message(statement: Statement) -> Text:
    """What is wrong; where it is one replacement, with both parts set as formulas."""
    parts = statement.suggestion.edit.split(" → ") if statement.suggestion else []
    was, should_be = (quote(part) for part in parts) if len(parts) == 2 else (None, None)
    if was is not None and should_be is not None:
        return (was, " should be ", should_be)
    return statement.message or statement.because or "nothing could be decided"
