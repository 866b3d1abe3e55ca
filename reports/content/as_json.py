"""A derivation as `gradproof.derive/1`."""

from __future__ import annotations

import json

from sympy import Expr, srepr

from derive.derivation import Step
from derive.model import Model
from derive.notation.equations import equation_latex, matrices_layout, matrix_names, model_names, relation_layout
from derive.notation.printer import layout
from derive.notation.renderers import to_latex
from derive.questions.answers import Answer, Line
from derive.views import title_text

from ..lines import plain
from .answers import conclusion
from .results import Result, Results

SCHEMA = "gradproof.derive/1"


def to_json(results: Results) -> str:
    """Definitions, partials and answers with their steps, those relied on before those that rely on them."""
    model = results.model
    content = {
        "schema": SCHEMA,
        "model": model.name,
        "definitions": [equation_latex(d.target, d.expr, model) for d in model.definitions],
        "results": [_result(r) for r in results.partials],
        "answers": [_answer(a) for a in results.answers],
        **({"layout": results.convention.value} if results.convention is not None else {}),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _result(result: Result) -> dict[str, object]:
    derivation = result.derivation
    model = derivation.model
    matrix = result.matrix
    return {
        "of": result.of,
        "wrt": result.wrt,
        "index_latex": _latex(derivation.result, model),
        "matrix_latex": to_latex(layout(matrix.expr, matrix_names(model))) if matrix else None,
        "sympy": srepr(derivation.result),
        "verdict": result.verdict,
        "steps": _steps(derivation.chain, model),
    }


def _answer(answer: Answer) -> dict[str, object]:
    return {
        "title": title_text(answer),
        "verdict": answer.verdict,
        "conclusion": plain(conclusion(answer)),
        "conditions": [to_latex(relation_layout(c, answer.model)) for c in answer.conditions],
        "lines": [_line(line, answer.model) for line in answer.lines],
    }


def _line(line: Line, model: Model) -> dict[str, object]:
    said = line.relation
    return {
        "label": line.label,
        "latex": to_latex(relation_layout(said, model)),
        "matrix_latex": to_latex(matrices_layout(line.matrices, said.sign, model)) if line.matrices else None,
        "verdict": line.verdict,
        "steps": _steps(line.chain, model),
    }


def _steps(chain: tuple[Step, ...], model: Model) -> list[dict[str, object]]:
    return [
        {
            "rule": step.rule,
            "before": _latex(step.before, model),
            "after": _latex(step.after, model),
            "verdict": step.verdict,
            "depth": depth,
        }
        for top in chain
        for depth, step in top.walk()
    ]


def _latex(expr: Expr, model: Model) -> str:
    return to_latex(layout(expr, model_names(model)))
