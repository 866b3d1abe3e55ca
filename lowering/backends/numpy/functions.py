"""NumPy functions for the rows: the stable source of a row, rewritten to work in one buffer where it can.

0.5 * (1 + np.tanh(0.5 * {z}))   →   out = np.multiply(0.5, z, out=out);  np.tanh(out, out=out);  …
"""

from __future__ import annotations

import ast
from functools import cache

import numpy as np
from sympy import Symbol

from derive.rows.functions import Unary

from .text import text

_OPERATORS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}


def definition(row: Unary) -> str:
    """The Python function `_name` of a row; with a parameter `out` if it works in place."""
    z = Symbol("z", real=True)
    doc = f'    """{row.name}(z) = {text(row.expr(z))} at any z, without overflow."""'
    calls = _calls(row)
    if not calls:
        return f"def _{row.name}(z):\n{doc}\n    return {row.stable.format(z='z')}\n"
    lines = [f"out = {calls[0].format(z='z')}", *(c.format(z="out") for c in calls[1:-1])]
    last = f"return {calls[-1].format(z='out' if len(calls) > 1 else 'z')}"
    body = "\n".join(f"    {line}" for line in ([*lines, last] if len(calls) > 1 else [last]))
    return f"def _{row.name}(z, out=None):\n{doc}\n{body}\n"


def works_in_place(row: Unary) -> bool:
    """Whether the function of the row has a parameter `out`."""
    return bool(_calls(row))


@cache
def _calls(row: Unary) -> tuple[str, ...]:
    """The stable source as a chain of ufunc calls over `{z}`; none if z is used more than once."""
    tree = ast.parse(row.stable.format(z="z"), mode="eval").body
    if sum(isinstance(node, ast.Name) and node.id == "z" for node in ast.walk(tree)) != 1:
        return ()
    calls: list[str] = []
    return tuple(calls) if _chain(tree, calls) else ()


def _chain(node: ast.expr, calls: list[str]) -> bool:
    """Append the calls that compute a node from z, innermost first; False if the node is not a chain of ufuncs."""
    if isinstance(node, ast.Name):
        return node.id == "z"
    parts = _ufunc(node)
    if parts is None:
        return False
    name, operands = parts
    inner = [k for k, operand in enumerate(operands) if _mentions_z(operand)]
    if len(inner) != 1 or not _chain(operands[inner[0]], calls):
        return False
    written = ["{z}" if k in inner else ast.unparse(operand) for k, operand in enumerate(operands)]
    calls.append(f"np.{name}({', '.join(written)}, out=out)")
    return True


def _ufunc(node: ast.expr) -> tuple[str, list[ast.expr]] | None:
    """The name of the ufunc that a node calls, and its operands."""
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)], [node.left, node.right]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return "negative", [node.operand]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.keywords:
        name = node.func.attr
        return (name, node.args) if isinstance(getattr(np, name, None), np.ufunc) else None
    return None


def _mentions_z(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Name) and n.id == "z" for n in ast.walk(node))
