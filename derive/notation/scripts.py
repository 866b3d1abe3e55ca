r"""What a script means where the whole text decides it.

- θ^h is θ with the label h where the text writes θ^{(h)}, too; W^Q and W^K are two matrices.
- x^t is a transpose where t stands above vectors and nowhere else.
- C^n(θ), \hat y^n under Σ_n belong to data point n.
- y_i belongs to data point i where y by itself is a number; the caller says which letters do.
- a^L, z^L and δ^L belong to the last layer where L stands nowhere else.
- θ^x is a power where x counts: the text writes x!, (1 − θ)^{1−x}, or a sum over x without an end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from .conventions import is_data
from .names_in_notes import LABEL_BRACKETS, is_letter, text_of
from .runs import walk
from .scope import binder
from .syntax import Big, Bin, Fn, Group, Juxt, Node, Num, Sym

TRANSPOSE = "t"
LAST = "L"
TRANSPOSES = frozenset({"T", "H"})
SETS = frozenset({"bb", "cal"})  # ℝ^N and ℝ^M
ARROWS = frozenset({"vec", "overrightarrow"})


@dataclass(frozen=True, kw_only=True)
class Scripts:
    """What the scripts of a text mean.

    Attributes:
        labels: letters with a label that they carry above, in brackets at least once, or as capitals do.
        transposes: whether ^t transposes.
        above: the indices of data points that stand above without brackets.
        beside: the letters that may carry one of those.
        points: the letters whose subscript counts data points.
        classes: the letters whose index above in brackets counts other things than data points: θ^{(k)} beside x^{(i)}.
        letters: those used as indices.
        counts: letters that stand for numbers, so that what they stand above is raised to them.
    """

    labels: frozenset[tuple[str, str]] = frozenset()
    transposes: bool = False
    above: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()
    counts: frozenset[str] = frozenset()

    @property
    def decides(self) -> bool:
        return bool(self.labels or self.transposes or self.above or self.points or self.classes)

    def settled(self, sym: Sym) -> Node:
        """The letter with its scripts written as they are meant."""
        above = _in_brackets(sym)
        if sym.base in self.classes and above is not None and sym.sub is None:
            turned = sym.sup.items[1] if isinstance(sym.sup, Juxt) else None
            return replace(sym, sub=above.body, sup=turned)
        sup = sym.sup
        if isinstance(sup, Sym) and not (sup.sub or sup.sup):
            if self.transposes and sup.base == TRANSPOSE:
                return replace(sym, sup=replace(sup, base="T"))
            label = (sym.base, text_of(sup)) in self.labels
            if label or (sup.base in self.above and sym.base in self.beside):
                return replace(sym, sup=_bracketed(sup))
        index = sym.sub
        if sym.base in self.points and isinstance(index, Sym | Num):  # x_1, …, x_N with x_n
            point = replace(sym, sub=None, sup=_bracketed(index))
            return point if sup is None else Group(opening="{", body=point, closing="}", sup=sup, span=sym.span)
        return sym


def _bracketed(node: Node) -> Group:
    return Group(opening="(", body=node, closing=")", span=node.span)


def scripts_in(nodes: Iterable[Node], letters: frozenset[str], points: frozenset[str]) -> Scripts:
    """Look through a text for what its scripts mean."""
    nodes = tuple(nodes)
    every = [n for top in nodes for n in walk(top)]
    syms = [n for n in every if isinstance(n, Sym)]
    bound = {b[0] for n in every if isinstance(n, Big) and (b := binder(n.below)) is not None}
    beside = set(_marked(every, bound))
    above = {letter for _, letter in beside}
    return Scripts(
        labels=frozenset({*_labels(syms, letters), *_capitals(every, syms), *_of_last_layer(syms)}),
        transposes=_transposes(every, syms),
        above=frozenset(above),
        beside=frozenset({base for base, _ in beside} | {s.base for s in syms if above and is_data(s.base)}),
        points=points,
        classes=frozenset(_of_classes(every, syms)),
        letters=letters,
        counts=frozenset(letter for n in every for counted in _counted(n) for letter in _plain_letters(counted)),
    )


def _in_brackets(sym: Sym) -> Group | None:
    """What stands above a letter in brackets, also where it is transposed."""
    both = sym.sup.items if isinstance(sym.sup, Juxt) and len(sym.sup.items) == 2 else (sym.sup,)
    first = both[0]
    return first if isinstance(first, Group) and first.opening in LABEL_BRACKETS else None


def _of_classes(every: Iterable[Node], syms: Iterable[Sym]) -> Iterator[str]:
    """The letters whose index above runs as far as that of no data: Σ_{k=1}^K θ^{(k)} beside Σ_{i=1}^m x^{(i)}."""
    ends: dict[str, set[str]] = {}
    for big in (n for n in every if isinstance(n, Big) and n.above is not None):
        if (bound := binder(big.below)) is not None:
            ends.setdefault(bound[0], set()).add(text_of(big.above) if big.above is not None else "")
    reached: dict[str, set[str]] = {}
    for sym in syms:
        if (above := _in_brackets(sym)) is not None and isinstance(above.body, Sym):
            reached.setdefault(sym.base, set()).update(ends.get(above.body.base, ()))
    data = {end for base, found in reached.items() if is_data(base) for end in found}
    yield from (base for base, found in reached.items() if data and found and not found & data)


def _counted(node: Node) -> Iterator[Node]:
    """What a formula counts with: n and x of a binomial coefficient, 1 − x of (1 − θ)^{1−x}, the k of Σ_{k=0}^∞."""
    if isinstance(node, Fn) and node.name in ("factorial", "binom") and node.argument is not None:
        yield node.argument
    if isinstance(node, Group) and isinstance(node.body, Bin) and node.sup is not None:
        rest = node.body.op == "-" and _is_one(node.body.left)
        yield from (node.sup,) if rest else ()
    if isinstance(node, Big) and node.below is not None and node.above is not None:
        yield from (node.below,) if any(isinstance(n, Sym) and n.base == "infty" for n in walk(node.above)) else ()


def _is_one(node: Node) -> bool:
    return isinstance(node, Num) and node.text == "1"


def _plain_letters(node: Node) -> Iterator[str]:
    if isinstance(node, Bin) and node.op == "-" and isinstance(node.right, Sym) and _is_one(node.left):
        yield node.right.base  # the t of 1 − t_n
    yield from (n.base for n in walk(node) if isinstance(n, Sym) and n.sub is None and n.sup is None)


def _labels(syms: Iterable[Sym], letters: frozenset[str]) -> Iterator[tuple[str, str]]:
    for sym in syms:
        label = sym.sup.body if isinstance(sym.sup, Group) and sym.sup.opening in LABEL_BRACKETS else None
        if isinstance(label, Sym) and not is_letter(label, letters):
            yield sym.base, text_of(label)


def _capitals(every: Iterable[Node], syms: Iterable[Sym]) -> Iterator[tuple[str, str]]:
    """W^Q and W^K: a capital with different capitals above, none of which counts anything."""
    counts = {_bare(n.above) for n in every if isinstance(n, Big)}
    raised = {(s.base, _bare(s.sup)) for s in syms if not SETS.intersection(s.fonts) and s.base[0].isupper()}
    labels = {(base, sup) for base, sup in raised if len(sup) == 1 and sup.isupper() and sup not in TRANSPOSES | counts}
    yield from (pair for pair in labels if sum(base == pair[0] for base, _ in labels) > 1)


def _of_last_layer(syms: list[Sym]) -> Iterator[tuple[str, str]]:
    """The a^L, z^L and δ^L of a text in which L stands above a and z, or three small letters, and nowhere else."""
    raised = [s for s in syms if _bare(s.sup) == LAST]
    bases = {s.base for s in raised}
    above = {id(s.sup) for s in raised}
    alone = all(id(s) in above for s in syms if s.base == LAST)
    if (len(bases) > 2 or bases >= {"a", "z"}) and alone and all(b[0].islower() for b in bases):
        yield from ((base, LAST) for base in sorted(bases))


def _marked(every: Iterable[Node], bound: set[str]) -> Iterator[tuple[str, str]]:
    r"""Letters with an index above that can be no power: \hat y^n, C^n(θ)."""
    for node in every:
        if isinstance(node, Sym) and node.accents and _bare(node.sup) in bound:
            yield node.base, _bare(node.sup)
        for head, group in pairwise(node.items) if isinstance(node, Juxt) else ():
            applied = isinstance(group, Group) and group.opening == "("
            if isinstance(head, Sym) and applied and head.base[0].isupper() and _bare(head.sup) in bound:
                yield head.base, _bare(head.sup)


def _bare(node: Node | None) -> str:
    return node.base if isinstance(node, Sym) and not (node.sub or node.sup or node.accents) else ""


def _transposes(every: Iterable[Node], syms: Iterable[Sym]) -> bool:
    """Whether t stands above vectors, and nowhere else."""
    raised = [s for s in syms if _bare(s.sup) == TRANSPOSE]
    above = {id(s.sup) for s in raised}
    elsewhere = any(s.base == TRANSPOSE and id(s) not in above for s in syms)
    functions = any(isinstance(n, Fn) and _bare(n.sup) == TRANSPOSE for n in every)
    arrows = any(ARROWS & set(s.accents) or "bold" in s.fonts for s in raised)
    return arrows and not elsewhere and not functions
