"""NumPy functions for the rows: the stable source of a row, rewritten to work in one buffer where it can.

    0.5 * (1 + np.tanh(0.5 * {z}))   →   out = np.multiply(0.5, z, out=out);  np.tanh(out, out=out);  out += 1;  …

A row that is a single NumPy function, such as `np.tanh({z})`, needs no function of its own.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache

import numpy as np
from sympy import Expr, Symbol

from derive.notation.plaintext import text
from derive.rows.functions import RowFunction, Unary
from derive.vocabulary import Positive

DECAY = '''
def _decay(z):
    """exp(-|z|)."""
    out = np.abs(z)
    np.negative(out, out=out)
    return np.exp(out, out=out)
'''

_OPERATORS = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}
_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}


def definition(row: Unary) -> str:
    """The Python function `_name` of a row; with a parameter `out` if it works in place."""
    z = Symbol("z", real=True)
    doc = f'    """{row.name}(z) = {text(row.expr(z))} at any z, without overflow."""'
    calls = _calls(row)
    if not calls and (terms := _two_terms(row)):
        lines = [*_in_one_buffer(terms[0]), f"out += {terms[1]}", "return out"]
        body = "\n".join(f"    {line}" for line in lines)
        return f"def _{row.name}(z):\n{doc}\n{body}\n"
    if not calls:
        return f"def _{row.name}(z):\n{doc}\n    return {row.stable.format(z='z')}\n"
    lines = [f"out = {calls[0].written('z', 'out')}", *(c.in_place("out") for c in calls[1:]), "return out"]
    body = "\n".join(f"    {line}" for line in lines)
    return f"def _{row.name}(z, out=None):\n{doc}\n{body}\n"


def difference(row: Unary) -> str:
    """The Python function `_less_name` of a row that has one: a − f(z)."""
    doc = f'    """a - {row.name}(z), with all its digits where {row.name}(z) is nearly a; decay is exp(-|z|)."""'
    *lines, last = row.less
    body = "\n".join(f"    {line}" for line in (*lines, f"return {last}"))
    return f"def _less_{row.name}(a, z, decay):\n{doc}\n{body}\n"


def needs_definition(row: Unary) -> bool:
    """Whether the module must define a function for the row."""
    return len(_calls(row)) != 1


def works_in_place(row: Unary) -> bool:
    """Whether the function of the row has a parameter `out`."""
    return bool(_calls(row))


def call(row: Unary, z: str, out: str | None = None) -> str:
    """The row applied to source, writing to `out` if it works in place."""
    if needs_definition(row):
        return f"_{row.name}({z})" if out is None else f"_{row.name}({z}, out={out})"
    (only,) = _calls(row)
    return only.written(z, out)


def is_truth(expr: Expr) -> bool:
    """Whether the values are truth values of z > 0: a bracket, or a step that is 0 at 0."""
    if not isinstance(expr, RowFunction):
        return isinstance(expr, Positive)
    return _calls(expr.row) == (_Call(name="heaviside", operands=("{z}", "0")),)


def written_to(part: str, value: str) -> str:
    """The statement that writes a value to part of an array, into which its last ufunc writes if it ends with one.

    >>> written_to("c[:, t]", "a * b"), written_to("c[:, t]", "np.tanh(z, out=z)"), written_to("c[:, 0]", "0")
    ('np.multiply(a, b, out=c[:, t])', 'np.tanh(z, out=c[:, t])', 'c[:, 0] = 0')
    """
    node = ast.parse(value, mode="eval").body
    if isinstance(node, ast.Call) and [k.arg for k in node.keywords] == ["out"]:
        return f"{ast.unparse(node.func)}({', '.join(map(ast.unparse, node.args))}, out={part})"
    parts = _ufunc(node)
    if parts is None:
        return f"{part} = {value}"
    name, operands = parts
    return f"np.{name}({', '.join(map(ast.unparse, operands))}, out={part})"


@dataclass(frozen=True, kw_only=True)
class _Call:
    """A ufunc with z in one of its places."""

    name: str
    operands: tuple[str, ...]  # source, with `{z}` for z

    def written(self, z: str, out: str | None) -> str:
        """The call itself."""
        operands = ", ".join(operand.format(z=z) for operand in self.operands)
        return f"np.{self.name}({operands})" if out is None else f"np.{self.name}({operands}, out={out})"

    def in_place(self, buffer: str) -> str:
        """The statement that applies it to a buffer."""
        sign = _SIGNS.get(self.name)
        turned = self.operands[::-1] if self.name in ("add", "multiply") else self.operands
        for operands in (self.operands, turned):
            if sign is not None and operands[0] == "{z}":
                return f"{buffer} {sign}= {operands[1]}"
        return self.written(buffer, buffer)


def _two_terms(row: Unary) -> tuple[tuple[_Call, ...], str] | None:
    """A sum whose first term is a chain of calls over `{z}`, which can begin in a buffer, and the second term."""
    tree = ast.parse(row.stable.format(z="z"), mode="eval").body
    if not isinstance(tree, ast.BinOp) or not isinstance(tree.op, ast.Add):
        return None
    first = _chained(tree.left)
    return (first, ast.unparse(tree.right)) if first else None


def _in_one_buffer(calls: tuple[_Call, ...]) -> list[str]:
    return [f"out = {calls[0].written('z', None)}", *(c.in_place("out") for c in calls[1:])]


@cache
def _calls(row: Unary) -> tuple[_Call, ...]:
    """The stable source as a chain of ufunc calls over `{z}`; none if z is used more than once."""
    return _chained(ast.parse(row.stable.format(z="z"), mode="eval").body)


def _chained(tree: ast.expr) -> tuple[_Call, ...]:
    if sum(isinstance(node, ast.Name) and node.id == "z" for node in ast.walk(tree)) != 1:
        return ()
    calls: list[_Call] = []
    return tuple(calls) if _chain(tree, calls) else ()


def _chain(node: ast.expr, calls: list[_Call]) -> bool:
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
    written = tuple("{z}" if k in inner else ast.unparse(operand) for k, operand in enumerate(operands))
    calls.append(_Call(name=name, operands=written))
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
