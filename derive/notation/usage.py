r"""Ways of writing that a whole text decides: the sets it sums over, `a_{11}`, and the x_{ij} of a matrix X.

- Σ_{i∈B} runs over as many places as |B| says: i from 1 to that number, which is a size of its own.
- Σ_i runs to n where the text writes 1/n Σ_i, and no other end.
- a_{12} has two indices where the text writes a_{ij}, too.
- x_{ij} is an entry of X where the text speaks of matrices or X is bold, and x has two indices wherever it stands.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from .averages import counts_of_means, ended
from .betas import has_beta_function, in_gammas
from .constants import below_identity, has_identity, has_pi_as_letter
from .declared import declared_in
from .marks import is_bold
from .names_in_notes import is_transpose
from .runs import rebuild, walk
from .scripts import Scripts, scripts_in
from .stacks import as_whole, whole_letters
from .syntax import Big, Chain, Group, Juxt, Listing, Node, Num, Span, Sym

ONE = "1"
BARS = frozenset({"|"})
MATRICES = re.compile(r"\bmatri(?:x|ces)\b", re.IGNORECASE)
NORMS = frozenset({r"\|", "||"})
Kind = TypeVar("Kind", Big, Group, Sym)


@dataclass(frozen=True, kw_only=True)
class Usage:
    r"""What a text does throughout.

    Attributes:
        sets: the letters of the sets that it sums over.
        paired: the letters that carry two indices without a comma.
        entrywise: whether it writes Σ_{i,j} a_{ij}² for ‖A‖_2².
        identity: whether its letter I is the identity matrix.
        letter_pi: whether its letter π is a quantity, and not the number.
        entries: the small letters that stand for the entries of a matrix, with its letter and fonts.
        scripts: what scripts mean.
        whole: the letters y of the data points that stand as \vec y for all of them.
        unsized: the letters that stand nowhere but below the identity: I_n is as long as what it meets.
        barred: the letters that stand several times, and nowhere but alone between bars, |S|: any positive numbers.
        beta: whether its B(a, b) is the beta function.
        means: the letters i of 1/n Σ_i, which has no end, with the n that counts the terms.
    """

    sets: frozenset[str] = frozenset()
    paired: frozenset[str] = frozenset()
    entrywise: bool = False
    identity: bool = False
    letter_pi: bool = False
    entries: Mapping[str, Sym] = field(default_factory=dict)
    scripts: Scripts = field(default_factory=Scripts)
    whole: frozenset[str] = frozenset()
    unsized: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    beta: bool = False
    means: Mapping[str, Sym] = field(default_factory=dict)

    def settled(self, node: Node) -> Node:
        """The tree with sums over sets as sums over their places, digits apart, and entries under their matrix."""
        letters = (self.sets, self.paired, self.entries, self.whole, self.unsized, self.means)
        decides = any(letters) or self.scripts.decides or self.beta
        return rebuild(node, self._changed) if decides else node

    def _changed(self, node: Node) -> Node:
        if isinstance(node, Big) and (found := _over(node)) is not None and _key(found[1]) in self.sets:
            return _counted(node, *found)
        if isinstance(node, Big) and self.means:
            return ended(node, self.means)
        if isinstance(node, Group) and node.opening in BARS and _key(node.body) in self.sets and node.sub is None:
            assert isinstance(node.body, Sym)
            if node.sup is None:
                return _size_of(node.body, node.span)
            size = _size_of(node.body, (node.span[0], node.sup.span[0]))
            return Group(opening="{", body=size, closing="}", sup=node.sup, span=node.span)
        if isinstance(node, Group) and node.opening == "{" and is_transpose(node.sup) and node.sub is None:
            body = node.body  # θ^{(k)⊤}, where k counts classes: θ_k^⊤
            if isinstance(body, Sym) and body.sup is None and body.base in self.scripts.classes:
                return dataclasses.replace(body, sup=node.sup, span=node.span)
        if isinstance(node, Juxt) and self.beta:
            return in_gammas(node)
        if isinstance(node, Sym) and self.identity and below_identity(node) in self.unsized:
            return dataclasses.replace(node, sub=None)
        if isinstance(node, Sym) and node.sub is not None and node.base in self.paired | self.entries.keys():
            node = self._indexed(node)
        if isinstance(node, Sym) and node.base in self.whole and is_bold(node):
            return as_whole(node)
        return self.scripts.settled(node) if isinstance(node, Sym) and self.scripts.decides else node

    def _indexed(self, node: Sym) -> Sym:
        if isinstance(node.sub, Num) and len(node.sub.text) == 2 and node.sub.text.isdigit():
            digits = tuple(Num(text=c, span=node.sub.span) for c in node.sub.text)
            node = dataclasses.replace(node, sub=Juxt(items=digits, span=node.sub.span))
        matrix = self.entries.get(node.base)
        return node if matrix is None else dataclasses.replace(node, base=matrix.base, fonts=matrix.fonts)


def usage_in(nodes: Iterable[Node], prose: str, letters: frozenset[str], points: frozenset[str] = frozenset()) -> Usage:
    """Look through a text for what it does throughout; the subscripts of `points` count data points."""
    nodes = tuple(nodes)
    sets = {_key(found[1]) for n in _every(nodes, Big) if (found := _over(n)) is not None}
    syms = [n for n in _every(nodes, Sym) if n.sub is not None]
    paired = {n.base for n in syms if isinstance(n.sub, Juxt) and _are_letters(n.sub.items, letters)}
    return Usage(
        sets=frozenset(s for s in sets if s),
        paired=frozenset(paired),
        entrywise=any(_is_entrywise(a, b) for c in nodes if isinstance(c, Chain) for a, b in pairwise(c.operands))
        or _calls_it_frobenius(nodes, prose),
        identity=has_identity(nodes, prose),
        letter_pi=has_pi_as_letter(nodes, prose),
        entries=dict(_entries(nodes, prose, letters)),
        scripts=scripts_in(nodes, letters, points),
        whole=whole_letters(nodes, letters),
        unsized=frozenset(_nowhere_else(nodes, (below_identity(n) for n in syms))),
        beta=has_beta_function(nodes, prose),
        means=counts_of_means(nodes, letters),
        barred=frozenset(_nowhere_else(nodes, (_alone(g) for g in _every(nodes, Group) if g.opening in BARS), 2)),
    )


def _alone(bars: Group) -> str:
    """The letter that stands alone between bars, whatever its script."""
    return bars.body.base if isinstance(bars.body, Sym) and bars.sub is None else ""


def _nowhere_else(nodes: tuple[Node, ...], found: Iterable[str], least: int = 1) -> Iterator[str]:
    """The letters among some that were found as often as they stand in a text, and that is often enough."""
    everywhere = Counter(n.base for n in _every(nodes, Sym))
    alone = ((letter, times) for letter, times in Counter(found).items() if letter and everywhere[letter] == times)
    return (letter for letter, times in alone if times >= least)


def _is_entrywise(left: Node, right: Node) -> bool:
    """Whether ‖A‖_2² stands beside a sum over two indices of squares."""
    norm = isinstance(left, Group) and left.opening in NORMS and _digit(left.sub) == "2" and _digit(left.sup) == "2"
    inner = right.body if isinstance(right, Big) else right
    double = isinstance(right, Big) and (isinstance(right.below, Listing) or isinstance(inner, Big))
    return norm and double and any(_digit(getattr(n, "sup", None)) == "2" for n in walk(right))


def _calls_it_frobenius(nodes: Iterable[Node], prose: str) -> bool:
    """Whether a text speaks of the Frobenius norm, and sets no F below a norm, but a 2."""
    below = {
        n.sub.base if isinstance(n.sub, Sym) else _digit(n.sub) for n in _every(nodes, Group) if n.opening in NORMS
    }
    return "Frobenius" in prose and "2" in below and "F" not in below


def _digit(node: Node | None) -> str:
    inner = node.body if isinstance(node, Group) else node
    return inner.text if isinstance(inner, Num) else ""


def _every(nodes: Iterable[Node], kind: type[Kind]) -> Iterator[Kind]:
    return (n for top in nodes for n in walk(top) if isinstance(n, kind))


# -- sums over sets --------------------------------------------------------------------------------------


def _over(node: Node) -> tuple[Sym, Node] | None:
    """The letter and the set of Σ_{i∈B}."""
    below = node.below if isinstance(node, Big) and node.op in ("sum", "prod") and node.above is None else None
    if not isinstance(below, Chain) or below.operators != ("in",) or not isinstance(below.operands[0], Sym):
        return None
    letter, members = below.operands
    if not isinstance(letter, Sym) or letter.sub or letter.sup or letter.fonts or not _is_index(letter.base, node):
        return None
    return letter, members


def _is_index(letter: str, node: Node) -> bool:
    """Whether a letter stands as a script within a sum, and nowhere else there."""
    assert isinstance(node, Big)
    scripts = [s for n in walk(node.body) if isinstance(n, Sym | Group) for s in (n.sub, n.sup) if s is not None]
    inside = {id(n) for s in scripts for n in walk(s) if isinstance(n, Sym) and n.base == letter}
    return bool(inside) and inside == {id(n) for n in walk(node.body) if isinstance(n, Sym) and n.base == letter}


def _key(node: Node) -> str:
    """A set by its letter, nothing for what is no letter."""
    if not isinstance(node, Sym) or node.sup is not None or node.accents or not node.base[0].isupper():
        return ""
    sub = node.sub.base if isinstance(node.sub, Sym) else "" if node.sub is None else "?"
    sub = node.sub.text if isinstance(node.sub, Num) and node.sub.text.isdigit() else sub
    return "" if sub == "?" else f"{'cal' if 'cal' in node.fonts else ''}{node.base}{sub}"


def _size_of(members: Sym, span: Span) -> Sym:
    """|B| as the size N_B."""
    return Sym(base="N", sub=Sym(base=_key(members), span=span), span=span)


def _counted(node: Big, letter: Sym, members: Node) -> Big:
    assert isinstance(members, Sym)
    one = Num(text=ONE, span=letter.span)
    assert node.below is not None
    below = Chain(operands=(letter, one), operators=("=",), span=node.below.span)
    return dataclasses.replace(node, below=below, above=_size_of(members, members.span))


# -- the entries of a matrix -----------------------------------------------------------------------------


def _entries(nodes: tuple[Node, ...], prose: str, letters: frozenset[str]) -> Iterator[tuple[str, Sym]]:
    """Small letters that carry two indices wherever they stand, beside a matrix of the same letter that has none."""
    bare: dict[str, Sym] = {}
    indices: dict[str, set[int]] = {}
    for sym in _every(nodes, Sym):
        if sym.accents or sym.primes:
            indices.setdefault(sym.base, set()).add(-1)
            continue
        indices.setdefault(sym.base, set()).add(_count(sym.sub, letters))
        if sym.sub is None:
            bare.setdefault(sym.base, sym)
    defined = {c.operands[0].base for c in nodes if isinstance(c, Chain) and isinstance(c.operands[0], Sym)}
    declared = {name for (name, _), axes in declared_in(nodes, prose, letters).sizes.items() if len(axes) == 2}
    for small, counts in indices.items():
        large = small.upper()
        fits = counts == {2} and len(small) == 1 and small.islower() and indices.get(large) == {0}
        spoken_of = fits and ("bold" in bare[large].fonts or MATRICES.search(prose) is not None)
        if fits and (large in declared or (spoken_of and large not in defined)) and small not in defined:
            yield small, dataclasses.replace(bare[large], sup=None)


def _count(sub: Node | None, letters: frozenset[str]) -> int:
    """How many indices a subscript holds; −1 for a label."""
    if sub is None:
        return 0
    if isinstance(sub, Num) and sub.text.isdigit():
        return len(sub.text)
    parts = sub.items if isinstance(sub, Juxt | Listing) else (sub,)
    return len(parts) if all(isinstance(p, Num) or (isinstance(p, Sym) and len(p.base) == 1) for p in parts) else -1


def _are_letters(parts: tuple[Node, ...], letters: frozenset[str]) -> bool:
    return len(parts) == 2 and all(isinstance(p, Sym) and p.base in letters for p in parts)
