r"""Lines about probabilities in plainer writing: p(x) for p_{X}(x), ∫ for ∫_{-∞}^{∞}, Σ_x for Σ_{x ∈ Val(X)}.

What is proved of the plain line is proved of the one that was written; nothing else follows from it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import pairwise

from derive.chances.events import DENSITIES, unbraced
from derive.chances.shapes import is_whole
from derive.notation.runs import rebuild
from derive.notation.syntax import Big, Chain, Group, Juxt, Listing, Node, Sym

from ..lines import Line

VALUES = frozenset({"Val", "val", "Range", "range", "supp", "dom"})


def plainer(line: Line) -> Line | None:
    """The line in plainer writing; None if it is as plain as it may be."""
    if line.right is None:
        return None
    left, right = (rebuild(side, _plain) for side in (line.left, line.right))
    return None if left is line.left and right is line.right else dataclasses.replace(line, left=left, right=right)


def _plain(node: Node) -> Node:
    if isinstance(node, Juxt):
        heads = {id(head) for head, group in pairwise(node.items) if _names_its_outcomes(head, group)}
        return _with_items(node, tuple(_law(n) if id(n) in heads else n for n in node.items)) if heads else node
    if isinstance(node, Big) and node.below is not None:
        if node.op == "int" and node.above is not None and is_whole(node.below, node.above):
            return dataclasses.replace(node, below=None, above=None)
        if node.above is None and (letters := letters_of_all(unbraced(node.below))) is not None:
            return dataclasses.replace(node, below=letters)
    return node


def _with_items(node: Juxt, items: tuple[Node, ...]) -> Juxt:
    return dataclasses.replace(node, items=items)


# -- names of variables below a law ----------------------------------------------------------------------


def _law(head: Node) -> Node:
    return Sym(base="p", span=head.span)


def _names_its_outcomes(head: Node, group: Node) -> bool:
    """Whether what stands below a law are the capitals of its bracket, with a bar where that has one: p_{XY}(x, y′)."""
    if not isinstance(head, Sym) or not isinstance(group, Group) or group.opening != "(" or group.sup is not None:
        return False
    if head.base not in DENSITIES or head.sub is None or head.sup is not None or head.accents or head.primes:
        return False
    below, inside = list(_letters(unbraced(head.sub))), list(_letters(group.body))
    return len(below) == len(inside) > 0 and all(map(_is_capital_of, below, inside))


def _letters(node: Node) -> Iterator[Sym | str | None]:
    """The letters of a list with the bars between them; None for anything else."""
    match node:
        case Sym():
            yield node
        case Juxt(items=items):
            for item in items:
                yield from _letters(item)
        case Listing(items=items, separator="," | "|" as separator):
            for k, item in enumerate(items):
                yield from ("|",) if k and separator == "|" else ()
                yield from _letters(item)
        case _:
            yield None


def _is_capital_of(capital: Sym | str | None, letter: Sym | str | None) -> bool:
    if not isinstance(capital, Sym) or not isinstance(letter, Sym):
        return capital is not None and capital == letter
    plain = capital.sup is None and letter.sup is None and not capital.primes and capital.sub == letter.sub
    return plain and capital.base.isupper() and capital.base.lower() == letter.base


# -- sums over all values --------------------------------------------------------------------------------


def letters_of_all(below: Node) -> Node | None:
    """What a sum binds, x and y for x ∈ Val(X), y ∈ 𝒴, where each runs over all its values; None of anything else."""
    if isinstance(below, Listing) and below.separator == ",":
        found = [letters_of_all(n) for n in below.items]
        letters = tuple(n for n in found if n is not None)
        return dataclasses.replace(below, items=letters) if len(letters) == len(found) else None
    if not isinstance(below, Chain) or below.operators != ("in",) or not isinstance(below.operands[0], Sym):
        return None
    letter, values = below.operands
    named = _argument_of_values(values) if isinstance(values, Juxt) else values
    return letter if isinstance(named, Sym) and isinstance(letter, Sym) and _is_capital_of(named, letter) else None


def _argument_of_values(node: Juxt) -> Node | None:
    """The X of Val(X)."""
    *word, last = node.items
    name = "".join(n.base if isinstance(n, Sym) else " " for n in word)
    return last.body if name in VALUES and isinstance(last, Group) else None
