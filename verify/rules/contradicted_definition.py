r"""# contradicted-definition (GP250)

## What it does
Reports a second equation for a name that the text says to be the first one in other words, `in matrix notation`,
`rewritten as`, where the two differ for the numbers shown and no single edit makes them agree.

## Why is this bad?
The text means one quantity and gives two; which of them holds in what follows depends on the reader.

## Example
```latex
J(w) = \frac{1}{n} \sum_{i=1}^{n} (r_i - y_i)^2, \quad r_i = \sum_j X_{ij} w_j
```
and, in matrix notation,
```latex
J(w) = (X w - y)^T (X w - y)
```
Use instead:
```latex
J(w) = \frac{1}{n} (X w - y)^T (X w - y)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """None: the edits of the other findings are tried."""
    return iter(())


RULE = Rule(code="GP250", name="contradicted-definition", edits=edits)
