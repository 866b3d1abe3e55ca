r"""# wrong-operator (GP203)

## What it does
Finds an equation that becomes true when a product is read as a sum, or a sum as a product.

## Why is this bad?
The logarithm turns products into sums; a product left standing after taking the logarithm makes every formula
that follows wrong.

## Example
```latex
\log (a b) = \log a \cdot \log b
```
Use instead:
```latex
\log (a b) = \log a + \log b
```
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.runs import walk
from derive.notation.syntax import Bin

from .edit import Edit, Rule, Side

SWAPS = {"cdot": (r"\cdot", "+"), "times": (r"\times", "+"), "+": ("+", r"\cdot ")}


def edits(side: Side) -> Iterator[Edit]:
    """Each explicit product made a sum, and each sum a product."""
    for node in (n for n in walk(side.node) if isinstance(n, Bin) and n.op in SWAPS):
        written, instead = SWAPS[node.op]
        at = side.source.find(written, node.left.span[1], node.right.span[0])
        if at < 0:
            continue
        was = side.source[node.span[0] : node.span[1]]
        now = was[: at - node.span[0]] + instead + was[at + len(written) - node.span[0] :]
        yield Edit(start=at, end=at + len(written), text=instead, was=was, should_be=now)


RULE = Rule(code="GP203", name="wrong-operator", edits=edits)
