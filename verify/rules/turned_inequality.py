r"""# turned-inequality (GP215)

## What it does
Finds an inequality that holds for all values with its sign turned round, and fails as it stands.

## Why is this bad?
A bound in the wrong direction bounds nothing, and a proof that uses it proves nothing.

## Example
```latex
2 a b \ge a^2 + b^2
```
Use instead:
```latex
2 a b \le a^2 + b^2
```
"""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """None: the sign belongs to neither side."""
    return iter(())


RULE = Rule(code="GP215", name="turned-inequality", edits=edits)
