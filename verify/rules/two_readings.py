r"""# two-readings (GP303)

## What it does
Warns of a formula that is true by one of two equations that the text gives for a name, and false by the other.

## Why is this bad?
Who uses the formula cannot know which of the two is meant; mending the one equation makes the formula wrong.

## Example
```latex
J = \frac{1}{n} \sum_{i=1}^{n} (w x_i - y_i)^2,
\quad\text{in matrix form}\quad J = (w x - y)^T (w x - y),
\quad \frac{\partial J}{\partial w} = 2 x^T (w x - y)
```
Use instead:
```latex
J = \frac{1}{n} (w x - y)^T (w x - y), \quad \frac{\partial J}{\partial w} = \frac{2}{n} x^T (w x - y)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """None: which of the two is meant is not known."""
    return iter(())


RULE = Rule(code="GP303", name="two-readings", edits=edits)
