r"""# misplaced-function (GP209)

## What it does
Finds an equation that becomes true when a function, an absolute value or a bracket is put in, left out or moved, or
when one function is replaced by its inverse or its companion.

## Why is this bad?
The logarithm of a sum is not the sum of the logarithms, and a bracket says how far a factor reaches.

## Example
```latex
\log \frac{a}{b} = \log a - b
```
Use instead:
```latex
\log \frac{a}{b} = \log a - \log b
```
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.runs import walk
from derive.notation.syntax import Big, Bin, Fn, Fraction, Group, Juxt, Node, Sym

from .edit import Edit, Rule, Side
from .parts import beside, is_derivative, is_quantity, products, slots, terms, unwrapped, within
from .reach import (
    dividing_inside,
    leaving_a_fraction,
    lifting_a_power,
    raising_a_product,
    reaching,
    reaching_on,
    summing_inside,
    taking_out,
)

COMPANIONS = {
    "exp": ("log",), "log": ("exp",), "ln": ("exp",), "sin": ("cos",), "cos": ("sin",), "max": ("min",),
    "min": ("max",), "sinh": ("cosh",), "cosh": ("sinh",), "tanh": ("cosh", "sinh"),
}  # fmt: skip
MOST_TERMS = 12
LOGARITHMS = ("log", "ln")
CHEAP = 0.003  # a character for a character: what only moves is not written anew


def edits(side: Side) -> Iterator[Edit]:
    """Each function left out or exchanged, one that the statement uses put before each term, brackets moved."""
    for node in within(side.node):
        if isinstance(node, Fn) and node.argument is not None and node.sub is None and node.sup is None:
            yield side.edit("function dropped", node.span[0], node.argument.span[0], "", node.span)
        if isinstance(node, Fn | Big):
            yield from _exchanged(side, node)
            yield from _moved(side, node)
        if isinstance(node, Group) and node.opening in ("(", "|") and node.sup is None:
            yield from _of_group(side, node)
        if isinstance(node, Group):
            yield from summing_inside(side, node)
            yield from lifting_a_power(side, node)
        if isinstance(node, Fraction):
            yield from leaving_a_fraction(side, node)
        if isinstance(node, Bin) and node.op in "+-":
            yield from _gathered(side, node)
            yield from reaching(side, node)
            yield from reaching_on(side, node)
        if isinstance(node, Bin):
            yield from dividing_inside(side, node)
        if isinstance(node, Fn | Juxt):
            yield from taking_out(side, node)
        if isinstance(node, Juxt):
            yield from raising_a_product(side, node)
    used = [f for f in ("\\log", "\\ln", "\\exp") if any(f in source for source, _ in side.everything())]
    for function in dict.fromkeys((*(used or ["\\log"]), *side.functions)):
        yield from _put_in(side, function)


def _exchanged(side: Side, node: Fn | Big) -> Iterator[Edit]:
    name = node.name if isinstance(node, Fn) else node.op
    at = side.source.find("\\" + name, *node.span)
    for other in COMPANIONS.get(name, ()) if at >= 0 else ():
        yield side.edit("other function", at, at + 1 + len(name), "\\" + other, node.span)


def _moved(side: Side, node: Fn | Big) -> Iterator[Edit]:
    """Σ_k log a_k made log Σ_k a_k, and the other way round."""
    outer, inner = (node, node.body) if isinstance(node, Big) else (node, node.argument)
    function, total = (inner, outer) if isinstance(outer, Big) else (outer, inner)
    if not isinstance(function, Fn) or not isinstance(total, Big) or function.name not in LOGARITHMS:
        return
    if function.sub is not None or function.sup is not None or function.argument is None or total.op != "sum":
        return
    moved = total.body if outer is function else function.argument
    text = side.text(moved)
    if isinstance(moved, Group) and moved.sup is None and not isinstance(moved.body, Bin):
        text = side.text(moved.body)
    head = side.source[total.span[0] : (function if outer is total else total.body).span[0]].rstrip()
    log = f"\\{function.name}"
    bare = isinstance(moved, Sym | Group | Fn | Fraction)
    now = f"{log} {head} {text}" if outer is total else f"{head} {log} {text if bare else f'({text})'}"
    yield side.edit("function moved", *node.span, now, node.span, -CHEAP * len(now))


def _of_group(side: Side, node: Group) -> Iterator[Edit]:
    """(…) made |…| and the other way round; the bracket left out."""
    a, b = node.span
    inner = side.text(node.body)
    pair = "||" if node.opening == "(" else "()"
    yield side.edit("bracket", a, b, pair[0] + inner + pair[1], node.span)
    if node.opening == "(" and isinstance(node.body, Bin):
        yield side.edit("bracket", a, b, inner, node.span)


def _gathered(side: Side, node: Bin) -> Iterator[Edit]:
    """a + b c made (a + b) c, and a b + c made a (b + c)."""
    for found in products(side.node):
        first, last = found[0], found[-1]
        if first.span[0] == node.right.span[0] and last.span[1] == node.right.span[1]:
            low, high = node.left.span[0], first.span[1]
            yield side.edit("bracket", low, high, f"({side.source[low:high]}) ", node.span)
        if last.span[1] == node.left.span[1] and found[-1] is not node.left:
            low, high = last.span[0], node.right.span[1]
            yield side.edit("bracket", low, high, f"({side.source[low:high]})", node.span)


def _put_in(side: Side, function: str) -> Iterator[Edit]:
    seen: set[int] = set()
    for slot in slots(side.node):
        for term in terms(side, unwrapped(slot)):
            for node in _places(term.node):
                start = node.span[0]
                if start in seen or side.source[start - 1 : start] in ("^", "_") or len(seen) > 2 * MOST_TERMS:
                    continue
                seen.add(start)
                text = side.text(node)
                simple = function in ("\\log", "\\ln") and not (isinstance(node, Bin) and node.op in "+-")
                bare = simple or (function == "\\exp" and isinstance(node, Group) and node.opening in ("(", "["))
                new = beside(function, text) if bare else f"{function}({text})"
                yield side.edit("function put in", *node.span, new, term.node.span)
                written = any("\\exp" in source for source, _ in side.everything())
                if function == "\\exp" and not written and isinstance(node, Sym) and is_quantity(node, side.letters):
                    yield side.edit("function put in", *node.span, f"e^{{{text}}}", term.node.span)


def _places(term: Node) -> Iterator[Node]:
    """The term, and its last factor, before which a function may have been forgotten."""
    if not is_derivative(term) and not _is_primed(term):
        yield term
    if isinstance(term, Big):
        yield from _places(term.body)
    items = getattr(term, "items", ())
    if items and not any(isinstance(i, Fraction) and is_derivative(i) for i in items):
        yield from (i for i in items[1:] if isinstance(i, Sym | Big | Fraction | Fn) and any(True for _ in walk(i)))


def _is_primed(term: Node) -> bool:
    """Whether a term is f′(x): its logarithm is not what is meant."""
    head = term.items[0] if isinstance(term, Juxt) and len(term.items) == 2 else None
    return isinstance(head, Sym) and head.primes > 0


RULE = Rule(code="GP209", name="misplaced-function", edits=edits)
