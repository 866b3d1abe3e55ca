r"""# swapped-index (GP201)

## What it does
Finds an equation that becomes true when one index is replaced by another of the same formula.

## Why is this bad?
A gradient with a wrong index has the wrong shape or reads the wrong entries; where two sizes happen to be
equal it runs without an error.

## Example
```latex
\frac{\partial h_j}{\partial w_{ij}} = h_j (1 - h_j) x_j
```
Use instead:
```latex
\frac{\partial h_j}{\partial w_{ij}} = h_j (1 - h_j) x_i
```
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.names_in_notes import index_list, is_letter
from derive.notation.runs import walk
from derive.notation.syntax import Sym

from .edit import Edit, Rule, Side


def edits(side: Side) -> Iterator[Edit]:
    """Each index letter of the side replaced by each other letter that the statement uses."""
    used = sorted(_letters(side))
    for sym in (n for n in walk(side.node) if isinstance(n, Sym) and n.sub is not None):
        assert sym.sub is not None
        for where in index_list(sym.sub, side.letters) or ():
            if not (isinstance(where, Sym) and is_letter(where, side.letters)):
                continue
            start, end = where.span
            for letter in (u for u in used if u != where.base):
                was = side.source[sym.span[0] : sym.span[1]]
                now = was[: start - sym.span[0]] + letter + was[end - sym.span[0] :]
                yield Edit(start=start, end=end, text=letter, was=was, should_be=now)


def _letters(side: Side) -> set[str]:
    nodes = (n for root in (side.node, side.other) for n in walk(root))
    return {n.base for n in nodes if isinstance(n, Sym) and is_letter(n, side.letters)}


RULE = Rule(code="GP201", name="swapped-index", edits=edits)
