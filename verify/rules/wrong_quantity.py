r"""# wrong-quantity (GP204)

## What it does
Finds an equation that becomes true when one quantity is replaced by another that the statement uses.

## Why is this bad?
It is the slip of copying: the formula has the right form and the wrong letter.

## Example
```latex
\frac{\partial L}{\partial w} = \frac{\partial L}{\partial z} \frac{\partial z}{\partial z}
```
Use instead:
```latex
\frac{\partial L}{\partial w} = \frac{\partial L}{\partial z} \frac{\partial z}{\partial w}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.names_in_notes import is_letter
from derive.notation.runs import walk
from derive.notation.syntax import Sym

from .edit import Edit, Rule, Side

OPERATORS = frozenset({"partial", "d", "nabla"})


def edits(side: Side) -> Iterator[Edit]:
    """Each quantity of the side replaced by each other of the statement, as written there."""
    sources = sorted({_source(side, n) for root in (side.node, side.other) for n in walk(root) if _quantity(side, n)})
    for sym in (n for n in walk(side.node) if _quantity(side, n)):
        was = _source(side, sym)
        for now in sources:
            if now != was:
                yield Edit(start=sym.span[0], end=sym.span[1], text=now, was=was, should_be=now)


def _quantity(side: Side, node: object) -> bool:
    return isinstance(node, Sym) and not is_letter(node, side.letters) and node.base not in OPERATORS


def _source(side: Side, node: object) -> str:
    assert isinstance(node, Sym)
    return side.source[node.span[0] : node.span[1]]


RULE = Rule(code="GP204", name="wrong-quantity", edits=edits)
