r"""# wrong-factor (GP205)

## What it does
Finds an equation that becomes true when a factor or a divisor is put in or left out: 2, 1/2, 1/n, a rate, a weight.

## Why is this bad?
A missing 1/n makes the step depend on the size of the data; a missing 2 makes two derivations disagree.

## Example
```latex
\frac{d}{dz} (z - y)^2 = z - y
```
Use instead:
```latex
\frac{d}{dz} (z - y)^2 = 2 (z - y)
```
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.notation.runs import walk
from derive.notation.scope import binder
from derive.notation.syntax import Big, Bin, Fraction, Group, Node, Num, Sym

from .edit import Edit, Rule, Side
from .parts import beside, factors, is_derivative, is_quantity, products, slots, terms, unwrapped, within

NUMBERS = ("2", "3", "4")
SHORT = 2  # of so many factors a half is written as a fraction, of more with one half before them
MOST_TERMS, MOST_HALVED, MOST_NAMES, MOST_SLOPES = 12, 30, 12, 3
LETTER_OF_A_SUM = 0.9  # what a letter before a whole sum costs more there than a number or a size

ENTRYWISE = (r"\odot", r"\circ")  # how texts multiply entry by entry


def edits(side: Side) -> Iterator[Edit]:
    """Each factor and divisor left out; each usual factor put before each term, or below it."""
    for found in products(side.node):
        yield from _without_one(side, found)
    for node in within(side.node):
        if isinstance(node, Fraction) and not is_derivative(node):
            yield from _of_fraction(side, node)
        if isinstance(node, Big) and node.op == "sum" and node.below is not None:
            yield from _weighted(side, node, node.below)
    here = sorted({src[n.span[0] : n.span[1]] for src, root in side.everything() for n in _names(root, side)})
    here += sorted(_at_bound(side, frozenset(here)))
    usual = [(f, "factor put in") for f in (*NUMBERS, *here)]
    usual += [(f, "factor of the text") for f in (*side.scalars, *side.names[:MOST_NAMES]) if f not in here]
    kept = [side.text(n) for n in _names(side.node, side) if n.sub is not None][:MOST_SLOPES]
    usual += [(f"({form})", "factor put in") for v in dict.fromkeys(kept) for form in (f"1 - {v}", f"1 - {v}^2")]
    yield from _around(side, usual)
    seen: set[int] = set()
    for slot in slots(side.node):
        for term in terms(side, unwrapped(slot)):
            if term.node.span[0] not in seen and len(seen) < MOST_HALVED:
                yield from _with_one(side, term.node, usual if len(seen) < MOST_TERMS else usual[:1])
                seen.add(term.node.span[0])


def _weighted(side: Side, node: Big, below: Node) -> Iterator[Edit]:
    """Σ_x P(x | y) f(x) of Σ_x f(x), with a probability of the text."""
    start, body = node.body.span[0], side.text(node.body)
    for letter, weight in side.weights:
        if side.text(below).strip("{}") == letter and weight not in body:
            yield side.edit("factor put in", start, start, f"{weight} ", node.span)


def _around(side: Side, usual: list[tuple[str, str]]) -> Iterator[Edit]:
    """Each factor and divisor put before a sum, which gets brackets."""
    whole, text = side.node.span, side.text(side.node)
    if not isinstance(side.node, Bin) or side.node.op not in "+-":
        return
    for factor, kind in usual:
        more = 0.0 if factor.isdigit() or factor in side.sizes else LETTER_OF_A_SUM
        below = kind.replace("factor put", "divisor put")
        yield side.edit(kind, *whole, f"{factor}({text})", whole, more)
        yield side.edit(below, *whole, rf"\frac{{1}}{{{factor}}}({text})", whole, more)


def _names(root: Node, side: Side) -> Iterator[Sym]:
    return (n for n in within(root) if isinstance(n, Sym) and is_quantity(n, side.letters) and n.sup is None)


def _at_bound(side: Side, here: frozenset[str]) -> Iterator[str]:
    """π_j beside Σ_j and π_k: the names with one index, at the indices that are summed over."""
    bound = {b[0] for n in walk(side.node) if isinstance(n, Big) and (b := binder(n.below)) is not None}
    for sym in _names(side.node, side):
        if isinstance(sym.sub, Sym) and len(sym.sub.base) == 1 and sym.sub.base not in bound:
            low, high = (k - sym.span[0] for k in sym.sub.span)
            text = side.text(sym)
            yield from {text[:low] + b + text[high:] for b in bound if len(b) == 1} - here


def _without_one(side: Side, found: tuple[Node, ...]) -> Iterator[Edit]:
    """Each factor of a product left out, with the dot before or after it."""
    around = (found[0].span[0], found[-1].span[1])
    for k, factor in enumerate(found):
        if isinstance(factor, Big) or is_derivative(factor):
            continue
        if k + 1 < len(found):
            start, end = factor.span[0], found[k + 1].span[0]
        else:
            start, end = found[k - 1].span[1], factor.span[1]
        blank = " " if side.source[:start][-1:].isalpha() and side.source[end : end + 1].isalpha() else ""
        twice = side.text(factor) in [side.text(f) for j, f in enumerate(found) if j != k]
        kind = "factor twice" if twice else "number dropped" if isinstance(factor, Num) else "factor dropped"
        yield side.edit(kind, start, end, blank, around)


def _of_fraction(side: Side, node: Fraction) -> Iterator[Edit]:
    """a/b made a and 1/b; each factor of b left out is done as of any product."""
    above, below = side.text(node.above), side.text(node.below)
    over = unwrapped(node.above)
    if not (isinstance(over, Num) and over.text == "1"):
        yield side.edit("divisor dropped", *node.span, _bracketed(above, over), node.span)
        if not isinstance(over, Bin):
            yield side.edit("factor dropped", *node.above.span, _like(above, "1"), node.span)
    for number in NUMBERS:
        start = unwrapped(node.below).span[0]
        if not isinstance(unwrapped(node.below), Bin):
            text = number if not side.source[start : start + 1].isdigit() else number + r" \cdot "
            braced = _like(below, beside(number, below.strip("{}"))) if start == node.below.span[0] else text
            span = node.below.span if start == node.below.span[0] else (start, start)
            yield side.edit("divisor put in", *span, braced, node.span)
            over_one = isinstance(over, Num) and over.text == "1"
            if over_one and not side.text(unwrapped(node.below)).startswith(number):
                yield side.edit("factor put in", *over.span, number, node.span)


def _with_one(side: Side, term: Node, usual: list[tuple[str, str]]) -> Iterator[Edit]:
    text, start = side.text(term), term.span[0]
    bare = side.source[start - 1 : start] in ("^", "_")
    if bare:
        return
    sums = isinstance(term, Bin) and term.op in "+-"
    entrywise = next((op for op in ENTRYWISE if op in side.source), "")
    for factor, kind in usual:
        if sums or _over_one(term) or text.startswith(factor):
            continue
        number = isinstance(factors(term)[0], Num)
        if entrywise and not number and not factor.isdigit():
            yield side.edit(kind, start, start, rf"{factor} {entrywise} ", term.span)
        if not number or factor.isdigit():
            behind = 0.05 if isinstance(factors(term)[0], Group) and not factor.isdigit() else 0.0
            yield side.edit(kind, start, start, beside(factor, text)[: -len(text)], term.span, behind)
        if number and not factor.isdigit() and len(factors(term)) > 1:
            at = factors(term)[1].span[0]
            rest = side.source[at : term.span[1]]
            yield side.edit(kind, at, at, beside(factor, rest)[: -len(rest)], term.span, 0.03)
        if not factor.isdigit() and not isinstance(factors(term)[-1], Big):
            end = term.span[1]
            yield side.edit(kind, end, end, beside(text, " " + factor)[len(text) :], term.span)
    simple = not any(isinstance(f, Big | Fraction | Group) for f in factors(term)) and len(factors(term)) <= SHORT
    for divisor, kind in (("2", "divisor put in"), *((f, k.replace("factor put", "divisor put")) for f, k in usual)):
        if simple:
            yield side.edit(kind, *term.span, rf"\frac{{{text}}}{{{divisor}}}", term.span)
        else:
            yield side.edit(kind, start, start, rf"\frac{{1}}{{{divisor}}} ", term.span)


def _over_one(term: Node) -> bool:
    above = unwrapped(term.above) if isinstance(term, Fraction) else None
    return isinstance(above, Num) and above.text == "1"


def _bracketed(text: str, node: Node) -> str:
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    return f"({inner})" if isinstance(node, Bin) and node.op in "+-" else inner


def _like(text: str, new: str) -> str:
    return f"{{{new}}}" if text.startswith("{") or len(new) > 1 else new


RULE = Rule(code="GP205", name="wrong-factor", edits=edits)
