"""A derivation as `gradproof.derive/1`."""

from __future__ import annotations

import json

from sympy import Expr, srepr

from derive.model import Model
from derive.notation.equations import equation_latex, matrix_names, model_names
from derive.notation.printer import layout
from derive.notation.renderers import to_latex

from .results import Result, Results

SCHEMA = "gradproof.derive/1"


def to_json(results: Results) -> str:
    """The definitions and every partial with its steps, those relied on before those that rely on them."""
    model = results.model
    content = {
        "schema": SCHEMA,
        "model": model.name,
        "definitions": [equation_latex(d.target, d.expr, model) for d in model.definitions],
        "results": [_result(r) for r in results.partials],
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
        "steps": [
            {
                "rule": step.rule,
                "before": _latex(step.before, model),
                "after": _latex(step.after, model),
                "verdict": step.verdict,
                "depth": depth,
            }
            for top in derivation.chain
            for depth, step in top.walk()
        ],
    }


def _latex(expr: Expr, model: Model) -> str:
    return to_latex(layout(expr, model_names(model)))
