"""An index that nothing binds where the sum or product around it has another one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import pairwise

from derive.chances.events import brackets, unbraced
from derive.chances.unrolled import INDICES, free_letters
from derive.notation.runs import rebuild, unplaced, walk
from derive.notation.syntax import Big, Chain, Group, Juxt, Listing, Node, Span, Sym

from ...context import Context
from ...lines import Line
from ...rules import swapped_index
from .miss import Miss

RANGE = re.compile(r"\\?\{\s*1\s*,\s*\\[lc]?dots[cb]?\s*,\s*(\w)\s*\\?\}")


def stray_index(line: Line, context: Context) -> Miss | None:
    """p(y_i = C_k | x_i) within ∏_j, where k stands nowhere else, and p(y_i = C_j | x_i) does."""
    if line.right is None or line.carried is not None:
        return None
    strays = {s for s in free_letters(line.right) - free_letters(line.left) if s.islower()}
    if len(strays) != 1:
        return None
    stray = min(strays)
    if _is_spoken_of(stray, line, context):
        return None
    elsewhere = set(_masses_elsewhere(line, context))
    for bound, node in _within_sums(line.right, ()):
        for letter in bound:
            places = [n.span for n in walk(node) if isinstance(n, Sym) and n.base == stray and n.sub is None]
            if len(places) == 1 and unplaced(_renamed(node, stray, letter)) in elsewhere:
                return _changed(line, places, letter, node, f"nothing says what {stray} is")
    return None


def _is_spoken_of(letter: str, line: Line, context: Context) -> bool:
    """Whether a letter stands, free, in another formula of the text, or in its prose."""
    if re.search(rf"(?<![\\\w]){letter}(?:-th|th|\^\{{th)", context.lines.prose):
        return True
    for root, formula in context.lines.nodes:
        if formula.offset == line.formula.offset:
            continue
        single = [n for n in walk(root) if isinstance(n, Sym) and n.base == letter and n.sub is None]
        bound = [n.below for n in walk(root) if isinstance(n, Big) and n.below is not None]
        if single and not any(isinstance(n, Sym) and n.base == letter for b in bound for n in walk(b)):
            return True
    return False


def _within_sums(node: Node, bound: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Each probability with its bracket, and the letters that are bound around it, the innermost first."""
    if isinstance(node, Big) and isinstance(node.below, Chain) and isinstance(node.below.operands[0], Sym):
        bound = (node.below.operands[0].base, *bound)
    if isinstance(node, Juxt):
        for head, group in pairwise(node.items):
            if isinstance(head, Sym) and isinstance(group, Group) and next(brackets((_pair(head, group),)), None):
                yield bound, _pair(head, group)
    from_children = node.items if isinstance(node, Juxt | Listing) else _inside(node)
    for child in from_children:
        yield from _within_sums(child, bound)


def _inside(node: Node) -> tuple[Node, ...]:
    return (node.body,) if isinstance(node, Big | Group) else ()


def _pair(head: Sym, group: Group) -> Juxt:
    bare = dataclasses.replace(group, sup=None)
    return Juxt(items=(head, bare), span=(head.span[0], group.span[1]))


def _masses_elsewhere(line: Line, context: Context) -> Iterator[Node]:
    for root, formula in context.lines.nodes:
        if formula.offset != line.formula.offset:
            for head, group in brackets((root,)):
                if isinstance(head, Sym):
                    yield unplaced(_pair(head, group))


def _renamed(node: Node, old: str, new: str) -> Node:
    def change(part: Node) -> Node:
        return dataclasses.replace(part, base=new) if isinstance(part, Sym) and part.base == old else part

    return rebuild(node, change)


def unused_bound(line: Line, context: Context) -> Miss | None:
    """Σ_{k=1}^K of terms in z_i, which takes the values 1 to K, instead of in k."""
    if line.right is None or line.carried is not None or line.link:
        return None
    for big in (n for n in walk(line.right) if isinstance(n, Big) and n.op == "sum"):
        below, above = big.below, unbraced(big.above) if big.above is not None else None
        if not isinstance(below, Chain) or not isinstance(below.operands[0], Sym) or not isinstance(above, Sym):
            continue
        letter = below.operands[0].base
        if letter not in INDICES or any(isinstance(n, Sym) and n.base == letter for n in walk(big.body)):
            continue
        for base in sorted(_ranging(above.base, context)):
            used = any(isinstance(n, Sym) and n.base == base for n in walk(line.left))
            places = sorted(_places(big.body, base))
            if places and not used:
                return _changed(line, places, letter, big, f"the sum is over {letter}, which stands nowhere in it")
    return None


def _ranging(last: str, context: Context) -> set[str]:
    """The variables that the text says take the values 1 to K."""
    found: set[str] = set()
    for root, formula in context.lines.nodes:
        if isinstance(root, Chain) and root.operators[-1] == "in" and isinstance(root.operands[0], Sym):
            match = RANGE.search(formula.latex[slice(*root.operands[-1].span)])
            if match is not None and match[1] == last:
                found.add(root.operands[0].base)
    return found


def _places(node: Node, base: str) -> Iterator[Span]:
    """Where a variable stands with its index, z_i or z[i]."""
    for part in walk(node):
        if isinstance(part, Sym) and part.base == base and part.sub is not None:
            yield part.span
        items = part.items if isinstance(part, Juxt) else ()
        for head, group in pairwise(items):
            if isinstance(head, Sym) and head.base == base and isinstance(group, Group) and group.opening == "[":
                yield head.span[0], group.span[1]


def _changed(line: Line, places: list[Span], letter: str, around: Node, because: str) -> Miss:
    source = line.formula.latex
    text, done = "", around.span[0]
    for start, end in places:
        text += source[done:start] + letter
        done = end
    return Miss(
        rule=swapped_index.RULE,
        because=because,
        changes=tuple((start, end, letter) for start, end in places),
        shown=(source[slice(*around.span)], text + source[done : around.span[1]]),
    )
