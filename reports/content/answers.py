"""The answers to what a row asks of its model, as the blocks of a report and as lines to be set elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.model import Model
from derive.notation.equations import SIGNS, matrices_layout, matrix_names, relation_layout
from derive.notation.layout import Layout
from derive.notation.printer import layout
from derive.questions.answers import Answer, Line, Sign
from derive.views import outcome_words, title_words

from ..document import Block, Callout, Heading, Paragraph, Piece, ReportStep, Steps, Text, Tone
from .steps import chain_of
from .wording import badge_of, formula

IN_MATRICES = "in matrix notation"


def answer_blocks(answer: Answer, *, full: bool = False, matrix_only: bool = False) -> Iterator[Block]:
    """What was asked, the lines that answer it, each with its steps and its verdict, and what they come to.

    Args:
        answer: whose lines are set.
        full: with all the steps that the steps rely on.
        matrix_only: without steps, and in matrix notation where there is one.
    """
    yield Heading(text=title_words(answer))
    gathered: list[ReportStep] = []
    for line in answer.lines:
        said = tuple(_steps_of(line, answer.model, full, matrix_only))
        if not line.chain or matrix_only:
            gathered += said
            continue
        if gathered:
            yield Steps(steps=tuple(gathered))
            gathered = []
        yield Steps(steps=said, title=capitalised(line.label))
    if gathered:
        yield Steps(steps=tuple(gathered))
    if words := outcome_words(answer):
        yield Callout(blocks=(Paragraph(text=words),), tone=Tone.RESULT)


def _steps_of(line: Line, model: Model, full: bool, matrix_only: bool) -> Iterator[ReportStep]:
    """The chain of a line, or the line as one step, and the same in matrix notation."""
    sign = SIGNS[line.relation.sign]
    if not matrix_only:
        yield from chain_of(line.chain, model, full=full)
    if line.matrices is None if matrix_only else not ends_with_its_chain(line):
        left, right = (formula(side, model) for side in (line.relation.left, line.relation.right))
        yield ReportStep(rule=line.label, before=left, after=right, badge=badge_of(line.verdict), relation=sign)
    if line.matrices is not None:
        left, right = (layout(side.expr, matrix_names(model)) for side in line.matrices)
        rule = line.label if matrix_only else IN_MATRICES
        yield ReportStep(rule=rule, before=left, after=right, badge=badge_of(matrix_verdict(line)), relation=sign)


def ends_with_its_chain(line: Line) -> bool:
    """Whether the steps of a line say all that the line says."""
    said = line.relation
    return bool(line.chain) and said.sign is Sign.EQUAL and line.chain[-1].after == said.right


def matrix_verdict(line: Line) -> str:
    """`proved` if the line is, and both of its sides in matrix notation."""
    verdicts = {line.verdict, *(side.verdict for side in line.matrices or ())}
    return "proved" if verdicts == {"proved"} else "undecided"


def line_layouts(line: Line, model: Model) -> tuple[Layout, ...]:
    """A line without its steps, in index notation and, where it has one, in matrix notation."""
    sides = line.matrices
    matrices = () if sides is None else (matrices_layout(sides, line.relation.sign, model),)
    return (relation_layout(line.relation, model), *matrices)


def conclusion(answer: Answer) -> tuple[Piece, ...]:
    """What the lines come to, without its conditions."""
    return outcome_words(replace(answer, conditions=()))


def capitalised(label: str) -> Text:
    """A label as a title."""
    return label[:1].upper() + label[1:]
