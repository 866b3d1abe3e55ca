r"""# wrong-sign (GP202)

## What it does
Finds an equation that becomes true when a plus or minus is turned round: of a term, of an argument or exponent, or
of a whole side.

## Why is this bad?
A gradient with the wrong sign climbs where it should descend.

## Example
```latex
\frac{d}{dz} \tanh(z) = 1 + \tanh(z)^2
```
Use instead:
```latex
\frac{d}{dz} \tanh(z) = 1 - \tanh(z)^2
```
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.syntax import Array, Bin, Empty, Fn, Fraction, Group, Neg, Node, Num, Sym

from .edit import Edit, Rule, Side
from .parts import MINUS, Term, is_derivative, products, slots, terms, unwrapped, within


def edits(side: Side) -> Iterator[Edit]:
    """Each sign turned, each leading minus dropped, a minus put before each expression, all signs of a sum turned."""
    for slot in slots(side.node):
        node = unwrapped(slot)
        found = terms(side, node)
        for k, term in enumerate(found):
            if k or term.sign:
                yield _turned(side, node, term, first=k == 0)
        if not found[0].sign:
            yield _negated(side, slot, node, alone=len(found) == 1)
        if len(found) > 1:
            yield side.edit("signs of a sum", *node.span, _all_turned(side, node, found), node.span)
    for part in (n for n in within(side.node) if isinstance(n, Neg)):
        if not any(part is unwrapped(s) for s in slots(side.node)):
            yield side.edit("sign", part.span[0], part.body.span[0], "", part.span)
    yield from _moved(side)
    yield from _swapped(side)


def _swapped(side: Side) -> Iterator[Edit]:
    """a - b made b - a, as a whole side or as a factor of a product in brackets."""
    factors = [n.body for found in products(side.node) for n in found if isinstance(n, Group) and _is_plain(n)]
    for difference in (side.node, *factors):
        if isinstance(difference, Bin) and difference.op == "-" and not isinstance(difference.left, Bin | Empty | Neg):
            (a, b), (c, d) = difference.left.span, difference.right.span
            text = side.source[c:d] + side.source[b:c] + side.source[a:b]
            yield side.edit("swapped difference", a, d, text, difference.span)


def _is_plain(group: Group) -> bool:
    return group.opening in ("(", "[") and group.sup is None


def _moved(side: Side) -> Iterator[Edit]:
    """-f(x) made f(-x)."""
    for node in (n for n in within(side.node) if isinstance(n, Neg)):
        body = node.body
        argument = body.argument if isinstance(body, Fn) else body.sup if isinstance(body, Sym) else None
        inner = unwrapped(argument.body if isinstance(argument, Group) else argument) if argument else None
        if inner is not None and side.source[inner.span[0] - 1 : inner.span[0]] in ("(", "{", "["):
            text = side.source[body.span[0] : inner.span[0]] + "-"
            yield side.edit("sign of an argument", node.span[0], inner.span[0], text, node.span)


def _turned(side: Side, node: Node, term: Term, *, first: bool) -> Edit:
    if first:  # a leading minus is dropped, with the blanks after it
        end = term.node.span[0]
        return side.edit("sign", term.start, end, "", node.span)
    sign = "+" if term.sign in MINUS else "-"
    return side.edit("sign", term.start, term.start + 1, sign, node.span)


def _negated(side: Side, slot: Node, node: Node, *, alone: bool) -> Edit:
    """A minus before an expression; an exponent without braces gets them."""
    start, end = node.span
    bare = isinstance(node, Num | Sym) and side.source[start - 1 : start] in ("^", "_")
    if bare:
        return side.edit("sign of an argument", start, end, "{-" + side.text(node) + "}", (start - 1, end))
    whole = slot is side.node or any(slot is cell for cell in _cells(side.node))
    kind = ("leading sign" if alone else "sign") if whole else "sign of an argument"
    around = node.span
    if isinstance(node, Fraction) and is_derivative(node):
        around = slot.span
    return side.edit(kind, start, start, "-", around)


def _cells(root: Node) -> Iterator[Node]:
    """The entries of what is written out as a vector or matrix."""
    return (cell for n in within(root) if isinstance(n, Array) for row in n.rows for cell in row)


def _all_turned(side: Side, node: Node, found: tuple[Term, ...]) -> str:
    """The source of a sum with the sign of each of its terms turned."""
    text, end = "", node.span[1]
    for k in range(len(found) - 1, -1, -1):
        term = found[k]
        after = term.start + (1 if term.sign else 0)
        body = side.source[after:end]
        sign = "+" if term.sign in MINUS else "-"
        text = ("" if k == 0 and sign == "+" else sign) + (body.lstrip() if k == 0 else body) + text
        end = term.start
    return text


RULE = Rule(code="GP202", name="wrong-sign", edits=edits)
