r"""# wrong-operator (GP203)

## What it does
Finds an equation that becomes true when a product is read as a sum, a sum or difference as a product, or Σ as Π.

## Why is this bad?
The logarithm turns products into sums; a product left standing after taking the logarithm makes every formula
that follows wrong.

## Example
```latex
\log (a b) = \log a \cdot \log b
```
Use instead:
```latex
\log (a b) = \log a + \log b
```
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.notation.syntax import Big, Bin, Fraction, Group, Juxt, Num, Sym

from .edit import Edit, Rule, Side
from .parts import PLUS_MINUS, TIMES, products, sign_between, unwrapped, within

WRITTEN = {"cdot": (r"\cdot", "·"), "times": (r"\times", "×"), "*": ("*", r"\ast")}
BIG = {"sum": "prod", "prod": "sum"}


def edits(side: Side) -> Iterator[Edit]:
    """Each product made a sum or difference, each sum a product, each Σ a Π."""
    for node in within(side.node):
        if isinstance(node, Bin) and node.op in TIMES:
            yield from _of_product(side, node)
        if isinstance(node, Bin) and node.op in PLUS_MINUS:
            at = sign_between(side, node)
            if at is not None and isinstance(node.left, Num) and node.left.text == "1":  # y for 1 − y, and not 1 · y
                yield side.edit("plus for times", node.left.span[0], node.right.span[0], "", node.span)
            elif at is not None:
                text = "" if isinstance(node.right, Group) else r"\cdot "
                end = node.right.span[0] if not text else at + 1
                yield side.edit("plus for times", at, end, text, node.span)
        if isinstance(node, Big) and node.op in BIG:
            at = side.source.find("\\" + node.op, *node.span)
            if at >= 0:
                end = at + 1 + len(node.op)
                yield side.edit("sum for product", at, end, "\\" + BIG[node.op], node.span)
        if isinstance(node, Fraction) and isinstance(below := unwrapped(node.below), Juxt) and len(below.items) == 2:
            first, second = below.items  # a / (b c) for a / (b + c)
            if isinstance(first, Sym) and isinstance(second, Sym) and not (first.sup or second.sup):
                yield side.edit("plus for times", first.span[1], second.span[0], " + ", node.span)
    for found in products(side.node):
        for left, right in pairwise(found):
            if isinstance(right, Group) and right.opening in ("(", "[") and left.span[1] <= right.span[0]:
                around = (left.span[0], right.span[1])
                for sign in (" - ", " + "):
                    yield side.edit("plus for times", left.span[1], right.span[0], sign, around)


def _of_product(side: Side, node: Bin) -> Iterator[Edit]:
    start, end = node.left.span[1], node.right.span[0]
    for written in WRITTEN[node.op]:
        at = side.source.find(written, start, end)
        if at >= 0:
            for sign in ("+", "-"):
                yield side.edit("plus for times", at, at + len(written), sign, node.span)


RULE = Rule(code="GP203", name="wrong-operator", edits=edits)
