r"""# false-equation (GP200)

## What it does
Reports an equation whose two sides differ for the numbers shown, without a doubt of its reading, where no single
edit makes it true.

## Why is this bad?
Whatever is built on it is wrong.

## Example
```latex
\sigma(z) = \frac{1}{1 + z}
```
Use instead:
```latex
\sigma(z) = \frac{1}{1 + e^{-z}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """None: this is what is reported when no edit helps."""
    return iter(())


RULE = Rule(code="GP200", name="false-equation", edits=edits)
