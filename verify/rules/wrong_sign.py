r"""# wrong-sign (GP202)

## What it does
Finds an equation that becomes true when one plus or minus is turned round.

## Why is this bad?
A gradient with the wrong sign climbs where it should descend.

## Example
```latex
\frac{d}{dz} \tanh(z) = 1 + \tanh(z)^2
```
Use instead:
```latex
\frac{d}{dz} \tanh(z) = 1 - \tanh(z)^2
```
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.runs import walk
from derive.notation.syntax import Bin, Neg

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """Each + made −, each − made +, each leading minus dropped, and a minus put in front."""
    for node in walk(side.node):
        if isinstance(node, Bin) and node.op in "+-":
            at = side.source.find(node.op, node.left.span[1], node.right.span[0])
            if at >= 0:
                yield _edit(side, at, at + 1, "-" if node.op == "+" else "+", node.span)
        if isinstance(node, Neg):
            at = side.source.find("-", node.span[0], node.body.span[0])
            if at >= 0:
                yield _edit(side, at, at + 1, "", node.span)
    start, end = side.node.span
    was = side.source[start:end]
    if isinstance(side.node, Bin) and side.node.op in "+-":
        yield Edit(start=start, end=end, text=f"-({was})", was=was, should_be=f"-({was})")
    else:
        yield Edit(start=start, end=start, text="-", was=was, should_be=f"-{was}")


def _edit(side: Side, start: int, end: int, text: str, span: tuple[int, int]) -> Edit:
    was = side.source[span[0] : span[1]]
    now = was[: start - span[0]] + text + was[end - span[0] :]
    return Edit(start=start, end=end, text=text, was=was, should_be=now.strip())


RULE = Rule(code="GP202", name="wrong-sign", edits=edits)
