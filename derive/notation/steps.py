r"""Layers and time: the l of a^{(l)}, the t of h_t, which count steps where a text writes l − 1 or t − 1 beside them.

What stands above in brackets is a label, `\theta^{(h)}`, or a data point, `x^{(i)}`. It counts layers if the text
uses its letter with an offset, a^{(l-1)}, and then all of a^{(l)}, a^{(0)} and a^{(L)} are places along one axis.
Here that axis becomes the first index of the letter, so that nothing else needs to know of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from .axes import Limits
from .runs import DIFFERENCE, rebuild, walk
from .scope import binder, present
from .syntax import Big, Bin, Chain, Dots, Group, Juxt, Listing, Node, Num, Sym
from .usage import Usage

END = "end"  # the mark, among the fonts, of a size that stands as an index: the L of a^{(L)}
BRACKETS = ("(", "[")
LAYERS = frozenset({"l", "ell", "i", "j", "k"})  # those steps that are no steps in time


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The letters of a text that count layers or time steps.

    Attributes:
        above: the base letters whose superscript is such a place, each with its step letter.
        below: the base letters with a step letter among their subscripts.
        limits: for each step letter where it begins and ends.
        numbered: the base letters that are told apart by numbers only, `W_1` and `W_2`: quantities of their own.
        behind: the base letters whose layer is that of the one before, W^{(l)} of z^{(l+1)} = W^{(l)} a^{(l)}, and by
            how many; they are read as W_{l+1}.
        usage: what the text does throughout.
    """

    above: Mapping[str, str] = field(default_factory=dict)
    below: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    numbered: frozenset[str] = frozenset()
    behind: Mapping[str, int] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)

    @property
    def letters(self) -> frozenset[str]:
        return frozenset(self.limits)

    def settled(self, node: Node) -> Node:
        """The tree with every step as an index: a^{(l)}_i as a_{l,i}, and the L of a^{(L)} marked as a place."""
        node = self.usage.settled(node)
        return rebuild(node, self._placed) if self.limits or self.numbered else node

    def _placed(self, node: Node) -> Node:
        if isinstance(node, Big) and isinstance(node.above, Sym):  # of the s_l units of layer l, as many in each
            step = step_of(node.above.sub) if node.above.sub is not None else None
            counted = step is not None and step[0] in self.limits
            return dataclasses.replace(node, above=dataclasses.replace(node.above, sub=None)) if counted else node
        if not isinstance(node, Sym):
            return node
        if node.base in self.numbered and isinstance(node.sub, Num):
            return dataclasses.replace(node, sub=Sym(base=node.sub.text, span=node.sub.span))
        if node.base in self.above and node.sup is not None:
            place = self._place(_unbracketed(node.sup), self.above[node.base])
            if place is not None:
                place = moved(place, self.behind.get(node.base, 0))
                indices = _parts(node.sub)
                sub = place if not indices else Listing(separator=",", items=(place, *indices), span=place.span)
                return dataclasses.replace(node, sub=sub, sup=None)
        first, *others = _parts(node.sub) or [node]
        counts = isinstance(first, Sym) or (node.base in self.behind and node.sub is not None)
        if node.base in self.below and counts and isinstance(node.sub, Sym | Bin | Num | Listing):
            found = self._place(first, self.below[node.base])
            place = first if found is None else moved(found, self.behind.get(node.base, 0))
            sub = dataclasses.replace(node.sub, items=(place, *others)) if isinstance(node.sub, Listing) else place
            return dataclasses.replace(node, sub=sub)
        return node

    def _place(self, node: Node, letter: str) -> Node | None:
        """The node as a place along the axis of a step letter; None if it cannot be one."""
        if isinstance(node, Num) and node.text.isdigit():
            return node
        if isinstance(node, Bin) and node.op in "+-" and isinstance(node.right, Num):
            left = self._place(node.left, letter)
            return None if left is None else dataclasses.replace(node, left=left)
        if not isinstance(node, Sym) or node.sub or node.sup or node.accents or node.primes:
            return None
        if node.base == letter:
            return node
        is_end = node.base in {letter.upper(), _base(self.limits[letter][1])}
        return dataclasses.replace(node, fonts=(END,)) if is_end else None


def step_of(index: Node) -> tuple[str, int] | None:
    """The letter and the offset of an index such as l, l − 1 or t + 1; None for any other."""
    if isinstance(index, Sym) and END not in index.fonts:
        return index.base, 0
    if isinstance(index, Bin) and index.op in "+-" and isinstance(index.left, Sym) and isinstance(index.right, Num):
        if END in index.left.fonts or not index.right.text.isdigit():
            return None
        return index.left.base, int(index.right.text) * (1 if index.op == "+" else -1)
    return None


def moved(place: Node, count: int) -> Node:
    """A place so many steps later: l + 1 for l, L for L − 1."""
    if not count:
        return place
    if isinstance(place, Num):
        return dataclasses.replace(place, text=str(int(place.text) + count))
    core: Node = place
    offset = count
    if isinstance(place, Bin) and isinstance(place.right, Num):
        core, offset = place.left, count + int(place.right.text) * (1 if place.op == "+" else -1)
    if not offset:
        return core
    by = Num(text=str(abs(offset)), span=place.span)
    return Bin(op="+" if offset > 0 else "-", left=core, right=by, span=place.span)


def are_steps(indices: Iterable[Node], letters: frozenset[str]) -> bool:
    """Whether all of these indices are places along steps, l or l + 1."""
    return all((step := step_of(i)) is not None and step[0] in letters for i in indices)


def may_be_defined(place: Node) -> bool:
    """Whether a definition may be of this place along steps: 0, or the layer l + 1."""
    step = step_of(place)
    return isinstance(place, Num) or (step is not None and step[0] in LAYERS and step[1] > 0)


def is_within(place: Node, node: Node) -> bool:
    """Whether something within a node has this place along steps as its first index."""
    below = (n.sub for n in walk(node) if isinstance(n, Sym) and n.sub is not None)
    return any(step_of(b.items[0] if isinstance(b, Listing) else b) == step_of(place) for b in below)


def steps_in(nodes: Iterable[Node]) -> Steps:
    """The step letters of a text: those with an offset in one place and without in another."""
    nodes = tuple(nodes)
    above = _uses(nodes, above=True)
    indices = frozenset("ijk") - frozenset(_of_layers(nodes))
    below = {k: bases for k, bases in _uses(nodes, above=False).items() if k not in indices}
    limited = {_base(n.above) for top in nodes for n in walk(top) if isinstance(n, Big) and n.above is not None}
    taken = limited | {_base(c.operands[0]) for c in nodes if isinstance(c, Chain) and _is_bare(c.operands[0])}
    taken -= {letter for letter, _ in _counted(nodes)}
    free = {k for uses in (above, below) for k in _with_offset(uses)} - taken
    letters = {k for k in free if len(k) == 1 or k == "ell"}
    written = dict(_summed(nodes, letters)) | dict(_counted(nodes))
    return Steps(
        above={base: k for k, bases in above.items() if k in letters for base in bases},
        below={base: k for k, bases in below.items() if k in letters for base in bases},
        limits={k: written.get(k) or _usual(k) for k in letters},
        numbered=_numbered(nodes),
        behind=_behind(nodes, LAYERS & letters),
    )


def _of_layers(nodes: Iterable[Node]) -> Iterator[str]:
    """The letters of W_k h_{k−1} that are no index of a sum: they count layers, as those of entries do not."""
    every = [n for top in nodes for n in walk(top)]
    bound = {b[0] for n in every if isinstance(n, Big) and (b := binder(n.below)) is not None}
    for first, second in (pair for n in every if isinstance(n, Juxt) for pair in pairwise(n.items)):
        if isinstance(first, Sym) and isinstance(second, Sym) and first.base[0].isupper() and first.sub is not None:
            steps = step_of(first.sub), None if second.sub is None else step_of(second.sub)
            if steps[0] and steps[1] and steps[0][0] == steps[1][0] and steps[1][1] == -1 and steps[0][0] not in bound:
                yield steps[0][0]


def _behind(nodes: Iterable[Node], letters: frozenset[str]) -> dict[str, int]:
    """How many steps what is given stands behind what is computed from it, if always as many and something recurs."""
    lags: dict[str, set[int]] = {}
    defined: set[str] = set()
    for chain in (n for n in nodes if isinstance(n, Chain) and n.operators[0] in ("=", ":=")):
        left = chain.operands[0]
        here = _step_at(left, letters) if isinstance(left, Sym) else None
        if here is None or not isinstance(left, Sym):
            continue
        right = [(n, _step_at(n, letters)) for n in walk(chain.operands[1]) if isinstance(n, Sym)]
        found = [(sym.base, here[1] - there[1]) for sym, there in right if there is not None and there[0] == here[0]]
        if all(lag >= 0 for _, lag in found):  # else it goes backwards, as δ^{(l)} does
            defined.add(left.base)
            for base, lag in found:
                lags.setdefault(base, set()).add(lag)
    recurs = any(lag > 0 for base in defined for lag in lags.get(base, ()))
    given = {base: min(seen) for base, seen in lags.items() if base not in defined and len(seen) == 1}
    return {base: lag for base, lag in given.items() if lag > 0} if recurs else {}


def _step_at(sym: Sym, letters: frozenset[str]) -> tuple[str, int] | None:
    """The layer that a letter carries, above or below."""
    scripts = [_unbracketed(sym.sup)] if sym.sup is not None else []
    steps = (step_of(n) for n in (*scripts, *_parts(sym.sub)[:1]))
    return next((step for step in steps if step is not None and step[0] in letters), None)


def _numbered(nodes: Iterable[Node]) -> frozenset[str]:
    """The base letters whose subscripts are numbers throughout, and that stand nowhere without one."""
    subscripts: dict[str, set[bool]] = {}
    for top in nodes:
        for sym in (n for n in walk(top) if isinstance(n, Sym)):
            if (sym.sub is not None or sym is not top) and DIFFERENCE not in sym.accents:  # Δu is no u
                subscripts.setdefault(sym.base, set()).add(isinstance(sym.sub, Num) and sym.sub.text.isdigit())
    return frozenset(base for base, kinds in subscripts.items() if kinds == {True})


# -- what is used how ---------------------------------------------------------------------------------

Uses = dict[str, dict[str, set[int]]]  # letter -> base -> offsets


def _uses(nodes: Iterable[Node], *, above: bool) -> Uses:
    """The offsets with which letters stand in the superscripts, or in the subscripts, of which bases."""
    found: Uses = {}
    raised = _raised(nodes)
    for sym in (n for top in nodes for n in walk(top) if isinstance(n, Sym)):
        if above and sym.sup is not None:
            bracketed = isinstance(sym.sup, Group) and sym.sup.opening in BRACKETS
            # without brackets a power looks the same: only where a^l is defined the letter counts steps
            step = step_of(_unbracketed(sym.sup))
            scripts = [_unbracketed(sym.sup)] if bracketed or (step and step[0] in raised) else []
        else:
            scripts = [] if above else _parts(sym.sub)
        for script in scripts:
            if (step := step_of(script)) is not None:
                found.setdefault(step[0], {}).setdefault(sym.base, set()).add(step[1])
    return found


def _with_offset(uses: Uses) -> Iterator[str]:
    """The letters that stand with an offset and without."""
    for letter, bases in uses.items():
        offsets = set().union(*bases.values())
        if 0 in offsets and len(offsets) > 1:
            yield letter


def _raised(nodes: Iterable[Node]) -> set[str]:
    """The letters that stand above what an equation defines, a^l = …, where nothing says that they count."""
    lefts = (c.operands[0] for c in nodes if isinstance(c, Chain) and c.operators[0] in ("=", ":="))
    above = {s.sup.base for s in lefts if isinstance(s, Sym) and isinstance(s.sup, Sym)}
    return above & {"l", "ell"}


def _counted(nodes: Iterable[Node]) -> Iterator[tuple[str, Limits]]:
    r"""Letters with the ends that `l = 1, \dots, L` gives them."""
    for chain in (n for n in nodes if isinstance(n, Chain) and len(n.operands) == 2):
        left, right = chain.operands
        if not isinstance(left, Sym) or not isinstance(right, Listing) or len(right.items) < 3:
            continue
        if any(isinstance(i, Dots) for i in right.items):
            yield left.base, (right.items[0], right.items[-1])


def _summed(nodes: Iterable[Node], letters: set[str]) -> Iterator[tuple[str, Limits]]:
    for big in (n for top in nodes for n in walk(top) if isinstance(n, Big)):
        bound, upper = binder(big.below), present(big.above)
        if bound is not None and bound[0] in letters and bound[1] is not None and upper is not None:
            yield bound[0], (bound[1], upper)


def _usual(letter: str) -> Limits:
    """l runs from 1 to L, t from 1 to T."""
    end = "L" if letter == "ell" else letter.upper()
    return Num(text="1", span=(0, 0)), Sym(base=end, span=(0, 0))


def _unbracketed(node: Node) -> Node:
    return node.body if isinstance(node, Group) and node.opening in (*BRACKETS, "{") else node


def _parts(sub: Node | None) -> list[Node]:
    """The indices below, one after another."""
    if sub is None:
        return []
    inner = sub.body if isinstance(sub, Group) and sub.opening == "{" else sub
    return list(inner.items) if hasattr(inner, "items") else [inner]


def _is_bare(node: Node) -> bool:
    return isinstance(node, Sym) and node.sub is None and node.sup is None


def _base(node: Node | None) -> str:
    return node.base if isinstance(node, Sym) else ""
