r"""# wrong-transpose (GP207)

## What it does
Finds an equation that becomes true when a transpose is put in or left out, or when two factors of a product of
matrices change places.

## Why is this bad?
The shapes of the two sides do not agree; where two sizes happen to be equal it runs and computes something else.

## Example
```latex
\nabla_w \frac{1}{2} \|X w - y\|^2 = X (X w - y)
```
Use instead:
```latex
\nabla_w \frac{1}{2} \|X w - y\|^2 = X^T (X w - y)
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from derive.notation.names_in_notes import is_transpose
from derive.notation.syntax import Array, Big, Entries, Group, Neg, Node, Num, Sym

from .edit import Edit, Rule, Side
from .parts import is_derivative, is_quantity, products, within

TABLE = re.compile(r"(\\begin\{\w*matrix\})(.*)(\\end\{\w*matrix\})", re.DOTALL)
ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?")
ACROSS = (r"\dots", r"\cdots", r"\ldots")


def edits(side: Side) -> Iterator[Edit]:
    """Each transpose left out, one put at each letter and bracket, each matrix written out turned, factors swapped."""
    for node in within(side.node):
        if isinstance(node, Array | Entries) and (turned := _turned(side.text(node))) is not None:
            yield side.edit("transpose", *node.span, turned, node.span)
        if isinstance(node, Sym | Group) and is_transpose(node.sup):
            yield side.edit("transpose", *_script(side, node), "", node.span)
        elif isinstance(node, Sym | Group) and node.sup is None and _may_be_matrix(node, side):
            yield side.edit("transpose", node.span[1], node.span[1], side.transpose, node.span)
        elif isinstance(node, Sym) and isinstance(node.sup, Group | Sym) and _may_be_matrix(node, side):  # W^{[l]}
            yield side.edit("transpose", *node.span, f"({side.text(node)}){side.transpose}", node.span)
        elif isinstance(node, Sym) and _inverts(node.sup):
            yield side.edit("transpose", *_script(side, node), f"^{{-{side.transpose.lstrip('^')}}}", node.span)
    for found in products(side.node):
        for first, second in pairwise(found):
            if not any(isinstance(f, Num | Big) or is_derivative(f) for f in (first, second)):
                yield _swapped(side, first, second)


def _inverts(sup: Node | None) -> bool:
    """Whether a superscript is −1."""
    return isinstance(sup, Neg) and isinstance(sup.body, Num) and sup.body.text == "1"


def _turned(text: str) -> str | None:
    """A matrix that is written out with its rows as columns; None if it is none, or its rows are not of one length."""
    table = TABLE.fullmatch(text.strip())
    if table is None or r"\begin" in table[2]:
        return None
    rows = [[cell.strip() for cell in row.split("&")] for row in ROW_END.split(table[2].strip()) if row.strip()]
    if len({len(row) for row in rows}) != 1:
        return None
    across = next((cell for row in rows for cell in row if cell in ACROSS), r"\cdots")
    dots = {r"\vdots": across, **dict.fromkeys(ACROSS, r"\vdots")}
    columns = [" & ".join(dots.get(row[k], row[k]) for row in rows) for k in range(len(rows[0]))]
    return table[1] + " " + r" \\ ".join(columns) + " " + table[3]


def _may_be_matrix(node: Sym | Group, side: Side) -> bool:
    return is_quantity(node, side.letters) if isinstance(node, Sym) else node.opening in ("(", "[")


def _script(side: Side, node: Sym | Group) -> tuple[int, int]:
    """Where the transpose stands, with its ^ and braces."""
    assert node.sup is not None
    start = side.source.rfind("^", node.span[0], node.sup.span[0] + 1)
    return (start, max(node.sup.span[1], node.span[1])) if start >= 0 else node.sup.span


def _swapped(side: Side, first: Node, second: Node) -> Edit:
    (a, b), (c, d) = first.span, second.span
    between = side.source[b:c]
    return side.edit("order", a, d, side.text(second) + (between or " ") + side.text(first), (a, d))


RULE = Rule(code="GP207", name="wrong-transpose", edits=edits)
