r"""# wrong-exponent (GP208)

## What it does
Finds an equation that becomes true when an exponent or a root is changed, put in, left out or moved to its neighbour.

## Why is this bad?
A variance where a standard deviation belongs is wrong by orders of magnitude, and nothing complains.

## Example
```latex
\frac{d}{dz} \frac{1}{z} = - \frac{1}{z}
```
Use instead:
```latex
\frac{d}{dz} \frac{1}{z} = - \frac{1}{z^2}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from derive.notation.names_in_notes import is_transpose
from derive.notation.syntax import Big, Bin, Fn, Fraction, Group, Juxt, Node, Num, Sqrt, Sym

from .edit import Edit, Rule, Side
from .parts import is_derivative, is_quantity, unwrapped, within

HALF = r"\frac{1}{2}"
EXPONENTS = ("2", "3", "-1", "-2", HALF)
INVERTED = 0.3  # what a negative power or a half, or one of a logarithm, costs more than another: few texts write them
SELDOM_RAISED = ("exp", "log", "ln")


def edits(side: Side) -> Iterator[Edit]:
    """Each exponent changed or left out, one put at each letter and bracket, each root left out or put in."""
    items = side.node.items if isinstance(side.node, Juxt) else (side.node,)
    quadratic = len(items) > 1 and isinstance(items[0], Sym | Group) and is_transpose(items[0].sup)
    if quadratic or (isinstance(items[-1], Big | Fraction) and not is_derivative(items[-1])):
        yield side.edit("root", *side.node.span, rf"\sqrt{{{side.text(side.node)}}}", side.node.span)
    seldom = {id(n.argument) for n in within(side.node) if isinstance(n, Fn) and n.name in SELDOM_RAISED}
    for node in within(side.node):
        if isinstance(node, Sym | Group) and _is_power(node):
            yield from _changed(side, node)
        if isinstance(node, Sym | Group) and node.sup is None and _may_be_raised(node, side):
            yield from _raised(side, node, INVERTED if id(node) in seldom else 0.0)
        if isinstance(node, Juxt):
            yield from _lowered(side, node)
            yield from _exchanged(side, node)
        if isinstance(node, Fn) and node.sup is None and node.argument is not None:
            at = node.argument.span[0]
            more = INVERTED if node.name in SELDOM_RAISED else 0.0
            yield side.edit("exponent put in", at, at, "^2", node.span, more)
        if isinstance(node, Bin):
            yield from _raised_to_steps(side, node)
        if isinstance(node, Num) and re.search(rf"\\sqrt\s*\{{?{node.text}(?!\d)", side.source):  # 3 beside √3
            yield side.edit("root", *node.span, rf"\sqrt{{{node.text}}}", node.span, -INVERTED)
        if isinstance(node, Sqrt) and node.degree is None:
            text = side.text(node.body)
            inner = text.strip("{}") if isinstance(node.body, Sym | Num) else f"({text})"
            yield side.edit("root", *node.span, inner, node.span)
        if isinstance(node, Fraction) and not is_derivative(node):
            yield from _rooted(side, node.below, node)
            if isinstance(node.above, Bin):
                yield from _rooted(side, node.above, node)
            yield from _squared(side, node)


def _is_power(node: Sym | Group) -> bool:
    label = isinstance(node.sup, Group) and node.sup.opening in ("(", "[")
    return node.sup is not None and not is_transpose(node.sup) and not label


def _may_be_raised(node: Sym | Group, side: Side) -> bool:
    return is_quantity(node, side.letters) if isinstance(node, Sym) else node.opening in ("(", "[", "|", "\\|")


def _changed(side: Side, node: Sym | Group) -> Iterator[Edit]:
    assert node.sup is not None
    start = side.source.rfind("^", node.span[0], node.sup.span[0] + 1)
    if start < 0:
        return
    end = node.sup.span[1]
    end += side.source[end : end + 1] == "}" and side.source[start + 1 : start + 2] == "{" != side.text(node.sup)[:1]
    was = unwrapped(node.sup)
    yield side.edit("exponent", start, end, "", node.span)
    for exponent in EXPONENTS:
        if exponent != side.text(was):
            yield side.edit("exponent", start, end, f"^{_braced(exponent)}", node.span)
    if isinstance(was, Bin) and was.op in "+-":
        for part in (was.left, was.right):
            yield side.edit("exponent", start, end, f"^{_braced(side.text(part))}", node.span)
    if isinstance(was, Num):
        for name in sorted(side.letters) + [s for s in side.scalars if len(s) < 12]:
            yield side.edit("exponent of the text", start, end, f"^{_braced(name)}", node.span)
    if isinstance(node, Group):  # (x)^2 for (x^2)
        inside = node.body.span[1]
        closing = side.source[inside:start]
        moved = side.source[start:end]
        if node.span == side.node.span and side.source[node.span[0]] in "([":  # the brackets have no use any more
            yield side.edit("exponent", *node.span, side.text(node.body) + moved, node.span, -0.05)
        yield side.edit("exponent", inside, end, moved + closing, node.span)


def _raised(side: Side, node: Sym | Group, seldom: float) -> Iterator[Edit]:
    at = node.span[1]
    for exponent in EXPONENTS:
        more = seldom + (INVERTED if exponent in (HALF, "-1", "-2") else 0.0)
        yield side.edit("exponent put in", at, at, f"^{_braced(exponent)}", node.span, more)
    if isinstance(node, Group) and isinstance(node.body, Sym) and _is_power(node.body):  # E[X^2] for E[X]^2
        start = side.source.rfind("^", *node.body.span)
        closing = side.source[node.body.span[1] : at]
        yield side.edit("exponent", start, at, closing + side.source[start : node.body.span[1]], node.span)
    if isinstance(node, Sym) or (isinstance(node.body, Bin) and node.opening in "(["):
        inner = side.text(node if isinstance(node, Sym) else node.body)
        yield side.edit("root", *node.span, rf"\sqrt{{{inner}}}", node.span)


def _exchanged(side: Side, node: Juxt) -> Iterator[Edit]:
    """The exponents of two neighbours exchanged: (2π)^{1/2} |Σ|^{D/2} made (2π)^{D/2} |Σ|^{1/2}."""
    for first, second in pairwise(node.items):
        if not all(isinstance(n, Sym | Group) and _is_power(n) for n in (first, second)):
            continue
        assert isinstance(first, Sym | Group) and isinstance(second, Sym | Group) and first.sup and second.sup
        (a, b), (c, d) = first.sup.span, second.sup.span
        if side.source[a:b] != side.source[c:d]:
            text = side.source[c:d] + side.source[b:c] + side.source[a:b]
            yield side.edit("exponents exchanged", a, d, text, (first.span[0], second.span[1]))


def _raised_to_steps(side: Side, node: Bin) -> Iterator[Edit]:
    """1 − β made 1 − β^t, with an index of the text: sums of a geometric series have it."""
    match node:
        case Bin(op="-", left=Num(text="1"), right=Sym(sup=None) as share) if is_quantity(share, side.letters):
            for letter in sorted(side.letters):
                yield side.edit("exponent put in", *(share.span[1],) * 2, f"^{_braced(letter)}", share.span, -INVERTED)
    return


def _lowered(side: Side, node: Juxt) -> Iterator[Edit]:
    """A bracket behind another one made its exponent: (1 − p)(1 − y) made (1 − p)^{1 − y}."""
    groups = ((a, b) for a, b in pairwise(node.items) if isinstance(a, Group) and isinstance(b, Group))
    for base, exponent in groups:
        plain = base.sup is None and exponent.sup is None and base.opening == exponent.opening == "("
        if plain and isinstance(exponent.body, Bin):
            span = (base.span[0], exponent.span[1])
            yield side.edit("exponent put in", *exponent.span, f"^{{{side.text(exponent.body)}}}", span)


def _rooted(side: Side, below: Node, node: Fraction) -> Iterator[Edit]:
    text = side.text(below)
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    yield side.edit("root", *below.span, rf"{{\sqrt{{{inner}}}}}" if text != inner else rf"\sqrt{{{inner}}}", node.span)


def _squared(side: Side, node: Fraction) -> Iterator[Edit]:
    """A sum or difference above or below, which stands there without a bracket, squared."""
    for half in (node.above, node.below):
        if isinstance(half, Bin) and half.op in "+-" and not side.text(half).startswith("{"):
            yield side.edit("exponent put in", *half.span, f"({side.text(half)})^2", node.span)


def _braced(exponent: str) -> str:
    return exponent if len(exponent) == 1 else f"{{{exponent}}}"


RULE = Rule(code="GP208", name="wrong-exponent", edits=edits)
