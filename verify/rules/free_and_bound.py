r"""# free-and-bound (GP302)

## What it does
Warns of a letter that is free in a formula and bound by a sum in the same formula.

## Why is this bad?
It is legal, and every reader has to look twice which of the two is meant; moved by one bracket it is wrong.

## Example
```latex
p_k = \frac{e^{z_k}}{\sum_{k=1}^{K} e^{z_k}}
```
Use instead:
```latex
p_k = \frac{e^{z_k}}{\sum_{l=1}^{K} e^{z_l}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """None: the formula may well be true."""
    return iter(())


RULE = Rule(code="GP302", name="free-and-bound", edits=edits)
