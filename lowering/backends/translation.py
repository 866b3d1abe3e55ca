"""A NumPy module in the words of another library: the same statements, each result an array of its own.

What NumPy writes into a buffer becomes a new value, `np.tanh(out, out=out)` → `out = tanh(out)`, so that the code can
be traced and differentiated. Calls are rewritten by a table of templates; a call that it does not have is refused.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeGuard

from ..program import LoweringError

CHECKING = (
    "_arrays",
    "_converted",
    "_composed",
    "_check_shapes",
    "_written",
    "_size",
    "_whole",
    "_functions",
    "_labelled",
    "_listed",
    "_checked_labels",
    "_real",
    "_check_lengths",
    "_agree",
    "_wanted",
    "_widths",
)  # compute nothing

OPERATORS = {
    "np.add": "{0} + {1}",
    "np.subtract": "{0} - {1}",
    "np.multiply": "{0} * {1}",
    "np.divide": "{0} / {1}",
    "np.negative": "-{0}",
}  # what NumPy writes as a call where it has a buffer


@dataclass(frozen=True, kw_only=True)
class Words:
    """How a library says what NumPy says.

    Attributes:
        library: its name, for messages.
        imports: lines that take the place of `import numpy as np`.
        calls: NumPy function to template: `{0}` is the first argument, `{axis}` a keyword, `{owner}` the array whose
            dtype is asked for, `{*}` all arguments.
        methods: likewise for methods of arrays, with `{self}`.
        add, put: templates for `{array}[{at}] += {value}` and `{array}[{at}] = {value}`.
        instead: source of functions that take the place of the module's own of that name; "" where none is needed.
        made: wraps the arrays that `init` makes.
        after: source that follows every module.
        after_lists: the same for modules that take lists of arrays.
        helpers: functions that follow the modules which use them and do not have them.
        checks: patterns in the functions that check arrays, and what they become.
    """

    library: str
    imports: tuple[str, ...]
    calls: Mapping[str, str]
    methods: Mapping[str, str] = field(default_factory=dict)
    add: str
    put: str
    instead: Mapping[str, str]
    made: str
    after: str = ""
    after_lists: str = ""
    helpers: Mapping[str, str]
    checks: Mapping[str, str | Callable[[re.Match[str]], str]]


def translated(source: str, words: Words) -> str:
    """The module in other words.

    Args:
        source: of a lowered NumPy module.
        words: of the library.
    Raises: LoweringError: if the module uses a function that the table does not have.
    """
    lines, tree = source.split("\n"), [node for node in ast.parse(source).body if _is_kept(node, words)]
    code = ""
    for before, node in pairwise((None, *tree)):
        apart = isinstance(node, ast.FunctionDef) or isinstance(before, ast.FunctionDef)
        gap = "\n\n\n" if apart else "\n" if isinstance(node, ast.Assign) and isinstance(before, ast.Assign) else "\n\n"
        assert node is not None  # only the first of the first pair is none
        text = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        code += (gap if code else "") + _part(node, text, words)
    used = (text for name, text in words.helpers.items() if f"{name}(" in code and f"def {name}(" not in code)
    after = words.after_lists if re.search("^LISTS = ", code, re.MULTILINE) else words.after
    return "\n\n\n".join((code, *(text.strip() for text in (after, *used) if text))) + "\n"


def _is_kept(node: ast.stmt, words: Words) -> bool:
    """Whether the other library needs it: not what keeps memory and arrays from one call to the next."""
    if isinstance(node, ast.Import):
        return node.names[0].name == "numpy"
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Call)
    return not isinstance(node, ast.FunctionDef) or words.instead.get(node.name) != ""


def _part(node: ast.stmt, text: str, words: Words) -> str:
    if isinstance(node, ast.Import):
        return "\n".join(words.imports)
    return _function(node, text, words) if isinstance(node, ast.FunctionDef) else _reworded(text, words.checks)


def _function(node: ast.FunctionDef, text: str, words: Words) -> str:
    if node.name in words.instead:
        return words.instead[node.name].strip()
    if node.name == "init":
        return re.sub(_INITIAL, lambda m: f"{m[1]}{words.made.format(m[2])}{m[3] or ''},", text, flags=re.MULTILINE)
    return _reworded(text, words.checks) if node.name in CHECKING else _unparsed(_Translated(words).visit(node))


_INITIAL = r'^( +"\w+": \[?)(.*?)( for \w+ in range\(.*\)\])?,$'  # an array, or each of a list


def _reworded(text: str, words: Mapping[str, str | Callable[[re.Match[str]], str]]) -> str:
    for pattern, other in words.items():
        text = re.sub(pattern, other, text)
    return text


class _Translated(ast.NodeTransformer):
    """A function that computes."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.lists: set[str] = set()

    def visit_arguments(self, node: ast.arguments) -> ast.arguments:
        if node.defaults and node.args[-1].arg == "out":
            node.args, node.defaults = node.args[:-1], []
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """`np.tanh(out, out=out)` on a line of its own gives its buffer a value."""
        into = _out(node.value)
        self.generic_visit(node)
        return node if into is None else self._assigned(_parsed(into), node.value)

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        self.generic_visit(node)
        if isinstance(node.value.left if isinstance(node.value, ast.BinOp) else node.value, ast.List):
            self.lists.add(ast.unparse(node.targets[0]))
        return self._assigned(node.targets[0], node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        self.generic_visit(node)
        if self._is_part(node.target) and isinstance(node.op, ast.Add):
            return self._in_part(node.target, node.value, self.words.add)
        left = _parsed(ast.unparse(node.target))
        return self._assigned(node.target, ast.BinOp(left=left, op=node.op, right=node.value))

    def _assigned(self, target: ast.expr, value: ast.expr) -> ast.stmt:
        if self._is_part(target):
            return self._in_part(target, value, self.words.put)
        return ast.Assign(targets=[_parsed(ast.unparse(target))], value=value, lineno=0)

    def _is_part(self, target: ast.expr) -> TypeGuard[ast.Subscript]:
        """Whether a part of an array is written to; what is in a list is an array of its own."""
        return isinstance(target, ast.Subscript) and ast.unparse(target.value) not in self.lists

    def visit_Call(self, node: ast.Call) -> ast.expr:
        name = ast.unparse(node.func)
        if name == "float":  # of sizes alone, which are Python's
            return node
        owner = next((_owner(a) for a in (*node.args, *(k.value for k in node.keywords)) if _owner(a)), "")
        self.generic_visit(node)
        arguments = [ast.unparse(a) for a in node.args]
        keywords = {str(k.arg): ast.unparse(k.value) for k in node.keywords if k.arg not in ("out", "optimize")}
        if re.fullmatch(r"np(\.\w+)+", name):
            template = self.words.calls.get(name)
            if template is None:
                raise LoweringError(f"{self.words.library} code cannot be written for {name}; take the back end numpy")
            return _filled(template, arguments, {**keywords, "owner": owner})
        if isinstance(node.func, ast.Attribute) and node.func.attr in self.words.methods:
            own = {"self": f"({ast.unparse(node.func.value)})", **keywords}
            return _filled(self.words.methods[node.func.attr], arguments, own)
        node.keywords = [k for k in node.keywords if k.arg != "out"]
        return node

    def _in_part(self, target: ast.Subscript, value: ast.expr, template: str) -> ast.stmt:
        array, whole = ast.unparse(target.value), ast.unparse(target)
        parts = {"array": array, "at": whole[len(array) + 1 : -1], "value": ast.unparse(value)}
        return ast.parse(template.format(**parts)).body[0]


def _filled(template: str, arguments: Iterable[str], keywords: Mapping[str, str]) -> ast.expr:
    given = [f"({a})" for a in arguments]
    listed = [*given, *(f"{name}={value}" for name, value in keywords.items() if name not in ("owner", "self"))]
    text = template.replace("{*}", ", ".join(listed))
    return _parsed(text.format(*given, **keywords))


def _out(node: ast.expr) -> str | None:
    if isinstance(node, ast.Call):
        return next((ast.unparse(k.value) for k in node.keywords if k.arg == "out"), None)
    return None


def _owner(node: ast.expr) -> str:
    """The array of `array.dtype`."""
    return ast.unparse(node.value) if isinstance(node, ast.Attribute) and node.attr == "dtype" else ""


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _unparsed(node: ast.AST) -> str:
    """Source with double quotes."""
    text = ast.unparse(ast.fix_missing_locations(node))
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    lines = text.split("\n")
    for t in reversed(tokens):
        if t.type == tokenize.STRING and t.string.startswith("'") and '"' not in t.string and t.start[0] == t.end[0]:
            row, (first, last) = t.start[0] - 1, (t.start[1], t.end[1])
            lines[row] = f'{lines[row][:first]}"{t.string[1:-1]}"{lines[row][last:]}'
    return "\n".join(lines)
