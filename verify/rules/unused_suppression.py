r"""# unused-suppression (GP900)

## What it does
Reports a comment `gradproof: ignore` where there is no finding that it could keep quiet.

## Why is this bad?
It hides the next mistake that is made in that formula.

## Example
```html
$u = w x$ <!-- gradproof: ignore GP201 -->
```
Use instead:
```html
$u = w x$
```
"""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """None: it is about a comment."""
    return iter(())


RULE = Rule(code="GP900", name="unused-suppression", edits=edits)
