r"""# unnormalised-density (GP260)

## What it does
Reports a formula that the text calls a density and whose integral over the values of its variable is not 1 for any of
the parameters tried. Where the text says neither the values nor the distribution, nothing is reported.

## Why is this bad?
What follows from it, a likelihood or an expected value, has a factor too many that may depend on the parameters.

## Example
The waiting time $x \geq 0$ has, for a rate $r > 0$, the density
```latex
p(x) = \frac{1}{r} e^{-r x}
```
Use instead:
```latex
p(x) = r e^{-r x}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """None: the edits of the other findings are tried."""
    return iter(())


RULE = Rule(code="GP260", name="unnormalised-density", edits=edits)
