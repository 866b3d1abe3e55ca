r"""# wrong-term (GP206)

## What it does
Finds an equation that becomes true when a term is left out or put in: a number, or a term that the statement writes
elsewhere.

## Why is this bad?
A term lost on the way from one line to the next is lost in everything that follows.

## Example
```latex
\frac{d}{dz} \tanh(z) = - \tanh(z)^2
```
Use instead:
```latex
\frac{d}{dz} \tanh(z) = 1 - \tanh(z)^2
```
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.syntax import Node, Num, Sym

from .edit import Edit, Rule, Side
from .parts import Term, products, slots, terms, unwrapped

NUMBERS = ("1", r"\frac{1}{2}")
MOST_TERMS, LONGEST = 12, 60
OFF_BY_ONE = -0.3  # exponents are often one more or less


def edits(side: Side) -> Iterator[Edit]:
    """Each term of a sum left out; each number and term of the statement added at its end, or before a minus; 1 − p."""
    pool = [(n, "number added") for n in NUMBERS] + [(t, "term added") for t in _pool(side)]
    seen: set[tuple[int, int]] = set()
    for slot in slots(side.node):
        node = unwrapped(slot)
        if node.span in seen or side.source[node.span[0] - 1 : node.span[0]] in ("^", "_"):
            continue
        if isinstance(node, Num) and node.text == "0":  # what is added to nothing takes its place
            continue
        seen.add(node.span)
        found = terms(side, node)
        if len(found) > 1:
            for k in range(len(found)):
                yield _without(side, node, found, k)
        yield from _with(side, node, found, pool)
    for product in products(side.node):
        for factor in (f for f in product if isinstance(f, Sym)):
            around = (product[0].span[0], product[-1].span[1])
            yield side.edit("complement", *factor.span, f"(1 - {side.text(factor)})", around)
            for text, first, second in side.sums:
                if side.text(factor) in (first, second):
                    yield side.edit("sum of the text", *factor.span, f"({text})", around)


def _pool(side: Side) -> list[str]:
    """The terms that the other operands and this one write, as they are written."""
    texts: dict[str, None] = {}
    for source, root in side.everything():
        other = Side(source=source, node=root, others=(), letters=side.letters)
        for slot in slots(root):
            for term in terms(other, unwrapped(slot)):
                text = other.text(term.node)
                if len(text) <= LONGEST:
                    texts.setdefault(text)
    return [*texts, *side.scalars][: 2 * MOST_TERMS]


def _without(side: Side, node: Node, found: tuple[Term, ...], k: int) -> Edit:
    """The sum without a term; where the first goes, a plus behind it goes too."""
    end = found[k + 1].start if k + 1 < len(found) else node.span[1]
    if k == 0 and found[1].sign == "+":
        end = found[1].node.span[0]
    return side.edit("term dropped", found[k].start, end, "", node.span)


def _with(side: Side, node: Node, found: tuple[Term, ...], pool: list[tuple[str, str]]) -> Iterator[Edit]:
    start, end = node.span
    if len(found) == 1 and not found[0].sign:
        yield side.edit("complement", start, start, "1 - ", node.span)
    raised = side.source[max(start - 2, 0) : start] == "^{"
    own = {(" + " if t.sign == "-" else " - ", side.text(t.node)) for t in found}  # t − t says that t is left out
    for text, kind in pool:
        more = OFF_BY_ONE if raised and text == "1" else 0.0
        if found[0].sign:
            yield side.edit(kind, start, start, text + " ", node.span, more)
        for sign in (one for one in (" + ", " - ") if (one, text) not in own):
            yield side.edit(kind, end, end, sign + text, node.span, more)


RULE = Rule(code="GP206", name="wrong-term", edits=edits)
