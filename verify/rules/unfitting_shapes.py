r"""# unfitting-shapes (GP240)

## What it does
Reports a product, a sum or an equation of vectors and matrices whose shapes, as the text itself declares them, do
not fit. If one exchange of factors or one transpose makes them fit, and only one, it is suggested.

## Why is this bad?
The formula has no value; whoever codes it meets an error, or, where two sizes happen to be equal, a wrong result.

## Example
With $X \in \mathbb{R}^{n \times d}$ and $W \in \mathbb{R}^{d \times k}$,
```latex
Z = W X
```
Use instead:
```latex
Z = X W
```
"""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """None: the finding is told from the shapes alone; the edits of `wrong-transpose` mend it."""
    return iter(())


RULE = Rule(code="GP240", name="unfitting-shapes", edits=edits)
