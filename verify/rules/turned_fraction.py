r"""# turned-fraction (GP210)

## What it does
Finds an equation that becomes true when a fraction is turned upside down, or a factor becomes a divisor.

## Why is this bad?
A rate in place of a time, a precision in place of a variance: the formula has the right letters and the wrong size.

## Example
```latex
\frac{d}{dz} \log z = z
```
Use instead:
```latex
\frac{d}{dz} \log z = \frac{1}{z}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from derive.notation.syntax import Bin, Fraction, Juxt, Node, Num, Sym

from .edit import Edit, Rule, Side
from .parts import is_derivative, is_quantity, unwrapped, within


def edits(side: Side) -> Iterator[Edit]:
    """Each fraction turned upside down; each letter made 1 over it, and 1 over something the thing itself."""
    halves: set[int] = set()
    for node in within(side.node):
        if isinstance(node, Fraction) and not is_derivative(node):
            above, below = unwrapped(node.above), unwrapped(node.below)
            halves |= {id(above), id(below)}
            command = side.source[node.span[0] : node.above.span[0]].split("{")[0].strip() or r"\frac"
            if isinstance(above, Num) and above.text == "1":
                text = side.text(below)
                turned = f"({text})" if isinstance(below, Bin) and below.op in "+-" else text
                yield side.edit("reciprocal", *node.span, turned, node.span)
            else:
                turned = f"{command}{{{side.text(below)}}}{{{side.text(above)}}}"
                yield side.edit("turned fraction", *node.span, turned, node.span)
                if isinstance(above, Sym) and isinstance(below, Sym):
                    yield side.edit("reciprocal", *node.span, f"{side.text(above)} {side.text(below)}", node.span)
        if isinstance(node, Juxt) and _is_share(node.items[0]):  # n/Σx for a mean
            share, rest = node.items[0], side.source[node.items[1].span[0] : node.span[1]]
            turned = rf"\frac{{{side.text(unwrapped(share.below))}}}{{{rest}}}"
            yield side.edit("reciprocal", *node.span, turned, node.span)
        if isinstance(node, Bin) and node.op == "/":
            between = side.source[node.left.span[1] : node.right.span[0]]
            turned = side.text(node.right) + between + side.text(node.left)
            yield side.edit("turned fraction", *node.span, turned, node.span)
            if isinstance(node.right, Sym):
                product = f"{side.text(node.left)} {side.text(node.right)}"
                yield side.edit("reciprocal", *node.span, product, node.span)
        bare = side.source[node.span[0] - 1 : node.span[0]] in ("^", "_")
        if isinstance(node, Sym) and is_quantity(node, side.letters) and not bare and id(node) not in halves:
            yield side.edit("reciprocal", *node.span, rf"\frac{{1}}{{{side.text(node)}}}", node.span, 0.1)


def _is_share(node: Node) -> TypeGuard[Fraction]:
    """Whether a factor is 1/n."""
    return isinstance(node, Fraction) and isinstance(one := unwrapped(node.above), Num) and one.text == "1"


RULE = Rule(code="GP210", name="turned-fraction", edits=edits)
