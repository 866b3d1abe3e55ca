r"""\frac{\partial S(\hat{b})}{\partial b}: the slope of S at \hat{b}, which is the derivative by \hat{b} of S there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .definitions import DEFINING
from .evaluated import Introduced
from .names_in_notes import latex_of
from .runs import rebuild, walk
from .syntax import Chain, Fraction, Group, Juxt, Node, Sym

OPERATORS = frozenset({"partial", "d"})
STARS = frozenset({"*", "ast", "star"})


def letters_of_formulas(nodes: Iterable[Node]) -> Introduced:
    """For each name that a statement gives a formula, without arguments, the letters of that formula."""
    found: dict[str, frozenset[str]] = {}
    for chain in (n for n in nodes if isinstance(n, Chain) and n.operators[0] in DEFINING):
        left, rights = chain.operands[0], chain.operands[1:]
        if isinstance(left, Sym):
            letters = (latex_of(s) for right in rights for s in walk(right) if isinstance(s, Sym))
            found.setdefault(latex_of(left), frozenset(letters))
    return found


def by_the_point(node: Node, introduced: Introduced, formulas: Introduced) -> Node:
    r"""The statement with the marked argument below where a value at it is differentiated by the plain letter.

    Only of functions that the text introduces with another argument: of L(\hat{y}) = (y - \hat{y})^2 the y is the y.
    That of a name with a formula in the plain letter, S = (y - b)^2, is the derivative with its bar: |_{b = \hat{b}}.
    """
    return rebuild(node, lambda part: _at(part, introduced, formulas)) if introduced or formulas else node


def _at(node: Node, introduced: Introduced, formulas: Introduced) -> Node:
    if not isinstance(node, Fraction) or not isinstance(node.above, Juxt) or not isinstance(node.below, Juxt):
        return node
    above, below = node.above.items, node.below.items
    if len(above) != 3 or len(below) != 2 or not _is_operator(above[0]) or not _is_operator(below[0]):
        return node
    group, letter = above[2], below[1]
    point = group.body if isinstance(group, Group) and group.opening == "(" and group.sup is None else None
    if not isinstance(point, Sym) or not isinstance(letter, Sym) or not _is_marked(point, letter):
        return node
    own, inside = (m.get(latex_of(above[1]), frozenset()) for m in (introduced, formulas))
    if not own and latex_of(letter) in inside and latex_of(point) not in inside:
        slope = replace(node, above=replace(node.above, items=above[:2]))
        at = Chain(operands=(letter, point), operators=("=",), span=point.span)
        return Group(opening="", body=slope, closing="|", sub=at, span=node.span)
    if not own or latex_of(point) in own or (point.sub is not None and latex_of(letter) not in own):
        return node
    return replace(node, below=replace(node.below, items=(below[0], replace(point, span=letter.span))))


def _is_operator(node: Node) -> bool:
    return isinstance(node, Sym) and node.base in OPERATORS and node.sub is None and node.sup is None


def _is_marked(point: Sym, letter: Sym) -> bool:
    r"""Whether a letter is another one with an accent, a star or an index: \hat{b}, b^*, b_0."""
    bare = not (letter.sub or letter.sup or letter.accents or letter.primes)
    starred = isinstance(point.sup, Sym) and point.sup.base in STARS
    marked = point.accents or starred or point.sub is not None
    fits = (point.base, point.fonts, point.primes) == (letter.base, letter.fonts, 0) and (starred or point.sup is None)
    return bare and bool(marked) and fits
