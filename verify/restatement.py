"""A second equation for a name that the text has defined: the same thing again, or another one of that name."""

from __future__ import annotations

import dataclasses

from derive.vocabulary import Partial

from .claims import claim_found
from .context import Context
from .documents.document import Document
from .found import CONTRADICTED, Found, read_as
from .lines import Line
from .results import StatementKind, Verdict
from .roles import follows_from, goes_on, says_the_same
from .rules import swapped_index, wrong_quantity, wrong_sum
from .statedtwice import puts_in

NO_CONSTANT = (swapped_index.RULE.code, wrong_quantity.RULE.code, wrong_sum.RULE.code)  # what nobody drops "up to" it


def restatement_found(line: Line, document: Document, context: Context) -> Found:
    """A second equation for a name: the same thing again, which is proved, or another quantity of that name."""
    again = context.restatements[line.number]
    if not again.readable:
        return Found(verdict=Verdict.UNREAD, because=again.reason)
    shown = read_as(line, context)
    earlier = context.line(again.earlier)
    where = document.position(earlier.formula.offset_of(earlier.span[0]))[0]
    if again.proof is None:
        kind = StatementKind.DEFINITION
        if context.is_anew(again.name):
            return Found(kind=kind, verdict=Verdict.DEFINED, reading=shown)
        other = Found(kind=kind, verdict=Verdict.UNDECIDED, because=again.reason, reading=shown)
        first = context.definitions.get(again.earlier)
        certain = (first is not None and first.expr.has(Partial)) or puts_in(line, earlier, context)
        told = says_the_same(line.formula) or follows_from(line.formula, earlier.formula, certain=certain)
        if earlier.formula.headings != line.formula.headings or not (told or goes_on(line.formula, earlier.formula)):
            return other
        found = _compared(line, earlier, again.name, where, context) or other
        return found if told or found.rule in NO_CONSTANT else other
    because = f"it follows from the definition of {again.name} in line {where}"
    return Found(verdict=Verdict.PROVED, because=because, reading=shown)


def _compared(line: Line, earlier: Line, name: str, where: int, context: Context) -> Found | None:
    """What is found of a second equation for a name that is said to state the first one again."""
    assert earlier.right is not None
    claim = dataclasses.replace(line, left=earlier.right, carried=earlier.formula, link=1, operator="=")
    found = claim_found(claim, context, line.number - 1, name)
    if found.verdict is Verdict.REFUTED:
        because = f"it contradicts the definition of {name} in line {where}, which the text says it states again"
        verdict, rule = Verdict.CONFLICT, found.rule if found.suggestion else CONTRADICTED
        context.correct(line, found.suggestion.latex if found.suggestion else None)
        return dataclasses.replace(found, verdict=verdict, because=because, rule=rule)
    return found if found.verdict in (Verdict.PROVED, Verdict.HOLDS, Verdict.UNDECIDED) else None
