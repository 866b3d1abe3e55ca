"""Fail on Python files over 400 lines and functions over 50; a table of data counts as one line."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

FILE_LINES, FUNCTION_LINES = 400, 50
FOLDERS = ("derive", "lowering", "verify", "reports", "gradproof", "scripts", "benchmarks", "examples", "tests")

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_TABLE = (ast.Tuple, ast.List, ast.Dict, ast.Set)


def main(paths: Iterable[str]) -> int:
    """Print every file and function that is too long, of these files or of the whole project; 1 if there is one."""
    top = Path(__file__).resolve().parent.parent
    files = [Path(path) for path in paths] or sorted(f for folder in FOLDERS for f in (top / folder).rglob("*.py"))
    found = [line for file in files for line in findings(file)]
    for line in found:
        print(line)
    print(f"sizes: {len(files)} files, {len(found)} findings")
    return 1 if found else 0


def findings(file: Path) -> Iterator[str]:
    """One line for the file if it is too long or cannot be read, and one for each of its functions that is too long."""
    text = file.read_text(encoding="utf-8")
    try:
        tree = ast.parse(text, filename=str(file))
    except SyntaxError as error:
        yield f"{file}:{error.lineno}: this is no Python: {error.msg}"
        return
    lines = len(text.splitlines()) - _table_lines(tree)
    if lines > FILE_LINES:
        yield f"{file}:1: the file has {lines} lines, at most {FILE_LINES}; split it by concept"
    for node in ast.walk(tree):
        if isinstance(node, _Function) and (length := _span(node) - _table_lines(node)) > FUNCTION_LINES:
            yield f"{file}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}; name its parts"


def _table_lines(node: ast.AST) -> int:
    """The lines below `node` beyond the first of each statement that assigns or returns a literal table."""
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return) and isinstance(node.value, _TABLE):
        return _span(node) - 1
    return sum(_table_lines(child) for child in ast.iter_child_nodes(node))


def _span(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
