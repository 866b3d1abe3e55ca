r"""# wrong-number (GP211)

## What it does
Finds an equation that becomes true when one number is replaced by another.

## Why is this bad?
It is a slip of the pen that survives into the code.

## Example
```latex
\frac{d}{dz} z^3 = 2 z^2
```
Use instead:
```latex
\frac{d}{dz} z^3 = 3 z^2
```
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from derive.notation.runs import walk
from derive.notation.syntax import Fraction, Group, Node, Num, Sqrt, Sym

from .edit import Edit, Rule, Side
from .parts import products, unwrapped, within

SQUARE = 0.5  # what a square number under a root costs more, which is hardly ever written


def edits(side: Side) -> Iterator[Edit]:
    """Each whole number one more, one less, doubled, halved, or another one of the statement."""
    here = {n.text for _, root in side.everything() for n in walk(root) if isinstance(n, Num)}
    neutral = _where_one_is_nothing(side.node)
    under = {id(unwrapped(n.body)) for n in within(side.node) if isinstance(n, Sqrt)}
    for node in (n for n in within(side.node) if isinstance(n, Num)):
        for text in (t for t in _near(node.text, here) if t != "1" or id(node) not in neutral):
            more = _distance(node.text, text) + (SQUARE if id(node) in under and _is_square(text) else 0.0)
            yield side.edit("number", *node.span, text, side.node.span, more)
        if node.text == "1":
            for name in side.scalars:
                yield side.edit("name for a number", *node.span, name, side.node.span)


def _is_square(text: str) -> bool:
    return text.isdigit() and math.isqrt(int(text)) ** 2 == int(text)


def _distance(before: str, after: str) -> float:
    """The nearer number is the likelier one, and of two as near the smaller."""
    a, b = float(before.replace(",", "")), float(after.replace(",", ""))
    return min(abs(b - a) + (b > a) / 2, 10) / 50


def _where_one_is_nothing(root: Node) -> set[int]:
    """The factors, divisors and exponents, which are left out rather than made 1."""
    found = {id(f) for product in products(root) for f in product}
    for node in within(root):
        if isinstance(node, Fraction):
            found.add(id(node.below))
        if isinstance(node, Sym | Group) and node.sup is not None:
            found |= {id(node.sup), id(unwrapped(node.sup))}
    return found


def _near(text: str, here: set[str]) -> list[str]:
    near = set(here)
    if text.isdigit() and len(text) < 6:
        number = int(text)
        near |= {str(number + 1), str(abs(number - 1)), str(2 * number), str(number // 2 if number > 1 else 1)}
    return sorted(near - {text})


RULE = Rule(code="GP211", name="wrong-number", edits=edits)
