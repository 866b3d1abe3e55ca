r"""# wrong-sum (GP212)

## What it does
Finds an equation that becomes true when a limit of a sum or product is changed, or the sum is put in or left out.

## Why is this bad?
A sum from 0 where the first entry is 1 counts something that is not there; a missing sum is the gradient of one data
point in place of all.

## Example
```latex
\frac{\partial}{\partial b} \sum_{i=1}^n (b - y_i)^2 = 2 (b - y_i)
```
Use instead:
```latex
\frac{\partial}{\partial b} \sum_{i=1}^n (b - y_i)^2 = 2 \sum_{i=1}^n (b - y_i)
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Chain, Node, Num, Sym

from .edit import Edit, Rule, Side
from .parts import factors, slots, terms, unwrapped, within

ITERATED = ("sum", "prod")
MOST_HEADS = 4


def edits(side: Side) -> Iterator[Edit]:
    """Each limit changed, each sum left out, each sum of the statement put before each term and product."""
    for node in within(side.node):
        if isinstance(node, Big) and node.op in ITERATED:
            yield side.edit("sum dropped", node.span[0], node.body.span[0], "", node.span)
            yield from _limits(side, node)
            yield from _other_heads(side, node)
    heads: dict[str, None] = {}
    for source, root in side.everything():
        for node in (n for n in walk(root) if isinstance(n, Big) and n.op in ITERATED):
            heads.setdefault(source[node.span[0] : node.body.span[0]])
    for head in list(heads)[:MOST_HEADS]:
        blank = "" if head.endswith((" ", "}")) else " "
        for slot in slots(side.node):
            for term in terms(side, unwrapped(slot)):
                for factor in factors(term.node)[:3]:
                    at = factor.span[0]
                    if side.source[at - 1 : at] not in ("^", "_"):
                        yield side.edit("sum put in", at, at, head + blank, term.node.span)


def _other_heads(side: Side, node: Big) -> Iterator[Edit]:
    """Σ_k made a sum over another index: as the text writes it, or over a free index of what is summed."""
    bound = binder(node.below)
    if bound is None or node.op != "sum":
        return
    start, end = node.span[0], node.body.span[0]
    head = side.source[start:end]
    blank = head[len(head.rstrip()) :] or " "
    others = {h for h in side.heads if h != head.strip()}
    limits = {
        n.base for limit in (node.above, bound[1]) if limit is not None for n in walk(limit) if isinstance(n, Sym)
    }
    used = {n.base for n in walk(node.body) if isinstance(n, Sym)} & side.letters - {bound[0]} - limits
    written = (_reindexed(head.strip(), bound[0], letter) for letter in sorted(used) if len(letter) == 1)
    for text in dict.fromkeys((*sorted(others), *written)):
        yield side.edit("other sum", start, end, text + blank, node.span)


def _reindexed(head: str, was: str, letter: str) -> str:
    r"""`\sum_{k=1}^K` as `\sum_{n=1}^N`."""
    below = re.sub(rf"(?<![a-zA-Z\\]){re.escape(was)}(?![a-zA-Z])", letter, head)
    return re.sub(rf"(?<![a-zA-Z\\]){re.escape(was.upper())}(?![a-zA-Z])", letter.upper(), below)


def _limits(side: Side, node: Big) -> Iterator[Edit]:
    first = node.below.operands[1] if isinstance(node.below, Chain) and len(node.below.operands) == 2 else None
    if isinstance(first, Num):
        for text in (t for t in ("1", "0", "2") if t != first.text):
            yield side.edit("bound", *first.span, text, node.span)
    last = unwrapped(node.above) if node.above is not None else None
    if last is None:
        return
    text = side.text(last)
    braced = side.source[last.span[0] - 1 : last.span[0]] == "{"
    for new in (*_stepped(text, last), *(s for s in side.scalars if s != text)):
        yield side.edit("bound", *last.span, new if braced or len(new) == 1 else f"{{{new}}}", node.span)


def _stepped(text: str, last: Node) -> tuple[str, ...]:
    """n made n − 1 and n + 1; n − 1 made n."""
    if isinstance(last, Sym):
        return f"{text}-1", f"{text}+1"
    left = getattr(last, "left", None)
    return (text[: left.span[1] - last.span[0]],) if left is not None else ()


RULE = Rule(code="GP212", name="wrong-sum", edits=edits)
