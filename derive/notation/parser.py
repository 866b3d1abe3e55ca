r"""LaTeX formulas to syntax nodes: `parse`.

The stages, each in its own file: characters to tokens (`tokens`), the author's macros expanded (`macros`),
meanings and compound signs (`classify`), brackets (`brackets`), statements (`statements`), expressions
(`expressions`, `atoms`). Nothing here decides what a name means.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from .brackets import build_tree, hull
from .classify import classify
from .expressions import read_statement
from .macros import Macro, definitions, expand, read_macros
from .nodes import children, height
from .runs import rebuild
from .statements import split_statements
from .syntax import Node
from .tokens import ReadError, lex

__all__ = ["Macro", "ReadError", "parse", "read_macros"]

MAX_LENGTH = 20_000
MAX_HEIGHT = 200
_NO_MACROS: Mapping[str, Macro] = {}


def parse(latex: str, macros: Mapping[str, Macro] = _NO_MACROS) -> tuple[Node, ...]:
    r"""The statements of one formula, in order.

    A statement is usually a `Chain` of relations, else an expression; words between statements are `Prose`.
    A line that goes on with the one before (`&= …`) is a `Chain` whose first operand is `Empty`.

    Args:
        latex: the text between the math delimiters.
        macros: the author's macros by name (`read_macros`); definitions inside the formula count too.

    Returns:
        The statements; empty if there is nothing to read.

    Raises:
        ReadError: with the place, if the formula cannot be read.
    """
    if len(latex) > MAX_LENGTH:
        raise ReadError(f"the formula is longer than {MAX_LENGTH:,} characters", MAX_LENGTH)
    source = latex
    if "\\newcommand" in latex or "\\def\\" in latex or "\\renewcommand" in latex or "\\DeclareMathOperator" in latex:
        macros = {**macros, **read_macros(latex)}
        for _, (start, end) in definitions(latex):
            source = source[:start] + " " * (end - start) + source[end:]
    try:
        tokens = classify(expand(lex(source), macros))
        statements = tuple(read_statement(items) for items in split_statements(build_tree(tokens)))
    except RecursionError as error:  # only when the caller's own stack is nearly full
        raise ReadError("nested too deep", 0) from error
    if len(tokens) > MAX_HEIGHT and any(height(statement) > MAX_HEIGHT for statement in statements):
        raise ReadError(f"an expression of more than {MAX_HEIGHT} nested parts or terms", 0)
    return tuple(rebuild(statement, _widened) for statement in statements) if macros else statements


def _widened(node: Node) -> Node:
    """The node with a span that holds its parts, of which a macro may have put one before its bracket."""
    span = hull(node.span, *(child.span for child in children(node)))
    return node if span == node.span else dataclasses.replace(node, span=span)
