r"""# own-bound (GP301)

## What it does
Reports a sum, a product or another operator whose index is its own upper bound.

## Why is this bad?
Inside the operator the letter runs, in its bound it stands still: the sum has no value.

## Example
```latex
C = - \sum_{k=1}^{k} t_k \log p_k
```
Use instead:
```latex
C = - \sum_{k=1}^{K} t_k \log p_k
```
"""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """None: the finding is told from the notation alone, and carries its own repair."""
    return iter(())


RULE = Rule(code="GP301", name="own-bound", edits=edits)
