r"""# wrong-quantity (GP204)

## What it does
Finds an equation that becomes true when one quantity is replaced by another that the text uses, when two quantities
change places, or when a prime is added or dropped.

## Why is this bad?
It is the slip of copying: the formula has the right form and the wrong letter.

## Example
```latex
\frac{\partial L}{\partial w} = \frac{\partial L}{\partial z} \frac{\partial z}{\partial z}
```
Use instead:
```latex
\frac{\partial L}{\partial w} = \frac{\partial L}{\partial z} \frac{\partial z}{\partial w}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

from derive.notation.names_in_notes import is_transpose
from derive.notation.runs import walk
from derive.notation.syntax import Bin, Group, Juxt, Listing, Neg, Node, Num, Span, Sym

from .edit import Edit, Rule, Side
from .parts import is_quantity, transposes_in

PRIMED = -0.6  # what it costs less to take s' of the text for s
SWAPPED = "swapped quantities"


def edits(side: Side) -> Iterator[Edit]:
    """Each quantity of the side replaced by each other of the statement or text, swapped with another, or primed."""
    heads = {id(n) for _, root in side.everything() for n in _heads(root)}
    here = {
        (src[n.span[0] : n.span[1]], id(n) in heads) for src, root in side.everything() for n in _quantities(root, side)
    }
    known = [(text, is_head, "quantity") for text, is_head in sorted(here)]
    known += [(text, False, "quantity of the text") for text in side.names if (text, False) not in here]
    syms = tuple(_quantities(side.node, side))
    below = {id(n) for sym in walk(side.node) if isinstance(sym, Sym) and sym.sub for n in walk(sym.sub)}
    for sym in syms:
        for now, is_head, kind in known:
            if id(sym) in below and "_" in now:  # no index is a letter with an index
                continue
            if now != side.text(sym) and is_head == (id(sym) in heads):
                close = now.rstrip("'") == side.text(sym).rstrip("'")
                yield side.edit(kind, *sym.span, now, sym.span, PRIMED if close and kind != "quantity" else 0.0)
                yield from _below_power(side, sym, now, kind)
        yield from _primed(side, sym)
    yield from _applied(side)
    for first, second in combinations(syms, 2):
        yield from _swapped(side, first, second)
    for listing in (n for n in walk(side.node) if isinstance(n, Listing) and len(n.items) == 2):
        kind = "swapped condition" if listing.separator == "|" else SWAPPED
        yield from _swapped(side, listing.items[0], listing.items[1], kind)


def _quantities(root: Node, side: Side) -> Iterator[Sym]:
    marks = {id(n) for n in transposes_in(root)}
    for node in walk(root):
        if is_quantity(node, side.letters) and id(node) not in marks:
            assert isinstance(node, Sym)
            yield node


def _applied(side: Side) -> Iterator[Edit]:
    """Each p(…), with what stands in its brackets, replaced by each other that the statement writes."""
    known = sorted({src[slice(*span)] for src, root in side.everything() for span in _applications(root)})
    for span in _applications(side.node):
        for now in known:
            if now != side.source[slice(*span)]:
                yield side.edit("application", *span, now, span)


def _applications(root: Node) -> Iterator[Span]:
    return ((head.span[0], group.span[1]) for head, group in _applied_pairs(root))


def _heads(root: Node) -> Iterator[Node]:
    """The letters before a bracket, which may be functions; before a sum they may be factors."""
    return (head for head, group in _applied_pairs(root) if not isinstance(group.body, Bin))


def _applied_pairs(root: Node) -> Iterator[tuple[Sym, Group]]:
    for node in (n for n in walk(root) if isinstance(n, Juxt)):
        for head, group in pairwise(node.items):
            if isinstance(head, Sym) and isinstance(group, Group) and group.opening == "(":
                yield head, group


def _swapped(side: Side, first: Node, second: Node, kind: str = SWAPPED) -> Iterator[Edit]:
    (a, b), (c, d) = first.span, second.span
    one, other = side.source[a:b], side.source[c:d]
    if b <= c and one != other:
        yield side.edit(kind, a, d, other + side.source[b:c] + one, (a, d))


def _below_power(side: Side, sym: Sym, now: str, kind: str) -> Iterator[Edit]:
    """The letter of a power, a transpose or an inverse replaced, what raises it kept: η^2 made α^2, Q^⊤ made K^⊤."""
    at = side.source.find("^", *sym.span)
    before = sym.sub is None or sym.sub.span[1] <= at
    raised = isinstance(sym.sup, Num) or is_transpose(sym.sup) or _is_negative(sym.sup)
    if raised and before and at > 0 and "^" not in now and (sym.sub is None) == ("_" not in now):
        yield side.edit(kind, sym.span[0], at, now, sym.span)


def _primed(side: Side, sym: Sym) -> Iterator[Edit]:
    at = side.source.find("'", *sym.span)
    if at >= 0:
        yield side.edit("prime", at, at + 1, "", sym.span)
        yield side.edit("prime", at, at, "'", sym.span)


RULE = Rule(code="GP204", name="wrong-quantity", edits=edits)


def _is_negative(sup: Node | None) -> bool:
    """Whether a power is a number below zero, as that of an inverse."""
    power = sup.body if isinstance(sup, Group) else sup
    return isinstance(power, Neg) and isinstance(power.body, Num)
