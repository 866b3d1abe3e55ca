"""A derivation for a terminal: one line a step, with its rule and whether it was proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import combining

from sympy import Expr

from derive.derivation import Derivation, Step
from derive.model import Model
from derive.notation.equations import equation_layout, matrix_layout
from derive.notation.layout import Layout
from derive.notation.renderers import to_text
from derive.questions.answers import Answer
from derive.questions.answers import Line as Answered
from derive.views import outcome_words, rule_words, title_text

from ..breaking import split_relation
from ..lines import plain
from ..signs import SIGNS
from .answers import IN_MATRICES, capitalised, ends_with_its_chain, line_layouts, matrix_verdict
from .layouts import layout_lines, layout_title
from .results import Result, Results
from .wording import badge_of, formula, looks_scalar, shown

WIDEST = 72  # a longer formula pushes its rule to the right


@dataclass(frozen=True)
class Line:
    """A formula, and what is said of it at the right."""

    formula: str
    remark: str = ""


def to_text_page(results: Results, *, full: bool = False, matrix_only: bool = False) -> str:
    """The page.

    Args:
        results: what was derived.
        full: every step, also of the partials that others rely on.
        matrix_only: results in matrix notation instead of index notation.
    """
    model = results.model
    sections: list[tuple[str, list[Line]]] = [
        ("Definitions", [Line(_equation(left, right, model)) for left, right in model.equations]),
    ]
    if results.convention is not None:
        sections.append((layout_title(results), [Line(plain(line)) for line in layout_lines(results)]))
    if results.likelihood is not None:
        sections.append(("The objective over n data points", list(_steps(results.likelihood))))
    if results.local:
        sections.append(("Partials between neighbours", [line for r in results.local for line in _summary(r)]))
    single = "One data point" if results.data is not None else results.title
    for title, group in ((single, results.point), ("All n data points", results.whole)):
        for number, result in enumerate(group):
            heading = title if number == 0 else ""
            sections.append((heading, list(_partial(result, full, matrix_only))))
    sections += [(title_text(answer), list(_answer(answer, full, matrix_only))) for answer in results.answers]
    return f"{model.title} ({model.name})\n" + "".join(_section(*s) for s in sections)


def _section(title: str, lines: list[Line]) -> str:
    width = min(max(map(_length, (line.formula for line in lines if line.remark)), default=0), WIDEST)
    rows = (f"  {line.formula}{' ' * (width - _length(line.formula))}   {line.remark}".rstrip() for line in lines)
    return "\n".join(["", *([title] if title else []), *rows]) + "\n"


def _partial(result: Result, full: bool, matrix_only: bool) -> Iterator[Line]:
    if not matrix_only:
        yield from _steps(result.derivation, full)
    yield from _in_matrices(result, always=matrix_only)


def _steps(derivation: Derivation, full: bool = False) -> Iterator[Line]:
    """The chain under its left side."""
    yield Line(to_text(formula(derivation.target, derivation.model)))
    yield from _chain(derivation.chain, derivation.model, full)


def _chain(chain: tuple[Step, ...], model: Model, full: bool) -> Iterator[Line]:
    """The right sides, one a line; what a step relies on stands before it, indented."""
    above: Step | None = None
    for depth, step in shown(chain, model, full=full):
        indent = "    " * depth
        if depth and (above is None or above.after != step.before):
            yield Line(indent + to_text(formula(step.before, model)))
        remark = f"{plain(rule_words(step, model))}  {_mark(step.verdict)}"
        yield Line(f"{indent}  = {to_text(formula(step.after, model))}", remark)
        above = step


def _answer(answer: Answer, full: bool, matrix_only: bool) -> Iterator[Line]:
    """The lines of an answer, those with steps under their label, and what they come to."""
    for line in answer.lines:
        yield from _said_in_matrices(line, answer.model) if matrix_only else _said(line, answer.model, full)
    if words := plain(outcome_words(answer)):
        yield Line(words)


def _said(line: Answered, model: Model, full: bool) -> Iterator[Line]:
    if line.chain:
        yield from [Line(f"{plain(capitalised(line.label))}:")] if line.label else []
        yield Line(to_text(formula(line.relation.left, model)))
        yield from _chain(line.chain, model, full)
    said, *matrices = line_layouts(line, model)
    if not ends_with_its_chain(line):
        yield from _relation(said, f"{line.label}  {_mark(line.verdict)}".lstrip())
    for form in matrices:
        yield from _relation(form, f"{IN_MATRICES}  {_mark(matrix_verdict(line))}")


def _said_in_matrices(line: Answered, model: Model) -> Iterator[Line]:
    yield from _relation(line_layouts(line, model)[-1], f"{line.label}  {_mark(matrix_verdict(line))}".lstrip())


def _relation(formula: Layout, remark: str) -> Iterator[Line]:
    """A formula on one line, or on two where it is long: the left side, and the sign with the right side."""
    sides = split_relation(formula)
    if sides is None or _length(to_text(formula)) <= WIDEST:
        yield Line(to_text(formula), remark)
        return
    left, right = map(to_text, sides)
    yield Line(left)
    yield Line(f"  {right.lstrip()}", remark)


def _summary(result: Result) -> Iterator[Line]:
    derivation = result.derivation
    equation = _equation(derivation.target, derivation.result, derivation.model)
    yield Line(equation, _mark(derivation.verdict))
    if result.convention is not None:
        yield from _in_matrices(result)


def _in_matrices(result: Result, always: bool = False) -> Iterator[Line]:
    """The matrix form, where it says more than the index form."""
    if result.matrix is not None and (always or not looks_scalar(result.matrix)):
        equation = to_text(matrix_layout(result.matrix, result.derivation.model))
        yield Line(equation, f"{IN_MATRICES}  {_mark(result.matrix.verdict)}")


def _equation(left: Expr, right: Expr, model: Model) -> str:
    return to_text(equation_layout(left, right, model))


def _mark(verdict: str) -> str:
    return f"{SIGNS[badge_of(verdict)].mark} {verdict}"


def _length(text: str) -> int:
    """How many columns the text takes: an accent above a letter takes none."""
    return sum(not combining(c) for c in text)
