"""A derivation for a terminal: one line a step, with its rule and whether it was proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import combining

from sympy import Expr

from derive.derivation import Derivation, Step
from derive.model import Model
from derive.notation.equations import equation_layout, matrix_layout
from derive.notation.renderers import to_text

from ..lines import plain
from ..signs import SIGNS
from .results import Result, Results
from .wording import badge_of, defining, formula, looks_scalar, rule_of, shown

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
        ("Definitions", [Line(_equation(left, right, model)) for left, right in defining(model)]),
    ]
    if results.likelihood is not None:
        sections.append(("The objective over n data points", list(_steps(results.likelihood))))
    if results.local:
        sections.append(("Partials between neighbours", [_summary(r.derivation) for r in results.local]))
    single = "One data point" if results.data is not None else "The gradient"
    for title, group in ((single, results.point), ("All n data points", results.whole)):
        for number, result in enumerate(group):
            heading = title if number == 0 else ""
            sections.append((heading, list(_partial(result, full, matrix_only))))
    return f"{model.title} ({model.name})\n" + "".join(_section(*s) for s in sections)


def _section(title: str, lines: list[Line]) -> str:
    width = min(max(map(_length, (line.formula for line in lines if line.remark)), default=0), WIDEST)
    rows = (f"  {line.formula}{' ' * (width - _length(line.formula))}   {line.remark}".rstrip() for line in lines)
    return "\n".join(["", *([title] if title else []), *rows]) + "\n"


def _partial(result: Result, full: bool, matrix_only: bool) -> Iterator[Line]:
    derivation = result.derivation
    if not matrix_only:
        yield from _steps(derivation, full)
    if result.matrix is not None and (matrix_only or not looks_scalar(result.matrix)):
        equation = to_text(matrix_layout(result.matrix, derivation.model))
        yield Line(equation, f"in matrix notation  {_mark(result.matrix.verdict)}")


def _steps(derivation: Derivation, full: bool = False) -> Iterator[Line]:
    """The chain under its left side; what a step relies on stands before it, indented."""
    yield Line(to_text(formula(derivation.target, derivation.model)))
    above: Step | None = None
    for depth, step in shown(derivation, full):
        indent = "    " * depth
        if depth and (above is None or above.after != step.before):
            yield Line(indent + to_text(formula(step.before, derivation.model)))
        yield _step(step, indent, derivation)
        above = step


def _step(step: Step, indent: str, derivation: Derivation) -> Line:
    model = derivation.model
    after = to_text(formula(step.after, model))
    return Line(f"{indent}  = {after}", f"{plain(rule_of(step, model))}  {_mark(step.verdict)}")


def _summary(derivation: Derivation) -> Line:
    return Line(_equation(derivation.target, derivation.result, derivation.model), _mark(derivation.verdict))


def _equation(left: Expr, right: Expr, model: Model) -> str:
    return to_text(equation_layout(left, right, model))


def _mark(verdict: str) -> str:
    return f"{SIGNS[badge_of(verdict)].mark} {verdict}"


def _length(text: str) -> int:
    """How many columns the text takes: an accent above a letter takes none."""
    return sum(not combining(c) for c in text)
