r"""X'X and (y - X b)'(y - X b): texts that transpose with a prime, told by what stands beside the very same letter.

What such a text primes as a factor is transposed, X_i' b too. A letter that is primed as an argument, in a script or
by itself as a side, k(x, x') and x' = x + v, keeps its prime, and so does what is primed before brackets, f'(z).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from .runs import children, rebuild, walk
from .syntax import Bin, Group, Juxt, Neg, Node, Sym

Letter = tuple[str, tuple[str, ...], tuple[str, ...]]
GREEK = frozenset({"Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi", "Omega"})
BRACKETS = ("(", "[")
SIGNS = ("+", "-")


def turned_letters(nodes: Iterable[Node]) -> frozenset[Letter]:
    """The letters whose prime transposes; none in a text that never has a letter beside its primed self."""
    nodes = tuple(nodes)
    products = [n for node in nodes for n in walk(node) if isinstance(n, Juxt)]
    evident = {letter for product in products for letter in _evident(product)}
    kept = {letter for node in nodes for letter in _kept(node)}
    if not evident - kept:
        return frozenset()
    factors = {_letter(n) for product in products for n in product.items if _is_primed(n)}
    heads = {_letter(a) for p in products for a, b in pairwise(p.items) if _is_primed(a) and _is_bracket(b)}
    return frozenset((factors - heads - kept) | (evident - kept))


def with_transposes(node: Node, letters: frozenset[Letter]) -> Node:
    """The tree with a transpose in place of the prime of these letters, and of brackets beside them."""
    return rebuild(node, lambda n: _turned(n, letters)) if letters else node


def _turned(node: Node, letters: frozenset[Letter]) -> Node:
    primed = isinstance(node, Sym | Group) and node.primes == 1 and node.sup is None
    if not primed or not isinstance(node, Sym | Group):
        return node
    if (isinstance(node, Sym) and _letter(node) not in letters) or (isinstance(node, Group) and not _is_bracket(node)):
        return node
    end = node.span[1]
    return replace(node, primes=0, sup=Sym(base="T", span=(end - 1, end)))


def _evident(product: Juxt) -> Iterator[Letter]:
    """The letters that stand beside their primed selves, X'X and x x' in bold, or around a factor, A'VA and AVA'."""
    items = product.items
    pairs = [*pairwise(items), *zip(items, items[2:], strict=False)]
    for first, second in pairs:
        if not isinstance(first, Sym) or not isinstance(second, Sym) or _letter(first) != _letter(second):
            continue
        marks = first.primes, second.primes
        bold, capital = "bold" in first.fonts, (len(first.base) == 1 and first.base.isupper()) or first.base in GREEK
        if (marks == (1, 0) and (bold or capital)) or (marks == (0, 1) and bold):
            yield _letter(first)


def _kept(node: Node) -> Iterator[Letter]:
    """The letters that are primed where no factor or term stands: arguments, scripts, sides of relations."""
    for part in walk(node):
        if isinstance(part, Juxt | Neg) or (isinstance(part, Bin) and part.op in SIGNS):
            continue
        for child in children(part):
            if isinstance(child, Sym) and child.primes:
                yield _letter(child)


def _letter(node: Node) -> Letter:
    assert isinstance(node, Sym)
    return (node.base, node.accents, node.fonts)


def _is_primed(node: Node) -> bool:
    return isinstance(node, Sym) and node.primes == 1 and node.sup is None


def _is_bracket(node: Node) -> bool:
    return isinstance(node, Group) and node.opening in BRACKETS
